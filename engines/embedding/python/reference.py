"""Writes what Python's tokenizers and ONNX Runtime make of some texts, for the tests to hold ours against.

    pip install onnxruntime==1.29.0 tokenizers==0.23.3 numpy==2.4.6
    python reference.py model.onnx tokenizer.json > ../src/test/resources/dev/outcrop/engines/embedding/reference.jsonl

One JSON object a line: text, ids, and vector, the 384 values as base64 of little-endian 32-bit floats.
"""

import base64
import json
import sys

import numpy
from tokenizers import Tokenizer

TEXTS = [
    "",
    "Hello, world!",
    "The quick brown fox jumps over the lazy dog.",
    "How many bytes does a 32-bit float take?",
    "naïve café, ÅNGSTRÖM, İstanbul, ΣΊΣΥΦΟΣ, Straße, ﬁnal",
    "東京は日本の首都です。 北京 한국어 ภาษาไทย हिन्दी",
    "emoji 😀👩‍👩‍👧 and symbols ∑∫√ ½ №",
    "tabs\tand\nnew\r\nlines\u00a0and\u2003spaces\u200b\u0000\ufffd",
    "[CLS] special [SEP] tokens [MASK] stand [PAD] [UNK] for themselves",
    "https://example.org/path?query=1&other=two#fragment user@example.org",
    "x" * 100 + " " + "y" * 101,
    "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis",
    "C'est l'été; ¿qué tal? Größe—weiß «guillemets» “quotes” ‘single’ …",
    "$100.50 + 20% = €120,60 ~ `code` ^caret| <tag>",
    "A store keeps what it is given. " * 20,
    "One sentence follows another, and each of them says a little more than the one before it did. " * 24,
]


def main(model, tokenizer_file):
    import onnxruntime

    tokenizer = Tokenizer.from_file(tokenizer_file)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    for text in TEXTS:
        ids = numpy.array([tokenizer.encode(text).ids], dtype=numpy.int64)
        assert ids.shape[1] <= 512
        feed = {"input_ids": ids, "attention_mask": numpy.ones_like(ids), "token_type_ids": numpy.zeros_like(ids)}
        vector = session.run(None, feed)[0][0].mean(axis=0)
        vector = (vector / numpy.linalg.norm(vector)).astype("<f4")
        encoded = base64.b64encode(vector.tobytes()).decode()
        print(json.dumps({"text": text, "ids": ids[0].tolist(), "vector": encoded}))


if __name__ == "__main__":
    main(*sys.argv[1:])
