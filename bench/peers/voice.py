"""Speaks sentences as espeak-ng and Piper do, listens to all speech with Whisper, and prints one line of JSON: the peers of
our benchmark of speech synthesis.

    python voice.py sentences.txt folder_of_our_wavs folder_of_whisper voice.onnx voice.json callers

The line has for "espeak", "piper" and "outcrop" the word error rate of faster-whisper's transcripts, for "piper" also the
seconds of CPU a second of speech and the characters a second of so many callers at once.
"""

import ctypes
import json
import pathlib
import re
import sys
import threading
import time
import wave

import espeakng_loader
import numpy
from faster_whisper import WhisperModel
from piper import PiperVoice


def words(text):
    text = text.lower().replace("-", " ").replace("grey", "gray")
    return re.sub(r"[^a-z' ]", "", text).split()


def errors(expected, heard):
    row = list(range(len(heard) + 1))
    for i, word in enumerate(expected, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            diagonal, row[j] = row[j], min(diagonal + (word != other), row[j] + 1, row[j - 1] + 1)
    return row[-1]


class Espeak:
    """espeak-ng by its C interface, into memory."""

    def __init__(self):
        self.library = ctypes.CDLL(espeakng_loader.get_library_path())
        self.rate = self.library.espeak_Initialize(2, 0, str(espeakng_loader.get_data_path()).encode(), 0)
        self.library.espeak_SetVoiceByName(b"en-us")
        self.pieces = []
        self.callback = ctypes.CFUNCTYPE(
            ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
        )(self.receive)
        self.library.espeak_SetSynthCallback(self.callback)

    def receive(self, samples, count, _):
        if samples and count > 0:
            self.pieces.append(numpy.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    def speak(self, text):
        self.pieces = []
        data = text.encode()
        self.library.espeak_Synth(data, len(data) + 1, 0, 1, 0, 1, None, None)
        self.library.espeak_Synchronize()
        return numpy.concatenate(self.pieces).astype(numpy.float32) / 32768, self.rate


def resampled(samples, rate):
    count = int(len(samples) * 16000 / rate)
    # A moving average keeps what 16 kHz cannot hold from folding back.
    smooth = numpy.convolve(samples, [0.25, 0.5, 0.25], "same") if rate > 16000 else samples
    return numpy.interp(numpy.arange(count) * rate / 16000, numpy.arange(len(samples)), smooth).astype(numpy.float32)


def main():
    sentences = pathlib.Path(sys.argv[1]).read_text().splitlines()
    whisper = WhisperModel(sys.argv[3], device="cpu", compute_type="int8", cpu_threads=1)
    piper = PiperVoice.load(sys.argv[4], sys.argv[5])
    rate = piper.config.sample_rate

    def spoken(text):
        return numpy.concatenate([chunk.audio_float_array for chunk in piper.synthesize(text)])

    spoken("A warm start.")
    cpu, begun, seconds, by_piper = time.process_time(), time.monotonic(), 0, []
    for sentence in sentences:
        by_piper.append((spoken(sentence), rate))
        seconds += len(by_piper[-1][0]) / rate
    piper_cpu = (time.process_time() - cpu) / seconds
    piper_wall = (time.monotonic() - begun) / seconds

    callers, rest, lock, begun = int(sys.argv[6]), list(sentences), threading.Lock(), time.monotonic()

    def call():
        while True:
            with lock:
                if not rest:
                    return
                sentence = rest.pop()
            spoken(sentence)

    threads = [threading.Thread(target=call) for _ in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    together = sum(map(len, sentences)) / (time.monotonic() - begun)

    def ours(number):
        with wave.open(f"{sys.argv[2]}/{number}.wav") as file:
            samples = numpy.frombuffer(file.readframes(file.getnframes()), dtype=numpy.int16)
            return samples.astype(numpy.float32) / 32768, file.getframerate()

    espeak = Espeak()
    speakers = {
        "outcrop": [ours(i) for i in range(len(sentences))],
        "piper": by_piper,
        "espeak": [espeak.speak(sentence) for sentence in sentences],
    }
    result = {"piper_cpu": piper_cpu, "piper_wall": piper_wall, "piper_characters": together, "heard": {}}
    for name, sounds in speakers.items():
        wrong = count = 0
        heard = []
        for sentence, (samples, own) in zip(sentences, sounds):
            segments, _ = whisper.transcribe(resampled(samples, own), language="en", beam_size=5)
            text = " ".join(segment.text for segment in segments)
            mistakes = errors(words(sentence), words(text))
            wrong += mistakes
            count += len(words(sentence))
            if mistakes:
                heard.append(text.strip())
        result[name] = wrong / count
        result["heard"][name] = heard
    print(json.dumps(result))


if __name__ == "__main__":
    main()
