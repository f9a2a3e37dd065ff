"""boto3 and the AWS CLI with EventBridge: rules, API destinations, archives and replays, calls as events."""

import json
import shutil
import subprocess
import sys
import threading
import time
import uuid
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

AWS = shutil.which("aws", path=str(Path(sys.executable).parent))
ACCOUNT = "000000000000"


def eventually(ask, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = ask()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"nothing within {seconds} s")


@pytest.fixture
def events(aws):
    return aws("events")


@pytest.fixture
def endpoint_of_ours():
    """An endpoint that keeps what it gets: its URL, and the list."""
    got = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((dict(self.headers), json.loads(body)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", got
    server.shutdown()


@pytest.fixture
def destination(aws, events, endpoint_of_ours):
    """A target that is an API destination with a key."""
    name = "d-" + uuid.uuid4().hex[:8]
    role = aws("iam").create_role(
        RoleName=name,
        AssumeRolePolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": {
                    "Effect": "Allow",
                    "Action": "sts:AssumeRole",
                    "Principal": {"Service": "events.amazonaws.com"},
                },
            }
        ),
    )["Role"]["Arn"]
    aws("iam").put_role_policy(
        RoleName=name,
        PolicyName="may",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": {"Effect": "Allow", "Action": "events:InvokeApiDestination", "Resource": "*"},
            }
        ),
    )
    connection = events.create_connection(
        Name=name,
        AuthorizationType="API_KEY",
        AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "secret"}},
    )
    assert connection["ConnectionState"] == "AUTHORIZED"
    arn = events.create_api_destination(
        Name=name,
        ConnectionArn=connection["ConnectionArn"],
        InvocationEndpoint=endpoint_of_ours[0],
        HttpMethod="POST",
    )["ApiDestinationArn"]
    return {"Id": "hook", "Arn": arn, "RoleArn": role}


def test_an_event_reaches_an_endpoint_transformed(events, destination, endpoint_of_ours):
    source = "shop." + uuid.uuid4().hex[:8]
    events.put_rule(
        Name=source,
        EventPattern=json.dumps({"source": [source], "detail": {"total": [{"numeric": [">", 10]}]}}),
    )
    target = dict(
        destination,
        InputTransformer={
            "InputPathsMap": {"total": "$.detail.total"},
            "InputTemplate": '{"total": <total>, "rule": "<aws.events.rule-name>"}',
        },
    )
    assert events.put_targets(Rule=source, Targets=[target])["FailedEntryCount"] == 0

    sent = events.put_events(
        Entries=[
            {"Source": source, "DetailType": "Order", "Detail": json.dumps({"total": total})}
            for total in (5, 50)
        ]
        + [{"Source": source, "DetailType": "Order", "Detail": "no JSON"}]
    )
    assert [entry.get("ErrorCode") for entry in sent["Entries"]] == [None, None, "MalformedDetail"]

    headers, body = eventually(lambda: endpoint_of_ours[1])[0]
    assert headers["X-Key"] == "secret"
    assert body == {"total": 50, "rule": source}


def test_archived_events_are_replayed(events, destination, endpoint_of_ours):
    name = "a-" + uuid.uuid4().hex[:8]
    bus = events.create_event_bus(Name=name)["EventBusArn"]
    archive = events.create_archive(ArchiveName=name, EventSourceArn=bus)["ArchiveArn"]
    for number in range(3):
        events.put_events(
            Entries=[{"Source": "s", "DetailType": "d", "Detail": json.dumps({"n": number}), "EventBusName": name}]
        )
    assert events.describe_archive(ArchiveName=name)["EventCount"] == 3
    events.put_rule(Name=name, EventBusName=name, EventPattern='{"replay-name": [{"exists": true}]}')
    events.put_targets(Rule=name, EventBusName=name, Targets=[destination])

    now = datetime.now(timezone.utc)
    events.start_replay(
        ReplayName=name,
        EventSourceArn=archive,
        EventStartTime=now - timedelta(hours=1),
        EventEndTime=now + timedelta(hours=1),
        Destination={"Arn": bus},
    )

    eventually(lambda: len(endpoint_of_ours[1]) >= 3)
    assert sorted(body["detail"]["n"] for _, body in endpoint_of_ours[1]) == [0, 1, 2]
    eventually(lambda: events.describe_replay(ReplayName=name)["State"] == "COMPLETED")


def test_logged_calls_become_events(aws, events, destination, endpoint_of_ours):
    name = "t-" + uuid.uuid4().hex[:8]
    aws("s3").create_bucket(Bucket=name)
    aws("s3").put_bucket_policy(
        Bucket=name,
        Policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "cloudtrail.amazonaws.com"},
                        "Action": ["s3:GetBucketAcl", "s3:PutObject"],
                        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
                    }
                ],
            }
        ),
    )
    aws("cloudtrail").create_trail(Name=name, S3BucketName=name)
    aws("cloudtrail").start_logging(Name=name)
    events.put_rule(
        Name=name,
        EventPattern=json.dumps(
            {
                "source": ["aws.iam"],
                "detail-type": ["AWS API Call via CloudTrail"],
                "detail": {"eventName": ["CreateUser", "GetUser"]},
            }
        ),
    )
    events.put_targets(Rule=name, Targets=[destination])

    try:
        aws("iam").create_user(UserName=name)
        aws("iam").get_user(UserName=name)

        event = eventually(lambda: endpoint_of_ours[1])[0][1]
        assert event["detail"]["eventName"] == "CreateUser"
        assert event["detail"]["requestParameters"] == {"userName": name}
        assert event["account"] == ACCOUNT
    finally:
        events.disable_rule(Name=name)
        aws("cloudtrail").delete_trail(Name=name)


def test_rotated_keys_are_told_of(aws, events, destination, endpoint_of_ours):
    name = "k-" + uuid.uuid4().hex[:8]
    key = aws("kms").create_key()["KeyMetadata"]["KeyId"]
    events.put_rule(
        Name=name,
        EventPattern=json.dumps({"source": ["aws.kms"], "detail": {"key-id": [key]}}),
    )
    events.put_targets(Rule=name, Targets=[destination])

    aws("kms").rotate_key_on_demand(KeyId=key)

    event = eventually(lambda: endpoint_of_ours[1])[0][1]
    assert event["detail-type"] == "KMS CMK Rotation"
    assert event["detail"]["rotation-type"] == "ON_DEMAND"


def test_patterns_are_refused_in_aws_words(events):
    with pytest.raises(ClientError) as refusal:
        events.put_rule(Name="broken", EventPattern='{"source": "s"}')

    assert refusal.value.response["Error"]["Code"] == "InvalidEventPatternException"
    assert refusal.value.response["Error"]["Message"].startswith(
        'Event pattern is not valid. Reason: "source" must be an object or an array'
    )


def test_partner_sources_are_not_served(events):
    with pytest.raises(ClientError) as refusal:
        events.list_event_sources()

    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_the_command_line_sends_events(cli_environment):
    entries = json.dumps([{"Source": "cli", "DetailType": "d", "Detail": "{}"}])
    answer = subprocess.run(
        [AWS, "events", "put-events", "--entries", entries],
        env=cli_environment,
        capture_output=True,
        check=True,
        text=True,
        timeout=120,
    )

    assert json.loads(answer.stdout)["FailedEntryCount"] == 0
