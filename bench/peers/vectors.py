"""Searches vectors with hnswlib or faiss and prints one line of JSON: the peers of our vector benchmark.

    pip install hnswlib==0.8.0 faiss-cpu==1.15.1 numpy==2.4.6
    python vectors.py exact base.f32 query.f32 DIMENSION exact.i32
    python vectors.py build PEER base.f32 query.f32 DIMENSION exact.i32 INDEX
    python vectors.py search PEER query.f32 DIMENSION exact.i32 INDEX EF

Files of vectors are little-endian 32-bit floats of length one; exact.i32 has the numbers of each query's ten nearest. A
build makes a graph of 16 neighbours, 200 candidates at construction, on one thread, and finds the least ef at which the
ten nearest are found at a rate of at least 0.98. The line of a build: seconds, ef; of a search: recall, p50 and p99 in
microseconds of single queries on one thread.
"""

import json
import sys
import time

import faiss
import hnswlib
import numpy

NEIGHBOURS = 16
CANDIDATES = 200
RECALL = 0.98


def vectors(file, dimension):
    return numpy.fromfile(file, "<f4").reshape(-1, dimension)


class Hnswlib:
    def __init__(self, dimension):
        self.index = hnswlib.Index(space="cosine", dim=dimension)

    def build(self, base, file):
        self.index.init_index(len(base), M=NEIGHBOURS, ef_construction=CANDIDATES)
        self.index.set_num_threads(1)
        self.index.add_items(base, num_threads=1)
        self.index.save_index(file)

    def load(self, file):
        self.index.load_index(file)
        self.index.set_num_threads(1)

    def use(self, ef):
        self.index.set_ef(ef)

    def search(self, query):
        return self.index.knn_query(query, k=10, num_threads=1)[0][0]


class Faiss:
    def __init__(self, dimension):
        self.index = faiss.IndexHNSWFlat(dimension, NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)

    def build(self, base, file):
        self.index.hnsw.efConstruction = CANDIDATES
        self.index.add(base)
        faiss.write_index(self.index, file)

    def load(self, file):
        self.index = faiss.read_index(file)

    def use(self, ef):
        self.index.hnsw.efSearch = ef

    def search(self, query):
        return self.index.search(query, 10)[1][0]


def measured(peer, queries, exact):
    for query in queries[:100]:
        peer.search(query[None])
    times, found = [], 0
    for number, query in enumerate(queries):
        began = time.perf_counter()
        result = peer.search(query[None])
        times.append(time.perf_counter() - began)
        found += len(set(result.tolist()) & set(exact[number].tolist()))
    times.sort()
    return {
        "recall": found / exact.size,
        "p50": times[len(times) // 2] * 1e6,
        "p99": times[len(times) * 99 // 100] * 1e6,
    }


def main(action, *arguments):
    faiss.omp_set_num_threads(1)
    if action == "exact":
        base, query, dimension, file = arguments
        index = faiss.IndexFlatIP(int(dimension))
        index.add(vectors(base, int(dimension)))
        index.search(vectors(query, int(dimension)), 10)[1].astype("<i4").tofile(file)
        return {}
    peer = {"hnswlib": Hnswlib, "faiss": Faiss}[arguments[0]](int(arguments[3 if action == "build" else 2]))
    if action == "build":
        _, base, query, dimension, exact, file = arguments
        base = vectors(base, int(dimension))
        began = time.perf_counter()
        peer.build(base, file)
        seconds = time.perf_counter() - began
        queries, truth = vectors(query, int(dimension)), numpy.fromfile(exact, "<i4").reshape(-1, 10)
        ef = 10
        while True:
            peer.use(ef)
            if measured(peer, queries, truth)["recall"] >= RECALL or ef >= 1000:
                return {"seconds": seconds, "ef": ef}
            ef += 2 if ef < 50 else 10
    _, query, dimension, exact, file, ef = arguments
    peer.load(file)
    peer.use(int(ef))
    return measured(peer, vectors(query, int(dimension)), numpy.fromfile(exact, "<i4").reshape(-1, 10))


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
