"""Lifecycles, logs, replication, websites, notifications: what is accepted, and what comes back."""

import json

import pytest


def rule(**members):
    whole = {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
    whole.update(members)
    return {member: value for member, value in whole.items() if value is not None}


@pytest.mark.parametrize(
    "rules, code",
    [
        ([rule()], None),
        ([rule(ID=None)], None),
        ([rule(Filter=None, Prefix="a/")], None),
        ([rule(Filter={})], None),
        ([rule(Status="Disabled")], None),
        ([rule(ID="a"), rule(ID="b", Filter={"Prefix": "b/"})], None),
        ([rule(Expiration={"Date": "2030-09-27T00:00:00Z"})], None),
        ([rule(Expiration={"ExpiredObjectDeleteMarker": True})], None),
        ([rule(Expiration=None, NoncurrentVersionExpiration={"NoncurrentDays": 2})], None),
        ([rule(Expiration=None, NoncurrentVersionExpiration={"NoncurrentDays": 2, "NewerNoncurrentVersions": 5})], None),
        ([rule(Expiration=None, AbortIncompleteMultipartUpload={"DaysAfterInitiation": 2})], None),
        ([rule(Expiration=None, Transitions=[{"Days": 30, "StorageClass": "STANDARD_IA"}])], None),
        ([rule(Expiration=None, Transitions=[{"Days": 0, "StorageClass": "GLACIER"}])], None),
        ([rule(Expiration={"Days": 100}, Transitions=[{"Days": 30, "StorageClass": "ONEZONE_IA"},
                                                     {"Days": 60, "StorageClass": "GLACIER"}])], None),
        ([rule(Expiration=None, NoncurrentVersionTransitions=[{"NoncurrentDays": 30, "StorageClass": "GLACIER"}])], None),
        ([rule(Filter={"Tag": {"Key": "a", "Value": "b"}})], None),
        ([rule(Filter={"ObjectSizeGreaterThan": 500})], None),
        ([rule(Filter={"ObjectSizeLessThan": 500})], None),
        ([rule(Filter={"And": {"Prefix": "a", "ObjectSizeGreaterThan": 5, "ObjectSizeLessThan": 50}})], None),
        ([rule(Filter={"And": {"Prefix": "a", "Tags": [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": "d"}]}})], None),
        ([rule(ID="a" * 255)], None),
        ([rule(ID="a" * 256)], "InvalidArgument"),
        ([rule(), rule(Filter={"Prefix": "b/"})], "InvalidArgument"),
        ([rule(Status="enabled")], "MalformedXML"),
        ([rule(Status="invalid")], "MalformedXML"),
        ([rule(Status=None)], "MalformedXML"),
        ([rule(Expiration={"Days": 0})], "InvalidArgument"),
        ([rule(Expiration={"Days": -1})], "InvalidArgument"),
        ([rule(Expiration={"Date": "2030-09-27T01:00:00Z"})], "InvalidArgument"),
        ([rule(Expiration={"Days": 1, "ExpiredObjectDeleteMarker": True})], "MalformedXML"),
        ([rule(Expiration=None)], "InvalidRequest"),
        ([rule(Expiration=None, NoncurrentVersionExpiration={"NoncurrentDays": 0})], "InvalidArgument"),
        ([rule(Expiration=None, Transitions=[{"Days": 29, "StorageClass": "STANDARD_IA"}])], "InvalidArgument"),
        ([rule(Expiration={"Days": 10}, Transitions=[{"Days": 30, "StorageClass": "STANDARD_IA"}])], "InvalidArgument"),
        ([rule(Expiration=None, Transitions=[{"Days": 30, "StorageClass": "STANDARD"}])], "MalformedXML"),
        ([rule(Filter={"Prefix": "a", "Tag": {"Key": "a", "Value": "b"}})], "MalformedXML"),
        ([rule(Prefix="a")], "MalformedXML"),
        ([rule(Filter={"And": {"ObjectSizeGreaterThan": 50, "ObjectSizeLessThan": 5}})], "InvalidRequest"),
        ([rule(Filter={"Tag": {"Key": "a", "Value": "b"}}, Expiration={"ExpiredObjectDeleteMarker": True})], "InvalidRequest"),
        ([rule(Filter={"Tag": {"Key": "a", "Value": "b"}}, Expiration=None,
               AbortIncompleteMultipartUpload={"DaysAfterInitiation": 2})], "InvalidRequest"),
        ([], "MalformedXML"),
        ([rule(ID=str(number), Filter={"Prefix": str(number)}) for number in range(1001)], "MalformedXML"),
    ],
)  # fmt: skip
def test_lifecycles(s3, bucket, refused, rules, code):
    asked = {"Bucket": bucket, "LifecycleConfiguration": {"Rules": rules}}

    if code:
        assert refused(s3.put_bucket_lifecycle_configuration, **asked) == (code, 400)
    else:
        s3.put_bucket_lifecycle_configuration(**asked)
        kept = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
        assert [each["Status"] for each in kept] == [each["Status"] for each in rules]
        assert all(each["ID"] for each in kept)


def test_what_expires_says_so(s3, bucket):
    rules = [
        rule(ID="far", Filter={"Prefix": "a"}, Expiration={"Days": 10}),
        rule(ID="near", Filter={"And": {"Prefix": "a", "Tags": [{"Key": "t", "Value": "1"}]}}, Expiration={"Days": 5}),
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})

    assert 'rule-id="far"' in s3.put_object(Bucket=bucket, Key="a")["Expiration"]
    assert 'rule-id="near"' in s3.put_object(Bucket=bucket, Key="a", Tagging="t=1")["Expiration"]
    assert "Expiration" not in s3.put_object(Bucket=bucket, Key="b")


@pytest.mark.parametrize(
    "enabled, code",
    [
        ({"TargetPrefix": "log/"}, None),
        ({"TargetPrefix": ""}, None),
        ({"TargetPrefix": "log/", "TargetObjectKeyFormat": {"SimplePrefix": {}}}, None),
        ({"TargetPrefix": "l/", "TargetObjectKeyFormat": {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}}}, None),
        ({"TargetPrefix": "l/", "TargetObjectKeyFormat": {"PartitionedPrefix": {"PartitionDateSource": "DeliveryTime"}}}, None),
        ({"TargetPrefix": "l/", "TargetObjectKeyFormat": {"PartitionedPrefix": {"PartitionDateSource": "Never"}}}, "MalformedXML"),
        ({"TargetPrefix": "l/", "TargetBucket": "none-of-these-exists"}, "InvalidTargetBucketForLogging"),
        ({"TargetPrefix": "l/", "TargetGrants": [{"Grantee": {"Type": "Group",
          "URI": "http://acs.amazonaws.com/groups/global/AllUsers"}, "Permission": "READ"}]}, "InvalidArgument"),
    ],
)  # fmt: skip
def test_logs_of_access(s3, bucket, other, refused, enabled, code):
    enabled = dict({"TargetBucket": other}, **enabled)

    if code:
        assert refused(s3.put_bucket_logging, Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": enabled})[0] == code
    else:
        s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": enabled})
        assert s3.get_bucket_logging(Bucket=bucket)["LoggingEnabled"] == enabled
        s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={})
        assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=bucket)


def test_logs_may_be_granted_where_lists_count(s3, bucket, open_bucket):
    grant = {
        "Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"},
        "Permission": "READ",
    }
    enabled = {"TargetBucket": open_bucket, "TargetPrefix": "log/", "TargetGrants": [grant]}

    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": enabled})

    assert s3.get_bucket_logging(Bucket=bucket)["LoggingEnabled"]["TargetGrants"] == [grant]


@pytest.mark.parametrize(
    "configuration, code",
    [
        ({"IndexDocument": {"Suffix": "index.html"}}, None),
        ({"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "e.html"}}, None),
        ({"RedirectAllRequestsTo": {"HostName": "example.com", "Protocol": "https"}}, None),
        ({"IndexDocument": {"Suffix": "index.html"}, "RoutingRules": [
            {"Condition": {"KeyPrefixEquals": "d/"}, "Redirect": {"ReplaceKeyPrefixWith": "e/"}}]}, None),
        ({"IndexDocument": {"Suffix": "a/b"}}, "InvalidArgument"),
        ({"IndexDocument": {"Suffix": ""}}, "InvalidArgument"),
        ({"ErrorDocument": {"Key": "e.html"}}, "InvalidArgument"),
        ({"IndexDocument": {"Suffix": "i"}, "RedirectAllRequestsTo": {"HostName": "h"}}, "InvalidArgument"),
        ({}, "InvalidArgument"),
    ],
)  # fmt: skip
def test_websites(s3, bucket, refused, configuration, code):
    asked = {"Bucket": bucket, "WebsiteConfiguration": configuration}

    if code:
        assert refused(s3.put_bucket_website, **asked)[0] in (code, "MalformedXML", "InvalidRequest")
    else:
        s3.put_bucket_website(**asked)
        found = s3.get_bucket_website(Bucket=bucket)
        assert {member: found[member] for member in configuration} == configuration


@pytest.fixture(scope="module")
def queue(aws):
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName="semantics-of-s3")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allow = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}
    sqs.set_queue_attributes(
        QueueUrl=url, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [allow]})}
    )
    return arn


def filters(*rules):
    return {"Filter": {"Key": {"FilterRules": [{"Name": name, "Value": value} for name, value in rules]}}}


@pytest.mark.parametrize(
    "members, code",
    [
        ({}, None),
        ({"Id": "mine"}, None),
        ({"Events": ["s3:ObjectCreated:Put", "s3:ObjectRemoved:*", "s3:ObjectRestore:Completed"]}, None),
        ({"Events": ["s3:ObjectTagging:*", "s3:LifecycleExpiration:*", "s3:ObjectAcl:Put"]}, None),
        (filters(("prefix", "a/")), None),
        (filters(("Prefix", "a/"), ("Suffix", ".jpg")), None),
        (filters(("prefix", "a/"), ("prefix", "b/")), "InvalidArgument"),
        (filters(("infix", "a/")), "InvalidArgument"),
        ({"Events": ["s3:Everything"]}, "InvalidArgument"),
        ({"Events": []}, "MalformedXML"),
        ({"QueueArn": "arn:aws:sqs:us-east-1:000000000000:nobody"}, "InvalidArgument"),
        ({"QueueArn": "nobody"}, "InvalidArgument"),
    ],
)
def test_notifications(s3, bucket, queue, refused, members, code):
    whole = dict({"QueueArn": queue, "Events": ["s3:ObjectCreated:*"]}, **members)
    asked = {"Bucket": bucket, "NotificationConfiguration": {"QueueConfigurations": [whole]}}

    if code:
        assert refused(s3.put_bucket_notification_configuration, **asked)[0] in (code, "MalformedXML")
    else:
        s3.put_bucket_notification_configuration(**asked)
        kept = s3.get_bucket_notification_configuration(Bucket=bucket)["QueueConfigurations"][0]
        assert sorted(kept["Events"]) == sorted(whole["Events"])
        for found in kept.get("Filter", {}).get("Key", {}).get("FilterRules", []):
            assert found["Name"] in ("Prefix", "Suffix")


def test_notifications_must_not_overlap(s3, bucket, queue, refused):
    twice = [{"QueueArn": queue, "Events": ["s3:ObjectCreated:*"], **filters(("prefix", each))} for each in ["a", "ab"]]

    assert refused(
        s3.put_bucket_notification_configuration,
        Bucket=bucket,
        NotificationConfiguration={"QueueConfigurations": twice},
    ) == ("InvalidArgument", 400)


ROLE = "arn:aws:iam::000000000000:role/none"


@pytest.mark.parametrize(
    "members, code",
    [
        ({"Destination": {"Bucket": "arn:aws:s3:::none-of-these-exists"}}, "InvalidRequest"),
        ({"Destination": {"Bucket": "nobody"}}, "InvalidArgument"),
        ({"Status": "On"}, "MalformedXML"),
        ({"Priority": None}, "InvalidRequest"),
        ({"SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}}}, "InvalidRequest"),
    ],
)
def test_replications_that_are_none(aws, s3, versioned, refused, members, code):
    target = versioned + "-t"
    s3.create_bucket(Bucket=target)
    s3.put_bucket_versioning(Bucket=target, VersioningConfiguration={"Status": "Enabled"})
    whole = {
        "ID": "r",
        "Status": "Enabled",
        "Priority": 1,
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": "arn:aws:s3:::" + target},
    }
    whole.update(members)
    whole = {member: value for member, value in whole.items() if value is not None}

    found = refused(
        s3.put_bucket_replication, Bucket=versioned, ReplicationConfiguration={"Role": ROLE, "Rules": [whole]}
    )

    assert found[1] in (400, 404) and found[0] in (code, "MalformedXML", "InvalidArgument", "InvalidRequest")


def test_replication_needs_versions(s3, bucket, other, refused):
    whole = {
        "Status": "Enabled",
        "Priority": 1,
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": "arn:aws:s3:::" + other},
    }

    assert refused(
        s3.put_bucket_replication, Bucket=bucket, ReplicationConfiguration={"Role": ROLE, "Rules": [whole]}
    ) == ("InvalidRequest", 400)
