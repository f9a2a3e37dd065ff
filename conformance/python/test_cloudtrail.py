"""boto3 and the AWS CLI with the history of calls, trails and event data stores."""

import json
import shutil
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

AWS = shutil.which("aws", path=str(Path(sys.executable).parent))


@pytest.fixture
def cloudtrail(aws):
    return aws("cloudtrail")


def eventually(ask, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = ask()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"nothing within {seconds} s")


def test_what_was_called_is_found(aws, cloudtrail):
    name = "user-" + uuid.uuid4().hex[:12]
    aws("iam").create_user(UserName=name)

    found = eventually(
        lambda: cloudtrail.lookup_events(LookupAttributes=[{"AttributeKey": "ResourceName", "AttributeValue": name}])[
            "Events"
        ]
    )

    assert [event["EventName"] for event in found] == ["CreateUser"]
    event = json.loads(found[0]["CloudTrailEvent"])
    assert event["eventID"] == found[0]["EventId"]
    assert event["requestParameters"] == {"userName": name}
    assert event["userIdentity"]["type"] == "Root"


def test_the_history_pages(aws, cloudtrail):
    for _ in range(7):
        aws("kms").list_keys()
    attribute = [{"AttributeKey": "EventName", "AttributeValue": "ListKeys"}]
    eventually(lambda: len(cloudtrail.lookup_events(LookupAttributes=attribute)["Events"]) >= 7)

    pages = cloudtrail.get_paginator("lookup_events").paginate(
        LookupAttributes=attribute, PaginationConfig={"PageSize": 3, "MaxItems": 7}
    )
    ids = [event["EventId"] for page in pages for event in page["Events"]]

    assert len(ids) == len(set(ids)) == 7


def test_trails(aws, cloudtrail):
    bucket = "trail-" + uuid.uuid4().hex[:12]
    s3 = aws("s3")
    s3.create_bucket(Bucket=bucket)
    name = "trail-" + uuid.uuid4().hex[:12]

    with pytest.raises(ClientError) as missing:
        cloudtrail.create_trail(Name=name, S3BucketName="none-" + bucket)
    assert missing.value.response["Error"]["Code"] == "S3BucketDoesNotExistException"
    with pytest.raises(ClientError) as closed:
        cloudtrail.create_trail(Name=name, S3BucketName=bucket)
    assert closed.value.response["Error"]["Code"] == "InsufficientS3BucketPolicyException"
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": ["s3:GetBucketAcl", "s3:PutObject"],
            "Resource": ["arn:aws:s3:::" + bucket, "arn:aws:s3:::" + bucket + "/*"],
        }],
    }))
    arn = cloudtrail.create_trail(Name=name, S3BucketName=bucket, EnableLogFileValidation=True)["TrailARN"]
    cloudtrail.start_logging(Name=name)

    assert cloudtrail.get_trail_status(Name=arn)["IsLogging"]
    assert [trail["Name"] for trail in cloudtrail.describe_trails(trailNameList=[name])["trailList"]] == [name]
    cloudtrail.delete_trail(Name=name)
    with pytest.raises(cloudtrail.exceptions.TrailNotFoundException):
        cloudtrail.get_trail(Name=name)


def test_sql_over_events(aws, cloudtrail):
    store = cloudtrail.create_event_data_store(
        Name="store-" + uuid.uuid4().hex[:12], TerminationProtectionEnabled=False
    )["EventDataStoreArn"]
    name = "user-" + uuid.uuid4().hex[:12]
    aws("iam").create_user(UserName=name)
    statement = (
        f"SELECT eventName, userIdentity.arn AS who FROM {store.split('/')[-1]}"
        f" WHERE element_at(requestParameters, 'userName') = '{name}'"
    )

    def rows():
        query = cloudtrail.start_query(QueryStatement=statement)["QueryId"]
        results = eventually(
            lambda: (got := cloudtrail.get_query_results(QueryId=query))["QueryStatus"] not in ("QUEUED", "RUNNING")
            and got
        )
        assert results["QueryStatus"] == "FINISHED", results.get("ErrorMessage")
        return results["QueryResultRows"]

    row = eventually(rows)[0]

    assert row[0] == {"eventName": "CreateUser"}
    assert row[1]["who"].endswith(":root")
    with pytest.raises(cloudtrail.exceptions.InvalidQueryStatementException):
        cloudtrail.start_query(QueryStatement="SELECT * FROM read_csv('/etc/passwd')")
    cloudtrail.delete_event_data_store(EventDataStore=store)


def test_the_command_line_looks_events_up(cli_environment):
    output = subprocess.run(
        [AWS, "cloudtrail", "lookup-events", "--max-items", "2", "--output", "json"],
        env=cli_environment,
        check=True,
        capture_output=True,
        timeout=120,
    ).stdout

    assert json.loads(output)["Events"]
