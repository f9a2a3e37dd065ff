"""Lists of objects: prefixes, delimiters, pages, in version 1 and 2 and of versions."""

import pytest

V1 = "list_objects"
V2 = "list_objects_v2"


def fill(s3, bucket, keys):
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"")


def shown(page):
    keys = [entry["Key"] for entry in page.get("Contents", [])]
    return keys, [entry["Prefix"] for entry in page.get("CommonPrefixes", [])]


@pytest.mark.parametrize("operation", [V1, V2])
@pytest.mark.parametrize(
    "keys, asked, expected",
    [
        (["foo/bar", "foo/bar/xyzzy", "quux/thud", "asdf"], {"Delimiter": "/"}, (["asdf"], ["foo/", "quux/"])),
        (["bar", "baz", "cab", "foo"], {"Delimiter": "a"}, (["foo"], ["ba", "ca"])),
        (["b%ar", "b%az", "c%ab", "foo"], {"Delimiter": "%"}, (["foo"], ["b%", "c%"])),
        (["b ar", "b az", "c ab", "foo"], {"Delimiter": " "}, (["foo"], ["b ", "c "])),
        (["b.ar", "b.az", "c.ab", "foo"], {"Delimiter": "."}, (["foo"], ["b.", "c."])),
        (["bar", "baz", "cab", "foo"], {"Delimiter": "\n"}, (["bar", "baz", "cab", "foo"], [])),
        (["bar", "baz"], {"Delimiter": ""}, (["bar", "baz"], [])),
        (["bar", "baz"], {"Delimiter": "/"}, (["bar", "baz"], [])),
        (["a##b", "a##c", "d"], {"Delimiter": "##"}, (["d"], ["a##"])),
        (["foo/bar", "foo/baz", "quux"], {"Prefix": "foo/"}, (["foo/bar", "foo/baz"], [])),
        (["bar", "baz", "foo"], {"Prefix": "ba"}, (["bar", "baz"], [])),
        (["foo/bar", "quux"], {"Prefix": ""}, (["foo/bar", "quux"], [])),
        (["foo/bar", "quux"], {"Prefix": "d"}, ([], [])),
        (["foo/bar", "quux"], {"Prefix": "\n"}, ([], [])),
        (
            ["foo/bar", "foo/baz/xyzzy", "quux/thud", "asdf"],
            {"Prefix": "foo/", "Delimiter": "/"},
            (["foo/bar"], ["foo/baz/"]),
        ),
        (["bar", "bazar", "cab", "foo"], {"Prefix": "ba", "Delimiter": "a"}, (["bar"], ["baza"])),
        (["b/a/r", "b/a/c", "b/a/g", "g"], {"Prefix": "d", "Delimiter": "/"}, ([], [])),
        (["b/a/c", "b/a/g", "b/a/r", "g"], {"Prefix": "b", "Delimiter": "z"}, (["b/a/c", "b/a/g", "b/a/r"], [])),
        (["b/a/c", "b/a/g", "g"], {"Prefix": "y", "Delimiter": "z"}, ([], [])),
        (["_obj1_", "_under1/bar", "_under2/bar"], {"Delimiter": "/"}, (["_obj1_"], ["_under1/", "_under2/"])),
        (["a/", "a/b", "a"], {"Delimiter": "/"}, (["a"], ["a/"])),
        (["a/", "a/b", "a"], {"Prefix": "a/", "Delimiter": "/"}, (["a/", "a/b"], [])),
        (["é", "e", "z", "ü", "😀", "\uffee"], {}, (["e", "z", "é", "ü", "\uffee", "😀"], [])),
        (["_a", "a", "A", "0"], {}, (["0", "A", "_a", "a"], [])),
        (["a//b", "a/b"], {"Delimiter": "/", "Prefix": "a/"}, (["a/b"], ["a//"])),
        (["_bla/1", "_bla/2", "abc"], {"Prefix": "_bla/"}, (["_bla/1", "_bla/2"], [])),
    ],
)
def test_prefixes_and_delimiters(s3, bucket, operation, keys, asked, expected):
    fill(s3, bucket, keys)

    page = getattr(s3, operation)(Bucket=bucket, **asked)

    assert shown(page) == expected
    assert page["IsTruncated"] is False


@pytest.mark.parametrize("most, keys, truncated", [(0, 0, False), (1, 1, True), (3, 3, True), (4, 4, False), (2000, 4, False)])
@pytest.mark.parametrize("operation", [V1, V2])
def test_pages_hold_what_is_asked_for(s3, bucket, operation, most, keys, truncated):
    fill(s3, bucket, "abcd")

    page = getattr(s3, operation)(Bucket=bucket, MaxKeys=most)

    assert len(page.get("Contents", [])) == keys
    assert page["IsTruncated"] is truncated
    assert page["MaxKeys"] == min(most, 1000)


@pytest.mark.parametrize("value", ["blah", "-1", "1.5", "99999999999"])
@pytest.mark.parametrize("version", [{}, {"list-type": "2"}])
def test_pages_of_no_size(send, bucket, value, version):
    answer = send("GET", "/" + bucket, dict(version, **{"max-keys": value}))

    assert answer.status == 400
    assert b"<Code>InvalidArgument</Code>" in answer.body


@pytest.mark.parametrize(
    "marker, expected",
    [("", "abcd"), ("b", "cd"), ("blah", "cd"), ("zzz", ""), ("\n", "abcd"), ("d", "")],
)
def test_markers(s3, bucket, marker, expected):
    fill(s3, bucket, "abcd")

    first = s3.list_objects(Bucket=bucket, Marker=marker)
    second = s3.list_objects_v2(Bucket=bucket, StartAfter=marker)

    assert shown(first)[0] == list(expected) == shown(second)[0]
    assert first["Marker"] == marker


@pytest.mark.parametrize("operation", [V1, V2])
@pytest.mark.parametrize("most", [1, 2])
def test_pages_with_prefixes_miss_and_repeat_nothing(s3, bucket, operation, most):
    fill(s3, bucket, ["asdf", "boo/bar", "boo/baz/xyzzy", "cquux/thud", "cquux/bla", "zed"])
    entries, more = [], {}

    for _ in range(10):
        page = getattr(s3, operation)(Bucket=bucket, Delimiter="/", MaxKeys=most, **more)
        entries += sorted(shown(page)[0] + shown(page)[1])
        if not page["IsTruncated"]:
            break
        more = {"Marker": page["NextMarker"]} if operation == V1 else {"ContinuationToken": page["NextContinuationToken"]}

    assert entries == ["asdf", "boo/", "cquux/", "zed"]


def test_a_next_marker_comes_only_with_a_delimiter(s3, bucket):
    fill(s3, bucket, "abc")

    assert "NextMarker" not in s3.list_objects(Bucket=bucket, MaxKeys=1)
    assert s3.list_objects(Bucket=bucket, MaxKeys=1, Delimiter="/")["NextMarker"] == "a"


def test_a_marker_that_is_a_prefix_goes_behind_it(s3, bucket):
    fill(s3, bucket, ["a/1", "a/2", "b"])

    assert shown(s3.list_objects(Bucket=bucket, Delimiter="/", Marker="a/")) == (["b"], [])


def test_a_start_within_a_prefix_still_shows_it(s3, bucket):
    fill(s3, bucket, ["a/1", "a/2", "b"])

    assert shown(s3.list_objects_v2(Bucket=bucket, Delimiter="/", StartAfter="a/1")) == (["b"], ["a/"])


def test_a_token_outweighs_where_to_start(s3, bucket):
    fill(s3, bucket, "abcd")
    token = s3.list_objects_v2(Bucket=bucket, MaxKeys=1)["NextContinuationToken"]

    page = s3.list_objects_v2(Bucket=bucket, ContinuationToken=token, StartAfter="c")

    assert shown(page)[0] == ["b", "c", "d"]
    assert page["ContinuationToken"] == token
    assert page["StartAfter"] == "c"


@pytest.mark.parametrize("token", ["bad", ""])
def test_tokens_of_nobody(s3, bucket, refused, token):
    assert refused(s3.list_objects_v2, Bucket=bucket, ContinuationToken=token) == ("InvalidArgument", 400)


def test_owners_are_told_when_asked(s3, bucket):
    fill(s3, bucket, "a")
    owner = s3.list_buckets()["Owner"]["ID"]

    assert "Owner" not in s3.list_objects_v2(Bucket=bucket)["Contents"][0]
    assert s3.list_objects_v2(Bucket=bucket, FetchOwner=True)["Contents"][0]["Owner"]["ID"] == owner
    assert s3.list_objects(Bucket=bucket)["Contents"][0]["Owner"]["ID"] == owner


def test_counts_of_keys_count_prefixes(s3, bucket):
    fill(s3, bucket, ["a/1", "b/1", "c"])

    assert s3.list_objects_v2(Bucket=bucket, Delimiter="/")["KeyCount"] == 3


def test_names_encoded_as_urls(send, s3, bucket):
    fill(s3, bucket, ["a+b c/ü&1", "asdf+b"])

    answer = send("GET", "/" + bucket, {"list-type": "2", "encoding-type": "url", "delimiter": "/"}).body.decode()

    assert "<EncodingType>url</EncodingType>" in answer
    assert "<Prefix>a%2Bb+c/</Prefix>" in answer
    assert "<Key>asdf%2Bb</Key>" in answer


def test_no_other_encoding(send, bucket):
    answer = send("GET", "/" + bucket, {"encoding-type": "base64"})

    assert (answer.status, b"<Code>InvalidArgument</Code>" in answer.body) == (400, True)


def test_an_entry_says_what_the_object_is(s3, bucket):
    put = s3.put_object(Bucket=bucket, Key="a", Body=b"hello", StorageClass="STANDARD_IA", ChecksumAlgorithm="SHA1")
    head = s3.head_object(Bucket=bucket, Key="a")

    entry = s3.list_objects_v2(Bucket=bucket)["Contents"][0]

    assert entry["ETag"] == put["ETag"]
    assert entry["Size"] == 5
    assert entry["StorageClass"] == "STANDARD_IA"
    assert entry["LastModified"].replace(microsecond=0) == head["LastModified"]
    assert entry["ChecksumAlgorithm"] == ["SHA1"]


def test_versions_come_newest_first(s3, versioned):
    made = [s3.put_object(Bucket=versioned, Key="k", Body=b"%d" % number)["VersionId"] for number in range(3)]
    marker = s3.delete_object(Bucket=versioned, Key="k")["VersionId"]

    page = s3.list_object_versions(Bucket=versioned)

    assert [entry["VersionId"] for entry in page["Versions"]] == made[::-1]
    assert [entry["IsLatest"] for entry in page["Versions"]] == [False] * 3
    assert page["DeleteMarkers"][0]["VersionId"] == marker
    assert page["DeleteMarkers"][0]["IsLatest"] is True


def test_versions_in_pages(s3, versioned):
    for key in "aabbc":
        s3.put_object(Bucket=versioned, Key=key, Body=b"")
    entries, more = [], {}

    while True:
        page = s3.list_object_versions(Bucket=versioned, MaxKeys=2, **more)
        entries += [entry["Key"] for entry in page["Versions"]]
        if not page["IsTruncated"]:
            break
        more = {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"]}

    assert entries == list("aabbc")


@pytest.mark.parametrize(
    "asked, keys, prefixes",
    [
        ({"Prefix": "a/"}, ["a/1", "a/2"], []),
        ({"Delimiter": "/"}, ["c"], ["a/", "b/"]),
        ({"KeyMarker": "a/1"}, ["a/2", "b/1", "c"], []),
        ({"KeyMarker": "b/1"}, ["c"], []),
    ],
)
def test_versions_by_prefix(s3, versioned, asked, keys, prefixes):
    fill(s3, versioned, ["a/1", "a/2", "b/1", "c"])

    page = s3.list_object_versions(Bucket=versioned, **asked)

    assert [entry["Key"] for entry in page.get("Versions", [])] == keys
    assert [entry["Prefix"] for entry in page.get("CommonPrefixes", [])] == prefixes


def test_a_version_marker_needs_a_key(s3, versioned, refused):
    assert refused(s3.list_object_versions, Bucket=versioned, VersionIdMarker="v") == ("InvalidArgument", 400)


def test_nobody_lists_unasked(anonymous, s3, bucket, open_bucket, refused):
    s3.put_bucket_acl(Bucket=open_bucket, ACL="public-read")

    assert refused(anonymous.list_objects_v2, Bucket=bucket) == ("AccessDenied", 403)
    assert anonymous.list_objects_v2(Bucket=open_bucket)["KeyCount"] == 0
