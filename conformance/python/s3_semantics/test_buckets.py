"""Buckets: their names, their owner, what they are told to be."""

import uuid

import pytest


@pytest.mark.parametrize(
    "name",
    [
        "ab",
        "a" * 64,
        "Upper-case",
        "under_score",
        "-starts",
        "ends-",
        ".starts",
        "ends.",
        "two..dots",
        "192.168.5.123",
        "xn--name",
        "sthree-name",
        "amzn-s3-demo-name",
        "name-s3alias",
        "name--ol-s3",
        "name.mrap",
        "name--x-s3",
        "name--table-s3",
        "ex!clamation",
    ],
)
def test_bad_names(send, name):
    answer = send("PUT", "/" + name)

    assert answer.status == 400
    assert b"<Code>InvalidBucketName</Code>" in answer.body


@pytest.mark.parametrize("shape", ["{}", "{}.dots.and-dashes", "0{}0", "a.{}", "{}-" + "x" * 46])
def test_good_names(s3, shape):
    name = shape.format(uuid.uuid4().hex[:16])

    s3.create_bucket(Bucket=name)

    assert s3.head_bucket(Bucket=name)["BucketRegion"] == "us-east-1"
    s3.delete_bucket(Bucket=name)


def test_making_ones_own_bucket_again_in_us_east_1_changes_nothing(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")

    s3.create_bucket(Bucket=bucket)

    assert s3.head_object(Bucket=bucket, Key="k")["ContentLength"] == 1


def test_making_ones_own_bucket_again_elsewhere_is_refused(s3, bucket, refused):
    again = {"LocationConstraint": "eu-west-1"}

    assert refused(s3.create_bucket, Bucket=bucket, CreateBucketConfiguration=again) == (
        "BucketAlreadyOwnedByYou",
        409,
    )


@pytest.mark.parametrize("constraint", ["nowhere-9", "us-east-1"])
def test_regions_that_are_not(s3, refused, constraint):
    where = {"LocationConstraint": constraint}

    assert refused(s3.create_bucket, Bucket="r" + uuid.uuid4().hex, CreateBucketConfiguration=where) == (
        "InvalidLocationConstraint",
        400,
    )


@pytest.mark.parametrize(
    "operation, members",
    [
        ("get_bucket_location", {}),
        ("list_objects", {}),
        ("list_objects_v2", {}),
        ("list_object_versions", {}),
        ("list_multipart_uploads", {}),
        ("delete_bucket", {}),
        ("get_bucket_acl", {}),
        ("get_bucket_policy", {}),
        ("get_bucket_versioning", {}),
        ("get_bucket_tagging", {}),
        ("get_bucket_cors", {}),
        ("get_bucket_encryption", {}),
        ("get_bucket_lifecycle_configuration", {}),
        ("get_bucket_logging", {}),
        ("get_bucket_website", {}),
        ("get_bucket_ownership_controls", {}),
        ("get_public_access_block", {}),
        ("get_object_lock_configuration", {}),
        ("get_bucket_notification_configuration", {}),
        ("get_bucket_replication", {}),
        ("get_bucket_request_payment", {}),
        ("get_bucket_accelerate_configuration", {}),
        ("get_bucket_policy_status", {}),
        ("put_object", {"Key": "k"}),
        ("get_object", {"Key": "k"}),
        ("delete_object", {"Key": "k"}),
        ("get_object_tagging", {"Key": "k"}),
        ("create_multipart_upload", {"Key": "k"}),
        ("delete_objects", {"Delete": {"Objects": [{"Key": "k"}]}}),
    ],
)
def test_buckets_that_are_not_there(s3, refused, operation, members):
    assert refused(getattr(s3, operation), Bucket="none-" + uuid.uuid4().hex, **members) == ("NoSuchBucket", 404)


@pytest.mark.parametrize(
    "operation, code",
    [
        ("get_bucket_policy", "NoSuchBucketPolicy"),
        ("get_bucket_policy_status", "NoSuchBucketPolicy"),
        ("get_bucket_tagging", "NoSuchTagSet"),
        ("get_bucket_cors", "NoSuchCORSConfiguration"),
        ("get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration"),
        ("get_bucket_website", "NoSuchWebsiteConfiguration"),
        ("get_object_lock_configuration", "ObjectLockConfigurationNotFoundError"),
        ("get_bucket_replication", "ReplicationConfigurationNotFoundError"),
    ],
)
def test_what_a_new_bucket_has_not(s3, bucket, refused, operation, code):
    assert refused(getattr(s3, operation), Bucket=bucket) == (code, 404)


@pytest.mark.parametrize(
    "operation",
    [
        "delete_bucket_policy",
        "delete_bucket_tagging",
        "delete_bucket_cors",
        "delete_bucket_lifecycle",
        "delete_bucket_website",
        "delete_bucket_replication",
        "delete_bucket_encryption",
        "delete_public_access_block",
        "delete_bucket_ownership_controls",
    ],
)
def test_taking_away_what_is_not_there(s3, bucket, operation):
    getattr(s3, operation)(Bucket=bucket)

    assert getattr(s3, operation)(Bucket=bucket)["ResponseMetadata"]["HTTPStatusCode"] == 204


@pytest.mark.parametrize(
    "operation, member, expected",
    [
        ("get_bucket_versioning", "Status", None),
        ("get_bucket_logging", "LoggingEnabled", None),
        ("get_bucket_request_payment", "Payer", "BucketOwner"),
        ("get_bucket_accelerate_configuration", "Status", None),
        ("get_bucket_location", "LocationConstraint", None),
        ("get_bucket_notification_configuration", "QueueConfigurations", None),
    ],
)
def test_what_a_new_bucket_is(s3, bucket, operation, member, expected):
    assert getattr(s3, operation)(Bucket=bucket).get(member) == expected


def test_a_new_bucket_encrypts(s3, bucket):
    rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]

    assert rules[0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert rules[0]["BucketKeyEnabled"] is False


def test_buckets_are_listed_by_prefix_in_pages(s3):
    stem = "page-" + uuid.uuid4().hex[:12]
    made = [f"{stem}-{number}" for number in range(3)]
    for name in made:
        s3.create_bucket(Bucket=name)

    first = s3.list_buckets(Prefix=stem, MaxBuckets=2)
    second = s3.list_buckets(Prefix=stem, MaxBuckets=2, ContinuationToken=first["ContinuationToken"])

    assert [bucket["Name"] for bucket in first["Buckets"] + second["Buckets"]] == made
    assert "ContinuationToken" not in second
    assert first["Prefix"] == stem
    assert first["Buckets"][0]["BucketRegion"] == "us-east-1"


@pytest.mark.parametrize("most", [0, 10_001])
def test_pages_of_buckets_have_limits(s3, refused, most):
    assert refused(s3.list_buckets, MaxBuckets=most)[0] == "InvalidArgument"


def test_a_bucket_with_versions_or_uploads(s3, versioned, refused):
    version = s3.put_object(Bucket=versioned, Key="k", Body=b"1")["VersionId"]
    marker = s3.delete_object(Bucket=versioned, Key="k")["VersionId"]

    assert refused(s3.delete_bucket, Bucket=versioned) == ("BucketNotEmpty", 409)
    for each in [version, marker]:
        s3.delete_object(Bucket=versioned, Key="k", VersionId=each)
    s3.delete_bucket(Bucket=versioned)


def test_somebody_else_was_expected(s3, bucket, account, refused):
    s3.head_bucket(Bucket=bucket, ExpectedBucketOwner=account)

    assert refused(s3.list_objects_v2, Bucket=bucket, ExpectedBucketOwner="999999999999") == ("AccessDenied", 403)
    assert refused(s3.put_object, Bucket=bucket, Key="k", ExpectedBucketOwner="999999999999") == ("AccessDenied", 403)


@pytest.mark.parametrize("payer, code", [("Requester", None), ("BucketOwner", None), ("Nobody", "MalformedXML")])
def test_who_pays(s3, bucket, refused, payer, code):
    asked = {"Bucket": bucket, "RequestPaymentConfiguration": {"Payer": payer}}
    if code:
        assert refused(s3.put_bucket_request_payment, **asked)[0] == code
    else:
        s3.put_bucket_request_payment(**asked)
        assert s3.get_bucket_request_payment(Bucket=bucket)["Payer"] == payer


@pytest.mark.parametrize("status, code", [("Enabled", None), ("Suspended", None), ("On", "MalformedXML")])
def test_acceleration(s3, bucket, refused, status, code):
    asked = {"Bucket": bucket, "AccelerateConfiguration": {"Status": status}}
    if code:
        assert refused(s3.put_bucket_accelerate_configuration, **asked)[0] == code
    else:
        s3.put_bucket_accelerate_configuration(**asked)


@pytest.mark.parametrize(
    "body",
    [b"", b"not xml", b"<CreateBucketConfiguration>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><Tagging>&b;</Tagging>"],
)
def test_documents_that_are_none(send, bucket, body):
    answer = send("PUT", "/" + bucket, {"tagging": ""}, body=body)

    assert answer.status == 400
    assert b"<Code>MalformedXML</Code>" in answer.body or b"<Code>MissingRequestBodyError</Code>" in answer.body


def test_methods_that_mean_nothing(send, bucket):
    assert send("PATCH", "/" + bucket).status == 405


@pytest.mark.parametrize(
    "controls, code",
    [
        ([{"ObjectOwnership": "BucketOwnerEnforced"}], None),
        ([{"ObjectOwnership": "BucketOwnerPreferred"}], None),
        ([{"ObjectOwnership": "ObjectWriter"}], None),
        ([{"ObjectOwnership": "Nobody"}], "MalformedXML"),
        ([], "MalformedXML"),
    ],
)
def test_ownership_controls(s3, bucket, refused, controls, code):
    asked = {"Bucket": bucket, "OwnershipControls": {"Rules": controls}}
    if code:
        assert refused(s3.put_bucket_ownership_controls, **asked)[0] == code
    else:
        s3.put_bucket_ownership_controls(**asked)
        assert s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"] == controls


def test_no_controls_mean_that_the_writer_owns(s3, bucket, refused):
    s3.delete_bucket_ownership_controls(Bucket=bucket)

    assert refused(s3.get_bucket_ownership_controls, Bucket=bucket) == ("OwnershipControlsNotFoundError", 404)
    s3.put_object(Bucket=bucket, Key="k", ACL="bucket-owner-read")


def test_lists_must_be_private_before_they_are_given_up(s3, open_bucket, refused):
    s3.put_bucket_acl(Bucket=open_bucket, ACL="public-read")

    enforced = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert refused(s3.put_bucket_ownership_controls, Bucket=open_bucket, OwnershipControls=enforced) == (
        "InvalidBucketAclWithObjectOwnership",
        400,
    )


@pytest.mark.parametrize("number", range(4))
def test_public_access_is_blocked_by_four_switches(s3, bucket, number):
    switches = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"]
    wanted = {switch: index == number for index, switch in enumerate(switches)}

    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=wanted)

    assert s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"] == wanted


def test_no_public_access_block(s3, bucket, refused):
    s3.delete_public_access_block(Bucket=bucket)

    assert refused(s3.get_public_access_block, Bucket=bucket) == ("NoSuchPublicAccessBlockConfiguration", 404)


@pytest.mark.parametrize(
    "tags, code",
    [
        ([("a", "b"), ("c", "")], None),
        ([("Ä ö+-=._:/@", "ß")], None),
        ([("k" * 128, "v" * 256)], None),
        ([("k" * 129, "v")], "InvalidTag"),
        ([("k", "v" * 257)], "InvalidTag"),
        ([("aws:k", "v")], "InvalidTag"),
        ([("k", "v"), ("k", "w")], "InvalidTag"),
        ([("", "v")], "MalformedXML"),
        ([(str(number), "v") for number in range(50)], None),
        ([(str(number), "v") for number in range(51)], "BadRequest"),
    ],
)
def test_tags_of_buckets(s3, bucket, refused, tags, code):
    given = [{"Key": key, "Value": value} for key, value in tags]
    if code:
        assert refused(s3.put_bucket_tagging, Bucket=bucket, Tagging={"TagSet": given}) == (code, 400)
    else:
        s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": given})
        kept = s3.get_bucket_tagging(Bucket=bucket)["TagSet"]
        assert sorted(tag["Key"] for tag in kept) == sorted(tag["Key"] for tag in given)


@pytest.mark.parametrize(
    "path, query, root",
    [
        ("/", {}, "ListAllMyBucketsResult"),
        ("/{}", {}, "ListBucketResult"),
        ("/{}", {"list-type": "2"}, "ListBucketResult"),
        ("/{}", {"versions": ""}, "ListVersionsResult"),
        ("/{}", {"uploads": ""}, "ListMultipartUploadsResult"),
        ("/{}", {"acl": ""}, "AccessControlPolicy"),
        ("/{}", {"versioning": ""}, "VersioningConfiguration"),
        ("/{}", {"logging": ""}, "BucketLoggingStatus"),
        ("/{}", {"location": ""}, "LocationConstraint"),
        ("/{}", {"notification": ""}, "NotificationConfiguration"),
        ("/{}", {"requestPayment": ""}, "RequestPaymentConfiguration"),
        ("/{}", {"encryption": ""}, "ServerSideEncryptionConfiguration"),
        ("/{}", {"publicAccessBlock": ""}, "PublicAccessBlockConfiguration"),
        ("/{}", {"ownershipControls": ""}, "OwnershipControls"),
        ("/{}/k", {"tagging": ""}, "Tagging"),
        ("/{}/k", {"acl": ""}, "AccessControlPolicy"),
    ],
)
def test_clients_without_an_sdk_look_at_the_root_of_an_answer(send, s3, bucket, path, query, root):
    s3.put_object(Bucket=bucket, Key="k")

    body = send("GET", path.format(bucket), query).body.decode()

    assert f'<{root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/"' in body
