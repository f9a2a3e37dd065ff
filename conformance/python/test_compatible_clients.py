"""The openai and anthropic clients against Outcrop's interfaces of their kind."""

import json
import os

import anthropic
import openai
import pytest

# A bearer token that the server accepts: on loopback, the development key.
KEY = os.environ.get("OUTCROP_API_KEY", "test")
CHAT_MODEL = "amazon.nova-lite-v1:0"
CLAUDE = "claude-3-haiku-20240307"
EMBEDDING_MODEL = "amazon.titan-embed-text-v2:0"
PARAMETERS = {
    "type": "object",
    "properties": {"city": {"type": "string", "maxLength": 40}},  # what is unbounded may outrun max_completion_tokens
    "required": ["city"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def chat_client(endpoint):
    return openai.OpenAI(base_url=endpoint + "/openai/v1", api_key=KEY, max_retries=0, timeout=300)


@pytest.fixture(scope="module")
def claude_client(endpoint):
    return anthropic.Anthropic(base_url=endpoint + "/anthropic", api_key=KEY, max_retries=0, timeout=300)


def said(text):
    return [{"role": "user", "content": text}]


def test_openai_completes_a_chat(chat_client):
    completion = chat_client.chat.completions.create(
        model=CHAT_MODEL,
        messages=[{"role": "system", "content": "You are brief."}, *said("Say hello.")],
        max_completion_tokens=32,
        temperature=0,
        seed=7,
    )

    choice = completion.choices[0]
    assert completion.object == "chat.completion"
    assert completion.model == CHAT_MODEL
    assert choice.message.role == "assistant"
    assert choice.message.content
    assert choice.finish_reason in ("stop", "length")
    assert 0 < completion.usage.completion_tokens <= 32
    assert completion.usage.total_tokens == completion.usage.prompt_tokens + completion.usage.completion_tokens


def test_openai_says_which_model_really_answered(chat_client):
    response = chat_client.chat.completions.with_raw_response.create(
        model=CHAT_MODEL, messages=said("Hi"), max_completion_tokens=4
    )

    assert response.headers["x-outcrop-model"]
    assert response.headers["x-request-id"]


def test_openai_streams_a_chat_and_its_usage(chat_client):
    chunks = list(
        chat_client.chat.completions.create(
            model=CHAT_MODEL,
            temperature=0,
            messages=said("Count to three."),
            max_completion_tokens=32,
            stream=True,
            stream_options={"include_usage": True},
        )
    )

    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert chunks[-2].choices[0].finish_reason in ("stop", "length")
    assert chunks[-1].choices == []
    assert chunks[-1].usage.completion_tokens > 0


def test_openai_calls_the_tool_that_it_must(chat_client):
    completion = chat_client.chat.completions.create(
        model=CHAT_MODEL,
        temperature=0,
        messages=said("What is the weather in Bonn?"),
        max_completion_tokens=128,
        tools=[{"type": "function", "function": {"name": "weather", "parameters": PARAMETERS}}],
        tool_choice={"type": "function", "function": {"name": "weather"}},
    )

    call = completion.choices[0].message.tool_calls[0]
    assert call.function.name == "weather"
    assert set(json.loads(call.function.arguments)) == {"city"}
    answered = chat_client.chat.completions.create(
        model=CHAT_MODEL,
        temperature=0,
        messages=[
            *said("What is the weather in Bonn?"),
            completion.choices[0].message,
            {"role": "tool", "tool_call_id": call.id, "content": "Rain, 12 degrees."},
        ],
        max_completion_tokens=32,
    )
    assert answered.choices[0].message.content


def test_openai_writes_what_a_schema_accepts(chat_client):
    completion = chat_client.chat.completions.create(
        model=CHAT_MODEL,
        temperature=0,
        messages=said("Name a city, as JSON."),
        max_completion_tokens=128,
        response_format={"type": "json_schema", "json_schema": {"name": "city", "schema": PARAMETERS}},
    )

    assert isinstance(json.loads(completion.choices[0].message.content)["city"], str)


def test_openai_embeds(chat_client):
    response = chat_client.embeddings.create(
        model=EMBEDDING_MODEL, input=["a red car", "a crimson automobile", "the stock exchange"]
    )
    as_numbers = chat_client.embeddings.create(model=EMBEDDING_MODEL, input="a red car", encoding_format="float")

    red, crimson, stocks = (entry.embedding for entry in response.data)
    assert sum(value * value for value in red) == pytest.approx(1, abs=1e-3)
    assert as_numbers.data[0].embedding == pytest.approx(red, abs=1e-5)
    assert sum(map(lambda a, b: a * b, red, crimson)) > sum(map(lambda a, b: a * b, red, stocks))
    longer = chat_client.embeddings.create(model=EMBEDDING_MODEL, input="a red car", dimensions=512)
    assert len(longer.data[0].embedding) == 512


def test_openai_lists_models(chat_client):
    models = chat_client.models.list().data

    assert models
    assert chat_client.models.retrieve(models[0].id).id == models[0].id
    assert chat_client.models.retrieve(CHAT_MODEL).owned_by == "amazon"


def test_openai_errors_are_of_its_own_classes(chat_client):
    with pytest.raises(openai.NotFoundError) as missing:
        chat_client.chat.completions.create(model="no-such-model", messages=said("Hi"))
    with pytest.raises(openai.BadRequestError) as wrong:
        chat_client.chat.completions.create(model=CHAT_MODEL, messages=said("Hi"), temperature=9)

    assert missing.value.code == "model_not_found"
    assert wrong.value.param == "temperature"
    assert wrong.value.type == "invalid_request_error"


def test_anthropic_answers_a_message(claude_client):
    message = claude_client.messages.create(
        model=CLAUDE,
        max_tokens=32,
        system="You are brief.",
        messages=said("Say hello."),
        extra_body={"temperature": 0},
    )

    assert message.type == "message"
    assert message.model == CLAUDE
    assert message.content[0].text
    assert message.stop_reason in ("end_turn", "max_tokens")
    assert 0 < message.usage.output_tokens <= 32
    assert message.usage.input_tokens > 0


def test_anthropic_streams_a_message(claude_client):
    with claude_client.messages.stream(
        model=CLAUDE, max_tokens=32, messages=said("Count to three."), extra_body={"temperature": 0}
    ) as stream:
        text = "".join(stream.text_stream)
        message = stream.get_final_message()

    assert text
    assert message.content[0].text == text
    assert message.usage.output_tokens > 0
    assert message.stop_reason in ("end_turn", "max_tokens")


def test_anthropic_uses_the_tool_that_it_must(claude_client):
    tools = [{"name": "weather", "description": "Tells the weather.", "input_schema": PARAMETERS}]
    message = claude_client.messages.create(
        model=CLAUDE,
        max_tokens=128,
        messages=said("What is the weather in Bonn?"),
        tools=tools,
        tool_choice={"type": "tool", "name": "weather"},
        extra_body={"temperature": 0},
    )

    use = next(block for block in message.content if block.type == "tool_use")
    assert message.stop_reason == "tool_use"
    assert set(use.input) == {"city"}
    answered = claude_client.messages.create(
        model=CLAUDE,
        max_tokens=32,
        extra_body={"temperature": 0},
        tools=tools,
        messages=[
            *said("What is the weather in Bonn?"),
            {"role": "assistant", "content": message.content},
            {
                "role": "user",
                "content": [{"type": "tool_result", "tool_use_id": use.id, "content": "Rain, 12 degrees."}],
            },
        ],
    )
    assert answered.content


def test_anthropic_streams_the_input_of_a_tool(claude_client):
    with claude_client.messages.stream(
        model=CLAUDE,
        max_tokens=128,
        messages=said("What is the weather in Bonn?"),
        tools=[{"name": "weather", "input_schema": PARAMETERS}],
        tool_choice={"type": "any"},
        extra_body={"temperature": 0},
    ) as stream:
        message = stream.get_final_message()

    assert set(next(block for block in message.content if block.type == "tool_use").input) == {"city"}


def test_anthropic_counts_tokens(claude_client):
    few = claude_client.messages.count_tokens(model=CLAUDE, messages=said("Hello"))
    more = claude_client.messages.count_tokens(model=CLAUDE, messages=said("Hello " * 50))

    assert 0 < few.input_tokens < more.input_tokens


def test_anthropic_lists_models(claude_client):
    models = claude_client.models.list().data

    assert models
    assert claude_client.models.retrieve(models[0].id).id == models[0].id


def test_anthropic_errors_are_of_its_own_classes(claude_client):
    with pytest.raises(anthropic.NotFoundError):
        claude_client.messages.create(model="no-such-model", max_tokens=8, messages=said("Hi"))
    with pytest.raises(anthropic.BadRequestError) as wrong:
        claude_client.messages.create(model=CLAUDE, max_tokens=0, messages=said("Hi"))

    assert wrong.value.body["error"]["message"] == "max_tokens: Input should be greater than or equal to 1"
