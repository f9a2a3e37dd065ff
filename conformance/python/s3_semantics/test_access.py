"""Access control lists, bucket policies, and what the public may do."""

import json

import pytest

ALL = "http://acs.amazonaws.com/groups/global/AllUsers"
USERS = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
LOGS = "http://acs.amazonaws.com/groups/s3/LogDelivery"


def shown(answer):
    grants = [(grant["Grantee"].get("URI", "owner"), grant["Permission"]) for grant in answer["Grants"]]
    return sorted(grants)


CANNED = [
    ("private", []),
    ("public-read", [(ALL, "READ")]),
    ("public-read-write", [(ALL, "READ"), (ALL, "WRITE")]),
    ("authenticated-read", [(USERS, "READ")]),
]


@pytest.mark.parametrize("canned, grants", CANNED + [("log-delivery-write", [(LOGS, "READ_ACP"), (LOGS, "WRITE")])])
def test_canned_lists_of_buckets(s3, open_bucket, canned, grants):
    s3.put_bucket_acl(Bucket=open_bucket, ACL=canned)

    assert shown(s3.get_bucket_acl(Bucket=open_bucket)) == sorted([("owner", "FULL_CONTROL")] + grants)


@pytest.mark.parametrize(
    "canned, grants", CANNED + [("bucket-owner-read", []), ("bucket-owner-full-control", []), ("aws-exec-read", None)]
)
def test_canned_lists_of_objects(s3, open_bucket, canned, grants):
    s3.put_object(Bucket=open_bucket, Key="k", ACL=canned)

    if grants is not None:
        found = [grant for grant in shown(s3.get_object_acl(Bucket=open_bucket, Key="k")) if grant[0] != "owner"]
        assert found == sorted(grants)


GRANTS = [("GrantRead", "READ"), ("GrantReadACP", "READ_ACP"), ("GrantWriteACP", "WRITE_ACP"), ("GrantFullControl", "FULL_CONTROL")]


@pytest.mark.parametrize("member, permission", GRANTS + [("GrantWrite", "WRITE")])
def test_grants_in_headers_of_buckets(s3, open_bucket, member, permission):
    s3.put_bucket_acl(Bucket=open_bucket, **{member: f'uri="{ALL}"'})

    assert shown(s3.get_bucket_acl(Bucket=open_bucket)) == [(ALL, permission)]


@pytest.mark.parametrize("member, permission", GRANTS)
def test_grants_in_headers_of_objects(s3, open_bucket, member, permission):
    owner = s3.list_buckets()["Owner"]["ID"]
    s3.put_object(Bucket=open_bucket, Key="k", **{member: f'uri="{ALL}", id="{owner}"'})

    grants = s3.get_object_acl(Bucket=open_bucket, Key="k")["Grants"]

    assert {grant["Permission"] for grant in grants} == {permission}
    assert len(grants) == 2


@pytest.mark.parametrize(
    "asked, code",
    [
        ({"ACL": "public"}, "InvalidArgument"),
        ({"ACL": "public-read", "GrantRead": f'uri="{ALL}"'}, "InvalidRequest"),
        ({"GrantRead": 'uri="http://acs.amazonaws.com/groups/nobody"'}, "InvalidArgument"),
        ({"GrantRead": 'id="nobody"'}, "InvalidArgument"),
        ({"GrantRead": "everybody"}, "InvalidArgument"),
        ({"GrantRead": 'emailAddress="nobody@example.com"'}, "UnresolvableGrantByEmailAddress"),
        ({"AccessControlPolicy": {"Grants": []}}, "MalformedACLError"),
        ({"AccessControlPolicy": {"Owner": {"ID": "nobody"}, "Grants": []}}, "AccessDenied"),
        (
            {"AccessControlPolicy": {"Owner": {"ID": "{owner}"}, "Grants": [
                {"Grantee": {"Type": "Group", "URI": ALL}, "Permission": "EVERYTHING"}]}},
            "MalformedXML",
        ),
        ({}, "MissingSecurityHeader"),
    ],
)  # fmt: skip
def test_lists_that_are_none(s3, open_bucket, refused, asked, code):
    owner = s3.list_buckets()["Owner"]["ID"]
    asked = json.loads(json.dumps(asked).replace("{owner}", owner))

    assert refused(s3.put_bucket_acl, Bucket=open_bucket, **asked)[0] == code


def test_an_email_address_is_nobody_that_the_service_knows(s3, open_bucket, refused):
    assert refused(
        s3.put_object, Bucket=open_bucket, Key="k", GrantRead='emailAddress="nobody@example.com"'
    ) == ("UnresolvableGrantByEmailAddress", 400)


def may(refused, call, **asked):
    try:
        call(**asked)
        return True
    except call.__self__.exceptions.ClientError as error:
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 403
        return False


@pytest.mark.parametrize("of_object", ["private", "public-read", "public-read-write"])
@pytest.mark.parametrize("of_bucket", ["private", "public-read", "public-read-write"])
def test_what_lists_let_the_public_do(s3, anonymous, open_bucket, refused, of_bucket, of_object):
    s3.put_object(Bucket=open_bucket, Key="k", Body=b"x")
    s3.put_bucket_acl(Bucket=open_bucket, ACL=of_bucket)
    s3.put_object_acl(Bucket=open_bucket, Key="k", ACL=of_object)

    assert may(refused, anonymous.list_objects_v2, Bucket=open_bucket) is (of_bucket != "private")
    assert may(refused, anonymous.get_object, Bucket=open_bucket, Key="k") is (of_object != "private")
    assert may(refused, anonymous.put_object, Bucket=open_bucket, Key="n", Body=b"y") is (of_bucket == "public-read-write")
    assert may(refused, anonymous.get_object_acl, Bucket=open_bucket, Key="k") is False
    assert may(refused, anonymous.delete_object, Bucket=open_bucket, Key="k") is (of_bucket == "public-read-write")


@pytest.mark.parametrize("of_bucket, expected", [("private", 403), ("public-read", 404)])
def test_who_may_not_list_is_not_told_what_is_missing(s3, send, open_bucket, of_bucket, expected):
    s3.put_bucket_acl(Bucket=open_bucket, ACL=of_bucket)

    assert send("GET", f"/{open_bucket}/none", signed=False).status == expected
    assert send("HEAD", f"/{open_bucket}/none", signed=False).status == expected


@pytest.mark.parametrize(
    "operation, switch, code",
    [
        ("put_bucket_acl", "BlockPublicAcls", "AccessDenied"),
        ("put_object_acl", "BlockPublicAcls", "AccessDenied"),
        ("put_object", "BlockPublicAcls", "AccessDenied"),
        ("put_bucket_policy", "BlockPublicPolicy", "AccessDenied"),
    ],
)
def test_what_blocks_public_access(s3, open_bucket, refused, operation, switch, code):
    s3.put_object(Bucket=open_bucket, Key="k")
    s3.put_public_access_block(Bucket=open_bucket, PublicAccessBlockConfiguration={switch: True})
    asked = {"Bucket": open_bucket}
    if operation == "put_bucket_policy":
        asked["Policy"] = policy(open_bucket)
    else:
        asked["ACL"] = "public-read"
    if "object" in operation:
        asked["Key"] = "k"

    assert refused(getattr(s3, operation), **asked) == (code, 403)


def test_public_lists_are_ignored(s3, anonymous, open_bucket, refused):
    s3.put_object(Bucket=open_bucket, Key="k", ACL="public-read")
    anonymous.get_object(Bucket=open_bucket, Key="k")

    s3.put_public_access_block(Bucket=open_bucket, PublicAccessBlockConfiguration={"IgnorePublicAcls": True})

    assert refused(anonymous.get_object, Bucket=open_bucket, Key="k") == ("AccessDenied", 403)


def policy(bucket, action="s3:GetObject", resource="/*", effect="Allow", principal="*", condition=None):
    statement = {
        "Effect": effect,
        "Principal": principal,
        "Action": action,
        "Resource": f"arn:aws:s3:::{bucket}{resource}",
    }
    if condition:
        statement["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(
    "change",
    [
        {"Version": "2020-01-01"},
        {"Statement": []},
        {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::{bucket}/*"}]},
        {"Statement": [{"Effect": "Maybe", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::{bucket}"}]},
        {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:None", "Resource": "arn:aws:s3:::{bucket}"}]},
        {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::another"}]},
        {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::{bucket}"}]},
        {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "nobody"}, "Action": "s3:*", "Resource": "arn:aws:s3:::{bucket}"}]},
        {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*"}]},
        {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::{bucket}",
                        "Condition": {"Like": {"s3:prefix": "a"}}}]},
        {"Unknown": "x"},
    ],
)  # fmt: skip
def test_policies_that_are_none(s3, bucket, refused, change):
    document = json.dumps(dict(json.loads(policy(bucket)), **change)).replace("{bucket}", bucket)

    assert refused(s3.put_bucket_policy, Bucket=bucket, Policy=document) == ("MalformedPolicy", 400)


@pytest.mark.parametrize("text", ["", "{}", "[]", "not json", '{"Statement": ['])
def test_policies_that_are_no_documents(s3, bucket, refused, text):
    assert refused(s3.put_bucket_policy, Bucket=bucket, Policy=text)[0] in ("MalformedPolicy", "MissingRequestBodyError")


def test_policies_have_a_limit(s3, bucket, refused):
    big = policy(bucket, condition={"StringEquals": {"aws:UserAgent": "x" * 21_000}})

    assert refused(s3.put_bucket_policy, Bucket=bucket, Policy=big)[0] in ("PolicyTooLarge", "MalformedPolicy")


@pytest.mark.parametrize(
    "condition, public",
    [
        (None, True),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, False),
        ({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, True),
        ({"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}, False),
        ({"StringLike": {"aws:SourceVpc": "*"}}, True),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}, False),
        ({"StringEquals": {"aws:SourceAccount": "111122223333"}}, False),
        ({"StringEquals": {"s3:prefix": "a"}}, True),
        ({"NumericLessThan": {"s3:max-keys": "10"}}, True),
    ],
)
def test_which_policies_are_public(s3, open_bucket, condition, public):
    action, resource = ("s3:ListBucket", "") if condition and "s3:" in json.dumps(condition) else ("s3:GetObject", "/*")
    s3.put_bucket_policy(Bucket=open_bucket, Policy=policy(open_bucket, action, resource, condition=condition))

    assert s3.get_bucket_policy_status(Bucket=open_bucket)["PolicyStatus"]["IsPublic"] is public


@pytest.mark.parametrize(
    "action, resource, condition, call, asked, allowed",
    [
        ("s3:ListBucket", "", None, "list_objects_v2", {}, True),
        ("s3:ListBucket", "", {"StringEquals": {"s3:prefix": "a"}}, "list_objects_v2", {"Prefix": "a"}, True),
        ("s3:ListBucket", "", {"StringEquals": {"s3:prefix": "a"}}, "list_objects_v2", {"Prefix": "b"}, False),
        ("s3:ListBucket", "", {"StringEquals": {"s3:prefix": "a"}}, "list_objects_v2", {}, False),
        ("s3:ListBucket", "", {"StringEquals": {"s3:delimiter": "/"}}, "list_objects", {"Delimiter": "/"}, True),
        ("s3:ListBucket", "", {"NumericLessThanEquals": {"s3:max-keys": "5"}}, "list_objects", {"MaxKeys": 5}, True),
        ("s3:ListBucket", "", {"NumericLessThanEquals": {"s3:max-keys": "5"}}, "list_objects", {"MaxKeys": 6}, False),
        ("s3:ListBucket", "", None, "get_object", {"Key": "k"}, False),
        ("s3:GetObject", "/*", None, "get_object", {"Key": "k"}, True),
        ("s3:GetObject", "/k", None, "get_object", {"Key": "k"}, True),
        ("s3:GetObject", "/k", None, "get_object", {"Key": "tagged"}, False),
        ("s3:Get*", "/*", None, "get_object_tagging", {"Key": "k"}, True),
        ("s3:GetObject", "/*", None, "get_object_tagging", {"Key": "k"}, False),
        ("s3:GetObject", "/*", {"StringEquals": {"s3:ExistingObjectTag/a": "b"}}, "get_object", {"Key": "tagged"}, True),
        ("s3:GetObject", "/*", {"StringEquals": {"s3:ExistingObjectTag/a": "b"}}, "get_object", {"Key": "k"}, False),
        ("s3:GetObjectTagging", "/*", {"StringEquals": {"s3:ExistingObjectTag/a": "b"}}, "get_object_tagging", {"Key": "tagged"}, True),
        ("s3:GetObject", "/*", {"Bool": {"aws:SecureTransport": "true"}}, "get_object", {"Key": "k"}, False),
        ("s3:GetObject", "/*", {"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, "get_object", {"Key": "k"}, True),
        ("s3:GetObject", "/*", {"NotIpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, "get_object", {"Key": "k"}, False),
        ("s3:PutObject", "/*", None, "put_object", {"Key": "n"}, True),
        ("s3:PutObject", "/*", {"StringEquals": {"s3:x-amz-acl": "public-read"}}, "put_object", {"Key": "n"}, False),
        ("s3:PutObject", "/*", {"StringEquals": {"s3:x-amz-storage-class": "STANDARD_IA"}}, "put_object", {"Key": "n", "StorageClass": "STANDARD_IA"}, True),
        ("s3:PutObject", "/*", {"StringEquals": {"s3:x-amz-server-side-encryption": "AES256"}}, "put_object", {"Key": "n", "ServerSideEncryption": "AES256"}, True),
        ("s3:PutObject", "/*", {"StringEquals": {"s3:x-amz-server-side-encryption": "AES256"}}, "put_object", {"Key": "n"}, False),
        ("s3:PutObject", "/*", {"Null": {"s3:x-amz-server-side-encryption": "true"}}, "put_object", {"Key": "n"}, True),
        ("s3:PutObject", "/*", {"Null": {"s3:if-none-match": "false"}}, "put_object", {"Key": "n", "IfNoneMatch": "*"}, True),
        ("s3:PutObject", "/*", {"Null": {"s3:if-none-match": "false"}}, "put_object", {"Key": "n"}, False),
        ("s3:DeleteObject", "/*", None, "delete_object", {"Key": "k"}, True),
        ("s3:DeleteObject", "/a*", None, "delete_object", {"Key": "k"}, False),
        (["s3:PutObject", "s3:PutObjectTagging"], "/*", {"StringEquals": {"s3:RequestObjectTag/a": "b"}}, "put_object", {"Key": "n", "Tagging": "a=b"}, True),
        (["s3:PutObject", "s3:PutObjectTagging"], "/*", {"StringEquals": {"s3:RequestObjectTag/a": "b"}}, "put_object", {"Key": "n", "Tagging": "a=c"}, False),
        ("s3:PutObject", "/*", None, "put_object", {"Key": "n", "Tagging": "a=c"}, False),
        ("s3:GetBucketLocation", "", None, "get_bucket_location", {}, True),
        ("s3:ListBucketVersions", "", None, "list_object_versions", {}, True),
        ("s3:ListBucketMultipartUploads", "", None, "list_multipart_uploads", {}, True),
        ("s3:GetBucketCORS", "", None, "get_bucket_location", {}, False),
    ],
)  # fmt: skip
def test_what_policies_let_the_public_do(
    s3, anonymous, open_bucket, refused, action, resource, condition, call, asked, allowed
):
    s3.put_object(Bucket=open_bucket, Key="k", Body=b"x")
    s3.put_object(Bucket=open_bucket, Key="tagged", Body=b"x", Tagging="a=b")
    s3.put_bucket_policy(Bucket=open_bucket, Policy=policy(open_bucket, action, resource, condition=condition))

    assert may(refused, getattr(anonymous, call), Bucket=open_bucket, **asked) is allowed


def test_a_denial_outweighs_the_owner(s3, bucket, refused):
    s3.put_bucket_policy(Bucket=bucket, Policy=policy(bucket, "s3:PutObject", effect="Deny"))

    assert refused(s3.put_object, Bucket=bucket, Key="k") == ("AccessDenied", 403)
    s3.delete_bucket_policy(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="k")


def test_a_copy_is_asked_about_its_source(s3, bucket, other, refused):
    s3.put_object(Bucket=other, Key="public/k", Body=b"x")
    s3.put_object(Bucket=other, Key="k", Body=b"x")
    only = {"StringNotLike": {"s3:x-amz-copy-source": f"{other}/public/*"}}
    s3.put_bucket_policy(Bucket=bucket, Policy=policy(bucket, "s3:PutObject", effect="Deny", condition=only))

    s3.copy_object(Bucket=bucket, Key="c", CopySource=f"{other}/public/k")
    assert refused(s3.copy_object, Bucket=bucket, Key="c", CopySource=f"{other}/k") == ("AccessDenied", 403)


ORIGINS = [
    (["*suffix"], "foo.suffix", "foo.suffix"),
    (["*suffix"], "foo.bar", None),
    (["*suffix"], "foo.suffix.get", None),
    (["start*end"], "startend", "startend"),
    (["start*end"], "start12end", "start12end"),
    (["start*end"], "0start12end", None),
    (["prefix*"], "prefix.suffix", "prefix.suffix"),
    (["prefix*"], "bla.prefix", None),
    (["*"], "any", "*"),
    (["https://a.example", "https://b.example"], "https://b.example", "https://b.example"),
]


@pytest.mark.parametrize("origins, origin, allowed", ORIGINS)
def test_pages_of_other_origins(s3, send, bucket, origins, origin, allowed):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    rule = {"AllowedOrigins": origins, "AllowedMethods": ["GET"], "ExposeHeaders": ["x-amz-meta-a"], "MaxAgeSeconds": 9}
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})

    got = send("GET", f"/{bucket}/k", headers={"Origin": origin})
    asked = send("OPTIONS", f"/{bucket}/k", headers={"Origin": origin, "Access-Control-Request-Method": "GET"}, signed=False)
    put = send("OPTIONS", f"/{bucket}/k", headers={"Origin": origin, "Access-Control-Request-Method": "PUT"}, signed=False)

    assert got.headers["Access-Control-Allow-Origin"] == allowed
    assert got.headers["Access-Control-Expose-Headers"] == ("x-amz-meta-a" if allowed else None)
    assert asked.status == (200 if allowed else 403)
    assert asked.headers["Access-Control-Max-Age"] == ("9" if allowed else None)
    assert put.status == 403


@pytest.mark.parametrize(
    "headers, asked, status",
    [
        (["x-amz-*"], "x-amz-date", 200),
        (["x-amz-*"], "X-AMZ-Meta-A", 200),
        (["x-amz-*"], "x-amz-date, content-type", 403),
        (["*"], "x-amz-date, content-type", 200),
        ([], "x-amz-date", 403),
    ],
)
def test_headers_of_other_origins(s3, send, bucket, headers, asked, status):
    rule = {"AllowedOrigins": ["*"], "AllowedMethods": ["PUT"], "AllowedHeaders": headers}
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})

    answer = send(
        "OPTIONS",
        f"/{bucket}/k",
        headers={"Origin": "o", "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": asked},
        signed=False,
    )

    assert answer.status == status


@pytest.mark.parametrize(
    "rules, code",
    [
        ([{"AllowedOrigins": ["*"], "AllowedMethods": ["PATCH"]}], "InvalidRequest"),
        ([{"AllowedOrigins": ["a*b*c"], "AllowedMethods": ["GET"]}], "InvalidRequest"),
        ([{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"], "AllowedHeaders": ["a*b*"]}], "InvalidRequest"),
        ([{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"], "ExposeHeaders": ["a*"]}], "InvalidRequest"),
        ([{"AllowedOrigins": ["*"]}], "MalformedXML"),
        ([{"AllowedMethods": ["GET"]}], "MalformedXML"),
        ([], "MalformedXML"),
        ([{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}] * 101, "InvalidRequest"),
    ],
)
def test_cross_origin_rules_that_are_none(s3, bucket, refused, rules, code):
    found = refused(s3.put_bucket_cors, Bucket=bucket, CORSConfiguration={"CORSRules": rules})

    assert found in [(code, 400), ("MalformedXML", 400)]


@pytest.mark.parametrize("headers", [{}, {"Origin": "o"}, {"Access-Control-Request-Method": "GET"}])
def test_preflights_that_ask_nothing(s3, send, bucket, headers):
    rule = {"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})

    assert send("OPTIONS", f"/{bucket}/k", headers=headers, signed=False).status in (400, 403)
