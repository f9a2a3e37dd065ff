"""boto3 with Comprehend's jobs and with models that users train."""

import io
import json
import tarfile
import time
import uuid

import pytest
from botocore.exceptions import ClientError

ENDED = ("COMPLETED", "FAILED", "STOPPED", "TRAINED", "IN_ERROR")


@pytest.fixture(scope="module")
def place(aws):
    """A bucket and a role that reads and writes it for Comprehend."""
    bucket = f"texts-{uuid.uuid4().hex[:8]}"
    aws("s3").create_bucket(Bucket=bucket)
    name = f"comprehend-{uuid.uuid4().hex[:8]}"
    trust = {"Effect": "Allow", "Principal": {"Service": "comprehend.amazonaws.com"}, "Action": "sts:AssumeRole"}
    policy = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket", "s3:PutObject"], "Resource": "*"}
    iam = aws("iam")
    iam.create_role(
        RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": trust})
    )
    iam.put_role_policy(
        RoleName=name, PolicyName="may", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": policy})
    )
    return bucket, iam.get_role(RoleName=name)["Role"]["Arn"]


@pytest.fixture(scope="module")
def comprehend(aws):
    return aws("comprehend")


def ended(describe):
    deadline = time.time() + 120
    while time.time() < deadline:
        properties = describe()
        if properties.get("JobStatus", properties.get("Status")) in ENDED:
            return properties
        time.sleep(0.1)
    raise AssertionError(f"still {describe()}")


def files(aws, uri):
    bucket, key = uri.removeprefix("s3://").split("/", 1)
    archive = aws("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        return {member.name: tar.extractfile(member).read().decode() for member in tar.getmembers()}


def started(comprehend, place, kind, **more):
    bucket, role = place
    arguments = {
        "InputDataConfig": {"S3Uri": f"s3://{bucket}/in/", "InputFormat": "ONE_DOC_PER_LINE"},
        "OutputDataConfig": {"S3Uri": f"s3://{bucket}/out"},
        "DataAccessRoleArn": role,
    }
    return getattr(comprehend, f"start_{kind}_job")(**arguments, **more)["JobId"]


@pytest.mark.parametrize(
    "kind, member, more",
    [
        ("dominant_language_detection", "Languages", {}),
        ("entities_detection", "Entities", {"LanguageCode": "en"}),
        ("key_phrases_detection", "KeyPhrases", {"LanguageCode": "en"}),
        ("sentiment_detection", "SentimentScore", {"LanguageCode": "en"}),
        ("targeted_sentiment_detection", "Entities", {"LanguageCode": "en"}),
    ],
)
def test_a_job_makes_a_line_of_each_document(aws, comprehend, place, kind, member, more):
    aws("s3").put_object(Bucket=place[0], Key="in/a.txt", Body=b"The food in Paris was wonderful.\nI hated the noise.\n")

    job = started(comprehend, place, kind, **more)
    describe = getattr(comprehend, f"describe_{kind}_job")
    properties = ended(lambda: next(v for k, v in describe(JobId=job).items() if k.endswith("Properties")))

    assert properties["JobStatus"] == "COMPLETED", properties.get("Message")
    lines = [json.loads(line) for line in files(aws, properties["OutputDataConfig"]["S3Uri"])["output"].splitlines()]
    assert [(line["File"], line["Line"]) for line in lines] == [("a.txt", 0), ("a.txt", 1)]
    assert all(member in line for line in lines)


def test_personal_data_is_masked(aws, comprehend, place):
    bucket = place[0]
    aws("s3").put_object(Bucket=bucket, Key="in/a.txt", Body=b"Write to ann@example.com.\n")
    job = started(
        comprehend,
        place,
        "pii_entities_detection",
        LanguageCode="en",
        Mode="ONLY_REDACTION",
        RedactionConfig={"PiiEntityTypes": ["ALL"], "MaskMode": "REPLACE_WITH_PII_ENTITY_TYPE"},
    )
    properties = ended(
        lambda: comprehend.describe_pii_entities_detection_job(JobId=job)["PiiEntitiesDetectionJobProperties"]
    )

    assert properties["JobStatus"] == "COMPLETED", properties.get("Message")
    key = properties["OutputDataConfig"]["S3Uri"].removeprefix(f"s3://{bucket}/") + "a.txt.out"
    assert aws("s3").get_object(Bucket=bucket, Key=key)["Body"].read() == b"Write to [EMAIL].\n"


def test_a_classifier_is_trained_and_asked(aws, comprehend, place):
    bucket, role = place
    rows = [f"WEATHER,rain and wind and a storm {i}\nSPORT,a goal in the match for the team {i}\n" for i in range(20)]
    aws("s3").put_object(Bucket=bucket, Key="train.csv", Body="".join(rows).encode())
    arn = comprehend.create_document_classifier(
        DocumentClassifierName=f"topics-{uuid.uuid4().hex[:8]}",
        DataAccessRoleArn=role,
        LanguageCode="en",
        InputDataConfig={"S3Uri": f"s3://{bucket}/train.csv"},
        OutputDataConfig={"S3Uri": f"s3://{bucket}/metrics"},
        Tags=[{"Key": "team", "Value": "a"}],
    )["DocumentClassifierArn"]
    model = ended(
        lambda: comprehend.describe_document_classifier(DocumentClassifierArn=arn)["DocumentClassifierProperties"]
    )

    assert model["Status"] == "TRAINED", model.get("Message")
    assert model["ClassifierMetadata"]["EvaluationMetrics"]["Accuracy"] == 1
    matrix = json.loads(files(aws, model["OutputDataConfig"]["S3Uri"])["output/confusion_matrix.json"])
    assert matrix["confusion_matrix"] == [[2, 0], [0, 2]]
    assert comprehend.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "a"}]
    endpoint = comprehend.create_endpoint(
        EndpointName=f"now-{uuid.uuid4().hex[:8]}", ModelArn=arn, DesiredInferenceUnits=1
    )["EndpointArn"]
    answer = comprehend.classify_document(Text="wind and rain", EndpointArn=endpoint)
    assert answer["Classes"][0]["Name"] == "WEATHER"
    with pytest.raises(ClientError) as refusal:
        comprehend.delete_document_classifier(DocumentClassifierArn=arn)
    assert refusal.value.response["Error"]["Code"] == "ResourceInUseException"
    comprehend.delete_endpoint(EndpointArn=endpoint)
    comprehend.delete_document_classifier(DocumentClassifierArn=arn)


def test_what_is_not_done_says_so(comprehend, place):
    with pytest.raises(ClientError) as refusal:
        comprehend.start_events_detection_job(
            InputDataConfig={"S3Uri": f"s3://{place[0]}/in/"},
            OutputDataConfig={"S3Uri": f"s3://{place[0]}/out"},
            DataAccessRoleArn=place[1],
            LanguageCode="en",
            TargetEventTypes=["BANKRUPTCY"],
        )
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
