"""boto3 with vector buckets, indexes and vectors."""

import math
import uuid

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def vectors(aws):
    return aws("s3vectors")


@pytest.fixture
def index(vectors):
    bucket = "films-" + uuid.uuid4().hex[:10]
    vectors.create_vector_bucket(vectorBucketName=bucket, tags={"team": "search"})
    place = {"vectorBucketName": bucket, "indexName": "plots"}
    vectors.create_index(
        **place,
        dataType="float32",
        dimension=3,
        distanceMetric="cosine",
        metadataConfiguration={"nonFilterableMetadataKeys": ["plot"]},
    )
    yield place
    vectors.delete_index(**place)
    vectors.delete_vector_bucket(vectorBucketName=bucket)


def code(failure):
    return failure.value.response["Error"]["Code"]


def test_what_was_put_is_found_by_nearness_and_filter(vectors, index):
    vectors.put_vectors(
        **index,
        vectors=[
            {"key": "alien", "data": {"float32": [1, 0, 0]}, "metadata": {"genre": ["horror", "space"], "year": 1979}},
            {"key": "heat", "data": {"float32": [0, 1, 0]}, "metadata": {"genre": "crime", "year": 1995}},
            {"key": "gravity", "data": {"float32": [2, 1, 0]}, "metadata": {"genre": "space", "plot": "x" * 9000}},
        ],
    )

    found = vectors.query_vectors(
        **index,
        topK=2,
        queryVector={"float32": [1, 0, 0]},
        filter={"$and": [{"genre": {"$eq": "space"}}, {"$or": [{"year": {"$lt": 1980}}, {"plot2": {"$exists": False}}]}]},
        returnMetadata=True,
        returnDistance=True,
    )

    assert [vector["key"] for vector in found["vectors"]] == ["alien", "gravity"]
    assert math.isclose(found["vectors"][0]["distance"], 0, abs_tol=1e-6)
    assert math.isclose(found["vectors"][1]["distance"], 1 - 2 / math.sqrt(5), abs_tol=1e-6)
    assert found["vectors"][0]["metadata"] == {"genre": ["horror", "space"], "year": 1979}
    assert found["distanceMetric"] == "cosine"


def test_vectors_are_got_listed_and_deleted(vectors, index):
    keys = [f"key{number:03}" for number in range(40)]
    vectors.put_vectors(**index, vectors=[{"key": key, "data": {"float32": [1, 0.5, -2.25]}} for key in keys])

    got = vectors.get_vectors(**index, keys=["key007", "none"], returnData=True)["vectors"]
    pages = vectors.get_paginator("list_vectors").paginate(**index, PaginationConfig={"PageSize": 7})

    assert got == [{"key": "key007", "data": {"float32": [1, 0.5, -2.25]}}]
    assert sorted(vector["key"] for page in pages for vector in page["vectors"]) == keys
    vectors.delete_vectors(**index, keys=keys[1:])
    assert [vector["key"] for vector in vectors.list_vectors(**index)["vectors"]] == keys[:1]


def test_mistakes_have_the_codes_of_aws(vectors, index):
    with pytest.raises(ClientError) as failure:
        vectors.put_vectors(**index, vectors=[{"key": "short", "data": {"float32": [1]}}])
    assert code(failure) == "ValidationException"
    with pytest.raises(ClientError) as failure:
        vectors.put_vectors(**index, vectors=[{"key": "zero", "data": {"float32": [0, 0, 0]}}])
    assert code(failure) == "ValidationException"
    with pytest.raises(ClientError) as failure:
        vectors.query_vectors(**index, topK=1, queryVector={"float32": [1, 0, 0]}, filter={"plot": "x"})
    assert code(failure) == "ValidationException"
    with pytest.raises(ClientError) as failure:
        vectors.get_index(vectorBucketName=index["vectorBucketName"], indexName="none")
    assert code(failure) == "NotFoundException"
    with pytest.raises(ClientError) as failure:
        vectors.delete_vector_bucket(vectorBucketName=index["vectorBucketName"])
    assert code(failure) == "ConflictException"


def test_buckets_have_tags_and_policies(vectors, index):
    bucket = vectors.get_vector_bucket(vectorBucketName=index["vectorBucketName"])["vectorBucket"]
    arn = bucket["vectorBucketArn"]

    assert bucket["encryptionConfiguration"] == {"sseType": "AES256"}
    assert vectors.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "search"}
    policy = (
        '{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*",'
        f' "Action": "s3vectors:DeleteVectors", "Resource": "{arn}/*"}}}}'
    )
    vectors.put_vector_bucket_policy(vectorBucketArn=arn, policy=policy)
    assert vectors.get_vector_bucket_policy(vectorBucketArn=arn)["policy"] == policy
    with pytest.raises(ClientError) as failure:
        vectors.delete_vectors(**index, keys=["any"])
    assert code(failure) == "AccessDeniedException"
    vectors.delete_vector_bucket_policy(vectorBucketArn=arn)
