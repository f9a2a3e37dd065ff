"""scikit-learn on the texts that Outcrop learns from, told as one line of JSON.

classes FILE: a pipeline of TF-IDF over words and characters and LogisticRegression, trained and asked once;
topics FILE TOPICS: LatentDirichletAllocation over counted words.
"""

import json
import sys
import time

from sklearn.decomposition import LatentDirichletAllocation
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union


def classes(data):
    model = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True),
        ),
        LogisticRegression(C=data.get("c", 1.0), max_iter=1000),
    )
    began = time.perf_counter()
    model.fit(data["train"], data["labels"])
    trained = time.perf_counter()
    found = model.predict(data["test"]).tolist()
    return {"train": trained - began, "test": time.perf_counter() - trained, "found": found}


def topics(texts, count):
    began = time.perf_counter()
    counter = CountVectorizer(min_df=2, max_df=0.5, stop_words="english", token_pattern=r"[^\W\d_]{3,}")
    counts = counter.fit_transform(texts)
    model = LatentDirichletAllocation(n_components=count, random_state=5, max_iter=30)
    shares = model.fit_transform(counts)
    seconds = time.perf_counter() - began
    terms = counter.get_feature_names_out()
    return {
        "seconds": seconds,
        "terms": [[terms[i] for i in topic.argsort()[::-1][:10]] for topic in model.components_],
        "documents": shares.argmax(axis=1).tolist(),
    }


with open(sys.argv[2], encoding="utf-8") as file:
    given = json.load(file)
if sys.argv[1] == "classes":
    print(json.dumps(classes(given)))
else:
    print(json.dumps(topics(given, int(sys.argv[3]))))
