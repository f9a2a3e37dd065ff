"""LangChain's Bedrock classes against Outcrop."""

import pytest
from langchain_aws import BedrockEmbeddings, ChatBedrockConverse
from langchain_core.messages import HumanMessage, SystemMessage
from langchain_core.tools import tool

MODEL = "amazon.nova-lite-v1:0"


@tool
def multiply(first: int, second: int) -> int:
    """Multiplies two whole numbers."""
    return first * second


@pytest.fixture(scope="module")
def chat(aws):
    return ChatBedrockConverse(
        model=MODEL, client=aws("bedrock-runtime"), bedrock_client=aws("bedrock"), temperature=0, max_tokens=64
    )


def test_a_chat_model_answers(chat):
    answer = chat.invoke([SystemMessage("You are brief."), HumanMessage("Say hello.")])

    assert answer.content
    assert answer.usage_metadata["output_tokens"] > 0


def test_a_chat_model_streams(chat):
    chunks = list(chat.stream("Count to three."))

    assert len(chunks) > 2


def test_a_chat_model_calls_the_tool_that_it_must(chat):
    answer = chat.bind_tools([multiply], tool_choice="multiply").invoke("What is 6 times 7?")

    assert [call["name"] for call in answer.tool_calls] == ["multiply"]
    assert isinstance(multiply.invoke(answer.tool_calls[0]["args"]), int)


def test_embeddings_have_the_models_length(aws):
    embeddings = BedrockEmbeddings(model_id="amazon.titan-embed-text-v2:0", client=aws("bedrock-runtime"))

    vectors = embeddings.embed_documents(["one", "two"])

    assert [len(vector) for vector in vectors] == [1024, 1024]
