"""boto3 against the run time of agents: reranking, answers from documents, and sessions."""

import datetime

MODEL = "anthropic.claude-3-haiku-20240307-v1:0"
RERANKER = "arn:aws:bedrock:us-east-1::foundation-model/amazon.rerank-v1:0"
HANDBOOK = (
    "Every employee of Acme has thirty days of paid vacation each year.\n\n"
    "Flights of less than six hours are booked in economy class.\n\n"
    "The canteen is open from eleven to two."
)


def asked(question):
    return dict(
        input={"text": question},
        retrieveAndGenerateConfiguration={
            "type": "EXTERNAL_SOURCES",
            "externalSourcesConfiguration": {
                "modelArn": MODEL,
                "sources": [
                    {
                        "sourceType": "BYTE_CONTENT",
                        "byteContent": {
                            "identifier": "handbook.txt",
                            "contentType": "text/plain",
                            "data": HANDBOOK.encode(),
                        },
                    }
                ],
                "generationConfiguration": {
                    "inferenceConfig": {"textInferenceConfig": {"maxTokens": 60, "temperature": 0}}
                },
            },
        },
    )


def check(answer, citations):
    for citation in citations:
        part = citation["generatedResponsePart"]["textResponsePart"]
        assert answer[part["span"]["start"] : part["span"]["end"] + 1] == part["text"]
        assert citation["retrievedReferences"][0]["content"]["text"] in HANDBOOK


def test_what_fits_comes_first_and_the_model_that_says_so_is_named(aws):
    response = aws("bedrock-agent-runtime").rerank(
        queries=[{"type": "TEXT", "textQuery": {"text": "How many days off do I get?"}}],
        sources=[
            {"type": "INLINE", "inlineDocumentSource": {"type": "TEXT", "textDocument": {"text": text}}}
            for text in reversed(HANDBOOK.split("\n\n"))
        ],
        rerankingConfiguration={
            "type": "BEDROCK_RERANKING_MODEL",
            "bedrockRerankingConfiguration": {
                "numberOfResults": 2,
                "modelConfiguration": {"modelArn": RERANKER},
            },
        },
    )

    assert [result["index"] for result in response["results"]][0] == 2
    assert len(response["results"]) == 2
    assert response["ResponseMetadata"]["HTTPHeaders"]["x-outcrop-model"] == "late interaction over all-minilm-l6-v2"


def test_a_document_is_asked_in_a_session(aws):
    runtime = aws("bedrock-agent-runtime")

    first = runtime.retrieve_and_generate(**asked("How many days of paid vacation does every employee have?"))
    second = runtime.retrieve_and_generate(sessionId=first["sessionId"], **asked("Which class are flights booked in?"))

    assert first["output"]["text"]
    check(first["output"]["text"], first["citations"])
    assert second["sessionId"] == first["sessionId"]


def test_an_answer_is_streamed(aws):
    response = aws("bedrock-agent-runtime").retrieve_and_generate_stream(**asked("When is the canteen open?"))
    events = list(response["stream"])

    text = "".join(event["output"]["text"] for event in events if "output" in event)
    assert response["sessionId"]
    assert text
    check(text, [event["citation"] for event in events if "citation" in event])


def test_nothing_is_made_up_where_nothing_fits(aws):
    response = aws("bedrock-agent-runtime").retrieve_and_generate(**asked("Zebra xylophone quarterback?"))

    assert response["output"]["text"] == "Sorry, I am unable to assist you with this request."


def test_a_session_keeps_steps(aws):
    runtime = aws("bedrock-agent-runtime")

    session = runtime.create_session(sessionMetadata={"user": "anna"})["sessionId"]
    invocation = runtime.create_invocation(sessionIdentifier=session)["invocationId"]
    step = runtime.put_invocation_step(
        sessionIdentifier=session,
        invocationIdentifier=invocation,
        invocationStepTime=datetime.datetime.now(datetime.timezone.utc),
        payload={"contentBlocks": [{"text": "what was said"}]},
    )["invocationStepId"]
    found = runtime.get_invocation_step(
        sessionIdentifier=session, invocationIdentifier=invocation, invocationStepId=step
    )["invocationStep"]
    runtime.end_session(sessionIdentifier=session)
    runtime.delete_session(sessionIdentifier=session)

    assert found["payload"]["contentBlocks"] == [{"text": "what was said"}]


def test_a_prompt_is_analyzed_and_written_better(aws):
    response = aws("bedrock-agent-runtime").optimize_prompt(
        input={"textPrompt": {"text": "Tell me about whales in two sentences."}}, targetModelId=MODEL
    )
    events = list(response["optimizedPrompt"])

    assert events[0]["analyzePromptEvent"]["message"]
    assert events[-1]["optimizedPromptEvent"]["optimizedPrompt"]["textPrompt"]["text"]
