"""Reads PDFs with a library of Python's and prints one line of JSON: the peers of our benchmark of documents.

    python documents.py pypdf|pdfminer|pdfplumber file.pdf...

The line: peer, seconds (the best of three rounds), and for each document its text and the cells of its tables, which only
pdfplumber finds.
"""

import io
import json
import sys
import time


def pypdf(data):
    import pypdf

    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages), []


def pdfminer(data):
    from pdfminer.high_level import extract_text

    return extract_text(io.BytesIO(data)), []


def pdfplumber(data):
    import pdfplumber

    texts, tables = [], []
    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            texts.append(page.extract_text())
            tables += [[[cell or "" for cell in row] for row in table] for table in page.extract_tables()]
    return "\n".join(texts), tables


def main():
    read = {"pypdf": pypdf, "pdfminer": pdfminer, "pdfplumber": pdfplumber}[sys.argv[1]]
    files = [open(name, "rb").read() for name in sys.argv[2:]]
    best = float("inf")
    for _ in range(3):
        began = time.monotonic()
        documents = [read(data) for data in files]
        best = min(best, time.monotonic() - began)
    print(json.dumps({
        "peer": sys.argv[1],
        "seconds": best,
        "documents": [{"text": text, "tables": tables} for text, tables in documents],
    }))


main()
