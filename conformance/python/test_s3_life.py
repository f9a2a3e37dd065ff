"""boto3 with what happens to objects over time: locks, lifecycles, archives, replication, websites, logs."""

import datetime
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def s3(aws):
    return aws("s3")


@pytest.fixture
def bucket(s3):
    name = "life-" + uuid.uuid4().hex[:12]
    s3.create_bucket(Bucket=name)
    return name


def refusal(call):
    with pytest.raises(ClientError) as caught:
        call()
    error = caught.value.response
    return error["Error"]["Code"], error["ResponseMetadata"]["HTTPStatusCode"]


def versioned(s3):
    name = "life-" + uuid.uuid4().hex[:12]
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def until(days):
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)


def test_a_locked_version_stays(s3):
    bucket = "life-" + uuid.uuid4().hex[:12]
    s3.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    version = s3.put_object(
        Bucket=bucket, Key="k", Body=b"1", ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=until(1)
    )["VersionId"]

    head = s3.head_object(Bucket=bucket, Key="k")

    assert head["ObjectLockMode"] == "GOVERNANCE"
    assert refusal(lambda: s3.delete_object(Bucket=bucket, Key="k", VersionId=version)) == ("AccessDenied", 403)
    assert refusal(
        lambda: s3.put_object_retention(
            Bucket=bucket, Key="k", Retention={"Mode": "GOVERNANCE", "RetainUntilDate": until(0.5)}
        )
    ) == ("AccessDenied", 403)
    s3.delete_object(Bucket=bucket, Key="k", VersionId=version, BypassGovernanceRetention=True)
    assert refusal(lambda: s3.get_object_retention(Bucket=bucket, Key="k")) == ("NoSuchKey", 404)


@pytest.mark.parametrize(
    "rule, code",
    [
        ({"Status": "enabled"}, "MalformedXML"),
        ({"Expiration": {"Days": 0}}, "InvalidArgument"),
        ({"Expiration": {"Date": "2030-01-01T01:00:00Z"}}, "InvalidArgument"),
        ({"Transitions": [{"Days": 1, "StorageClass": "STANDARD_IA"}]}, "InvalidArgument"),
        ({"Transitions": [{"Days": 40, "StorageClass": "COLDEST"}]}, "MalformedXML"),
        ({"Filter": {"And": {"Prefix": "a"}}}, "MalformedXML"),
    ],
)
def test_lifecycle_rules_are_checked(s3, bucket, rule, code):
    whole = {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
    whole.update(rule)

    refused, status = refusal(
        lambda: s3.put_bucket_lifecycle_configuration(
            Bucket=bucket, LifecycleConfiguration={"Rules": [whole]}
        )
    )

    assert (refused, status) == (code, 400)


def test_lifecycle_rules_say_when_objects_expire(s3, bucket):
    rules = [
        {"ID": "rule 1", "Status": "Enabled", "Filter": {"Prefix": "days/"}, "Expiration": {"Days": 30}},
        {
            "ID": "rule 2",
            "Status": "Enabled",
            "Filter": {"And": {"Prefix": "x", "Tags": [{"Key": "a", "Value": "b"}], "ObjectSizeGreaterThan": 500}},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 3, "NewerNoncurrentVersions": 5},
        },
        {
            "ID": "rule 3",
            "Status": "Disabled",
            "Prefix": "old/",
            "Transitions": [{"Days": 40, "StorageClass": "GLACIER"}],
        },
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})

    got = s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    put = s3.put_object(Bucket=bucket, Key="days/a", Body=b"1")

    assert got["Rules"] == rules
    assert got["TransitionDefaultMinimumObjectSize"] == "all_storage_classes_128K"
    assert 'rule-id="rule 1"' in put["Expiration"]
    assert s3.head_object(Bucket=bucket, Key="days/a")["Expiration"] == put["Expiration"]
    s3.delete_bucket_lifecycle(Bucket=bucket)
    assert refusal(lambda: s3.get_bucket_lifecycle_configuration(Bucket=bucket)) == (
        "NoSuchLifecycleConfiguration",
        404,
    )


def test_an_archive_is_read_once_it_is_restored(s3, bucket):
    s3.put_object(Bucket=bucket, Key="cold", Body=b"brr", StorageClass="DEEP_ARCHIVE")

    with pytest.raises(s3.exceptions.InvalidObjectState) as caught:
        s3.get_object(Bucket=bucket, Key="cold")
    s3.restore_object(Bucket=bucket, Key="cold", RestoreRequest={"Days": 1, "GlacierJobParameters": {"Tier": "Bulk"}})

    assert caught.value.response["Error"]["StorageClass"] == "DEEP_ARCHIVE"
    assert s3.get_object(Bucket=bucket, Key="cold")["Body"].read() == b"brr"
    assert s3.head_object(Bucket=bucket, Key="cold")["Restore"].startswith('ongoing-request="false", expiry-date="')


def test_completing_an_upload_again_is_answered_alike(s3, bucket):
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    tag = s3.upload_part(Bucket=bucket, Key="k", UploadId=upload, PartNumber=1, Body=b"hello")["ETag"]
    parts = {"Parts": [{"ETag": tag, "PartNumber": 1}]}

    first = s3.complete_multipart_upload(Bucket=bucket, Key="k", UploadId=upload, MultipartUpload=parts)
    again = s3.complete_multipart_upload(Bucket=bucket, Key="k", UploadId=upload, MultipartUpload=parts)

    first.pop("ResponseMetadata"), again.pop("ResponseMetadata")
    assert first == again


def replicating(aws, s3, **members):
    """Two buckets, what is put into the first of which is replicated to the second."""
    source, target = versioned(s3), versioned(s3)
    role = "replication-" + uuid.uuid4().hex[:8]
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    allowed = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["s3:*", "kms:Decrypt", "kms:Encrypt"], "Resource": "*"}],
    }
    iam = aws("iam")
    arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=role, PolicyName="all", PolicyDocument=json.dumps(allowed))
    rule = {
        "Status": "Enabled",
        "Priority": 1,
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": "arn:aws:s3:::" + target},
    }
    rule["Destination"].update(members.pop("Destination", {}))
    rule.update(members)
    s3.put_bucket_replication(Bucket=source, ReplicationConfiguration={"Role": arn, "Rules": [rule]})
    return source, target


def replicated(s3, source, **key):
    deadline = time.monotonic() + 60
    while s3.head_object(Bucket=source, Key="k", **key)["ReplicationStatus"] == "PENDING" and time.monotonic() < deadline:
        time.sleep(0.5)
    return s3.head_object(Bucket=source, Key="k", **key)["ReplicationStatus"]


def test_what_is_put_is_replicated(aws, s3):
    source, target = replicating(aws, s3)

    version = s3.put_object(Bucket=source, Key="k", Body=b"hello")["VersionId"]

    assert replicated(s3, source) == "COMPLETED"
    copy = s3.get_object(Bucket=target, Key="k", VersionId=version)
    assert copy["ReplicationStatus"] == "REPLICA"
    assert copy["Body"].read() == b"hello"


def test_what_is_under_keys_is_replicated_where_that_is_asked_for(aws, s3):
    keys = [aws("kms").create_key()["KeyMetadata"]["Arn"] for _ in range(2)]
    source, target = replicating(
        aws,
        s3,
        SourceSelectionCriteria={"SseKmsEncryptedObjects": {"Status": "Enabled"}},
        Destination={"EncryptionConfiguration": {"ReplicaKmsKeyID": keys[1]}},
    )
    customer = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": b"k" * 32}

    s3.put_object(Bucket=source, Key="k", Body=b"c" * 9000, **customer)
    assert replicated(s3, source, **customer) == "COMPLETED"
    assert s3.get_object(Bucket=target, Key="k", **customer)["Body"].read() == b"c" * 9000
    s3.put_object(Bucket=source, Key="k", Body=b"kms", ServerSideEncryption="aws:kms", SSEKMSKeyId=keys[0])
    assert replicated(s3, source) == "COMPLETED"
    copy = s3.get_object(Bucket=target, Key="k")
    assert (copy["SSEKMSKeyId"], copy["Body"].read()) == (keys[1], b"kms")
    without, _ = replicating(aws, s3)
    assert "ReplicationStatus" not in s3.put_object(
        Bucket=without, Key="k", ServerSideEncryption="aws:kms", SSEKMSKeyId=keys[0]
    )
    assert "ReplicationStatus" not in s3.head_object(Bucket=without, Key="k")


def test_a_bucket_is_a_website(s3, bucket, endpoint):
    s3.put_bucket_website(
        Bucket=bucket,
        WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "error.html"}},
    )
    s3.put_object(Bucket=bucket, Key="index.html", Body=b"<h1>home</h1>", ContentType="text/html")
    s3.put_object(Bucket=bucket, Key="error.html", Body=b"<h1>sorry</h1>", ContentType="text/html")
    s3.put_object(Bucket=bucket, Key="docs/index.html", Body=b"<h1>docs</h1>", ContentType="text/html")

    def get(path):
        host = bucket + ".s3-website.localhost:" + str(urllib.parse.urlsplit(endpoint).port)
        request = urllib.request.Request(endpoint + path, headers={"Host": host})
        try:
            with urllib.request.build_opener(NoRedirects).open(request, timeout=20) as answer:
                return answer.status, answer.read(), answer.headers
        except urllib.error.HTTPError as error:
            return error.code, error.read(), error.headers

    closed = get("/")
    s3.delete_public_access_block(Bucket=bucket)
    public = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    listing = {"Effect": "Allow", "Principal": "*", "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{bucket}"}
    s3.put_bucket_policy(
        Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [public, listing]})
    )

    assert closed[0] == 403
    assert get("/")[:2] == (200, b"<h1>home</h1>")
    assert get("/docs/")[:2] == (200, b"<h1>docs</h1>")
    assert get("/none")[:2] == (404, b"<h1>sorry</h1>")
    status, _, headers = get("/docs")
    assert (status, headers["Location"]) == (302, "/docs/")


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def test_configurations_by_id(s3, bucket):
    s3.put_bucket_metrics_configuration(
        Bucket=bucket, Id="all", MetricsConfiguration={"Id": "all", "Filter": {"Prefix": "a"}}
    )

    listed = s3.list_bucket_metrics_configurations(Bucket=bucket)["MetricsConfigurationList"]

    assert listed == [{"Id": "all", "Filter": {"Prefix": "a"}}]
    s3.delete_bucket_metrics_configuration(Bucket=bucket, Id="all")
    assert refusal(lambda: s3.get_bucket_metrics_configuration(Bucket=bucket, Id="all")) == (
        "NoSuchConfiguration",
        404,
    )


def test_nobody_is_told_who_is_not_there(s3, bucket):
    queue = {"QueueArn": "arn:aws:sqs:us-east-1:000000000000:none", "Events": ["s3:ObjectCreated:*"]}

    refused = refusal(
        lambda: s3.put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [queue]}
        )
    )

    assert refused == ("InvalidArgument", 400)
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    assert s3.get_bucket_notification_configuration(Bucket=bucket)["EventBridgeConfiguration"] == {}
