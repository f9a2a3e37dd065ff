"""Versions, delete markers and locks."""

import base64
import hmac
import json
import struct
import time
import uuid

import boto3
import pytest


def put(s3, bucket, body, key="k", **asked):
    return s3.put_object(Bucket=bucket, Key=key, Body=body, **asked).get("VersionId")


def suspend(s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


def ids(s3, bucket):
    page = s3.list_object_versions(Bucket=bucket)
    return [entry["VersionId"] for entry in page.get("Versions", []) + page.get("DeleteMarkers", [])]


@pytest.mark.parametrize(
    "configuration, code",
    [
        ({"Status": "Enabled"}, None),
        ({"Status": "Suspended"}, None),
        ({}, "IllegalVersioningConfigurationException"),
        ({"Status": "Disabled"}, "MalformedXML"),
    ],
)
def test_versioning_is_on_or_suspended(s3, bucket, refused, configuration, code):
    if code:
        assert refused(s3.put_bucket_versioning, Bucket=bucket, VersioningConfiguration=configuration)[0] == code
    else:
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=configuration)
        assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == configuration["Status"]


def test_what_was_there_before_is_the_null_version(s3, bucket):
    put(s3, bucket, b"before")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    put(s3, bucket, b"after")

    assert s3.get_object(Bucket=bucket, Key="k", VersionId="null")["Body"].read() == b"before"
    s3.delete_object(Bucket=bucket, Key="k", VersionId="null")
    assert len(ids(s3, bucket)) == 1


def test_suspended_versioning_overwrites_only_null(s3, versioned):
    kept = put(s3, versioned, b"1")
    suspend(s3, versioned)
    put(s3, versioned, b"2")
    put(s3, versioned, b"3")

    assert ids(s3, versioned) == ["null", kept]
    marker = s3.delete_object(Bucket=versioned, Key="k")
    assert (marker["DeleteMarker"], marker["VersionId"]) == (True, "null")
    assert sorted(ids(s3, versioned)) == sorted(["null", kept])


def test_versions_after_suspension(s3, versioned):
    suspend(s3, versioned)
    put(s3, versioned, b"null")
    s3.put_bucket_versioning(Bucket=versioned, VersioningConfiguration={"Status": "Enabled"})
    new = put(s3, versioned, b"new")

    assert ids(s3, versioned) == [new, "null"]


def test_removing_versions_brings_older_ones_back(s3, versioned, refused):
    made = [put(s3, versioned, b"%d" % number) for number in range(3)]

    for number in [2, 1]:
        s3.delete_object(Bucket=versioned, Key="k", VersionId=made[number])
        assert s3.get_object(Bucket=versioned, Key="k")["Body"].read() == b"%d" % (number - 1)
    s3.delete_object(Bucket=versioned, Key="k", VersionId=made[0])
    assert refused(s3.get_object, Bucket=versioned, Key="k") == ("NoSuchKey", 404)
    assert ids(s3, versioned) == []


@pytest.mark.parametrize("operation", ["get_object", "head_object"])
def test_reading_a_delete_marker(s3, versioned, send, operation):
    put(s3, versioned, b"1")
    marker = s3.delete_object(Bucket=versioned, Key="k")["VersionId"]
    method = operation.split("_")[0].upper()

    current = send(method, f"/{versioned}/k")
    named = send(method, f"/{versioned}/k", {"versionId": marker})

    assert (current.status, current.headers["x-amz-delete-marker"]) == (404, "true")
    assert current.headers["x-amz-version-id"] == marker
    assert (named.status, named.headers["x-amz-delete-marker"]) == (405, "true")
    assert named.headers["Allow"] == "DELETE"
    assert named.headers["Last-Modified"]


def test_a_marker_removed_brings_the_object_back(s3, versioned):
    put(s3, versioned, b"1")
    marker = s3.delete_object(Bucket=versioned, Key="k")["VersionId"]

    gone = s3.delete_object(Bucket=versioned, Key="k", VersionId=marker)

    assert (gone["DeleteMarker"], gone["VersionId"]) == (True, marker)
    assert s3.get_object(Bucket=versioned, Key="k")["Body"].read() == b"1"


def test_deleting_what_is_not_there_leaves_a_marker(s3, versioned):
    first = s3.delete_object(Bucket=versioned, Key="k")
    second = s3.delete_object(Bucket=versioned, Key="k")

    assert first["DeleteMarker"] is True
    assert sorted(ids(s3, versioned)) == sorted([first["VersionId"], second["VersionId"]])


def test_several_versions_are_deleted_at_once(s3, versioned):
    made = [put(s3, versioned, b"1", key) for key in "aabb"]

    answer = s3.delete_objects(
        Bucket=versioned,
        Delete={"Objects": [{"Key": key, "VersionId": version} for key, version in zip("aabb", made)]},
    )
    marked = s3.delete_objects(Bucket=versioned, Delete={"Objects": [{"Key": "c"}]})["Deleted"][0]

    assert len(answer["Deleted"]) == 4
    assert marked["DeleteMarker"] is True
    assert ids(s3, versioned) == [marked["DeleteMarkerVersionId"]]


@pytest.mark.parametrize(
    "operation", ["get_object", "head_object", "delete_object", "get_object_tagging", "get_object_acl"]
)
def test_ids_of_no_version(s3, versioned, refused, operation):
    put(s3, versioned, b"1")

    code, status = refused(getattr(s3, operation), Bucket=versioned, Key="k", VersionId="bad")

    assert status == 400
    assert code == ("400" if operation == "head_object" else "InvalidArgument")


def test_a_version_that_is_not_there(s3, versioned, refused):
    other = put(s3, versioned, b"1", "other")
    put(s3, versioned, b"1")

    assert refused(s3.get_object, Bucket=versioned, Key="k", VersionId=other) == ("NoSuchVersion", 404)
    s3.delete_object(Bucket=versioned, Key="k", VersionId=other)
    assert s3.get_object(Bucket=versioned, Key="other")["VersionId"] == other


def test_versions_keep_their_own_tags_and_lists(s3, open_bucket):
    s3.put_bucket_versioning(Bucket=open_bucket, VersioningConfiguration={"Status": "Enabled"})
    first, second = put(s3, open_bucket, b"1"), put(s3, open_bucket, b"2")

    s3.put_object_tagging(
        Bucket=open_bucket, Key="k", VersionId=first, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]}
    )
    s3.put_object_acl(Bucket=open_bucket, Key="k", VersionId=first, ACL="public-read")

    assert s3.get_object_tagging(Bucket=open_bucket, Key="k", VersionId=second)["TagSet"] == []
    assert len(s3.get_object_acl(Bucket=open_bucket, Key="k", VersionId=first)["Grants"]) == 2
    assert len(s3.get_object_acl(Bucket=open_bucket, Key="k")["Grants"]) == 1


def test_a_copied_version_is_named(s3, versioned):
    old = put(s3, versioned, b"old")
    put(s3, versioned, b"new")

    copied = s3.copy_object(
        Bucket=versioned, Key="c", CopySource={"Bucket": versioned, "Key": "k", "VersionId": old}
    )

    assert copied["CopySourceVersionId"] == old
    assert s3.get_object(Bucket=versioned, Key="c", VersionId=copied["VersionId"])["Body"].read() == b"old"


def test_an_old_version_becomes_the_newest(s3, versioned):
    old = put(s3, versioned, b"old")
    put(s3, versioned, b"new")

    s3.copy_object(Bucket=versioned, Key="k", CopySource=f"{versioned}/k?versionId={old}")

    assert s3.get_object(Bucket=versioned, Key="k")["Body"].read() == b"old"
    assert len(ids(s3, versioned)) == 3


RULE = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}


@pytest.mark.parametrize(
    "rule, code",
    [
        (RULE, None),
        ({"DefaultRetention": {"Mode": "COMPLIANCE", "Years": 1}}, None),
        ({"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 0}}, "InvalidRetentionPeriod"),
        ({"DefaultRetention": {"Mode": "GOVERNANCE", "Days": -1}}, "InvalidRetentionPeriod"),
        ({"DefaultRetention": {"Mode": "GOVERNANCE", "Years": 101}}, "InvalidRetentionPeriod"),
        ({"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1, "Years": 1}}, "MalformedXML"),
        ({"DefaultRetention": {"Mode": "GOVERNANCE"}}, "MalformedXML"),
        ({"DefaultRetention": {"Mode": "governance", "Days": 1}}, "MalformedXML"),
        ({"DefaultRetention": {"Days": 1}}, "MalformedXML"),
    ],
)
def test_defaults_of_locks(s3, locked, refused, rule, code):
    asked = {"Bucket": locked, "ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled", "Rule": rule}}
    if code:
        assert refused(s3.put_object_lock_configuration, **asked) == (code, 400)
    else:
        s3.put_object_lock_configuration(**asked)
        assert s3.get_object_lock_configuration(Bucket=locked)["ObjectLockConfiguration"]["Rule"] == rule
        put(s3, locked, b"x")
        assert s3.head_object(Bucket=locked, Key="k")["ObjectLockMode"] == rule["DefaultRetention"]["Mode"]


def test_locks_need_versions(s3, bucket, locked, refused):
    configuration = {"ObjectLockEnabled": "Enabled", "Rule": RULE}

    assert refused(s3.put_object_lock_configuration, Bucket=bucket, ObjectLockConfiguration=configuration) == (
        "InvalidBucketState",
        409,
    )
    assert refused(
        s3.put_bucket_versioning, Bucket=locked, VersioningConfiguration={"Status": "Suspended"}
    ) == ("InvalidBucketState", 409)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=configuration)


@pytest.mark.parametrize(
    "operation, members",
    [
        ("put_object_retention", {"Retention": {"Mode": "GOVERNANCE"}}),
        ("get_object_retention", {}),
        ("put_object_legal_hold", {"LegalHold": {"Status": "ON"}}),
        ("get_object_legal_hold", {}),
    ],
)
def test_no_locks_in_other_buckets(s3, versioned, refused, until, operation, members):
    put(s3, versioned, b"x")
    if "Retention" in members:
        members = {"Retention": dict(members["Retention"], RetainUntilDate=until(1))}

    assert refused(getattr(s3, operation), Bucket=versioned, Key="k", **members) == ("InvalidRequest", 400)


@pytest.mark.parametrize(
    "mode, days, code",
    [
        ("GOVERNANCE", 1, None),
        ("COMPLIANCE", 1, None),
        ("GOVERNANCE", -1, "InvalidArgument"),
        ("governance", 1, "MalformedXML"),
        ("abc", 1, "MalformedXML"),
    ],
)
def test_retention(s3, locked, refused, until, mode, days, code):
    version = put(s3, locked, b"x")
    asked = {"Bucket": locked, "Key": "k", "Retention": {"Mode": mode, "RetainUntilDate": until(days)}}

    if code:
        assert refused(s3.put_object_retention, **asked) == (code, 400)
    else:
        s3.put_object_retention(**asked)
        assert s3.get_object_retention(Bucket=locked, Key="k")["Retention"]["Mode"] == mode
        assert refused(s3.delete_object, Bucket=locked, Key="k", VersionId=version) == ("AccessDenied", 403)
        assert s3.delete_object(Bucket=locked, Key="k")["DeleteMarker"] is True


@pytest.mark.parametrize(
    "before, after, bypass, allowed",
    [
        (("GOVERNANCE", 2), ("GOVERNANCE", 3), False, True),
        (("GOVERNANCE", 2), ("GOVERNANCE", 1), False, False),
        (("GOVERNANCE", 2), ("GOVERNANCE", 1), True, True),
        (("GOVERNANCE", 2), ("COMPLIANCE", 2), False, False),
        (("GOVERNANCE", 2), ("COMPLIANCE", 2), True, True),
        (("COMPLIANCE", 2), ("COMPLIANCE", 3), False, True),
        (("COMPLIANCE", 2), ("COMPLIANCE", 1), True, False),
        (("COMPLIANCE", 2), ("GOVERNANCE", 3), True, False),
    ],
)
def test_retention_is_changed(s3, locked, refused, until, before, after, bypass, allowed):
    put(s3, locked, b"x")
    retention = lambda kind: {"Mode": kind[0], "RetainUntilDate": until(kind[1])}
    s3.put_object_retention(Bucket=locked, Key="k", Retention=retention(before))
    asked = {"Bucket": locked, "Key": "k", "Retention": retention(after)}
    if bypass:
        asked["BypassGovernanceRetention"] = True

    if allowed:
        s3.put_object_retention(**asked)
    else:
        assert refused(s3.put_object_retention, **asked) == ("AccessDenied", 403)


@pytest.mark.parametrize("status, code", [("ON", None), ("OFF", None), ("abc", "MalformedXML")])
def test_legal_holds(s3, locked, refused, status, code):
    version = put(s3, locked, b"x")
    asked = {"Bucket": locked, "Key": "k", "LegalHold": {"Status": status}}

    if code:
        assert refused(s3.put_object_legal_hold, **asked) == (code, 400)
        return
    s3.put_object_legal_hold(**asked)
    assert s3.get_object_legal_hold(Bucket=locked, Key="k")["LegalHold"]["Status"] == status
    if status == "ON":
        assert refused(s3.delete_object, Bucket=locked, Key="k", VersionId=version) == ("AccessDenied", 403)
    else:
        s3.delete_object(Bucket=locked, Key="k", VersionId=version)


def test_locked_versions_survive_deletes_of_many(s3, locked, until):
    free = put(s3, locked, b"x")
    held = put(s3, locked, b"y", ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=until(1))
    named = {"Objects": [{"Key": "k", "VersionId": version} for version in [free, held]]}

    answer = s3.delete_objects(Bucket=locked, Delete=named)
    bypassed = s3.delete_objects(
        Bucket=locked, Delete={"Objects": named["Objects"][1:]}, BypassGovernanceRetention=True
    )

    assert [entry["VersionId"] for entry in answer["Deleted"]] == [free]
    assert [(error["Code"], error["VersionId"]) for error in answer["Errors"]] == [("AccessDenied", held)]
    assert "Errors" not in bypassed


@pytest.mark.parametrize(
    "asked",
    [
        {"ObjectLockMode": "GOVERNANCE"},
        {"ObjectLockRetainUntilDate": "2100-01-01T00:00:00Z"},
        {"ObjectLockMode": "GOVERNANCE", "ObjectLockRetainUntilDate": "2001-01-01T00:00:00Z"},
        {"ObjectLockMode": "abc", "ObjectLockRetainUntilDate": "2100-01-01T00:00:00Z"},
        {"ObjectLockLegalHoldStatus": "abc"},
    ],
)
def test_half_a_lock(s3, locked, refused, asked):
    assert refused(s3.put_object, Bucket=locked, Key="k", Body=b"x", **asked) == ("InvalidArgument", 400)


def test_a_second_factor_is_asked_of_everybody(s3, versioned, refused):
    asked = {"Status": "Enabled", "MFADelete": "Enabled"}

    assert refused(s3.put_bucket_versioning, Bucket=versioned, VersioningConfiguration=asked) == ("AccessDenied", 403)


def code(seed, step):
    digest = hmac.new(base64.b32decode(seed), struct.pack(">Q", step), "sha1").digest()
    (number,) = struct.unpack(">I", digest[digest[-1] & 15 : (digest[-1] & 15) + 4])
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06}"


def enabled_device(iam, user, number):
    """A serial number and a code, as the header wants them."""
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName=f"{user}-{number}")["VirtualMFADevice"]
    serial, seed = device["SerialNumber"], device["Base32StringSeed"].decode()
    step = int(time.time()) // 30
    iam.enable_mfa_device(
        UserName=user,
        SerialNumber=serial,
        AuthenticationCode1=code(seed, step - 2),
        AuthenticationCode2=code(seed, step - 1),
    )
    return f"{serial} {code(seed, step)}"


def test_deleting_a_version_with_a_second_factor(aws, s3, versioned, endpoint, refused):
    iam, user = aws("iam"), "mfa-" + uuid.uuid4().hex[:12]
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam.create_user(UserName=user)
    iam.put_user_policy(UserName=user, PolicyName="all", PolicyDocument=json.dumps(everything))
    # One code of each device is left to be used at once; a second one would take half a minute to come.
    first, second = (enabled_device(iam, user, number) for number in range(2))
    key = iam.create_access_key(UserName=user)["AccessKey"]
    own = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )
    kept = put(s3, versioned, b"1")

    own.put_bucket_versioning(
        Bucket=versioned,
        VersioningConfiguration={"Status": "Enabled", "MFADelete": "Enabled"},
        MFA=first,
    )

    assert own.get_bucket_versioning(Bucket=versioned)["MFADelete"] == "Enabled"
    denied = ("AccessDenied", 403)
    suspended = {"Status": "Suspended"}
    assert refused(own.put_bucket_versioning, Bucket=versioned, VersioningConfiguration=suspended) == denied
    assert refused(own.delete_object, Bucket=versioned, Key="k", VersionId=kept) == denied
    assert refused(own.delete_object, Bucket=versioned, Key="k", VersionId=kept, MFA=first) == denied
    named = {"Objects": [{"Key": "k", "VersionId": kept}]}
    assert refused(own.delete_objects, Bucket=versioned, Delete=named) == denied
    assert own.delete_object(Bucket=versioned, Key="k")["DeleteMarker"] is True
    own.delete_object(Bucket=versioned, Key="k", VersionId=kept, MFA=second)
    assert kept not in ids(s3, versioned)
