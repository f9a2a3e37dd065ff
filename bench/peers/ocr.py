"""Reads images with Tesseract or RapidOCR and prints one line of JSON: the peers of our ocr benchmark.

    pip install rapidocr-onnxruntime==1.4.4
    python ocr.py tesseract|rapidocr alone|callers page.jpg...

Alone, every page is read by one thread, and the line has the words of each page and the seconds of the processor's time.
With callers, eight read at the same time, RapidOCR as it comes, and the line has the seconds that passed.
"""

import concurrent.futures
import json
import os
import resource
import subprocess
import sys
import time

CALLERS = 8


def tesseract(alone):
    environment = dict(os.environ, OMP_THREAD_LIMIT="1")

    def read(file):
        command = ["tesseract", file, "-"]
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=True).stdout.split()

    return read


def rapidocr(alone):
    from rapidocr_onnxruntime import RapidOCR

    engine = RapidOCR(intra_op_num_threads=1) if alone else RapidOCR()

    def read(file):
        found, _ = engine(file)
        return " ".join(line[1] for line in found or []).split()

    return read


def processor():
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def main():
    alone = sys.argv[2] == "alone"
    read = {"tesseract": tesseract, "rapidocr": rapidocr}[sys.argv[1]](alone)
    files = sys.argv[3:]
    read(files[0])
    began, used = time.monotonic(), processor()
    if alone:
        pages = [read(file) for file in files]
    else:
        with concurrent.futures.ThreadPoolExecutor(CALLERS) as callers:
            pages = list(callers.map(read, files))
    print(json.dumps({"wall": time.monotonic() - began, "seconds": processor() - used, "pages": pages}))


if __name__ == "__main__":
    main()
