"""boto3 and the AWS CLI with buckets and objects."""

import gzip
import io
import os
import shutil
import subprocess
import sys
import urllib.request
import uuid
from pathlib import Path

import boto3
import pytest
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

AWS = shutil.which("aws", path=str(Path(sys.executable).parent))


@pytest.fixture
def s3(aws):
    return aws("s3")


@pytest.fixture
def bucket(s3):
    name = "conformance-" + uuid.uuid4().hex[:12]
    s3.create_bucket(Bucket=name)
    return name


def code(call):
    with pytest.raises(ClientError) as caught:
        call()
    return caught.value.response["Error"]["Code"]


def test_objects_and_their_errors(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a b/ü+&.txt", Body=b"hello", Metadata={"x": "1"}, ContentType="text/plain")

    got = s3.get_object(Bucket=bucket, Key="a b/ü+&.txt")
    part = s3.get_object(Bucket=bucket, Key="a b/ü+&.txt", Range="bytes=1-2")

    assert got["Body"].read() == b"hello"
    assert got["Metadata"] == {"x": "1"}
    assert got["ContentType"] == "text/plain"
    assert part["Body"].read() == b"el"
    assert part["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert s3.list_objects_v2(Bucket=bucket)["Contents"][0]["Key"] == "a b/ü+&.txt"
    assert code(lambda: s3.get_object(Bucket=bucket, Key="none")) == "NoSuchKey"
    assert code(lambda: s3.head_object(Bucket=bucket, Key="none")) == "404"
    assert code(lambda: s3.get_object(Bucket=bucket, Key="a b/ü+&.txt", IfNoneMatch=got["ETag"])) == "304"
    assert code(lambda: s3.list_objects_v2(Bucket="none-" + bucket)) == "NoSuchBucket"
    assert code(lambda: s3.delete_bucket(Bucket=bucket)) == "BucketNotEmpty"


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_checksums(s3, bucket, algorithm):
    put = s3.put_object(Bucket=bucket, Key="k", Body=io.BytesIO(b"x" * 100_000), ChecksumAlgorithm=algorithm)

    head = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")

    assert head["Checksum" + algorithm] == put["Checksum" + algorithm]


def test_uploads_in_parts_stream_through_the_transfer_manager(s3, bucket):
    content = os.urandom(17 << 20)
    parts = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)

    s3.upload_fileobj(io.BytesIO(content), bucket, "big", Config=parts)
    back = io.BytesIO()
    s3.download_fileobj(bucket, "big", back, Config=parts)

    assert back.getvalue() == content
    assert s3.head_object(Bucket=bucket, Key="big", PartNumber=2)["PartsCount"] == 4


def test_copies_deletes_and_presigned_urls(s3, bucket, endpoint):
    s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    s3.copy_object(Bucket=bucket, Key="b c", CopySource={"Bucket": bucket, "Key": "a"})
    signer = boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        region_name="us-east-1",
        config=Config(signature_version="s3v4"),
    )
    url = signer.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "b c"})

    with urllib.request.urlopen(url, timeout=30) as answer:
        assert answer.read() == b"1"
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "a"}, {"Key": "b c"}]})
    assert [deleted["Key"] for deleted in answer["Deleted"]] == ["a", "b c"]
    s3.delete_bucket(Bucket=bucket)


def test_versions(s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket=bucket, Key="a", Body=b"1")["VersionId"]
    s3.put_object(Bucket=bucket, Key="a", Body=b"2")
    s3.delete_object(Bucket=bucket, Key="a")

    assert code(lambda: s3.get_object(Bucket=bucket, Key="a")) == "NoSuchKey"
    assert s3.get_object(Bucket=bucket, Key="a", VersionId=first)["Body"].read() == b"1"
    page = s3.list_object_versions(Bucket=bucket)
    assert len(page["Versions"]) == 2 and len(page["DeleteMarkers"]) == 1


def test_the_command_line_synchronises_folders(cli_environment, bucket, tmp_path):
    for number in range(500):
        file = tmp_path / "there" / str(number % 7) / f"{number}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"file {number}")

    for source, target in [(tmp_path / "there", f"s3://{bucket}/x"), (f"s3://{bucket}/x", tmp_path / "back")]:
        result = subprocess.run(
            [AWS, "s3", "sync", "--quiet", str(source), str(target)],
            env=cli_environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert result.returncode == 0, result.stderr

    back = {str(file.relative_to(tmp_path / "back")): file.read_text() for file in (tmp_path / "back").rglob("*.txt")}
    assert back == {f"{number % 7}/{number}.txt": f"file {number}" for number in range(500)}


def test_a_statement_selects_from_an_object(s3, bucket):
    s3.put_object(Bucket=bucket, Key="people.csv.gz", Body=gzip.compress(b"name,age\nAnn,41\nBob,7\n"))

    events = s3.select_object_content(
        Bucket=bucket,
        Key="people.csv.gz",
        ExpressionType="SQL",
        Expression="SELECT s.name FROM s3object s WHERE CAST(s.age AS INT) > 18",
        InputSerialization={"CSV": {"FileHeaderInfo": "USE"}, "CompressionType": "GZIP"},
        OutputSerialization={"JSON": {}},
    )["Payload"]
    found = list(events)

    assert b"".join(event["Records"]["Payload"] for event in found if "Records" in event) == b'{"name":"Ann"}\n'
    assert [event["Stats"]["Details"]["BytesReturned"] for event in found if "Stats" in event] == [15]
    assert "End" in found[-1]
    refused = lambda: s3.select_object_content(
        Bucket=bucket,
        Key="people.csv.gz",
        ExpressionType="SQL",
        Expression="SELECT * FROM elsewhere",
        InputSerialization={"CSV": {}},
        OutputSerialization={"CSV": {}},
    )
    assert code(refused) == "InvalidDataSource"
