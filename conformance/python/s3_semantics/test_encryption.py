"""Keys of the server, of KMS and of customers; presigned addresses; forms of browsers."""

import base64
import datetime
import hashlib
import hmac
import json
import os
import time
import uuid
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
import pytest
from botocore.config import Config

KEY, OTHER = b"k" * 32, b"o" * 32
C = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": KEY}


@pytest.fixture(scope="module")
def key(aws):
    return aws("kms").create_key()["KeyMetadata"]["Arn"]


@pytest.mark.parametrize("size", [0, 1, 1000, 70_000])
def test_keys_of_customers(s3, bucket, size):
    body = os.urandom(size)
    put = s3.put_object(Bucket=bucket, Key="k", Body=body, **C)

    got = s3.get_object(Bucket=bucket, Key="k", **C)

    assert got["Body"].read() == body
    assert put["SSECustomerAlgorithm"] == got["SSECustomerAlgorithm"] == "AES256"
    assert got["SSECustomerKeyMD5"] == base64.b64encode(hashlib.md5(KEY).digest()).decode()
    assert "ServerSideEncryption" not in got
    if size > 600:
        assert s3.get_object(Bucket=bucket, Key="k", Range="bytes=500-599", **C)["Body"].read() == body[500:600]


@pytest.mark.parametrize(
    "operation, given, expected",
    [
        ("get_object", {}, ("InvalidRequest", 400)),
        ("head_object", {}, ("400", 400)),
        ("get_object", {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": OTHER}, ("AccessDenied", 403)),
        ("head_object", {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": OTHER}, ("403", 403)),
    ],
)
def test_another_key_than_the_customers(s3, bucket, refused, operation, given, expected):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", **C)

    assert refused(getattr(s3, operation), Bucket=bucket, Key="k", **given) == expected


def test_a_key_for_what_has_none(s3, bucket, refused):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")

    assert refused(s3.get_object, Bucket=bucket, Key="k", **C) == ("InvalidRequest", 400)


def customer(algorithm="AES256", key=KEY, digest=None):
    headers = {
        "x-amz-server-side-encryption-customer-algorithm": algorithm,
        "x-amz-server-side-encryption-customer-key": key and base64.b64encode(key).decode(),
        "x-amz-server-side-encryption-customer-key-md5": digest
        or (key and base64.b64encode(hashlib.md5(key).digest()).decode()),
    }
    return {name: value for name, value in headers.items() if value}


@pytest.mark.parametrize(
    "headers, code",
    [
        (customer(algorithm="AES128"), "InvalidEncryptionAlgorithmError"),
        (customer(algorithm=None), "InvalidArgument"),
        (customer(key=b"short"), "InvalidArgument"),
        (customer(key=None), "InvalidArgument"),
        (customer(digest="AAAAAAAAAAAAAAAAAAAAAA=="), "InvalidArgument"),
        ({"x-amz-server-side-encryption-customer-key": "a"}, "InvalidArgument"),
        (dict(customer(), **{"x-amz-server-side-encryption": "AES256"}), "InvalidArgument"),
        ({"x-amz-server-side-encryption": "aes:kms"}, "InvalidArgument"),
        ({"x-amz-server-side-encryption": "AES256", "x-amz-server-side-encryption-aws-kms-key-id": "k"}, "InvalidArgument"),
        ({"x-amz-server-side-encryption-aws-kms-key-id": "k"}, "InvalidArgument"),
        ({"x-amz-server-side-encryption": "aws:kms", "x-amz-server-side-encryption-context": "bad"}, "InvalidArgument"),
        ({"x-amz-server-side-encryption": "aws:kms", "x-amz-server-side-encryption-aws-kms-key-id": "none"}, "KMS.NotFoundException"),
    ],
)  # fmt: skip
def test_encryption_that_cannot_be(send, bucket, headers, code):
    answer = send("PUT", f"/{bucket}/k", headers=headers, body=b"x")

    assert (answer.status, f"<Code>{code}</Code>".encode() in answer.body) == (400, True), answer.body


def test_parts_under_a_customers_key(s3, bucket, refused):
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k", **C)["UploadId"]
    part = {"Bucket": bucket, "Key": "k", "UploadId": upload, "PartNumber": 1, "Body": b"x" * 1000}

    assert refused(s3.upload_part, **part) == ("InvalidRequest", 400)
    assert refused(s3.upload_part, **part, SSECustomerAlgorithm="AES256", SSECustomerKey=OTHER)[1] in (400, 403)
    etag = s3.upload_part(**part, **C)["ETag"]
    s3.complete_multipart_upload(
        Bucket=bucket, Key="k", UploadId=upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": etag}]}
    )
    assert s3.get_object(Bucket=bucket, Key="k", **C)["Body"].read() == b"x" * 1000


SOURCE_C = {"CopySourceSSECustomerAlgorithm": "AES256", "CopySourceSSECustomerKey": KEY}


@pytest.mark.parametrize("source", ["none", "s3", "c", "kms"])
@pytest.mark.parametrize("target", ["none", "s3", "c", "kms"])
def test_copies_between_keys(s3, bucket, key, source, target):
    under = {
        "none": {},
        "s3": {"ServerSideEncryption": "AES256"},
        "c": C,
        "kms": {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key},
    }
    s3.put_object(Bucket=bucket, Key="a", Body=b"hello", **under[source])

    reading = SOURCE_C if source == "c" else {}
    copied = s3.copy_object(Bucket=bucket, Key="b", CopySource=f"{bucket}/a", **under[target], **reading)
    got = s3.get_object(Bucket=bucket, Key="b", **(C if target == "c" else {}))

    assert got["Body"].read() == b"hello"
    assert got.get("ServerSideEncryption") == {"none": "AES256", "s3": "AES256", "c": None, "kms": "aws:kms"}[target]
    assert copied.get("SSEKMSKeyId") == (key if target == "kms" else None)


@pytest.mark.parametrize("given", [{}, {"CopySourceSSECustomerAlgorithm": "AES256", "CopySourceSSECustomerKey": OTHER}])
def test_copies_of_what_cannot_be_read(s3, bucket, refused, given):
    s3.put_object(Bucket=bucket, Key="a", Body=b"hello", **C)

    assert refused(s3.copy_object, Bucket=bucket, Key="b", CopySource=f"{bucket}/a", **given)[1] in (400, 403)


@pytest.mark.parametrize("bucket_key", [False, True])
def test_a_bucket_under_a_key_of_kms(s3, bucket, key, bucket_key):
    default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    rules = [dict(default, BucketKeyEnabled=bucket_key)]
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})

    put = s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    got = s3.get_object(Bucket=bucket, Key="k")

    assert got["Body"].read() == b"x"
    for answer in [put, got, s3.head_object(Bucket=bucket, Key="k")]:
        assert (answer["ServerSideEncryption"], answer["SSEKMSKeyId"]) == ("aws:kms", key)
        assert answer.get("BucketKeyEnabled", False) is bucket_key
    s3.delete_bucket_encryption(Bucket=bucket)
    assert s3.put_object(Bucket=bucket, Key="k", Body=b"x")["ServerSideEncryption"] == "AES256"


@pytest.mark.parametrize("operation", ["put_object", "create_multipart_upload", "copy_object"])
def test_one_object_may_want_a_bucket_key(s3, bucket, key, operation):
    asked = {"Bucket": bucket, "Key": "k", "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key, "BucketKeyEnabled": True}
    if operation == "copy_object":
        s3.put_object(Bucket=bucket, Key="a", Body=b"x")
        asked["CopySource"] = f"{bucket}/a"

    assert getattr(s3, operation)(**asked)["BucketKeyEnabled"] is True


@pytest.mark.parametrize(
    "rules, code",
    [
        ([{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}], None),
        ([{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}], None),
        ([{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms:dsse"}}], None),
        ([{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES512"}}], "MalformedXML"),
        ([{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256", "KMSMasterKeyID": "k"}}], "InvalidArgument"),
        ([], "MalformedXML"),
    ],
)
def test_defaults_of_encryption(s3, bucket, refused, rules, code):
    asked = {"Bucket": bucket, "ServerSideEncryptionConfiguration": {"Rules": rules}}
    if code:
        assert refused(s3.put_bucket_encryption, **asked) == (code, 400)
    else:
        s3.put_bucket_encryption(**asked)
        s3.put_object(Bucket=bucket, Key="k", Body=b"x")
        found = s3.head_object(Bucket=bucket, Key="k")["ServerSideEncryption"]
        assert found == rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]


@pytest.fixture(scope="module")
def signer(endpoint):
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        region_name="us-east-1",
        config=Config(signature_version="s3v4"),
    )


def presigned(send, signer, operation, method="GET", change=lambda query: query, body=b"", headers=None, **members):
    parts = urlsplit(signer.generate_presigned_url(operation, Params=members, ExpiresIn=60))
    query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    return send(method, unquote(parts.path), change(query), headers, body, signed=False)


def without(name):
    return lambda query: {key: value for key, value in query.items() if key != name}


def changed(**members):
    return lambda query: dict(query, **{name.replace("_", "-"): value for name, value in members.items()})


@pytest.mark.parametrize(
    "method, change, status, code",
    [
        ("GET", lambda query: query, 200, None),
        ("HEAD", lambda query: query, 403, None),
        ("PUT", lambda query: query, 403, "SignatureDoesNotMatch"),
        ("GET", changed(X_Amz_Signature="0" * 64), 403, "SignatureDoesNotMatch"),
        ("GET", changed(X_Amz_Signature="short"), 403, "SignatureDoesNotMatch"),
        ("GET", changed(X_Amz_Expires="600"), 403, "SignatureDoesNotMatch"),
        ("GET", changed(X_Amz_Expires="604801"), 400, "AuthorizationQueryParametersError"),
        ("GET", changed(X_Amz_Expires="-1"), 400, "AuthorizationQueryParametersError"),
        ("GET", changed(X_Amz_Expires="x"), 400, "AuthorizationQueryParametersError"),
        ("GET", changed(X_Amz_Date="20200101T000000Z"), 400, "AuthorizationQueryParametersError"),
        ("GET", changed(X_Amz_Date="x"), 400, "AuthorizationQueryParametersError"),
        ("GET", changed(X_Amz_Algorithm="AWS4-HMAC-SHA1"), 400, "InvalidRequest"),
        ("GET", changed(X_Amz_Credential="nobody/20200101/us-east-1/s3/aws4_request"), None, None),
        ("GET", changed(X_Amz_Credential="x"), 400, "AuthorizationQueryParametersError"),
        ("GET", without("X-Amz-Signature"), 400, "AuthorizationQueryParametersError"),
        ("GET", without("X-Amz-Expires"), 400, "AuthorizationQueryParametersError"),
        ("GET", without("X-Amz-Credential"), 400, "AuthorizationQueryParametersError"),
        ("GET", without("X-Amz-SignedHeaders"), 400, "AuthorizationQueryParametersError"),
        ("GET", changed(versionId="null"), 403, "SignatureDoesNotMatch"),
    ],
)
def test_presigned_addresses(send, s3, signer, bucket, method, change, status, code):
    s3.put_object(Bucket=bucket, Key="a b/ü", Body=b"x")

    answer = presigned(send, signer, "get_object", method, change, Bucket=bucket, Key="a b/ü")

    assert answer.status == status or (status is None and answer.status in (400, 403))
    assert code is None or f"<Code>{code}</Code>".encode() in answer.body, answer.body


def test_what_was_presigned_with_the_body(send, s3, signer, bucket):
    put = presigned(send, signer, "put_object", "PUT", body=b"hello", Bucket=bucket, Key="k")
    typed = presigned(send, signer, "put_object", "PUT", body=b"x", Bucket=bucket, Key="t", ContentType="text/x")

    assert put.status == 200
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"hello"
    assert typed.status == 403


@pytest.mark.parametrize("place", ["query", "header"])
def test_signatures_of_version_2_are_given_up(send, s3, bucket, place):
    """Buckets made after 24 June 2020 know only version 4."""
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    expires = str(int(time.time()) + 60)
    text = f"GET\n\n\n{expires}\n/{bucket}/k"
    signature = base64.b64encode(hmac.new(b"test", text.encode(), "sha1").digest()).decode()
    query = {"AWSAccessKeyId": "test", "Expires": expires, "Signature": signature} if place == "query" else {}
    headers = {"Authorization": "AWS test:" + signature} if place == "header" else {}

    answer = send("GET", f"/{bucket}/k", query, headers, signed=False)

    assert answer.status == 400
    assert b"<Code>InvalidRequest</Code>" in answer.body
    assert b"Please use AWS4-HMAC-SHA256." in answer.body


@pytest.mark.parametrize(
    "headers, status",
    [
        ({"Authorization": "x"}, 400),
        ({"Authorization": ""}, 403),
        ({"Authorization": "AWS4-HMAC-SHA256 Credential=test"}, 400),
        ({"x-amz-date": "19700101T000000Z"}, 403),
    ],
)
def test_headers_that_prove_nothing(send, bucket, headers, status):
    assert send("GET", "/" + bucket, headers=headers, signed=False).status in (status, 400, 403)


def form(fields, content=b"bar", filename="a.txt", name="file"):
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in fields
    ]
    parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n')
    body = "".join(parts).encode() + b"Content-Type: text/plain\r\n\r\n" + content + f"\r\n--{boundary}--\r\n".encode()
    return {"Content-Type": f"multipart/form-data; boundary={boundary}"}, body


def signed_form(bucket, fields=None, conditions=None, expires=60, drop=(), text=None, change=None):
    now = datetime.datetime.now(datetime.timezone.utc)
    day = now.strftime("%Y%m%d")
    signing = [
        ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
        ("x-amz-credential", f"test/{day}/us-east-1/s3/aws4_request"),
        ("x-amz-date", now.strftime("%Y%m%dT%H%M%SZ")),
    ]
    fields = [("key", "foo.txt")] + list(fields or [])
    expiration = (now + datetime.timedelta(seconds=expires)).strftime("%Y-%m-%dT%H:%M:%SZ")
    policy = {
        "expiration": expiration,
        "conditions": [{"bucket": bucket}, ["starts-with", "$key", "foo"]]
        + [{name: value} for name, value in signing]
        + ([["content-length-range", 0, 1024]] if conditions is None else conditions),
    }
    if change:
        change(policy)
    encoded = base64.b64encode((text or json.dumps(policy)).encode()).decode()
    key = b"AWS4test"
    for step in [day, "us-east-1", "s3", "aws4_request"]:
        key = hmac.new(key, step.encode(), "sha256").digest()
    signature = hmac.new(key, encoded.encode(), "sha256").hexdigest()
    whole = fields + signing + [("policy", encoded), ("x-amz-signature", signature)]
    return [(name, value) for name, value in whole if name not in drop]


def drop_condition(policy):
    policy.pop("conditions")


def drop_expiration(policy):
    policy.pop("expiration")


def bad_date(policy):
    policy["expiration"] = policy["expiration"].replace("T", " ")


@pytest.mark.parametrize(
    "asked, status",
    [
        ({}, 204),
        ({"fields": [("success_action_status", "200")], "conditions": [["eq", "$success_action_status", "200"]]}, 200),
        ({"fields": [("success_action_status", "201")], "conditions": [["eq", "$success_action_status", "201"]]}, 201),
        ({"fields": [("success_action_status", "404")], "conditions": [["eq", "$success_action_status", "404"]]}, 204),
        ({"fields": [("Content-Type", "text/x")], "conditions": [["starts-with", "$Content-Type", "text/"]]}, 204),
        ({"fields": [("content-type", "text/x")], "conditions": [["STARTS-WITH", "$CONTENT-TYPE", "text/"]]}, 204),
        ({"fields": [("Content-Type", "image/x")], "conditions": [["starts-with", "$Content-Type", "text/"]]}, 403),
        ({"fields": [("x-amz-meta-foo", "barclamp")], "conditions": [["starts-with", "$x-amz-meta-foo", "bar"]]}, 204),
        ({"fields": [("x-amz-meta-foo", "other")], "conditions": [["starts-with", "$x-amz-meta-foo", "bar"]]}, 403),
        ({"fields": [("x-amz-meta-foo", "x")]}, 403),
        ({"fields": [("x-ignore-foo", "x")]}, 204),
        ({"fields": [("x-amz-storage-class", "STANDARD_IA")], "conditions": [{"x-amz-storage-class": "STANDARD_IA"}]}, 204),
        ({"fields": [("acl", "bucket-owner-full-control")], "conditions": [{"acl": "bucket-owner-full-control"}]}, 204),
        ({"fields": [("acl", "private")], "conditions": [{"acl": "public-read"}]}, 403),
        ({"conditions": [["content-length-range", 0, 2]]}, 400),
        ({"conditions": [["content-length-range", 512, 1000]]}, 400),
        ({"conditions": [["content-length-range", -1, 0]]}, 400),
        ({"conditions": [["content-length-range", 0]]}, 400),
        ({"conditions": [["content-length-range"]]}, 400),
        ({"conditions": [["like", "$key", "foo"]]}, 400),
        ({"conditions": ["x"]}, 400),
        ({"expires": -60}, 403),
        ({"change": drop_condition}, 400),
        ({"change": drop_expiration}, 400),
        ({"change": bad_date}, 400),
        ({"text": "not json"}, 400),
        ({"text": "{}"}, 400),
        ({"drop": ["key"]}, 400),
        ({"drop": ["policy"]}, 400),
        ({"drop": ["x-amz-signature"]}, 400),
        ({"drop": ["x-amz-credential"]}, 400),
        ({"drop": ["x-amz-date"]}, 400),
        ({"drop": ["x-amz-algorithm"]}, 400),
        ({"change": lambda policy: policy["conditions"].pop(0)}, 403),
        ({"change": lambda policy: policy["conditions"].pop(1)}, 403),
    ],
)
def test_forms(send, s3, bucket, asked, status):
    headers, body = form(signed_form(bucket, **asked))

    answer = send("POST", "/" + bucket, headers=headers, body=body, signed=False)

    assert answer.status in ((status, 403) if "drop" in asked else (status,)), answer.body
    if status < 300:
        assert s3.get_object(Bucket=bucket, Key="foo.txt")["Body"].read() == b"bar"


def test_forms_name_the_file(send, s3, bucket):
    fields = [(name, "foo-${filename}" if name == "key" else value) for name, value in signed_form(bucket)]
    headers, body = form(fields, filename="ü.txt")

    assert send("POST", "/" + bucket, headers=headers, body=body, signed=False).status == 204
    assert s3.get_object(Bucket=bucket, Key="foo-ü.txt")["Body"].read() == b"bar"


def test_forms_send_people_on(send, bucket):
    there = "http://example.com/there"
    fields = signed_form(
        bucket, [("success_action_redirect", there)], [["eq", "$success_action_redirect", there]]
    )
    headers, body = form(fields)

    answer = send("POST", "/" + bucket, headers=headers, body=body, signed=False)

    assert answer.status == 303
    assert answer.headers["Location"].startswith(there + f"?bucket={bucket}&key=foo.txt&etag=%22")


def test_forms_of_nobody(send, s3, bucket, open_bucket):
    s3.put_bucket_acl(Bucket=open_bucket, ACL="public-read-write")
    headers, body = form([("key", "foo.txt")])

    assert send("POST", "/" + bucket, headers=headers, body=body, signed=False).status == 403
    assert send("POST", "/" + open_bucket, headers=headers, body=body, signed=False).status == 204


def test_forms_carry_tags(send, s3, bucket):
    tags = "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"
    headers, body = form(signed_form(bucket, [("tagging", tags)], [["starts-with", "$tagging", ""]]))

    assert send("POST", "/" + bucket, headers=headers, body=body, signed=False).status == 204
    assert s3.get_object_tagging(Bucket=bucket, Key="foo.txt")["TagSet"] == [{"Key": "a", "Value": "b"}]


def test_forms_without_a_file(send, bucket):
    headers, body = form(signed_form(bucket), name="other")

    assert send("POST", "/" + bucket, headers=headers, body=body, signed=False).status in (400, 403)
