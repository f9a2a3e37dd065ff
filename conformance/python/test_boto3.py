"""boto3 against Outcrop: what is served answers, what is not says so, in every protocol."""

import json

import pytest
from botocore.exceptions import ClientError

CLAUDE = "anthropic.claude-3-haiku-20240307-v1:0"


def test_the_caller_is_the_account_of_the_development_key(aws):
    identity = aws("sts").get_caller_identity()

    assert identity["Account"] == "000000000000"
    assert identity["Arn"] == "arn:aws:iam::000000000000:root"
    assert identity["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert identity["ResponseMetadata"]["RequestId"]


def test_a_wrong_secret_is_refused(aws):
    with pytest.raises(ClientError) as refusal:
        aws("sts", aws_secret_access_key="wrong", aws_access_key_id="test").get_caller_identity()

    assert refusal.value.response["Error"]["Code"] == "SignatureDoesNotMatch"
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


@pytest.mark.parametrize(
    "service, call",
    [
        ("ses", lambda client: client.list_identities()),  # query
        ("ec2", lambda client: client.describe_instances()),  # ec2
        ("s3", lambda client: client.get_object_torrent(Bucket="any-bucket", Key="any-key")),  # rest-xml
        ("comprehendmedical", lambda client: client.detect_phi(Text="x")),  # json 1.1
        ("dynamodb", lambda client: client.list_tables()),  # json 1.0
        ("lambda", lambda client: client.list_functions()),  # rest-json
        ("cloudwatch", lambda client: client.describe_insight_rules()),  # several protocols
        ("bedrock-agent", lambda client: client.list_agents()),  # rest-json, signing name shared
    ],
)
def test_an_operation_that_is_not_done_says_so(aws, service, call):
    with pytest.raises(ClientError) as refusal:
        call(aws(service))

    error = refusal.value.response
    assert error["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert error["Error"]["Code"] == "NotImplementedException"
    assert refusal.value.operation_name in error["Error"]["Message"]


def test_foundation_models_are_listed_and_filtered(aws):
    bedrock = aws("bedrock")

    models = bedrock.list_foundation_models(byProvider="Anthropic")["modelSummaries"]
    claude = bedrock.get_foundation_model(modelIdentifier=CLAUDE)["modelDetails"]

    assert models and all(model["providerName"] == "Anthropic" for model in models)
    assert claude["modelId"] == CLAUDE
    assert "TEXT" in claude["outputModalities"]


def test_a_conversation_is_answered_by_the_model_that_the_header_names(aws):
    answer = aws("bedrock-runtime").converse(
        modelId=CLAUDE,
        system=[{"text": "You are brief."}],
        messages=[{"role": "user", "content": [{"text": "Say hello."}]}],
        inferenceConfig={"maxTokens": 24, "temperature": 0},
    )

    assert answer["output"]["message"]["role"] == "assistant"
    assert answer["output"]["message"]["content"][0]["text"].strip()
    assert answer["stopReason"] in ("end_turn", "max_tokens")
    assert answer["usage"]["totalTokens"] == answer["usage"]["inputTokens"] + answer["usage"]["outputTokens"]
    assert 0 < answer["usage"]["outputTokens"] <= 24
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-outcrop-model"]


def test_a_stream_says_what_the_plain_answer_says(aws):
    runtime = aws("bedrock-runtime")
    request = dict(
        modelId=CLAUDE,
        messages=[{"role": "user", "content": [{"text": "Count to five."}]}],
        inferenceConfig={"maxTokens": 24, "temperature": 0},
    )

    plain = runtime.converse(**request)
    events = list(runtime.converse_stream(**request)["stream"])

    names = [next(iter(event)) for event in events]
    text = "".join(
        event["contentBlockDelta"]["delta"]["text"] for event in events if "contentBlockDelta" in event
    )
    assert names[0] == "messageStart"
    assert names[-3:] == ["contentBlockStop", "messageStop", "metadata"]
    assert text == plain["output"]["message"]["content"][0]["text"]
    assert events[-1]["metadata"]["usage"]["outputTokens"] == plain["usage"]["outputTokens"]


def test_a_required_tool_gets_input_that_fits_its_schema(aws):
    answer = aws("bedrock-runtime").converse(
        modelId=CLAUDE,
        messages=[{"role": "user", "content": [{"text": "What is the weather in Paris?"}]}],
        inferenceConfig={"maxTokens": 200, "temperature": 0},
        toolConfig={
            "tools": [
                {
                    "toolSpec": {
                        "name": "get_weather",
                        "description": "The weather of a city.",
                        "inputSchema": {
                            "json": {
                                "type": "object",
                                "properties": {
                                    "city": {"type": "string"},
                                    "unit": {"enum": ["celsius", "fahrenheit"]},
                                },
                                "required": ["city", "unit"],
                                "additionalProperties": False,
                            }
                        },
                    }
                }
            ],
            "toolChoice": {"tool": {"name": "get_weather"}},
        },
    )

    calls = [block["toolUse"] for block in answer["output"]["message"]["content"] if "toolUse" in block]
    assert answer["stopReason"] == "tool_use"
    assert calls[0]["name"] == "get_weather"
    assert set(calls[0]["input"]) == {"city", "unit"}
    assert calls[0]["input"]["unit"] in ("celsius", "fahrenheit")


def test_all_violations_come_in_one_message(aws):
    runtime = aws("bedrock-runtime", parameter_validation=False)

    with pytest.raises(ClientError) as refusal:
        runtime.converse(
            modelId=CLAUDE,
            messages=[{"role": "robot", "content": [{"text": "x"}]}],
            inferenceConfig={"temperature": 7},
        )

    error = refusal.value.response["Error"]
    assert error["Code"] == "ValidationException"
    assert error["Message"].startswith("2 validation errors detected: ")


def test_invoke_model_speaks_anthropics_messages(aws):
    response = aws("bedrock-runtime").invoke_model(
        modelId=CLAUDE,
        body=json.dumps(
            {
                "anthropic_version": "bedrock-2023-05-31",
                "max_tokens": 16,
                "temperature": 0,
                "messages": [{"role": "user", "content": "Say hello."}],
            }
        ),
    )

    body = json.loads(response["body"].read())
    assert body["type"] == "message"
    assert body["content"][0]["type"] == "text"
    headers = response["ResponseMetadata"]["HTTPHeaders"]
    assert int(headers["x-amzn-bedrock-input-token-count"]) == body["usage"]["input_tokens"]
    assert int(headers["x-amzn-bedrock-output-token-count"]) == body["usage"]["output_tokens"]


def test_embeddings_of_like_texts_are_near(aws):
    runtime = aws("bedrock-runtime")

    def embed(text):
        response = runtime.invoke_model(
            modelId="amazon.titan-embed-text-v2:0", body=json.dumps({"inputText": text, "dimensions": 512})
        )
        return json.loads(response["body"].read())["embedding"]

    def cosine(left, right):
        return sum(a * b for a, b in zip(left, right))

    cat, kitten, tax = embed("A cat sleeps."), embed("A kitten is napping."), embed("The tax form is due in April.")
    assert len(cat) == 512
    assert cosine(cat, kitten) > cosine(cat, tax) + 0.2


def test_tokens_are_counted_as_the_model_counts_them(aws):
    runtime = aws("bedrock-runtime")
    messages = [{"role": "user", "content": [{"text": "How many tokens is this?"}]}]

    counted = runtime.count_tokens(modelId=CLAUDE, input={"converse": {"messages": messages}})["inputTokens"]
    used = runtime.converse(modelId=CLAUDE, messages=messages, inferenceConfig={"maxTokens": 1})["usage"]

    assert counted == used["inputTokens"]


def test_an_application_inference_profile_lives(aws):
    bedrock = aws("bedrock")
    source = f"arn:aws:bedrock:us-east-1::foundation-model/{CLAUDE}"

    created = bedrock.create_inference_profile(
        inferenceProfileName="conformance", modelSource={"copyFrom": source}, tags=[{"key": "team", "value": "blue"}]
    )
    arn = created["inferenceProfileArn"]
    try:
        found = bedrock.get_inference_profile(inferenceProfileIdentifier=arn)
        tags = bedrock.list_tags_for_resource(resourceARN=arn)["tags"]
        answer = aws("bedrock-runtime").converse(
            modelId=arn,
            messages=[{"role": "user", "content": [{"text": "Hi"}]}],
            inferenceConfig={"maxTokens": 2},
        )
    finally:
        bedrock.delete_inference_profile(inferenceProfileIdentifier=arn)

    assert found["inferenceProfileName"] == "conformance"
    assert found["status"] == "ACTIVE"
    assert tags == [{"key": "team", "value": "blue"}]
    assert answer["usage"]["outputTokens"] >= 1
    with pytest.raises(ClientError) as gone:
        bedrock.get_inference_profile(inferenceProfileIdentifier=arn)
    assert gone.value.response["Error"]["Code"] == "ResourceNotFoundException"
