#!/usr/bin/env python3
"""Renders chat templates with the reference renderer, for TemplateReferenceTest.

The templates are those of llama.cpp (MIT licence), which PyPI's source package of llama_cpp_python carries; the
renderer is Python's jinja2, set up as Hugging Face transformers sets it up for chat templates. Needs Python 3.10 or
newer with venv; takes about a minute, most of it the download:

    python3 engines/text/src/test/templates/refresh.py
"""

import datetime
import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import venv

PACKAGE = "llama_cpp_python==0.3.36"
JINJA = "jinja2==3.1.6"
NOW = datetime.datetime(2026, 3, 7, 14, 5, 9)
HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.join(
    HERE, "..", "resources", "dev", "outcrop", "engines", "text", "template", "references.json.gz")

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Tells the weather at a place",
        "parameters": {
            "type": "object",
            "properties": {
                "location": {"type": "string", "description": "A city, such as \"Zürich\""},
                "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
                "days": {"type": "integer", "minimum": 1, "default": 3},
            },
            "required": ["location"],
        },
    },
}
BOOK = {
    "type": "function",
    "function": {
        "name": "book_trip",
        "description": "Books a trip.\nAnswers with its number.",
        "parameters": {
            "type": "object",
            "properties": {
                "legs": {
                    "type": "array",
                    "description": "each leg",
                    "items": {
                        "type": "object",
                        "properties": {
                            "from": {"type": "string"},
                            "to": {"type": "string"},
                            "seats": {"type": "array", "items": {"type": "string"}},
                            "price": {"type": ["number", "null"]},
                        },
                        "required": ["from", "to"],
                        "additionalProperties": False,
                    },
                },
                "traveller": {
                    "type": "object",
                    "properties": {"name": {"type": "string"}, "adult": {"type": "boolean", "default": True}},
                },
                "budget": {"type": "number", "maximum": 1.5e20, "exclusiveMinimum": 0.25},
                "kind": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            },
            "required": ["legs", "traveller"],
        },
    },
}
NOTHING = {
    "type": "function",
    "function": {
        "name": "ping",
        "description": "No parameters",
        "parameters": {"type": "object", "properties": {}},
    },
}


def call(identifier, name, arguments):
    return {"id": identifier, "type": "function", "function": {"name": name, "arguments": arguments}}


SYSTEM = {"role": "system", "content": "You are  a helpful assistant.\n"}
HELLO = {"role": "user", "content": "Hello, \"world\" & <you>! Größe 😀 ñ\tend"}
ASK = {"role": "user", "content": "What is the weather in Zürich?"}
ARGUMENTS = {"location": "Zürich", "unit": "celsius", "days": 2}
CALLED = {"role": "assistant", "content": "", "tool_calls": [call("abc123DEF", "get_weather", ARGUMENTS)]}
RESULT = {"role": "tool", "tool_call_id": "abc123DEF", "name": "get_weather", "content": "{\"temperature\": 21.5}"}


def conversation(messages, tools=None, **more):
    return {"messages": messages, "tools": tools, "documents": None, "add_generation_prompt": True, **more}


CASES = {
    "user": conversation([HELLO]),
    "system": conversation([SYSTEM, HELLO]),
    "system, thinking": conversation([SYSTEM, HELLO], enable_thinking=True, thinking=True),
    "system, not thinking": conversation([SYSTEM, HELLO], enable_thinking=False, thinking=False),
    "turns": conversation([
        SYSTEM, HELLO, {"role": "assistant", "content": " Hi there. \n"}, {"role": "user", "content": "  Again?\n\n"},
        {"role": "assistant", "content": "Yes: 'a' \\ b"}, {"role": "user", "content": "{{ not }} {% a tag %}"}]),
    "turns, no generation": {
        **conversation([HELLO, {"role": "assistant", "content": "Hi there."}]), "add_generation_prompt": False},
    "two users": conversation([HELLO, ASK]),
    "reasoning": conversation([
        HELLO, {"role": "assistant", "reasoning_content": "Let me think.\nOnce.", "content": "Hi."},
        {"role": "user", "content": "And?"},
        {"role": "assistant", "content": "<think>\nhm\n</think>\n\nWell."}, {"role": "user", "content": "Go on"}],
        enable_thinking=True),
    "parts": conversation([
        {"role": "system", "content": [{"type": "text", "text": "Be brief."}]},
        {"role": "user", "content": [{"type": "text", "text": "One "}, {"type": "text", "text": "two"}]},
        {"role": "assistant", "content": [{"type": "text", "text": "Three"}]},
        {"role": "user", "content": [{"type": "text", "text": "Four"}]}]),
    "tools": conversation([ASK], [WEATHER]),
    "tools, system": conversation([SYSTEM, ASK], [WEATHER, BOOK, NOTHING]),
    "tools, system, thinking": conversation([SYSTEM, ASK], [WEATHER, BOOK, NOTHING], enable_thinking=True),
    "tool call": conversation([ASK, CALLED, RESULT], [WEATHER]),
    "tool call, answered": conversation([
        SYSTEM, ASK, CALLED, RESULT, {"role": "assistant", "content": "21.5 degrees."}, HELLO], [WEATHER, BOOK]),
    "tool call, input as text": conversation([
        ASK, {**CALLED, "tool_calls": [call("abc123DEF", "get_weather", json.dumps(ARGUMENTS))]}, RESULT], [WEATHER]),
    "tool call without content": conversation([ASK, {**CALLED, "content": None}, RESULT], [WEATHER]),
    "tool calls, two": conversation([
        SYSTEM, ASK,
        {"role": "assistant", "content": "I look.", "tool_calls": [
            call("abc123DEF", "get_weather", ARGUMENTS),
            call("abc123XYZ", "book_trip", {
                "legs": [{"from": "A", "to": "B", "price": None, "seats": []}], "traveller": {"adult": True},
                "budget": 1e-7, "kind": 12345678901234567890})]},
        RESULT, {"role": "tool", "tool_call_id": "abc123XYZ", "name": "book_trip", "content": "No \"such\"\nleg"}],
        [WEATHER, BOOK]),
    "tool call with reasoning": conversation([
        ASK, {**CALLED, "reasoning_content": "I should ask."}, RESULT], [WEATHER], enable_thinking=True),
    "tools, no calls wanted": conversation([SYSTEM, HELLO, {"role": "assistant", "content": "Hi"}, ASK], [NOTHING]),
}
TOKENS = {"bos_token": "<|bos|>", "eos_token": "<|eos|>"}


def templates():
    with tempfile.TemporaryDirectory() as folder:
        venv.create(os.path.join(folder, "venv"), with_pip=True)
        pip = [os.path.join(folder, "venv", "bin", "pip"), "-q"]
        subprocess.run([*pip, "install", "scikit-build-core"], check=True)
        subprocess.run(
            [*pip, "download", "--no-binary", ":all:", "--no-deps", "--no-build-isolation", "-d", folder, PACKAGE],
            check=True)
        archive = next(name for name in os.listdir(folder) if name.endswith(".tar.gz"))
        return templates_of(os.path.join(folder, archive))


def templates_of(archive):
    found = {}
    with tarfile.open(archive) as files:
        for member in files:
            if "/models/templates/" in member.name and member.name.endswith(".jinja"):
                name = os.path.basename(member.name)[: -len(".jinja")]
                found[name] = files.extractfile(member).read().decode("utf-8")
    return dict(sorted(found.items()))


class Refusal(Exception):
    """What a template says by raise_exception."""


def environment():
    import jinja2
    import jinja2.ext
    import jinja2.nodes
    import jinja2.sandbox

    class Generation(jinja2.ext.Extension):
        tags = {"generation"}

        def parse(self, parser):
            line = next(parser.stream).lineno
            body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
            return jinja2.nodes.Scope(body).set_lineno(line)

    def raise_exception(message):
        raise Refusal(message)

    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    result = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
    result.filters["tojson"] = tojson
    result.globals["raise_exception"] = raise_exception
    result.globals["strftime_now"] = NOW.strftime
    return result


def rendering(reference, source, variables):
    try:
        return {"text": reference.from_string(source).render(**variables, **TOKENS)}
    except Refusal as error:
        return {"refused": str(error)}
    except Exception as error:
        return {"failed": f"{type(error).__name__}: {error}"}


def main():
    try:
        import jinja2  # noqa: F401
    except ImportError:
        sys.exit(f"pip install {JINJA} first")
    sources = templates_of(sys.argv[1]) if len(sys.argv) > 1 else templates()
    reference = environment()
    data = {
        "templates": sources,
        "cases": {name: {**variables, **TOKENS} for name, variables in CASES.items()},
        "renderings": {
            name: {case: rendering(reference, source, variables) for case, variables in CASES.items()}
            for name, source in sources.items()},
    }
    os.makedirs(os.path.dirname(TARGET), exist_ok=True)
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file:
        file.write(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))
    with open(TARGET, "wb") as file:
        file.write(packed.getvalue())
    kinds = [next(iter(made)) for cases in data["renderings"].values() for made in cases.values()]
    print(f"{len(sources)} templates, {len(packed.getvalue())} bytes,",
          ", ".join(f"{kinds.count(kind)} {kind}" for kind in sorted(set(kinds))))


if __name__ == "__main__":
    main()
