"""boto3 against what stands around a call of Bedrock: logs, prompts, batches, model units, metrics."""

import datetime
import gzip
import io
import json
import time
import uuid

import pytest
from botocore.exceptions import ClientError

MODEL = "amazon.nova-lite-v1:0"
PATIENCE = 120


def waited(condition):
    deadline = time.time() + PATIENCE
    while not (result := condition()):
        assert time.time() < deadline
        time.sleep(0.5)
    return result


@pytest.fixture
def account(aws):
    return aws("sts").get_caller_identity()["Account"]


@pytest.fixture
def role(aws):
    iam = aws("iam")
    name = "around-" + uuid.uuid4().hex[:12]
    trust = {"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}
    arn = iam.create_role(
        RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )["Role"]["Arn"]
    rights = {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket", "logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": "*",
    }
    iam.put_role_policy(
        RoleName=name, PolicyName="all", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [rights]})
    )
    return arn


@pytest.fixture
def bucket(aws):
    name = "around-" + uuid.uuid4().hex
    aws("s3").create_bucket(Bucket=name)
    return name


def keys(aws, bucket):
    return [entry["Key"] for entry in aws("s3").list_objects_v2(Bucket=bucket).get("Contents", [])]


def test_invocations_are_logged_to_the_bucket_and_to_the_log_group(aws, account, bucket, role):
    bedrock, logs, runtime = aws("bedrock"), aws("logs"), aws("bedrock-runtime")
    group = "/around/" + uuid.uuid4().hex
    logs.create_log_group(logGroupName=group)
    configuration = {
        "s3Config": {"bucketName": bucket, "keyPrefix": "models"},
        "cloudWatchConfig": {"logGroupName": group, "roleArn": role},
    }
    with pytest.raises(ClientError, match="Failed to validate permissions for S3 bucket"):
        bedrock.put_model_invocation_logging_configuration(loggingConfig=configuration)
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "bedrock.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{bucket}/models/AWSLogs/{account}/BedrockModelInvocationLogs/*",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": account},
            "ArnLike": {"aws:SourceArn": f"arn:aws:bedrock:us-east-1:{account}:*"},
        },
    }
    aws("s3").put_bucket_policy(
        Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )

    bedrock.put_model_invocation_logging_configuration(loggingConfig=configuration)
    try:
        messages = [{"role": "user", "content": [{"text": "Say a word."}]}]
        limits = {"maxTokens": 5, "temperature": 0}
        runtime.converse(modelId=MODEL, messages=messages, inferenceConfig=limits)
        stream = runtime.converse_stream(modelId=MODEL, messages=messages, inferenceConfig=limits)
        for _ in stream["stream"]:
            pass
        with pytest.raises(ClientError):
            runtime.converse(modelId="no.such-model", messages=messages)

        def records():
            found = []
            for key in keys(aws, bucket):
                if key.endswith(".json.gz"):
                    body = aws("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
                    # Clients that honour Content-Encoding have opened it already.
                    text = gzip.open(io.BytesIO(body)).read() if body[:2] == b"\x1f\x8b" else body
                    found += [json.loads(line) for line in text.splitlines()]
            return found if len(found) >= 3 else None

        delivered = {record["operation"] + record.get("errorCode", ""): record for record in waited(records)}
        sent = waited(
            lambda: [
                event
                for event in logs.get_log_events(
                    logGroupName=group, logStreamName="aws/bedrock/modelinvocations", startFromHead=True
                )["events"]
                if "ModelInvocationLog" in event["message"]
            ]
        )
    finally:
        bedrock.delete_model_invocation_logging_configuration()

    assert set(delivered) == {"Converse", "ConverseStream", "ConverseValidationException"}
    assert delivered["Converse"]["input"]["inputBodyJson"]["messages"] == messages
    assert delivered["ConverseStream"]["output"]["outputBodyJson"]["output"]["message"]["content"]
    assert delivered["Converse"]["outcropModel"]
    assert json.loads(sent[0]["message"])["schemaType"] == "ModelInvocationLog"
    assert "loggingConfig" not in bedrock.get_model_invocation_logging_configuration()


def test_a_prompt_stands_in_a_models_place(aws):
    agent, runtime = aws("bedrock-agent"), aws("bedrock-runtime")
    prompt = agent.create_prompt(
        name="around-" + uuid.uuid4().hex[:12],
        defaultVariant="one",
        variants=[
            {
                "name": "one",
                "templateType": "TEXT",
                "modelId": MODEL,
                "inferenceConfiguration": {"text": {"maxTokens": 3, "temperature": 0}},
                "templateConfiguration": {
                    "text": {"text": "Say {{word}}.", "inputVariables": [{"name": "word"}]}
                },
            }
        ],
        tags={"team": "blue"},
    )
    version = agent.create_prompt_version(promptIdentifier=prompt["id"])

    answer = runtime.converse(modelId=version["arn"], promptVariables={"word": {"text": "granite"}})
    with pytest.raises(ClientError, match="inferenceConfig"):
        runtime.converse(
            modelId=version["arn"],
            promptVariables={"word": {"text": "granite"}},
            inferenceConfig={"maxTokens": 5, "temperature": 0},
        )
    with pytest.raises(ClientError, match="word"):
        runtime.converse(modelId=version["arn"], promptVariables={})

    assert answer["usage"]["outputTokens"] <= 3
    assert [entry["version"] for entry in agent.list_prompts(promptIdentifier=prompt["id"])["promptSummaries"]] == [
        "DRAFT",
        "1",
    ]
    assert agent.list_tags_for_resource(resourceArn=prompt["arn"])["tags"] == {"team": "blue"}
    agent.delete_prompt(promptIdentifier=prompt["id"])
    with pytest.raises(agent.exceptions.ResourceNotFoundException):
        agent.get_prompt(promptIdentifier=prompt["id"])


def test_a_batch_answers_line_by_line(aws, bucket, role):
    bedrock, s3 = aws("bedrock"), aws("s3")
    messages = [{"role": "user", "content": [{"text": "Say a word."}]}]
    body = {"messages": messages, "inferenceConfig": {"maxTokens": 1, "temperature": 0}}
    lines = [json.dumps({"recordId": f"R{i:010d}", "modelInput": body}) for i in range(100)] + ["no JSON"]
    s3.put_object(Bucket=bucket, Key="in/words.jsonl", Body="\n".join(lines))

    arn = bedrock.create_model_invocation_job(
        jobName="words-" + uuid.uuid4().hex[:12],
        modelId=MODEL,
        roleArn=role,
        inputDataConfig={"s3InputDataConfig": {"s3Uri": f"s3://{bucket}/in/"}},
        outputDataConfig={"s3OutputDataConfig": {"s3Uri": f"s3://{bucket}/out/"}},
        tags=[{"key": "team", "value": "blue"}],
    )["jobArn"]
    job = waited(
        lambda: (now := bedrock.get_model_invocation_job(jobIdentifier=arn))
        and now["status"] not in ("Submitted", "Validating", "Scheduled", "InProgress")
        and now
    )

    assert job["status"] == "Completed", job.get("message")
    folder = "out/" + arn.split("/")[1] + "/"
    output = s3.get_object(Bucket=bucket, Key=folder + "words.jsonl.out")["Body"].read().splitlines()
    manifest = json.loads(s3.get_object(Bucket=bucket, Key=folder + "manifest.json.out")["Body"].read())
    assert [json.loads(line).get("recordId") for line in output[:100]] == [f"R{i:010d}" for i in range(100)]
    assert json.loads(output[0])["modelOutput"]["output"]["message"]["content"]
    assert json.loads(output[100])["error"]["errorCode"] == 400
    assert (manifest["successRecordCount"], manifest["errorRecordCount"]) == (100, 1)
    assert bedrock.list_model_invocation_jobs(nameContains="words")["invocationJobSummaries"][0]["jobArn"] == arn
    assert bedrock.list_tags_for_resource(resourceARN=arn)["tags"] == [{"key": "team", "value": "blue"}]


def test_model_units_are_bought_used_and_kept_for_their_term(aws):
    bedrock, runtime = aws("bedrock"), aws("bedrock-runtime")
    name = "around-" + uuid.uuid4().hex[:12]
    arn = bedrock.create_provisioned_model_throughput(
        provisionedModelName=name, modelId="amazon.titan-text-express-v1:0:8k", modelUnits=1
    )["provisionedModelArn"]

    answer = runtime.converse(
        modelId=arn,
        messages=[{"role": "user", "content": [{"text": "Say a word."}]}],
        inferenceConfig={"maxTokens": 1, "temperature": 0},
    )
    held = bedrock.create_provisioned_model_throughput(
        provisionedModelName=name + "-held",
        modelId="amazon.titan-text-express-v1:0:8k",
        modelUnits=1,
        commitmentDuration="OneMonth",
    )["provisionedModelArn"]

    assert answer["usage"]["outputTokens"] == 1
    assert bedrock.get_provisioned_model_throughput(provisionedModelId=name)["status"] == "InService"
    bedrock.delete_provisioned_model_throughput(provisionedModelId=arn)
    with pytest.raises(bedrock.exceptions.ConflictException, match="commitment term"):
        bedrock.delete_provisioned_model_throughput(provisionedModelId=held)


def test_metrics_tell_of_invocations(aws):
    cloudwatch, runtime = aws("cloudwatch"), aws("bedrock-runtime")
    stream = runtime.converse_stream(
        modelId=MODEL,
        messages=[{"role": "user", "content": [{"text": "Say a word."}]}],
        inferenceConfig={"maxTokens": 3, "temperature": 0},
    )
    for _ in stream["stream"]:
        pass

    def measured(metric):
        now = datetime.datetime.now(datetime.timezone.utc)
        return cloudwatch.get_metric_statistics(
            Namespace="AWS/Bedrock",
            MetricName=metric,
            Dimensions=[{"Name": "ModelId", "Value": MODEL}],
            StartTime=now - datetime.timedelta(hours=1),
            EndTime=now + datetime.timedelta(minutes=1),
            Period=3600,
            Statistics=["Sum"],
        )["Datapoints"]

    for metric in ("Invocations", "TimeToFirstToken", "EstimatedTPMQuotaUsage"):
        assert waited(lambda: measured(metric))[0]["Sum"] > 0
