"""Finds tables, and labels with values, in PDFs: the peer of our benchmark of pages.

    python pages.py processes file.pdf...

pdfplumber finds tables by the lines that are drawn and, on a page without such, by the alignment of words, its two own ways. It
has nothing for forms: lines of text are cut at colons, as programs around it do. Prints one line of JSON: for each file the
cells as "row/column/text" and the pairs as "label=value", and the seconds that all files took.
"""

import json
import multiprocessing
import re
import sys
import time

import pdfplumber

PAIR = re.compile(r"([A-Z][A-Za-z ]{1,30}?):\s+(.+?)(?=\s{2,}|$|\s[A-Z][A-Za-z ]{1,30}?:)")


def read(path):
    with pdfplumber.open(path) as pdf:
        page = pdf.pages[0]
        tables = page.extract_tables()
        if not tables:
            tables = page.extract_tables({"vertical_strategy": "text", "horizontal_strategy": "text"})
        cells = [
            f"{row + 1}/{column + 1}/{text}"
            for table in tables
            for row, texts in enumerate(table)
            for column, text in enumerate(texts)
            if text and text.strip()
        ]
        pairs = [
            f"{match[1]}={match[2]}"
            for line in (page.extract_text(layout=False) or "").splitlines()
            for match in PAIR.finditer(line)
        ]
    return cells, pairs


def main():
    files = sys.argv[2:]
    with multiprocessing.Pool(int(sys.argv[1])) as pool:
        pool.map(read, files[:8])
        began = time.perf_counter()
        found = pool.map(read, files, chunksize=1)
        seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "cells": [one[0] for one in found], "pairs": [one[1] for one in found]}))


if __name__ == "__main__":
    main()
