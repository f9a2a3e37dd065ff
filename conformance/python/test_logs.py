"""boto3 and the AWS CLI against CloudWatch Logs: what is put is read, followed, filtered and queried."""

import json
import re
import shutil
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

AWS = shutil.which("aws", path=str(Path(sys.executable).parent))
PATIENCE = 60


@pytest.fixture
def group(aws):
    logs = aws("logs")
    name = "/conformance/" + uuid.uuid4().hex
    logs.create_log_group(logGroupName=name, tags={"team": "blue"})
    logs.create_log_stream(logGroupName=name, logStreamName="one")
    yield name
    logs.delete_log_group(logGroupName=name)


def put(aws, group, *messages):
    now = int(time.time() * 1000)
    aws("logs").put_log_events(
        logGroupName=group,
        logStreamName="one",
        logEvents=[{"timestamp": now + i, "message": message} for i, message in enumerate(messages)],
    )


def test_events_are_read_filtered_and_queried(aws, group):
    logs = aws("logs")
    put(aws, group, *[json.dumps({"level": "ERROR" if i % 4 == 0 else "INFO", "took": i}) for i in range(20)])

    read = logs.get_log_events(logGroupName=group, logStreamName="one", startFromHead=True)
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, filterPattern='{ $.level = "ERROR" && $.took > 3 }', PaginationConfig={"PageSize": 2}
    )
    query = logs.start_query(
        logGroupName=group,
        startTime=int(time.time()) - 600,
        endTime=int(time.time()) + 60,
        queryString="stats count(*) as n, max(took) as most by level | sort level",
    )["queryId"]
    deadline = time.time() + PATIENCE
    while (result := logs.get_query_results(queryId=query))["status"] in ("Scheduled", "Running"):
        assert time.time() < deadline
        time.sleep(0.1)

    assert len(read["events"]) == 20
    assert [json.loads(event["message"])["took"] for page in pages for event in page["events"]] == [4, 8, 12, 16]
    assert result["results"] == [
        [{"field": "level", "value": "ERROR"}, {"field": "n", "value": "5"}, {"field": "most", "value": "16"}],
        [{"field": "level", "value": "INFO"}, {"field": "n", "value": "15"}, {"field": "most", "value": "19"}],
    ]
    assert result["statistics"]["recordsMatched"] == 20


def test_personal_data_is_masked_and_patterns_are_found(aws, group):
    logs = aws("logs")
    identifiers = ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"]
    policy = {
        "Name": "masked",
        "Version": "2021-06-01",
        "Statement": [
            {"Sid": "audit", "DataIdentifier": identifiers, "Operation": {"Audit": {"FindingsDestination": {}}}},
            {"Sid": "mask", "DataIdentifier": identifiers, "Operation": {"Deidentify": {"MaskConfig": {}}}},
        ],
    }
    logs.put_data_protection_policy(logGroupIdentifier=group, policyDocument=json.dumps(policy))
    time.sleep(0.01)
    put(aws, group, *[f"[INFO] order {i} of ada{i}@example.com took {i * 7} ms" for i in range(10)])

    masked = logs.filter_log_events(logGroupName=group)["events"]
    whole = logs.filter_log_events(logGroupName=group, unmask=True)["events"]
    query = logs.start_query(
        logGroupName=group,
        startTime=int(time.time()) - 600,
        endTime=int(time.time()) + 60,
        queryString="pattern @message | display @pattern, @sampleCount, @severityLabel",
    )["queryId"]
    deadline = time.time() + PATIENCE
    while (result := logs.get_query_results(queryId=query))["status"] in ("Scheduled", "Running"):
        assert time.time() < deadline
        time.sleep(0.1)

    assert masked[3]["message"] == "[INFO] order 3 of **************** took 21 ms"
    assert whole[3]["message"] == "[INFO] order 3 of ada3@example.com took 21 ms"
    fields = {field["field"]: field["value"] for field in result["results"][0]}
    assert fields == {
        "@pattern": "[INFO] order <Number-1> of **************** took <Number-2> ms",
        "@sampleCount": "10",
        "@severityLabel": "Info",
    }
    assert json.loads(logs.get_data_protection_policy(logGroupIdentifier=group)["policyDocument"]) == policy


def test_groups_and_streams_are_listed_with_what_they_are(aws, group):
    logs = aws("logs")
    logs.put_retention_policy(logGroupName=group, retentionInDays=7)

    [described] = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    [stream] = logs.describe_log_streams(logGroupName=group)["logStreams"]

    assert described["retentionInDays"] == 7
    assert described["arn"] == described["logGroupArn"] + ":*"
    assert stream["logStreamName"] == "one"
    assert logs.list_tags_for_resource(resourceArn=described["logGroupArn"])["tags"] == {"team": "blue"}
    with pytest.raises(ClientError) as refused:
        logs.put_retention_policy(logGroupName=group, retentionInDays=8)
    assert refused.value.response["Error"]["Code"] == "InvalidParameterException"
    with pytest.raises(ClientError) as malformed:
        logs.start_query(logGroupName=group, startTime=0, endTime=1, queryString="fields @message | nonsense")
    assert malformed.value.response["Error"]["Code"] == "MalformedQueryException"


def test_the_cli_reads_and_filters_a_group(aws, group, cli_environment):
    put(aws, group, *[f"event {i} of ten" for i in range(10)])

    def printed(*arguments):
        result = subprocess.run(
            [AWS, "logs", *arguments, "--output", "json"],
            env=cli_environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)

    # The command line pages by itself.
    found = printed("filter-log-events", "--log-group-name", group, "--filter-pattern", '"of ten"', "--page-size", "3")
    read = printed("get-log-events", "--log-group-name", group, "--log-stream-name", "one", "--limit", "2")

    assert [event["message"] for event in found["events"]] == [f"event {i} of ten" for i in range(10)]
    assert [event["message"] for event in read["events"]] == ["event 8 of ten", "event 9 of ten"]


def test_a_group_is_followed_as_the_command_line_does(aws, group):
    """What 'aws logs tail --follow' of the command line's second version calls: a filter from the last event on."""
    logs = aws("logs")
    seen = {}
    start = int(time.time() * 1000) - 60_000
    for round in range(3):
        put(aws, group, f"followed {round}")
        for page in logs.get_paginator("filter_log_events").paginate(
            logGroupName=group, startTime=start, interleaved=True
        ):
            for event in page["events"]:
                seen[event["eventId"]] = event["message"]
                start = max(start, event["timestamp"])

    assert list(seen.values()) == ["followed 0", "followed 1", "followed 2"]


def test_a_live_tail_tells_of_events_as_they_arrive(aws, group):
    logs = aws("logs")
    arn = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["logGroupArn"]
    # The SDK would call stream-…, a host that a server of one's own does not have.
    logs.meta.events.register("before-call.cloudwatch-logs.StartLiveTail", to_plain_host)
    stream = logs.start_live_tail(logGroupIdentifiers=[arn], logEventFilterPattern="wanted")["responseStream"]
    stop = threading.Event()

    def write():
        while not stop.wait(0.5):
            put(aws, group, "a wanted event", "another")

    writer = threading.Thread(target=write)
    writer.start()
    messages = []
    began = False
    deadline = time.time() + PATIENCE
    try:
        for event in stream:
            began = began or "sessionStart" in event
            messages += [found["message"] for found in event.get("sessionUpdate", {}).get("sessionResults", [])]
            if messages or time.time() > deadline:
                break
    finally:
        stop.set()
        writer.join()
        stream.close()

    assert began
    assert set(messages) == {"a wanted event"}


def to_plain_host(params, **_):
    params["url"] = re.sub("://stream(ing)?-", "://", params["url"])
