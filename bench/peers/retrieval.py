"""Finds paragraphs for questions with Python's libraries and prints one line of JSON: the peer of our benchmark of
retrieval.

    pip install onnxruntime==1.29.0 tokenizers==0.23.3 numpy==2.4.6 faiss-cpu==1.15.1 rank-bm25==0.2.2
    python retrieval.py model.onnx tokenizer.json questions.json

questions.json is an object with paragraphs, a list of strings, and questions, a list of objects with text and paragraph,
the number of the paragraph that answers it. Vectors are searched by faiss, keywords by rank-bm25 (Okapi, words in lower
case), the hybrid fuses the two rankings by reciprocal rank with 60, and the reranker compares the token vectors of the
same model for the first twenty of those. The line has for each of them recallAt1, recallAt5 and meanReciprocalRank.
"""

import argparse
import json
import re

import faiss
import numpy
import onnxruntime
from rank_bm25 import BM25Okapi
from tokenizers import Tokenizer

LONGEST = 512
RERANKED = 20


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("tokenizer")
    parser.add_argument("questions")
    arguments = parser.parse_args()

    data = json.load(open(arguments.questions, encoding="utf-8"))
    paragraphs = data["paragraphs"]
    questions = data["questions"]
    tokenizer = Tokenizer.from_file(arguments.tokenizer)
    tokenizer.enable_truncation(LONGEST)
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(arguments.model, options, providers=["CPUExecutionProvider"])

    def unit(vectors):
        return vectors / numpy.maximum(numpy.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)

    def states(text):
        ids = numpy.array([tokenizer.encode(text).ids], dtype=numpy.int64)
        feed = {"input_ids": ids, "attention_mask": numpy.ones_like(ids), "token_type_ids": numpy.zeros_like(ids)}
        return session.run(None, feed)[0][0]

    read = [states(paragraph) for paragraph in paragraphs]
    asked = [states(question["text"]) for question in questions]
    index = faiss.IndexFlatIP(read[0].shape[1])
    index.add(unit(numpy.array([state.mean(axis=0) for state in read])).astype(numpy.float32))
    words = re.compile(r"\w+")
    keywords = BM25Okapi([words.findall(paragraph.lower()) for paragraph in paragraphs])
    tokens = [unit(state[1:-1]) for state in read]

    rankings = {"vector": [], "bm25": [], "hybrid": [], "reranked": []}
    for number, question in enumerate(questions):
        mean = unit(asked[number].mean(axis=0, keepdims=True)).astype(numpy.float32)
        vector = index.search(mean, len(paragraphs))[1][0].tolist()
        scores = keywords.get_scores(words.findall(question["text"].lower()))
        bm25 = numpy.argsort(-scores, kind="stable").tolist()
        fused = {}
        for ranking in (vector, bm25):
            for place, paragraph in enumerate(ranking, start=1):
                fused[paragraph] = fused.get(paragraph, 0) + 1 / (60 + place)
        hybrid = sorted(fused, key=fused.get, reverse=True)
        query = unit(asked[number][1:-1])
        similarity = {paragraph: (query @ tokens[paragraph].T).max(axis=1).mean() for paragraph in hybrid[:RERANKED]}
        rankings["vector"].append(vector)
        rankings["bm25"].append(bm25)
        rankings["hybrid"].append(hybrid)
        rankings["reranked"].append(sorted(similarity, key=similarity.get, reverse=True))

    def quality(ranked):
        places = []
        for question, ranking in zip(questions, ranked):
            right = question["paragraph"]
            places.append(ranking.index(right) + 1 if right in ranking else len(paragraphs))
        places = numpy.array(places)
        return {
            "recallAt1": float((places <= 1).mean()),
            "recallAt5": float((places <= 5).mean()),
            "meanReciprocalRank": float((1 / places).mean()),
        }

    print(json.dumps({name: quality(ranked) for name, ranked in rankings.items()}))


if __name__ == "__main__":
    main()
