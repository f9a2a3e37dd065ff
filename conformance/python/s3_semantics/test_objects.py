"""Objects: keys, bytes, headers, ranges, conditions, copies, deletes."""

import base64
import hashlib

import pytest

KEYS = [
    "a b", "a+b", "a%20b", "a&b", "a=b", "a;b", "a:b", "a,b", "a?b", "a#b", "a@b", "a$b", "a!b", "a'b", "a(b)", "a*b",
    "a[b]", "a{b}", "a|b", "a\\b", "a^b", "a`b", "a~b", 'a"b', "a<b>", "a\tb", "ü/é", "日本", "😀", "a//b", "/a",
    "a/", "//", "a/./b", "a/../b", "..", ".", " ", "%", "-", "k" * 1024,
]  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_keys(s3, bucket, key):
    s3.put_object(Bucket=bucket, Key=key, Body=b"x")

    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"x"
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]] == [key]
    s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key}]})
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


@pytest.mark.parametrize("key", ["k" * 1025, "ü" * 513])
def test_keys_that_are_too_long(s3, bucket, refused, key):
    assert refused(s3.put_object, Bucket=bucket, Key=key) == ("KeyTooLongError", 400)


@pytest.mark.parametrize(
    "asked, status, part",
    [
        ("bytes=4-7", 206, (4, 7)),
        ("bytes=4-", 206, (4, 10)),
        ("bytes=-7", 206, (4, 10)),
        ("bytes=0-0", 206, (0, 0)),
        ("bytes=0-99", 206, (0, 10)),
        ("bytes=-99", 206, (0, 10)),
        ("bytes=11-12", 416, None),
        ("bytes=-0", 416, None),
        ("bytes=5-4", 200, (0, 10)),
        ("bytes=x", 200, (0, 10)),
        ("items=0-1", 200, (0, 10)),
        ("bytes=0-1,3-4", 200, (0, 10)),
    ],
)
def test_ranges(send, s3, bucket, asked, status, part):
    content = b"testcontent"
    s3.put_object(Bucket=bucket, Key="k", Body=content)

    answer = send("GET", f"/{bucket}/k", headers={"Range": asked})

    assert answer.status == status
    if part is None:
        assert b"<Code>InvalidRange</Code>" in answer.body
    else:
        assert answer.body == content[part[0] : part[1] + 1]
    if status == 206:
        assert answer.headers["Content-Range"] == f"bytes {part[0]}-{part[1]}/11"
    assert answer.headers["Accept-Ranges"] == "bytes" or status == 416


def test_a_range_of_nothing(s3, bucket, refused):
    s3.put_object(Bucket=bucket, Key="k", Body=b"")

    assert refused(s3.get_object, Bucket=bucket, Key="k", Range="bytes=40-50") == ("InvalidRange", 416)


PAST, FUTURE = "Sat, 29 Oct 1994 19:43:31 GMT", "Fri, 29 Oct 2100 19:43:31 GMT"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "conditions, status",
    [
        ({"If-Match": "{etag}"}, 200),
        ({"If-Match": "*"}, 200),
        ({"If-Match": '"ABCORZ"'}, 412),
        ({"If-None-Match": "{etag}"}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"ABCORZ"'}, 200),
        ({"If-Modified-Since": PAST}, 200),
        ({"If-Modified-Since": "{now}"}, 304),
        ({"If-Unmodified-Since": PAST}, 412),
        ({"If-Unmodified-Since": FUTURE}, 200),
        ({"If-Match": "{etag}", "If-Unmodified-Since": PAST}, 200),
        ({"If-None-Match": "{etag}", "If-Modified-Since": PAST}, 304),
        ({"If-None-Match": '"ABCORZ"', "If-Modified-Since": "{now}"}, 200),
    ],
)
def test_reading_under_conditions(send, s3, bucket, method, conditions, status):
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"x")["ETag"]
    now = send("HEAD", f"/{bucket}/k").headers["Last-Modified"]
    asked = {header: value.format(etag=etag, now=now) for header, value in conditions.items()}

    answer = send(method, f"/{bucket}/k", headers=asked)

    assert answer.status == status
    if status == 304:
        assert answer.headers["ETag"] == etag
        assert answer.body == b""


@pytest.mark.parametrize(
    "before, conditions, expected",
    [
        (None, {"IfNoneMatch": "*"}, 200),
        (b"1", {"IfNoneMatch": "*"}, ("PreconditionFailed", 412)),
        (b"1", {"IfMatch": "{etag}"}, 200),
        (b"1", {"IfMatch": '"ABCORZ"'}, ("PreconditionFailed", 412)),
        (None, {"IfMatch": '"ABCORZ"'}, ("NoSuchKey", 404)),
        (b"1", {"IfNoneMatch": '"ABCORZ"'}, ("NotImplemented", 501)),
        (None, {"IfNoneMatch": '"ABCORZ"'}, ("NotImplemented", 501)),
    ],
)
@pytest.mark.parametrize("kind", ["put", "multipart", "copy"])
def test_writing_under_conditions(s3, bucket, refused, before, conditions, expected, kind):
    etag = s3.put_object(Bucket=bucket, Key="k", Body=before)["ETag"] if before else ""
    asked = {member: value.format(etag=etag) for member, value in conditions.items()}
    if kind == "put":
        call = lambda: s3.put_object(Bucket=bucket, Key="k", Body=b"2", **asked)
    elif kind == "copy":
        s3.put_object(Bucket=bucket, Key="source", Body=b"2")
        call = lambda: s3.copy_object(Bucket=bucket, Key="k", CopySource=f"{bucket}/source", **asked)
    else:
        upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
        part = s3.upload_part(Bucket=bucket, Key="k", UploadId=upload, PartNumber=1, Body=b"2")["ETag"]
        parts = {"Parts": [{"ETag": part, "PartNumber": 1}]}
        call = lambda: s3.complete_multipart_upload(
            Bucket=bucket, Key="k", UploadId=upload, MultipartUpload=parts, **asked
        )

    if expected == 200:
        call()
        assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"2"
    else:
        assert refused(call) == expected


def test_a_delete_marker_is_nothing_to_conditions(s3, versioned, refused):
    etag = s3.put_object(Bucket=versioned, Key="k", Body=b"1")["ETag"]
    s3.delete_object(Bucket=versioned, Key="k")

    assert refused(s3.put_object, Bucket=versioned, Key="k", IfMatch=etag) == ("NoSuchKey", 404)
    s3.put_object(Bucket=versioned, Key="k", IfNoneMatch="*")


@pytest.mark.parametrize(
    "condition, expected",
    [("{etag}", 204), ("*", 204), ('"ABCORZ"', ("PreconditionFailed", 412))],
)
def test_deleting_under_conditions(s3, bucket, refused, condition, expected):
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"1")["ETag"]
    asked = {"Bucket": bucket, "Key": "k", "IfMatch": condition.format(etag=etag)}

    if expected == 204:
        s3.delete_object(**asked)
        assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    else:
        assert refused(s3.delete_object, **asked) == expected


def test_deleting_several_under_conditions(s3, bucket):
    etag = s3.put_object(Bucket=bucket, Key="a", Body=b"1")["ETag"]
    s3.put_object(Bucket=bucket, Key="b", Body=b"2")

    answer = s3.delete_objects(
        Bucket=bucket, Delete={"Objects": [{"Key": "a", "ETag": etag}, {"Key": "b", "ETag": etag}]}
    )

    assert [deleted["Key"] for deleted in answer["Deleted"]] == ["a"]
    assert [(error["Key"], error["Code"]) for error in answer["Errors"]] == [("b", "PreconditionFailed")]


@pytest.mark.parametrize(
    "member, value",
    [
        ("ContentType", "text/x-foo; charset=utf-8"),
        ("CacheControl", "public, max-age=14400"),
        ("ContentDisposition", 'attachment; filename="a.txt"'),
        ("ContentEncoding", "gzip"),
        ("ContentLanguage", "de, en"),
        ("Metadata", {"meta1": "bar"}),
        ("Metadata", {"meta1": ""}),
        ("Metadata", {"a": "1", "b-c": "2 3"}),
        ("StorageClass", "ONEZONE_IA"),
        ("StorageClass", "INTELLIGENT_TIERING"),
        ("WebsiteRedirectLocation", "/elsewhere"),
        ("ServerSideEncryption", "AES256"),
    ],
)
def test_what_is_said_with_an_object_is_kept(s3, bucket, member, value):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", **{member: value})

    assert s3.head_object(Bucket=bucket, Key="k")[member] == value
    assert s3.get_object(Bucket=bucket, Key="k")[member] == value


def test_no_type_is_octets(s3, send, bucket):
    send("PUT", f"/{bucket}/k", body=b"x")

    assert s3.head_object(Bucket=bucket, Key="k")["ContentType"] == "binary/octet-stream"


def test_new_metadata_replaces_the_old(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Metadata={"meta1": "bar", "meta2": "x"})
    s3.put_object(Bucket=bucket, Key="k", Metadata={"meta1": "new"})

    assert s3.head_object(Bucket=bucket, Key="k")["Metadata"] == {"meta1": "new"}


def test_metadata_has_a_limit(s3, bucket, refused):
    s3.put_object(Bucket=bucket, Key="k", Metadata={"k": "v" * 2000})

    assert refused(s3.put_object, Bucket=bucket, Key="k", Metadata={"k": "v" * 2048}) == ("MetadataTooLarge", 400)


@pytest.mark.parametrize(
    "parameter, header, value",
    [
        ("response-content-type", "Content-Type", "foo/bar"),
        ("response-content-disposition", "Content-Disposition", "bla"),
        ("response-content-language", "Content-Language", "esperanto"),
        ("response-content-encoding", "Content-Encoding", "aaa"),
        ("response-cache-control", "Cache-Control", "no-cache"),
        ("response-expires", "Expires", "Thu, 01 Dec 1994 16:00:00 GMT"),
    ],
)
def test_headers_of_the_answer_may_be_asked_for(send, s3, open_bucket, parameter, header, value):
    s3.put_object(Bucket=open_bucket, Key="k", Body=b"x", ACL="public-read")

    answer = send("GET", f"/{open_bucket}/k", {parameter: value})
    unsigned = send("GET", f"/{open_bucket}/k", {parameter: value}, signed=False)

    assert answer.headers[header] == value
    assert unsigned.status == 400
    assert b"<Code>InvalidRequest</Code>" in unsigned.body


@pytest.mark.parametrize(
    "digest, code",
    [
        (base64.b64encode(hashlib.md5(b"x").digest()).decode(), None),
        (base64.b64encode(hashlib.md5(b"y").digest()).decode(), "BadDigest"),
        ("YWJyYWNhZGFicmE=", "InvalidDigest"),
        ("", "InvalidDigest"),
        ("bar", "InvalidDigest"),
    ],
)
def test_digests_of_the_body(send, bucket, digest, code):
    answer = send("PUT", f"/{bucket}/k", headers={"Content-MD5": digest}, body=b"x")

    assert answer.status == (400 if code else 200)
    assert code is None or f"<Code>{code}</Code>".encode() in answer.body


def test_a_body_without_length(s3, send, open_bucket):
    s3.put_bucket_acl(Bucket=open_bucket, ACL="public-read-write")

    answer = send("PUT", f"/{open_bucket}/k", body=iter([b"x"]), signed=False)

    assert (answer.status, b"<Code>MissingContentLength</Code>" in answer.body) == (411, True)


@pytest.mark.parametrize(
    "asked, code",
    [
        ({"StorageClass": "COLDEST"}, "InvalidStorageClass"),
        ({"ServerSideEncryption": "AES512"}, "InvalidArgument"),
        ({"ACL": "everybody"}, "InvalidArgument"),
        ({"Tagging": "a=b&a=c"}, "InvalidTag"),
        ({"Tagging": "&".join(f"{number}=v" for number in range(11))}, "BadRequest"),
        ({"Tagging": "k" * 129 + "=v"}, "InvalidTag"),
        ({"WebsiteRedirectLocation": "elsewhere"}, "InvalidRedirectLocation"),
    ],
)
def test_objects_that_cannot_be(s3, bucket, refused, asked, code):
    assert refused(s3.put_object, Bucket=bucket, Key="k", **asked) == (code, 400)


def test_deleting_nothing_is_fine(s3, bucket):
    assert s3.delete_object(Bucket=bucket, Key="none")["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "none"}]})["Deleted"] == [{"Key": "none"}]


def test_quiet_deletes_tell_only_errors(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k")

    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "k"}], "Quiet": True})

    assert "Deleted" not in answer and "Errors" not in answer


@pytest.mark.parametrize("count, code", [(1000, None), (1001, "MalformedXML"), (0, "MalformedXML")])
def test_how_many_are_deleted_at_once(s3, bucket, refused, count, code):
    asked = {"Bucket": bucket, "Delete": {"Objects": [{"Key": str(number)} for number in range(count)], "Quiet": True}}

    if code:
        assert refused(s3.delete_objects, **asked) == (code, 400)
    else:
        s3.delete_objects(**asked)


@pytest.mark.parametrize("size", [0, 1, 5000, 1 << 20])
def test_a_copy_is_the_same(s3, bucket, other, size):
    put = s3.put_object(Bucket=bucket, Key="a b/ü", Body=b"x" * size, Metadata={"m": "1"}, ContentType="text/x")

    copied = s3.copy_object(Bucket=other, Key="k", CopySource={"Bucket": bucket, "Key": "a b/ü"})
    got = s3.get_object(Bucket=other, Key="k")

    assert copied["CopyObjectResult"]["ETag"] == put["ETag"] == got["ETag"]
    assert (got["Body"].read(), got["Metadata"], got["ContentType"]) == (b"x" * size, {"m": "1"}, "text/x")


def test_a_copy_may_say_other_things(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"x", Metadata={"m": "1"}, ContentType="text/x", Tagging="a=b")

    s3.copy_object(
        Bucket=bucket, Key="b", CopySource=f"{bucket}/a", MetadataDirective="REPLACE", Metadata={"n": "2"},
        ContentType="text/y", TaggingDirective="REPLACE", Tagging="c=d", StorageClass="STANDARD_IA",
    )  # fmt: skip
    head = s3.head_object(Bucket=bucket, Key="b")

    assert (head["Metadata"], head["ContentType"], head["StorageClass"]) == ({"n": "2"}, "text/y", "STANDARD_IA")
    assert s3.get_object_tagging(Bucket=bucket, Key="b")["TagSet"] == [{"Key": "c", "Value": "d"}]


def test_what_a_copy_keeps_and_loses(s3, open_bucket):
    s3.put_object(
        Bucket=open_bucket, Key="a", Tagging="a=b", StorageClass="STANDARD_IA", ACL="public-read",
        WebsiteRedirectLocation="/there", CacheControl="no-cache",
    )  # fmt: skip

    s3.copy_object(Bucket=open_bucket, Key="b", CopySource=f"{open_bucket}/a")
    head = s3.head_object(Bucket=open_bucket, Key="b")

    assert s3.get_object_tagging(Bucket=open_bucket, Key="b")["TagSet"] == [{"Key": "a", "Value": "b"}]
    assert head["CacheControl"] == "no-cache"
    assert "StorageClass" not in head and "WebsiteRedirectLocation" not in head
    assert len(s3.get_object_acl(Bucket=open_bucket, Key="b")["Grants"]) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"MetadataDirective": "REPLACE", "Metadata": {"n": "2"}},
        {"StorageClass": "STANDARD_IA"},
        {"WebsiteRedirectLocation": "/there"},
        {"ServerSideEncryption": "AES256"},
    ],
)
def test_a_copy_to_itself_changes_something(s3, bucket, change):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")

    s3.copy_object(Bucket=bucket, Key="k", CopySource=f"{bucket}/k", **change)

    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"x"


@pytest.mark.parametrize(
    "source, asked, expected",
    [
        ("{bucket}/k", {}, ("InvalidRequest", 400)),
        ("{bucket}/none", {}, ("NoSuchKey", 404)),
        ("{bucket}-none/k", {}, ("NoSuchBucket", 404)),
        ("{bucket}", {}, ("InvalidArgument", 400)),
        ("{bucket}/k?versionId=bad", {}, ("InvalidArgument", 400)),
        ("{bucket}/k", {"MetadataDirective": "KEEP"}, ("InvalidArgument", 400)),
        ("{bucket}/k", {"TaggingDirective": "KEEP"}, ("InvalidArgument", 400)),
    ],
)
def test_copies_that_cannot_be(s3, bucket, refused, source, asked, expected):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")

    assert refused(s3.copy_object, Bucket=bucket, Key="k", CopySource=source.format(bucket=bucket), **asked) == expected


@pytest.mark.parametrize(
    "conditions, status",
    [
        ({"CopySourceIfMatch": "{etag}"}, 200),
        ({"CopySourceIfMatch": "ABC"}, 412),
        ({"CopySourceIfNoneMatch": "ABC"}, 200),
        ({"CopySourceIfNoneMatch": "{etag}"}, 412),
        ({"CopySourceIfModifiedSince": PAST}, 200),
        ({"CopySourceIfUnmodifiedSince": PAST}, 412),
        ({"CopySourceIfMatch": "{etag}", "CopySourceIfUnmodifiedSince": PAST}, 200),
        ({"CopySourceIfNoneMatch": "{etag}", "CopySourceIfModifiedSince": PAST}, 412),
    ],
)
def test_copying_under_conditions(s3, bucket, refused, conditions, status):
    etag = s3.put_object(Bucket=bucket, Key="a", Body=b"x")["ETag"]
    asked = {member: value.format(etag=etag) for member, value in conditions.items()}

    if status == 200:
        s3.copy_object(Bucket=bucket, Key="b", CopySource=f"{bucket}/a", **asked)
    else:
        assert refused(s3.copy_object, Bucket=bucket, Key="b", CopySource=f"{bucket}/a", **asked) == (
            "PreconditionFailed",
            412,
        )


@pytest.mark.parametrize(
    "tags, code",
    [
        ([("a", "b")], None),
        ([("a", "")], None),
        ([(str(number), "v") for number in range(10)], None),
        ([(str(number), "v") for number in range(11)], "BadRequest"),
        ([("k" * 128, "v" * 256)], None),
        ([("k" * 129, "v")], "InvalidTag"),
        ([("k", "v" * 257)], "InvalidTag"),
        ([("k", "v"), ("k", "w")], "InvalidTag"),
        ([("k", "v!")], "InvalidTag"),
    ],
)
def test_tags(s3, bucket, refused, tags, code):
    s3.put_object(Bucket=bucket, Key="k")
    asked = {"Bucket": bucket, "Key": "k", "Tagging": {"TagSet": [{"Key": k, "Value": v} for k, v in tags]}}

    if code:
        assert refused(s3.put_object_tagging, **asked) == (code, 400)
    else:
        s3.put_object_tagging(**asked)
        kept = s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"]
        assert {tag["Key"]: tag["Value"] for tag in kept} == dict(tags)
        assert s3.get_object(Bucket=bucket, Key="k")["TagCount"] == len(tags)
        s3.delete_object_tagging(Bucket=bucket, Key="k")
        assert "TagCount" not in s3.get_object(Bucket=bucket, Key="k")


def test_parts_of_what_has_none(s3, bucket, refused):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")

    assert s3.get_object(Bucket=bucket, Key="k", PartNumber=1)["ContentLength"] == 1
    assert refused(s3.get_object, Bucket=bucket, Key="k", PartNumber=2) == ("InvalidPartNumber", 416)
    assert refused(s3.get_object, Bucket=bucket, Key="k", PartNumber=1, Range="bytes=0-0")[0] == "InvalidRequest"


@pytest.mark.parametrize("tier, days, status", [("Standard", 2, 202), ("Bulk", 1, 202)])
def test_an_archive_comes_back(s3, bucket, refused, tier, days, status):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", StorageClass="GLACIER")
    asked = {"Days": days, "GlacierJobParameters": {"Tier": tier}}

    first = s3.restore_object(Bucket=bucket, Key="k", RestoreRequest=asked)
    again = s3.restore_object(Bucket=bucket, Key="k", RestoreRequest=asked)

    assert first["ResponseMetadata"]["HTTPStatusCode"] == status
    assert again["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_only_archives_come_back(s3, bucket, refused):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    s3.put_object(Bucket=bucket, Key="ia", Body=b"x", StorageClass="STANDARD_IA")

    for key in ["k", "ia"]:
        assert refused(s3.restore_object, Bucket=bucket, Key=key, RestoreRequest={"Days": 1}) == (
            "InvalidObjectState",
            403,
        )
    assert refused(s3.copy_object, Bucket=bucket, Key="c", CopySource=f"{bucket}/none")[0] == "NoSuchKey"
