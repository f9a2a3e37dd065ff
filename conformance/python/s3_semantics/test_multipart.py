"""Uploads in parts, and checksums of wholes and parts."""

import base64
import hashlib
import zlib

import pytest

PART = 5 << 20


def started(s3, bucket, key="k", **asked):
    return s3.create_multipart_upload(Bucket=bucket, Key=key, **asked)["UploadId"]


def put(s3, bucket, upload, number, body=b"x", key="k", **asked):
    return s3.upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=number, Body=body, **asked)["ETag"]


def completed(s3, bucket, upload, parts, key="k", **asked):
    return s3.complete_multipart_upload(
        Bucket=bucket,
        Key=key,
        UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": number, "ETag": etag} for number, etag in parts]},
        **asked,
    )


def test_parts_become_an_object(s3, bucket):
    bodies = [b"a" * PART, b"b" * 100]
    upload = started(s3, bucket, Metadata={"foo": "bar"}, ContentType="text/bla")
    parts = [(number, put(s3, bucket, upload, number, body)) for number, body in enumerate(bodies, 1)]

    etag = completed(s3, bucket, upload, parts)["ETag"]
    got = s3.get_object(Bucket=bucket, Key="k")

    digest = hashlib.md5(b"".join(hashlib.md5(body).digest() for body in bodies)).hexdigest()
    assert etag == got["ETag"] == f'"{digest}-2"'
    assert (got["Metadata"], got["ContentType"]) == ({"foo": "bar"}, "text/bla")
    assert got["Body"].read() == b"".join(bodies)
    second = s3.get_object(Bucket=bucket, Key="k", PartNumber=2)
    assert (second["Body"].read(), second["PartsCount"]) == (bodies[1], 2)
    assert second["ContentRange"] == f"bytes {PART}-{PART + 99}/{PART + 100}"


@pytest.mark.parametrize(
    "sent, named, code",
    [
        ({}, [], "MalformedXML"),
        ({1: b"x"}, [], "MalformedXML"),
        ({1: b"x"}, [(2, "{1}")], "InvalidPart"),
        ({1: b"x"}, [(1, '"ffffffffffffffffffffffffffffffff"')], "InvalidPart"),
        ({1: b"x"}, [(1, "")], "InvalidPart"),
        ({1: b"x", 2: b"y"}, [(2, "{2}"), (1, "{1}")], "InvalidPartOrder"),
        ({1: b"x", 2: b"y"}, [(1, "{1}"), (1, "{1}")], "InvalidPartOrder"),
        ({1: b"x", 2: b"y"}, [(1, "{1}"), (2, "{2}")], "EntityTooSmall"),
        ({1: b"x", 2: b"y"}, [(2, "{2}")], None),
        ({1: b"", 2: b"y"}, [(1, "{1}")], None),
        ({7: b"x"}, [(7, "{7}")], None),
        ({10000: b"x"}, [(10000, "{10000}")], None),
    ],
)
def test_what_completes(s3, bucket, refused, sent, named, code):
    upload = started(s3, bucket)
    etags = {str(number): put(s3, bucket, upload, number, body) for number, body in sent.items()}
    parts = [(number, etags.get(etag.strip("{}"), etag)) for number, etag in named]

    if code:
        assert refused(completed, s3, bucket, upload, parts) == (code, 400)
        assert s3.list_parts(Bucket=bucket, Key="k", UploadId=upload)["UploadId"] == upload
    else:
        completed(s3, bucket, upload, parts)
        assert s3.head_object(Bucket=bucket, Key="k")["ContentLength"] == len(sent[named[0][0]])


@pytest.mark.parametrize("number", [0, -1, 10_001])
def test_numbers_of_no_part(s3, bucket, refused, number):
    upload = started(s3, bucket)

    assert refused(put, s3, bucket, upload, number) == ("InvalidArgument", 400)


@pytest.mark.parametrize("operation", ["upload_part", "list_parts", "abort_multipart_upload", "complete_multipart_upload"])
@pytest.mark.parametrize("upload", ["none", "{other}"])
def test_uploads_that_are_not_there(s3, bucket, refused, operation, upload):
    asked = {"Bucket": bucket, "Key": "k", "UploadId": upload.format(other=started(s3, bucket, key="other"))}
    if operation == "upload_part":
        asked.update(PartNumber=1, Body=b"x")
    if operation == "complete_multipart_upload":
        asked.update(MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": '"' + "0" * 32 + '"'}]})

    assert refused(getattr(s3, operation), **asked) == ("NoSuchUpload", 404)


def test_an_aborted_upload_is_gone(s3, bucket, refused):
    upload = started(s3, bucket)
    put(s3, bucket, upload, 1)

    s3.abort_multipart_upload(Bucket=bucket, Key="k", UploadId=upload)

    assert refused(s3.list_parts, Bucket=bucket, Key="k", UploadId=upload) == ("NoSuchUpload", 404)
    assert refused(s3.get_object, Bucket=bucket, Key="k") == ("NoSuchKey", 404)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)


def test_a_part_sent_again_replaces_the_first(s3, bucket):
    upload = started(s3, bucket)
    put(s3, bucket, upload, 1, b"old")
    etag = put(s3, bucket, upload, 1, b"new")

    completed(s3, bucket, upload, [(1, etag)])

    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"new"


def test_parts_in_pages(s3, bucket):
    upload = started(s3, bucket, StorageClass="STANDARD_IA")
    for number in [1, 3, 5]:
        put(s3, bucket, upload, number)

    first = s3.list_parts(Bucket=bucket, Key="k", UploadId=upload, MaxParts=2)
    second = s3.list_parts(Bucket=bucket, Key="k", UploadId=upload, PartNumberMarker=first["NextPartNumberMarker"])

    assert [part["PartNumber"] for part in first["Parts"]] == [1, 3]
    assert (first["IsTruncated"], first["StorageClass"]) == (True, "STANDARD_IA")
    assert [part["PartNumber"] for part in second["Parts"]] == [5]


@pytest.mark.parametrize(
    "asked, keys, prefixes",
    [
        ({}, ["a/1", "a/2", "b", "c"], []),
        ({"Prefix": "a/"}, ["a/1", "a/2"], []),
        ({"Delimiter": "/"}, ["b", "c"], ["a/"]),
        ({"KeyMarker": "a/2"}, ["b", "c"], []),
        ({"MaxUploads": 2}, ["a/1", "a/2"], []),
    ],
)
def test_uploads_are_listed(s3, bucket, asked, keys, prefixes):
    for key in ["b", "a/2", "c", "a/1"]:
        started(s3, bucket, key)

    page = s3.list_multipart_uploads(Bucket=bucket, **asked)

    assert [entry["Key"] for entry in page["Uploads"]] == keys
    assert [entry["Prefix"] for entry in page.get("CommonPrefixes", [])] == prefixes
    assert page["IsTruncated"] is ("MaxUploads" in asked)


def test_uploads_of_a_key_in_pages(s3, bucket):
    made = [started(s3, bucket) for _ in range(3)]
    seen, more = [], {}

    while True:
        page = s3.list_multipart_uploads(Bucket=bucket, MaxUploads=1, **more)
        seen += [entry["UploadId"] for entry in page["Uploads"]]
        if not page["IsTruncated"]:
            break
        more = {"KeyMarker": page["NextKeyMarker"], "UploadIdMarker": page["NextUploadIdMarker"]}

    assert sorted(seen) == sorted(made)


@pytest.mark.parametrize(
    "asked, expected",
    [
        ("bytes=0-9", b"0123456789"),
        ("bytes=2-3", b"23"),
        ("bytes=0-99", ("InvalidArgument", 400)),
        ("bytes=5-2", ("InvalidArgument", 400)),
        ("bytes=0-", ("InvalidArgument", 400)),
        ("0-2", ("InvalidArgument", 400)),
        ("bytes=a-b", ("InvalidArgument", 400)),
        ("bytes=11-12", ("InvalidArgument", 400)),
        (None, b"0123456789"),
    ],
)
def test_parts_copied(s3, bucket, refused, asked, expected):
    s3.put_object(Bucket=bucket, Key="s", Body=b"0123456789")
    upload = started(s3, bucket)
    call = {"Bucket": bucket, "Key": "k", "UploadId": upload, "PartNumber": 1, "CopySource": f"{bucket}/s"}
    if asked:
        call["CopySourceRange"] = asked

    if isinstance(expected, bytes):
        etag = s3.upload_part_copy(**call)["CopyPartResult"]["ETag"]
        completed(s3, bucket, upload, [(1, etag)])
        assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == expected
    else:
        code, status = refused(s3.upload_part_copy, **call)
        assert (code, status) == expected or (code, status) == ("InvalidRange", 416)


def test_a_version_copied_as_a_part(s3, versioned):
    old = s3.put_object(Bucket=versioned, Key="s", Body=b"old")["VersionId"]
    s3.put_object(Bucket=versioned, Key="s", Body=b"new")
    upload = started(s3, versioned)

    copied = s3.upload_part_copy(
        Bucket=versioned, Key="k", UploadId=upload, PartNumber=1, CopySource=f"{versioned}/s?versionId={old}"
    )
    completed(s3, versioned, upload, [(1, copied["CopyPartResult"]["ETag"])])

    assert copied["CopySourceVersionId"] == old
    assert s3.get_object(Bucket=versioned, Key="k")["Body"].read() == b"old"


def crc32(body):
    return base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()


def sha(algorithm, body):
    return base64.b64encode(hashlib.new(algorithm, body).digest()).decode()


@pytest.mark.parametrize(
    "member, right",
    [
        ("ChecksumCRC32", crc32(b"x")),
        ("ChecksumCRC32C", "i4KUQg=="),
        ("ChecksumSHA1", sha("sha1", b"x")),
        ("ChecksumSHA256", sha("sha256", b"x")),
    ],
)
def test_checksums_given(s3, bucket, refused, send, member, right):
    header = "x-amz-" + member.lower().replace("checksum", "checksum-")
    wrong = right[:-4] + ("AA==" if right.endswith("==") else "AAA=")
    if member == "ChecksumCRC32C":
        right = None

    if right:
        assert send("PUT", f"/{bucket}/k", headers={header: right}, body=b"x").status == 200
        assert s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")[member] == right
        assert s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")["ChecksumType"] == "FULL_OBJECT"
        assert member not in s3.head_object(Bucket=bucket, Key="k")
    answer = send("PUT", f"/{bucket}/k", headers={header: wrong}, body=b"x")
    assert (answer.status, b"<Code>BadDigest</Code>" in answer.body) == (400, True)
    answer = send("PUT", f"/{bucket}/k", headers={header: "bad"}, body=b"x")
    assert (answer.status, b"<Code>InvalidRequest</Code>" in answer.body) == (400, True)


def test_two_checksums_are_too_many(send, bucket):
    headers = {"x-amz-checksum-crc32": crc32(b"x"), "x-amz-checksum-sha1": sha("sha1", b"x")}

    answer = send("PUT", f"/{bucket}/k", headers=headers, body=b"x")

    assert (answer.status, b"<Code>InvalidRequest</Code>" in answer.body) == (400, True)


def test_no_checksum_given_is_crc64(send, s3, bucket):
    send("PUT", f"/{bucket}/k", body=b"x")

    head = send("HEAD", f"/{bucket}/k", headers={"x-amz-checksum-mode": "ENABLED"})

    assert head.headers["x-amz-checksum-crc64nvme"]
    assert head.headers["x-amz-checksum-type"] == "FULL_OBJECT"


@pytest.mark.parametrize(
    "algorithm, kind, expected",
    [
        ("SHA256", None, "COMPOSITE"),
        ("SHA1", "COMPOSITE", "COMPOSITE"),
        ("CRC32", None, "COMPOSITE"),
        ("CRC32", "FULL_OBJECT", "FULL_OBJECT"),
        ("CRC64NVME", None, "FULL_OBJECT"),
        ("SHA256", "FULL_OBJECT", None),
        ("CRC64NVME", "COMPOSITE", None),
    ],
)
def test_checksums_of_uploads(s3, bucket, refused, algorithm, kind, expected):
    asked = {"Bucket": bucket, "Key": "k", "ChecksumAlgorithm": algorithm}
    if kind:
        asked["ChecksumType"] = kind
    if expected is None:
        assert refused(s3.create_multipart_upload, **asked) == ("InvalidRequest", 400)
        return
    made = s3.create_multipart_upload(**asked)

    assert (made["ChecksumAlgorithm"], made["ChecksumType"]) == (algorithm, expected)


@pytest.mark.parametrize("algorithm", ["SHA256", "SHA1", "CRC32"])
def test_composite_checksums(s3, bucket, algorithm):
    bodies = [b"a" * PART, b"b"]
    upload = started(s3, bucket, ChecksumAlgorithm=algorithm)
    sums, parts = [], []
    for number, body in enumerate(bodies, 1):
        answer = s3.upload_part(
            Bucket=bucket, Key="k", UploadId=upload, PartNumber=number, Body=body, ChecksumAlgorithm=algorithm
        )
        member = "Checksum" + algorithm
        sums.append(base64.b64decode(answer[member]))
        parts.append({"PartNumber": number, "ETag": answer["ETag"], member: answer[member]})

    done = s3.complete_multipart_upload(
        Bucket=bucket, Key="k", UploadId=upload, MultipartUpload={"Parts": parts}
    )
    attributes = s3.get_object_attributes(
        Bucket=bucket, Key="k", ObjectAttributes=["Checksum", "ObjectParts", "ObjectSize", "ETag", "StorageClass"]
    )

    whole = crc32(b"".join(sums)) if algorithm == "CRC32" else sha(algorithm.lower(), b"".join(sums))
    assert done[member] == whole + "-2"
    assert attributes["Checksum"] == {member: whole, "ChecksumType": "COMPOSITE"} or attributes["Checksum"] == {
        member: whole + "-2",
        "ChecksumType": "COMPOSITE",
    }
    assert attributes["ObjectParts"]["TotalPartsCount"] == 2
    assert [part[member] for part in attributes["ObjectParts"]["Parts"]] == [part[member] for part in parts]
    assert attributes["ObjectSize"] == PART + 1
    assert attributes["StorageClass"] == "STANDARD"


def test_a_whole_of_another_size_than_said(s3, bucket, refused):
    upload = started(s3, bucket)
    etag = put(s3, bucket, upload, 1)

    assert refused(completed, s3, bucket, upload, [(1, etag)], MpuObjectSize=2) == ("InvalidRequest", 400)
    completed(s3, bucket, upload, [(1, etag)], MpuObjectSize=1)


@pytest.mark.parametrize("suffix", ["", "-1"])
def test_a_checksum_of_the_whole_is_said_at_the_end(s3, bucket, refused, suffix):
    upload = started(s3, bucket, ChecksumAlgorithm="SHA256")
    etag = put(s3, bucket, upload, 1, ChecksumAlgorithm="SHA256")
    part = hashlib.sha256(b"x").digest()
    whole = base64.b64encode(hashlib.sha256(part).digest()).decode()
    request = {
        "Bucket": bucket,
        "Key": "k",
        "UploadId": upload,
        "MultipartUpload": {
            "Parts": [{"PartNumber": 1, "ETag": etag, "ChecksumSHA256": base64.b64encode(part).decode()}]
        },
    }

    wrong = refused(s3.complete_multipart_upload, **request, ChecksumSHA256=base64.b64encode(part).decode())
    answer = s3.complete_multipart_upload(**request, ChecksumSHA256=whole + suffix)

    assert wrong == ("BadDigest", 400)
    assert answer["ChecksumSHA256"] == whole + "-1"


def test_another_checksum_than_announced(s3, bucket, refused):
    upload = started(s3, bucket, ChecksumAlgorithm="SHA256")

    assert refused(put, s3, bucket, upload, 1, ChecksumAlgorithm="SHA1") == ("InvalidRequest", 400)


@pytest.mark.parametrize("attributes, code", [(["Everything"], "InvalidArgument"), ([], "InvalidArgument")])
def test_attributes_that_are_none(send, s3, bucket, attributes, code):
    s3.put_object(Bucket=bucket, Key="k")

    answer = send("GET", f"/{bucket}/k", {"attributes": ""}, {"x-amz-object-attributes": ",".join(attributes)})

    assert (answer.status, f"<Code>{code}</Code>".encode() in answer.body) == (400, True)


def test_tags_of_an_upload(s3, bucket):
    upload = started(s3, bucket, Tagging="a=b&c=d%20e")
    completed(s3, bucket, upload, [(1, put(s3, bucket, upload, 1))])

    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == [
        {"Key": "a", "Value": "b"},
        {"Key": "c", "Value": "d e"},
    ]


def test_clients_without_an_sdk_look_at_the_root_of_an_answer(send, bucket):
    started_by = send("POST", f"/{bucket}/k", {"uploads": ""}).body.decode()
    upload = started_by.split("<UploadId>")[1].split("<")[0]
    etag = send("PUT", f"/{bucket}/k", {"partNumber": "1", "uploadId": upload}, body=b"x").headers["ETag"]
    parts = f"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part></CompleteMultipartUpload>"
    listed = send("GET", f"/{bucket}/k", {"uploadId": upload}).body.decode()
    done = send("POST", f"/{bucket}/k", {"uploadId": upload}, body=parts.encode()).body.decode()

    assert "<InitiateMultipartUploadResult " in started_by
    assert "<ListPartsResult " in listed
    assert "<CompleteMultipartUploadResult " in done
