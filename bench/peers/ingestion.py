"""Ingests PDFs as a program of LangChain does and prints one line of JSON: the peer of our benchmark of ingestion.

    python ingestion.py model.onnx tokenizer.json chunk_tokens threads file.pdf...

pypdf reads the pages, RecursiveCharacterTextSplitter cuts them by tokens of the model, ONNX Runtime embeds chunks in batches
of 32, each padded to its longest text, and faiss keeps the vectors in an HNSW graph. The line: seconds of each step, pages,
chunks, and the longest chunk in tokens.
"""

import json
import sys
import time

import faiss
import numpy
import onnxruntime
import pypdf
from langchain_text_splitters import RecursiveCharacterTextSplitter
from tokenizers import Tokenizer

BATCH = 32


def main():
    weights, words, size, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    counter = Tokenizer.from_file(words)
    counter.no_truncation()
    counter.no_padding()
    tokenizer = Tokenizer.from_file(words)
    tokenizer.enable_truncation(512)
    tokenizer.enable_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
    names = {given.name for given in session.get_inputs()}

    def embed(batch):
        encoded = tokenizer.encode_batch(batch)
        ids = numpy.array([one.ids for one in encoded], dtype=numpy.int64)
        mask = numpy.array([one.attention_mask for one in encoded], dtype=numpy.int64)
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": numpy.zeros_like(ids)}
        states = session.run(None, {name: value for name, value in feed.items() if name in names})[0]
        vectors = (states * mask[..., None]).sum(axis=1)
        return (vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)).astype(numpy.float32)

    def tokens(text):
        return len(counter.encode(text, add_special_tokens=False).ids)

    splitter = RecursiveCharacterTextSplitter(chunk_size=size, chunk_overlap=0, length_function=tokens)
    embed(["a warm start"] * 2)
    seconds = []
    began = time.monotonic()
    texts = []
    pages = 0
    for name in sys.argv[5:]:
        document = [page.extract_text() for page in pypdf.PdfReader(name).pages]
        pages += len(document)
        texts.append("\n\n".join(document))
    seconds.append(time.monotonic() - began)

    began = time.monotonic()
    chunks = [chunk for text in texts for chunk in splitter.split_text(text)]
    seconds.append(time.monotonic() - began)

    began = time.monotonic()
    vectors = numpy.concatenate([embed(chunks[at : at + BATCH]) for at in range(0, len(chunks), BATCH)])
    seconds.append(time.monotonic() - began)

    began = time.monotonic()
    faiss.omp_set_num_threads(threads)
    index = faiss.IndexHNSWFlat(vectors.shape[1], 16, faiss.METRIC_INNER_PRODUCT)
    index.add(vectors)
    seconds.append(time.monotonic() - began)
    print(json.dumps({
        "parse": seconds[0],
        "chunk": seconds[1],
        "embed": seconds[2],
        "store": seconds[3],
        "pages": pages,
        "chunks": len(chunks),
        "longest": max(map(tokens, chunks)),
    }))


main()
