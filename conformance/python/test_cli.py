"""The AWS CLI against Outcrop, as people type it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

AWS = shutil.which("aws", path=str(Path(sys.executable).parent))


def run(environment, *arguments):
    return subprocess.run([AWS, *arguments], env=environment, capture_output=True, text=True, timeout=120)


def test_get_caller_identity(cli_environment):
    result = run(cli_environment, "sts", "get-caller-identity", "--output", "json")

    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["Account"] == "000000000000"


def test_list_foundation_models_with_a_query(cli_environment):
    result = run(
        cli_environment,
        "bedrock",
        "list-foundation-models",
        "--by-output-modality",
        "EMBEDDING",
        "--query",
        "modelSummaries[].modelId",
        "--output",
        "json",
    )

    assert result.returncode == 0, result.stderr
    assert "amazon.titan-embed-text-v2:0" in json.loads(result.stdout)


def test_converse(cli_environment):
    result = run(
        cli_environment,
        "bedrock-runtime",
        "converse",
        "--model-id",
        "amazon.nova-lite-v1:0",
        "--messages",
        '[{"role":"user","content":[{"text":"Say hello."}]}]',
        "--inference-config",
        "maxTokens=16,temperature=0",
        "--output",
        "json",
    )

    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["output"]["message"]["content"][0]["text"]


def test_what_is_not_done_is_an_error_that_names_it(cli_environment):
    result = run(cli_environment, "kendra", "list-indices")

    assert result.returncode != 0
    assert "NotImplementedException" in result.stderr
    assert "ListIndices" in result.stderr
