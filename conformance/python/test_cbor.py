"""RPC v2 CBOR as botocore speaks it: what is asked arrives, and the answer is the one that JSON and Query bring.

The server answers every operation with one sample of its response. botocore prefers JSON where a service speaks both.
"""

import datetime
import struct

import botocore.model
import botocore.utils
import pytest
from botocore.exceptions import ClientError

START = datetime.datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=datetime.timezone.utc)
CALLS = [
    (
        "cloudwatch",
        "get_metric_statistics",
        {
            "Namespace": "Ships",
            "MetricName": "Speed é",
            "StartTime": START,
            "EndTime": START + datetime.timedelta(hours=1),
            "Period": 60,
            "Dimensions": [{"Name": "ship", "Value": "Sea Cloud"}],
        },
    ),
    ("cloudwatch", "list_metrics", {}),
    ("cloudwatch", "describe_alarms", {"MaxRecords": 7}),
    ("comprehend", "detect_sentiment", {"Text": "x", "LanguageCode": "en"}),
    ("translate", "translate_text", {"Text": "x", "SourceLanguageCode": "en", "TargetLanguageCode": "de"}),
    ("textract", "detect_document_text", {"Document": {"Bytes": b"\x00\xff picture"}}),
    ("transcribe", "list_vocabularies", {}),
]


@pytest.fixture
def speaking(aws, monkeypatch):
    """Makes a client of a service that speaks one protocol alone."""

    def client(service, protocol, **settings):
        for module in (botocore.model, botocore.utils):
            if hasattr(module, "PRIORITY_ORDERED_SUPPORTED_PROTOCOLS"):
                monkeypatch.setattr(module, "PRIORITY_ORDERED_SUPPORTED_PROTOCOLS", (protocol,))
        made = aws(service, **settings)
        assert made.meta.service_model.resolved_protocol == protocol
        return made

    return client


def rounded(value):
    """A value whose numbers are single precision, as which JSON writes them shorter than CBOR."""
    if isinstance(value, dict):
        return {key: rounded(member) for key, member in value.items()}
    if isinstance(value, list):
        return [rounded(member) for member in value]
    return struct.unpack("f", struct.pack("f", value))[0] if isinstance(value, float) else value


def answer(client, operation, request):
    response = getattr(client, operation)(**request)
    metadata = response.pop("ResponseMetadata")
    assert metadata["HTTPStatusCode"] == 200
    return response, metadata


@pytest.mark.parametrize("service, operation, request_", CALLS)
def test_the_answer_is_the_one_that_json_brings(speaking, service, operation, request_):
    in_cbor, metadata = answer(speaking(service, "smithy-rpc-v2-cbor"), operation, request_)
    in_json, _ = answer(speaking(service, "json"), operation, request_)

    assert metadata["HTTPHeaders"]["smithy-protocol"] == "rpc-v2-cbor"
    assert in_cbor
    assert rounded(in_cbor) == rounded(in_json)


def test_a_violation_is_told_as_json_tells_it(speaking):
    errors = []
    for protocol in ("smithy-rpc-v2-cbor", "json"):
        with pytest.raises(ClientError) as refusal:
            speaking("comprehend", protocol, parameter_validation=False).detect_sentiment(LanguageCode="en")
        errors.append(refusal.value.response["Error"])

    assert errors[0]["Code"] == "ValidationException"
    assert errors[0] == errors[1]
