"""Embeds texts with Python's ONNX Runtime and prints one line of JSON: the peer of our embedding benchmark.

    pip install onnxruntime==1.29.0 tokenizers==0.23.3 numpy==2.4.6
    python embeddings.py model.onnx tokenizer.json texts.json [--batch 32] [--threads 1] [--seconds 5]

texts.json is a list of strings. They are embedded over and over for about the given time, either text by text
(--batch 1) or in batches in the order of the list, each padded to its longest text, which is how Sentence Transformers
does it without sorting. The line: peer, batch, threads, texts, seconds, cpuSeconds, textsPerSecond, textsPerCpuSecond.
"""

import argparse
import json
import time

import numpy
import onnxruntime
from tokenizers import Tokenizer


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("tokenizer")
    parser.add_argument("texts")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=5)
    arguments = parser.parse_args()

    tokenizer = Tokenizer.from_file(arguments.tokenizer)
    tokenizer.enable_truncation(512)
    tokenizer.enable_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = arguments.threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(arguments.model, options, providers=["CPUExecutionProvider"])
    names = {given.name for given in session.get_inputs()}
    texts = json.load(open(arguments.texts, encoding="utf-8"))

    def embed(batch):
        encoded = tokenizer.encode_batch(batch)
        ids = numpy.array([one.ids for one in encoded], dtype=numpy.int64)
        mask = numpy.array([one.attention_mask for one in encoded], dtype=numpy.int64)
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": numpy.zeros_like(ids)}
        states = session.run(None, {name: value for name, value in feed.items() if name in names})[0]
        vectors = (states * mask[..., None]).sum(axis=1)
        return vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)

    batches = [texts[at : at + arguments.batch] for at in range(0, len(texts), arguments.batch)]
    for batch in batches[:3]:
        embed(batch)
    done = 0
    began = time.monotonic()
    cpu = time.process_time()
    while time.monotonic() - began < arguments.seconds:
        for batch in batches:
            embed(batch)
            done += len(batch)
    seconds = time.monotonic() - began
    cpu = time.process_time() - cpu
    print(
        json.dumps(
            {
                "peer": "python onnxruntime " + onnxruntime.__version__,
                "batch": arguments.batch,
                "threads": arguments.threads,
                "texts": done,
                "seconds": round(seconds, 3),
                "cpuSeconds": round(cpu, 3),
                "textsPerSecond": round(done / seconds, 2),
                "textsPerCpuSecond": round(done / cpu, 2),
            }
        )
    )


if __name__ == "__main__":
    main()
