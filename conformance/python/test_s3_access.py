"""boto3 with who may reach buckets and objects, and with keys of their own."""

import json
import os
import urllib.error
import urllib.request
import uuid

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError


@pytest.fixture
def s3(aws):
    return aws("s3")


@pytest.fixture
def bucket(s3):
    """A bucket as one had them before 2023: lists count, and the public may be let in."""
    name = "access-" + uuid.uuid4().hex[:12]
    s3.create_bucket(Bucket=name, ObjectOwnership="ObjectWriter")
    s3.delete_public_access_block(Bucket=name)
    return name


def code(call):
    with pytest.raises(ClientError) as caught:
        call()
    return caught.value.response["Error"]["Code"]


def send(url, method="GET", body=None, headers=None):
    """Status, headers and body of an answer to nobody in particular."""
    request = urllib.request.Request(url, data=body, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_new_buckets_keep_the_public_out(s3):
    name = "access-" + uuid.uuid4().hex[:12]
    s3.create_bucket(Bucket=name)

    block = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    controls = s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]

    assert set(block.values()) == {True}
    assert controls["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert code(lambda: s3.put_object(Bucket=name, Key="a", Body=b"1", ACL="public-read")) == (
        "AccessControlListNotSupported"
    )
    assert code(lambda: s3.put_bucket_policy(Bucket=name, Policy=public_policy(name))) == "AccessDenied"


def public_policy(name):
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": "*",
                    "Action": "s3:GetObject",
                    "Resource": f"arn:aws:s3:::{name}/*",
                }
            ],
        }
    )


def test_a_policy_lets_the_public_in(s3, bucket, endpoint):
    s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    assert send(f"{endpoint}/{bucket}/a")[0] == 403
    assert code(lambda: s3.get_bucket_policy(Bucket=bucket)) == "NoSuchBucketPolicy"

    s3.put_bucket_policy(Bucket=bucket, Policy=public_policy(bucket))

    assert send(f"{endpoint}/{bucket}/a")[2] == b"1"
    assert json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"]) == json.loads(public_policy(bucket))
    assert s3.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"]["IsPublic"] is True
    s3.delete_bucket_policy(Bucket=bucket)
    assert send(f"{endpoint}/{bucket}/a")[0] == 403
    assert code(lambda: s3.put_bucket_policy(Bucket=bucket, Policy="{}")) == "MalformedPolicy"


def test_lists_let_the_public_in(s3, bucket, endpoint):
    s3.put_object(Bucket=bucket, Key="a", Body=b"1", ACL="public-read")

    assert send(f"{endpoint}/{bucket}/a")[2] == b"1"
    grants = s3.get_object_acl(Bucket=bucket, Key="a")["Grants"]
    assert [(grant["Grantee"]["Type"], grant["Permission"]) for grant in grants] == [
        ("CanonicalUser", "FULL_CONTROL"),
        ("Group", "READ"),
    ]
    s3.put_bucket_acl(Bucket=bucket, ACL="public-read-write")
    assert send(f"{endpoint}/{bucket}/b", "PUT", b"2")[0] == 200
    policy = s3.get_bucket_acl(Bucket=bucket)
    s3.put_bucket_acl(
        Bucket=bucket, AccessControlPolicy={"Owner": policy["Owner"], "Grants": policy["Grants"][:1]}
    )
    assert send(f"{endpoint}/{bucket}/b", "PUT", b"3")[0] == 403


def test_forms_of_browsers(s3, bucket, endpoint):
    signer = boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        region_name="us-east-1",
        config=Config(signature_version="s3v4"),
    )
    post = signer.generate_presigned_post(
        bucket,
        "forms/${filename}",
        Fields={"acl": "public-read", "success_action_status": "201"},
        Conditions=[{"acl": "public-read"}, {"success_action_status": "201"}, ["content-length-range", 1, 10]],
    )

    status, headers, body = upload(post, b"hello")
    assert status == 201, body
    assert b"<Key>forms/a.txt</Key>" in body
    assert send(f"{endpoint}/{bucket}/forms/a.txt")[2] == b"hello"
    assert b"EntityTooLarge" in upload(post, b"hello, hello")[2]
    post["fields"]["acl"] = "private"
    assert upload(post, b"hello")[0] == 403


def upload(post, content):
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in post["fields"].items()
    ]
    parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n')
    body = "".join(parts).encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return send(post["url"], "POST", body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})


def test_pages_of_other_origins(s3, bucket, endpoint):
    rule = {"AllowedMethods": ["GET", "PUT"], "AllowedOrigins": ["https://*.example.com"], "AllowedHeaders": ["x-*"]}
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})

    def preflight(origin):
        asked = {
            "Origin": origin,
            "Access-Control-Request-Method": "PUT",
            "Access-Control-Request-Headers": "x-amz-date",
        }
        return send(f"{endpoint}/{bucket}/a", "OPTIONS", headers=asked)

    status, headers, _ = preflight("https://www.example.com")
    assert status == 200
    assert headers["Access-Control-Allow-Origin"] == "https://www.example.com"
    assert preflight("https://www.example.org")[0] == 403
    assert s3.get_bucket_cors(Bucket=bucket)["CORSRules"] == [rule]


def test_keys_of_customers_and_of_kms(aws, s3, bucket):
    key = os.urandom(32)
    s3.put_object(Bucket=bucket, Key="c", Body=b"secret", SSECustomerAlgorithm="AES256", SSECustomerKey=key)

    got = s3.get_object(Bucket=bucket, Key="c", SSECustomerAlgorithm="AES256", SSECustomerKey=key)
    assert got["Body"].read() == b"secret"
    assert code(lambda: s3.get_object(Bucket=bucket, Key="c")) == "InvalidRequest"

    arn = aws("kms").create_key()["KeyMetadata"]["Arn"]
    s3.put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [
                {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": arn}}
            ]
        },
    )
    put = s3.put_object(Bucket=bucket, Key="k", Body=b"secret")
    assert put["SSEKMSKeyId"] == arn
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"secret"
    aws("kms").disable_key(KeyId=arn)
    assert code(lambda: s3.get_object(Bucket=bucket, Key="k")) == "KMS.DisabledException"


def test_an_access_point_is_reached_by_its_alias(aws):
    s3 = aws("s3")
    control = boto3.Session(
        aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1"
    ).client("s3control", endpoint_url=os.environ["OUTCROP_ENDPOINT"], config=Config(inject_host_prefix=False))
    account = aws("sts").get_caller_identity()["Account"]
    # Its clients put the account before the host's name, which nothing resolves here.
    control.meta.events.register(
        "before-sign.s3-control",
        lambda request, **_: setattr(request, "url", request.url.replace(account + ".", "", 1)),
    )
    bucket = "points-" + uuid.uuid4().hex[:12]
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="in/a", Body=b"a")

    alias = control.create_access_point(AccountId=account, Name=bucket + "-ap", Bucket=bucket)["Alias"]
    listed = control.list_access_points(AccountId=account, Bucket=bucket)["AccessPointList"]
    arn = listed[0]["AccessPointArn"]
    for tagged in (arn, "arn:aws:s3:::" + bucket):
        control.tag_resource(
            AccountId=account, ResourceArn=tagged, Tags=[{"Key": "team", "Value": "a"}, {"Key": "b", "Value": ""}]
        )
        control.untag_resource(AccountId=account, ResourceArn=tagged, TagKeys=["b"])
        tags = control.list_tags_for_resource(AccountId=account, ResourceArn=tagged)["Tags"]
        assert tags == [{"Key": "team", "Value": "a"}]
    read = s3.get_object(Bucket=alias, Key="in/a")["Body"].read()
    keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket=alias)["Contents"]]
    control.delete_access_point(AccountId=account, Name=bucket + "-ap")

    assert [point["Alias"] for point in listed] == [alias]
    assert (read, keys) == (b"a", ["in/a"])
    with pytest.raises(ClientError, match="NoSuchBucket"):
        s3.get_object(Bucket=alias, Key="in/a")
