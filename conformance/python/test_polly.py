"""boto3 with Polly: speech, speech marks, lexicons and tasks."""

import json
import time
import uuid

import pytest
from botocore.exceptions import ClientError

LEXICON = """<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">
  <lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme>
</lexicon>"""


@pytest.fixture
def polly(aws):
    return aws("polly")


def code(failure):
    return failure.value.response["Error"]["Code"]


def test_a_voice_speaks_or_says_what_to_install(polly):
    voices = polly.describe_voices(LanguageCode="en-US")["Voices"]
    request = {"Text": "Good morning.", "VoiceId": "Joanna", "OutputFormat": "mp3"}
    if not voices:
        with pytest.raises(ClientError) as failure:
            polly.synthesize_speech(**request)
        assert code(failure) == "EngineNotSupportedException"
        assert "outcrop models pull" in str(failure.value)
        return

    answer = polly.synthesize_speech(**request)

    assert answer["ContentType"] == "audio/mpeg"
    assert answer["RequestCharacters"] == 13
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-outcrop-model"] in voices[0]["Name"]
    audio = answer["AudioStream"].read()
    assert audio[0] == 0xFF and audio[1] & 0xE0 == 0xE0
    marks = polly.synthesize_speech(
        Text="<speak>Mary had <mark name='animal'/>a lamb.</speak>",
        TextType="ssml",
        VoiceId="Joey",
        OutputFormat="json",
        SpeechMarkTypes=["sentence", "word", "ssml"],
    )["AudioStream"].read()
    lines = [json.loads(line) for line in marks.decode().splitlines()]
    assert [line["value"] for line in lines if line["type"] == "word"] == ["Mary", "had", "a", "lamb"]
    assert [line["value"] for line in lines if line["type"] == "ssml"] == ["animal"]


def test_requests_that_cannot_be_answered(polly):
    with pytest.raises(ClientError) as failure:
        polly.synthesize_speech(Text="a", VoiceId="Joanna", OutputFormat="mp3", SpeechMarkTypes=["word"])
    assert code(failure) == "MarksNotSupportedForFormatException"
    with pytest.raises(ClientError) as failure:
        polly.synthesize_speech(Text="a", VoiceId="Joanna", OutputFormat="pcm", SampleRate="44100")
    assert code(failure) == "InvalidSampleRateException"
    with pytest.raises(ClientError) as failure:
        polly.synthesize_speech(Text="a" * 6001, VoiceId="Joanna", OutputFormat="mp3")
    assert code(failure) == "TextLengthExceededException"


def test_lexicons(polly):
    name = "w3c" + uuid.uuid4().hex[:8]
    polly.put_lexicon(Name=name, Content=LEXICON)

    kept = polly.get_lexicon(Name=name)

    assert kept["Lexicon"]["Content"] == LEXICON
    assert kept["LexiconAttributes"]["LexemesCount"] == 1
    assert name in [lexicon["Name"] for lexicon in polly.list_lexicons()["Lexicons"]]
    polly.delete_lexicon(Name=name)
    with pytest.raises(ClientError) as failure:
        polly.get_lexicon(Name=name)
    assert code(failure) == "LexiconNotFoundException"
    with pytest.raises(ClientError) as failure:
        polly.put_lexicon(Name=name, Content="<lexicon/>")
    assert code(failure) == "InvalidLexiconException"


def test_tasks_write_to_s3(polly, aws):
    if not polly.describe_voices()["Voices"]:
        assert polly.list_speech_synthesis_tasks()["SynthesisTasks"] == []
        return
    bucket = "speech-" + uuid.uuid4().hex[:10]
    s3 = aws("s3")
    s3.create_bucket(Bucket=bucket)

    task = polly.start_speech_synthesis_task(
        Text="Later.", VoiceId="Joanna", OutputFormat="pcm", OutputS3BucketName=bucket, OutputS3KeyPrefix="out"
    )["SynthesisTask"]

    deadline = time.monotonic() + 60
    while task["TaskStatus"] not in ("completed", "failed") and time.monotonic() < deadline:
        time.sleep(0.2)
        task = polly.get_speech_synthesis_task(TaskId=task["TaskId"])["SynthesisTask"]
    assert task["TaskStatus"] == "completed", task
    key = f"out.{task['TaskId']}.pcm"
    assert task["OutputUri"].endswith(f"{bucket}/{key}")
    assert len(s3.get_object(Bucket=bucket, Key=key)["Body"].read()) > 8000
