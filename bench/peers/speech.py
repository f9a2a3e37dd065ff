"""Speaks sentences with Piper, and recognises speech with faster-whisper, for the benchmark `speech`."""

import argparse
import concurrent.futures
import io
import json
import os
import pathlib
import tempfile
import time
import wave

import numpy as np


def speak(arguments):
    """Each sentence as it is and in noise: 32-bit floats, 16,000 a second."""
    from faster_whisper.audio import decode_audio
    from piper import PiperVoice

    voice = PiperVoice.load(arguments.voice, config_path=arguments.config)
    folder = pathlib.Path(arguments.folder)
    for number, sentence in enumerate(json.loads(pathlib.Path(arguments.sentences).read_text())):
        spoken = io.BytesIO()
        with wave.open(spoken, "wb") as file:
            voice.synthesize_wav(sentence, file)
        spoken.seek(0)
        samples = decode_audio(spoken)
        random = np.random.default_rng(number)
        noise = np.convolve(random.standard_normal(len(samples)), np.ones(4) / 4, "same")
        noise *= np.sqrt((samples**2).mean() / (noise**2).mean()) * 10 ** (-arguments.decibels / 20)
        samples.astype("<f4").tofile(folder / f"clean{number:03}.f32")
        (samples + noise).clip(-1, 1).astype("<f4").tofile(folder / f"noisy{number:03}.f32")


def recognise(arguments):
    """Prints texts, and seconds of CPU and of the clock a file; with callers, the seconds that all files take."""
    from faster_whisper import WhisperModel

    with tempfile.TemporaryDirectory() as folder:
        for file in ("model.bin", "tokenizer.json", "vocabulary.txt"):
            os.symlink(pathlib.Path(arguments.model) / file, pathlib.Path(folder) / file)
        # What the converter writes beside the weights.
        heads = [[3, 1], [4, 2], [4, 3], [4, 7], [5, 1], [5, 2], [5, 4], [5, 6]]
        (pathlib.Path(folder) / "config.json").write_text(
            json.dumps(
                {
                    "alignment_heads": heads,
                    "lang_ids": list(range(50259, 50358)),
                    "suppress_ids": [],
                    "suppress_ids_begin": [220, 50257],
                }
            )
        )
        if arguments.callers:
            # As many at once as there are cores, each on one thread: what it is fastest with.
            model = WhisperModel(
                folder, device="cpu", compute_type="int8", cpu_threads=1, num_workers=os.cpu_count()
            )

            def transcribed(name):
                segments, _ = model.transcribe(
                    np.fromfile(name, "<f4"), beam_size=5, language="en", word_timestamps=True
                )
                return "".join(segment.text for segment in segments)

            transcribed(arguments.files[0])
            began = time.perf_counter()
            with concurrent.futures.ThreadPoolExecutor(arguments.callers) as callers:
                texts = list(callers.map(transcribed, arguments.files))
            print(json.dumps({"texts": texts, "seconds": time.perf_counter() - began}))
            return
        model = WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=1)
        texts, processor, clock = [], [], []
        for round, name in enumerate([arguments.files[0], *arguments.files]):
            samples = np.fromfile(name, "<f4")
            began, used = time.perf_counter(), time.process_time()
            segments, _ = model.transcribe(samples, beam_size=5, language="en", word_timestamps=True)
            text = "".join(segment.text for segment in segments)
            if round > 0:  # the first one warms up
                texts.append(text)
                clock.append(time.perf_counter() - began)
                processor.append(time.process_time() - used)
        print(json.dumps({"texts": texts, "cpuSeconds": processor, "seconds": clock}))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    speaking = commands.add_parser("speak")
    speaking.add_argument("voice")
    speaking.add_argument("config")
    speaking.add_argument("sentences")
    speaking.add_argument("folder")
    speaking.add_argument("--decibels", type=float, default=5)
    speaking.set_defaults(run=speak)
    recognising = commands.add_parser("recognise")
    recognising.add_argument("model")
    recognising.add_argument("files", nargs="+")
    recognising.add_argument("--callers", type=int, default=0)
    recognising.set_defaults(run=recognise)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
