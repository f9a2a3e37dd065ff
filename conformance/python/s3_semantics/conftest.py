"""Buckets to try what S3 means by its API, one bucket or more a case, all on one server."""

import datetime
import http.client
import uuid
from collections import namedtuple
from urllib.parse import quote, urlencode, urlsplit

import boto3
import pytest
from botocore import UNSIGNED
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

Answer = namedtuple("Answer", "status headers body")


@pytest.fixture(scope="session")
def s3(aws):
    return aws("s3", parameter_validation=False)


@pytest.fixture(scope="session")
def anonymous(endpoint):
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        config=Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}),
    )


@pytest.fixture(scope="session")
def account(aws):
    return aws("sts").get_caller_identity()["Account"]


def name():
    return "semantics-" + uuid.uuid4().hex[:16]


@pytest.fixture
def bucket(s3):
    made = name()
    s3.create_bucket(Bucket=made)
    return made


@pytest.fixture
def other(s3):
    made = name()
    s3.create_bucket(Bucket=made)
    return made


@pytest.fixture
def versioned(s3):
    made = name()
    s3.create_bucket(Bucket=made)
    s3.put_bucket_versioning(Bucket=made, VersioningConfiguration={"Status": "Enabled"})
    return made


@pytest.fixture
def locked(s3):
    made = name()
    s3.create_bucket(Bucket=made, ObjectLockEnabledForBucket=True)
    return made


@pytest.fixture
def open_bucket(s3):
    """A bucket as one had them before 2023: lists count, and the public may be let in."""
    made = name()
    s3.create_bucket(Bucket=made, ObjectOwnership="ObjectWriter")
    s3.delete_public_access_block(Bucket=made)
    return made


@pytest.fixture(scope="session")
def refused():
    """Calls what must fail, and gives the error's code and status."""

    def of(call, *arguments, **members):
        with pytest.raises(ClientError) as caught:
            call(*arguments, **members)
        answer = caught.value.response
        return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]

    return of


@pytest.fixture(scope="session")
def send(endpoint):
    """Sends exactly these bytes, signed if wanted."""
    there = urlsplit(endpoint)

    def of(method, path, query=None, headers=None, body=b"", signed=True):
        url = endpoint + quote(path, safe="/~") + ("?" + urlencode(query, quote_via=quote) if query else "")
        asked = dict(headers or {})
        if signed:
            request = AWSRequest(method=method, url=url, data=body, headers=asked)
            S3SigV4Auth(Credentials("test", "test"), "s3", "us-east-1").add_auth(request)
            asked = dict(request.headers.items())
        connection = http.client.HTTPConnection(there.hostname, there.port, timeout=30)
        try:
            parts = urlsplit(url)
            connection.request(method, parts.path + ("?" + parts.query if parts.query else ""), body, asked)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    return of


@pytest.fixture(scope="session")
def until():
    def of(days):
        return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)

    return of
