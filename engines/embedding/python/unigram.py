"""Makes small Unigram tokenizers and a small model in floating point, and what the reference makes of some texts.

    pip install sentencepiece==0.2.3 tokenizers==0.23.3 onnx==1.23.2 numpy==2.4.6
    python unigram.py ../src/test/resources/dev/outcrop/engines/embedding

Writes unigram.json.gz: the tokenizers by name, as XLM-RoBERTa's and with bytes for what is unknown, and the cases: a
tokenizer, a text, its ids. And float.onnx, an encoder over the first tokenizer's vocabulary that adds to each token's
state the mean of all that are not masked, with its vectors of some of the texts among the cases.
"""

import base64
import gzip
import io
import json
import pathlib
import random
import sys

import numpy
import onnx
import sentencepiece
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Tokenizer

from reference import TEXTS

MORE = [
    "Größe ½ ﬁn ＦＵＬＬ　ｗｉｄｔｈ ｶﾀｶﾅ ㍿ ① ℃ ™",
    "e\u0301 o\u0308 ñ a\u0300\u0301\u0302 각 가\u11a8",
    "  many   spaces \t here\r\nand\u2028there\u00a0too  ",
    "▁marks▁ in ▁▁ the text",
    "before <mask> after<mask>  </s> <s>x <unk> <pad>",
    "नमस्ते दुनिया مرحبا بالعالم Привет, мир! สวัสดีชาวโลก こんにちは世界",
    "👩‍👩‍👧‍👦 🇨🇭 👍🏽 ☕️",
    "\u0001\u007f\u200b\ufeff\ufffd\u00ad",
    "a" * 300,
]
DIMENSION = 8


def trained(corpus, byte_fallback):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(corpus),
        model_writer=model,
        vocab_size=1500,
        model_type="unigram",
        character_coverage=0.999,
        byte_fallback=byte_fallback,
        normalization_rule_name="nmt_nfkc",
        num_threads=1,
        minloglevel=2,
    )
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(model.getvalue())
    return proto


def like_xlm_roberta(proto):
    vocabulary = [["<s>", 0.0], ["<pad>", 0.0], ["</s>", 0.0], ["<unk>", 0.0]]
    vocabulary += [[piece.piece, piece.score] for piece in proto.pieces[3:]]
    vocabulary += [["<mask>", 0.0]]
    special = [token(i, vocabulary[i][0], False) for i in range(4)] + [token(len(vocabulary) - 1, "<mask>", True)]
    return {
        "version": "1.0",
        "added_tokens": special,
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {
                    "type": "Precompiled",
                    "precompiled_charsmap": base64.b64encode(proto.normalizer_spec.precompiled_charsmap).decode(),
                },
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
            ],
        },
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [
                {"SpecialToken": {"id": "<s>", "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": "</s>", "type_id": 0}},
            ],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {
                "<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]},
                "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]},
            },
        },
        "decoder": None,
        "model": {"type": "Unigram", "unk_id": 3, "vocab": vocabulary, "byte_fallback": False},
    }


def with_bytes(proto):
    vocabulary = [[piece.piece, piece.score] for piece in proto.pieces]
    described = like_xlm_roberta(proto)
    described["added_tokens"] = [token(0, "<unk>", False), token(1, "<s>", False), token(2, "</s>", False)]
    described["normalizer"] = {"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Lowercase"}]}
    described["pre_tokenizer"] = {
        "type": "Sequence",
        "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "▁"}],
    }
    described["post_processor"]["special_tokens"]["<s>"]["ids"] = [1]
    described["model"] = {"type": "Unigram", "unk_id": 0, "vocab": vocabulary, "byte_fallback": True}
    return described


def token(number, content, strip_left):
    flags = {"single_word": False, "lstrip": strip_left, "rstrip": False, "normalized": False, "special": True}
    return {"id": number, "content": content, **flags}


def encoder(vocabulary_size):
    table = numpy.random.default_rng(7).standard_normal((vocabulary_size, DIMENSION)).astype(numpy.float32)
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["states"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["mask3"]),
        helper.make_node("Mul", ["states", "mask3"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "middle"], ["sum"], keepdims=1),
        helper.make_node("ReduceSum", ["mask3", "middle"], ["count"], keepdims=1),
        helper.make_node("Div", ["sum", "count"], ["mean"]),
        helper.make_node("Add", ["states", "mean"], ["last_hidden_state"]),
    ]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"])
        for name in ("input_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["texts", "tokens", DIMENSION])
    constants = [
        numpy_helper.from_array(table, "table"),
        numpy_helper.from_array(numpy.array([2], dtype=numpy.int64), "last"),
        numpy_helper.from_array(numpy.array([1], dtype=numpy.int64), "middle"),
    ]
    graph = helper.make_graph(nodes, "encoder", inputs, [output], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def vector(model, ids):
    feed = {"input_ids": numpy.array([ids]), "attention_mask": numpy.ones((1, len(ids)), dtype=numpy.int64)}
    mean = ReferenceEvaluator(model).run(None, feed)[0][0].mean(axis=0)
    return (mean / numpy.linalg.norm(mean)).tolist()


def scrambled():
    """Texts of characters from everywhere, which find what well-formed texts do not."""
    chance = random.Random(11)
    planes = [(0x20, 0x7F), (0xA0, 0x250), (0x300, 0x370), (0x900, 0x980), (0x1100, 0x1200), (0x2000, 0x2300), (0x3040, 0x3100), (0xAC00, 0xAD00), (0xFB00, 0x10000), (0x1F300, 0x1F700)]
    for _ in range(200):
        yield "".join(chr(chance.randrange(*chance.choice(planes))) for _ in range(chance.randrange(1, 30)))


def main(folder):
    folder = pathlib.Path(folder)
    articles = json.loads((folder / "xquad-sample.json").read_text())
    corpus = [text for text in strings(articles) if len(text) > 20] + TEXTS + MORE[:1] * 5
    described = {
        "xlm-roberta": like_xlm_roberta(trained(corpus, False)),
        "bytes": with_bytes(trained(corpus, True)),
    }
    model = encoder(len(described["xlm-roberta"]["model"]["vocab"]))
    onnx.save(model, folder / "float.onnx")
    cases = []
    for name, description in described.items():
        tokenizer = Tokenizer.from_str(json.dumps(description))
        for text in TEXTS + MORE + list(scrambled()):
            ids = tokenizer.encode(text).ids
            case = {"tokenizer": name, "text": text, "ids": ids}
            if name == "xlm-roberta" and text in TEXTS:
                case["vector"] = vector(model, ids)
            cases.append(case)
    packed = gzip.compress(json.dumps({"tokenizers": described, "cases": cases}).encode(), 9, mtime=0)
    (folder / "unigram.json.gz").write_bytes(packed)


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


if __name__ == "__main__":
    main(*sys.argv[1:])
