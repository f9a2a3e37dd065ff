"""boto3 against knowledge bases: documents are uploaded, synced, found, deleted and no longer found."""

import json
import time
import uuid

import pytest
from botocore.exceptions import ClientError

PATIENCE = 120
MODEL = "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0"
ACCOUNT = "000000000000"


def pdf(*pages):
    """A PDF file with a line of text on each page."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for i, text in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * i} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        lines = " ".join(f"({line}) Tj 0 -16 Td" for line in text.split("\n"))
        content = f"BT /F1 12 Tf 72 720 Td {lines} ET".encode()
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    body = b"%PDF-1.4\n"
    places = []
    for number, thing in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
        len(objects) + 1,
        len(body),
    )


VACATION = pdf(
    "Vacation policy of Acme\nEvery employee has thirty days of paid vacation each year.",
    "Unused vacation days expire at the end of March of the following year.",
)
TRAVEL = pdf("Travel policy of Acme\nFlights of less than six hours are booked in economy class.")


def eventually(what, condition):
    deadline = time.time() + PATIENCE
    while not (value := condition()):
        assert time.time() < deadline, what
        time.sleep(0.2)
    return value


def role(aws, name, *actions):
    iam = aws("iam")
    iam.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": {
                    "Effect": "Allow",
                    "Action": "sts:AssumeRole",
                    "Principal": {"Service": "bedrock.amazonaws.com"},
                    "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
                },
            }
        ),
    )
    grant(aws, name, *actions)
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def grant(aws, name, *actions):
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    aws("iam").put_role_policy(
        RoleName=name,
        PolicyName="may",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statement}),
    )


class House:
    def __init__(self, aws, role_name, bucket, base, source):
        self.aws, self.role_name, self.bucket, self.base, self.source = aws, role_name, bucket, base, source
        self.agent = aws("bedrock-agent")

    def put(self, key, body):
        self.aws("s3").put_object(Bucket=self.bucket, Key=key, Body=body)

    def sync(self):
        names = dict(knowledgeBaseId=self.base, dataSourceId=self.source)
        job = self.agent.start_ingestion_job(**names)["ingestionJob"]["ingestionJobId"]

        def ended():
            found = self.agent.get_ingestion_job(ingestionJobId=job, **names)["ingestionJob"]
            return found if found["status"] in ("COMPLETE", "FAILED", "STOPPED") else None

        return eventually("the end of an ingestion job", ended)

    def retrieve(self, text):
        return self.aws("bedrock-agent-runtime").retrieve(
            knowledgeBaseId=self.base, retrievalQuery={"text": text}
        )["retrievalResults"]


    def ask(self, text):
        return self.aws("bedrock-agent-runtime").retrieve_and_generate(
            input={"text": text},
            retrieveAndGenerateConfiguration={
                "type": "KNOWLEDGE_BASE",
                "knowledgeBaseConfiguration": {
                    "knowledgeBaseId": self.base,
                    "modelArn": "anthropic.claude-3-haiku-20240307-v1:0",
                },
            },
        )


def cited(answer):
    """The places of what an answer rests on."""
    return {
        reference["location"]["s3Location"]["uri"]
        for citation in answer["citations"]
        for reference in citation["retrievedReferences"]
    }


def made(aws, storage):
    suffix = uuid.uuid4().hex[:12]
    bucket = "knowledge-" + suffix
    aws("s3").create_bucket(Bucket=bucket)
    role_arn = role(
        aws,
        "knowledge-" + suffix,
        "s3:GetObject",
        "s3:ListBucket",
        "bedrock:InvokeModel",
        "aoss:APIAccessAll",
        "s3vectors:*",
    )
    agent = aws("bedrock-agent")
    base = agent.create_knowledge_base(
        name="handbook-" + suffix,
        roleArn=role_arn,
        knowledgeBaseConfiguration={
            "type": "VECTOR",
            "vectorKnowledgeBaseConfiguration": {"embeddingModelArn": MODEL},
        },
        storageConfiguration=storage(suffix),
    )["knowledgeBase"]["knowledgeBaseId"]
    eventually(
        "an active knowledge base",
        lambda: agent.get_knowledge_base(knowledgeBaseId=base)["knowledgeBase"]["status"] == "ACTIVE",
    )
    source = agent.create_data_source(
        knowledgeBaseId=base,
        name="policies",
        dataSourceConfiguration={"type": "S3", "s3Configuration": {"bucketArn": "arn:aws:s3:::" + bucket}},
    )["dataSource"]["dataSourceId"]
    return House(aws, "knowledge-" + suffix, bucket, base, source)


def collection(suffix):
    return {
        "type": "OPENSEARCH_SERVERLESS",
        "opensearchServerlessConfiguration": {
            "collectionArn": f"arn:aws:aoss:us-east-1:{ACCOUNT}:collection/{suffix}",
            "vectorIndexName": "handbook",
            "fieldMapping": {"vectorField": "vector", "textField": "text", "metadataField": "metadata"},
        },
    }


@pytest.fixture
def house(aws):
    return made(aws, collection)


def test_documents_are_synced_found_and_forgotten(aws, house):
    house.put("vacation.pdf", VACATION)
    house.put("vacation.pdf.metadata.json", json.dumps({"metadataAttributes": {"topic": "vacation"}}))
    house.put("travel.pdf", TRAVEL)

    first = house.sync()
    found = house.retrieve("How many days of vacation do employees have?")
    answer = house.ask("How many days of paid vacation does every employee have?")
    aws("s3").delete_object(Bucket=house.bucket, Key="vacation.pdf")
    aws("s3").delete_object(Bucket=house.bucket, Key="vacation.pdf.metadata.json")
    second = house.sync()
    left = house.retrieve("How many days of vacation do employees have?")
    again = house.ask("How many days of paid vacation does every employee have?")

    assert first["status"] == "COMPLETE", first
    assert first["statistics"]["numberOfNewDocumentsIndexed"] == 2
    assert first["statistics"]["numberOfMetadataDocumentsScanned"] == 1
    assert found[0]["location"]["s3Location"]["uri"] == f"s3://{house.bucket}/vacation.pdf"
    assert found[0]["metadata"]["topic"] == "vacation"
    assert "thirty days" in found[0]["content"]["text"]
    assert "thirty" in answer["output"]["text"], answer
    assert f"s3://{house.bucket}/vacation.pdf" in cited(answer), answer
    for citation in answer["citations"]:
        part = citation["generatedResponsePart"]["textResponsePart"]
        assert answer["output"]["text"][part["span"]["start"] : part["span"]["end"] + 1] == part["text"]
    assert second["statistics"]["numberOfDocumentsDeleted"] == 1
    assert {result["location"]["s3Location"]["uri"] for result in left} == {f"s3://{house.bucket}/travel.pdf"}
    assert f"s3://{house.bucket}/vacation.pdf" not in cited(again)
    assert "thirty" not in again["output"]["text"], again


def test_a_role_that_may_not_read_makes_the_sync_fail_with_the_reason(aws, house):
    house.put("vacation.pdf", VACATION)
    grant(aws, house.role_name, "s3:ListBucket", "bedrock:InvokeModel", "aoss:APIAccessAll")

    job = house.sync()

    assert job["status"] == "FAILED"
    assert "is not authorized to perform: s3:GetObject" in job["failureReasons"][0]


def test_an_index_of_s3_vectors_is_a_store(aws):
    vectors = aws("s3vectors")

    def index(suffix):
        bucket = vectors.create_vector_bucket(vectorBucketName="vectors-" + suffix)["vectorBucketArn"]
        arn = vectors.create_index(
            vectorBucketName="vectors-" + suffix,
            indexName="handbook",
            dataType="float32",
            dimension=1024,
            distanceMetric="cosine",
            metadataConfiguration={"nonFilterableMetadataKeys": ["AMAZON_BEDROCK_TEXT", "AMAZON_BEDROCK_METADATA"]},
        )["indexArn"]
        assert arn.startswith(bucket)
        return {"type": "S3_VECTORS", "s3VectorsConfiguration": {"indexArn": arn}}

    house = made(aws, index)
    house.put("vacation.pdf", VACATION)

    job = house.sync()
    found = house.retrieve("How many days of vacation do employees have?")

    assert job["status"] == "COMPLETE", job
    assert "thirty days" in found[0]["content"]["text"]


def test_a_store_that_is_not_there_is_refused(aws):
    def index(suffix):
        return {
            "type": "S3_VECTORS",
            "s3VectorsConfiguration": {
                "indexArn": f"arn:aws:s3vectors:us-east-1:{ACCOUNT}:bucket/none-{suffix}/index/none"
            },
        }

    with pytest.raises(ClientError) as refusal:
        made(aws, index)

    assert refusal.value.response["Error"]["Code"] == "ValidationException"
    assert "The knowledge base storage configuration provided is invalid" in refusal.value.response["Error"]["Message"]


def test_langchain_retrieves(aws, house):
    from langchain_aws.retrievers import AmazonKnowledgeBasesRetriever

    house.put("vacation.pdf", VACATION)
    house.put("travel.pdf", TRAVEL)
    house.sync()
    retriever = AmazonKnowledgeBasesRetriever(
        knowledge_base_id=house.base,
        retrieval_config={"vectorSearchConfiguration": {"numberOfResults": 1}},
        client=aws("bedrock-agent-runtime"),
    )

    documents = retriever.invoke("Which class is booked for short flights?")

    assert len(documents) == 1
    assert "economy class" in documents[0].page_content
    assert documents[0].metadata["location"]["s3Location"]["uri"].endswith("travel.pdf")


def test_a_database_is_asked(aws):
    suffix = uuid.uuid4().hex[:12]
    bucket = "tables-" + suffix
    s3, agent, runtime = aws("s3"), aws("bedrock-agent"), aws("bedrock-agent-runtime")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="shop/parts.csv", Body="name,color,amount\nbolt,red,4\nnut,red,38\n")
    question = "How many red parts are there?"
    sql = "SELECT sum(amount) AS total FROM parts WHERE color = 'red'"
    base = agent.create_knowledge_base(
        name="shop-" + suffix,
        roleArn=role(aws, "tables-" + suffix, "s3:GetObject", "s3:ListBucket"),
        knowledgeBaseConfiguration={
            "type": "SQL",
            "sqlKnowledgeBaseConfiguration": {
                "type": "REDSHIFT",
                "redshiftConfiguration": {
                    "queryEngineConfiguration": {
                        "type": "SERVERLESS",
                        "serverlessConfiguration": {
                            "workgroupArn": f"arn:aws:redshift-serverless:us-east-1:{ACCOUNT}:workgroup/{uuid.uuid4()}",
                            "authConfiguration": {"type": "IAM"},
                        },
                    },
                    "storageConfigurations": [
                        {"type": "REDSHIFT", "redshiftConfiguration": {"databaseName": f"s3://{bucket}/shop/"}}
                    ],
                    "queryGenerationConfiguration": {
                        "generationContext": {"curatedQueries": [{"naturalLanguage": question, "sql": sql}]}
                    },
                },
            },
        },
    )["knowledgeBase"]
    eventually(
        "an active knowledge base",
        lambda: agent.get_knowledge_base(knowledgeBaseId=base["knowledgeBaseId"])["knowledgeBase"]["status"]
        == "ACTIVE",
    )

    queries = runtime.generate_query(
        queryGenerationInput={"type": "TEXT", "text": question},
        transformationConfiguration={
            "mode": "TEXT_TO_SQL",
            "textToSqlConfiguration": {
                "type": "KNOWLEDGE_BASE",
                "knowledgeBaseConfiguration": {"knowledgeBaseArn": base["knowledgeBaseArn"]},
            },
        },
    )["queries"]
    rows = runtime.retrieve(knowledgeBaseId=base["knowledgeBaseId"], retrievalQuery={"text": question})

    assert queries == [{"type": "REDSHIFT_SQL", "sql": sql}]
    assert rows["retrievalResults"][0]["content"]["row"][0]["columnValue"] == "42"
    assert rows["retrievalResults"][0]["location"]["sqlLocation"]["query"] == sql
