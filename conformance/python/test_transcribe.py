"""boto3 with Transcribe: jobs, vocabularies, filters; amazon-transcribe with its streams."""

import asyncio
import io
import json
import math
import ssl
import struct
import time
import urllib.parse
import urllib.request
import uuid
import wave

import pytest
import trustme
from amazon_transcribe.auth import StaticCredentialResolver
from amazon_transcribe.client import TranscribeStreamingClient
from amazon_transcribe.endpoints import StaticEndpointResolver
from amazon_transcribe.exceptions import BadRequestException
from awscrt import io as crt_io
from botocore.exceptions import ClientError

RATE = 16000
TEXT = "Good morning. The weather in Seattle is wonderful today."
LIMIT_SECONDS = 240


@pytest.fixture(scope="module")
def transcribe(aws):
    return aws("transcribe")


@pytest.fixture(scope="module")
def speech(aws):
    """A sentence spoken by an installed voice, or a tone where there is none, and whether somebody speaks."""
    polly = aws("polly")
    if polly.describe_voices(LanguageCode="en-US")["Voices"]:
        answer = polly.synthesize_speech(
            Text=TEXT, VoiceId="Joey", OutputFormat="pcm", SampleRate=str(RATE)
        )
        return answer["AudioStream"].read(), True
    tone = [round(9000 * math.sin(2 * math.pi * 300 * i / RATE)) for i in range(2 * RATE)]
    return struct.pack(f"<{len(tone)}h", *tone), False


@pytest.fixture(scope="module")
def media(aws, speech):
    """The speech as a WAVE file in a bucket; the bucket and its URI."""
    s3 = aws("s3")
    bucket = f"speech-{uuid.uuid4().hex[:12]}"
    s3.create_bucket(Bucket=bucket)
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(speech[0])
    s3.put_object(Bucket=bucket, Key="morning.wav", Body=file.getvalue())
    return bucket, f"s3://{bucket}/morning.wav"


def code(failure):
    return failure.value.response["Error"]["Code"]


@pytest.fixture(scope="module")
def installed(transcribe, media):
    """Whether a model is installed; where none is, its absence says how to fetch one."""
    name = f"probe-{uuid.uuid4().hex}"
    try:
        transcribe.start_transcription_job(
            TranscriptionJobName=name, LanguageCode="en-US", Media={"MediaFileUri": media[1]}
        )
    except ClientError as refusal:
        assert refusal.response["Error"]["Code"] == "BadRequestException"
        assert "outcrop models pull whisper-base" in str(refusal)
        return False
    return True


def ended(transcribe, name):
    deadline = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < deadline:
        job = transcribe.get_transcription_job(TranscriptionJobName=name)["TranscriptionJob"]
        if job["TranscriptionJobStatus"] in ("COMPLETED", "FAILED"):
            return job
        time.sleep(0.2)
    raise AssertionError(f"{name} did not end")


def test_a_file_is_transcribed_with_subtitles(aws, transcribe, media, speech, installed):
    if not installed:
        return
    name = f"morning-{uuid.uuid4().hex[:8]}"
    started = transcribe.start_transcription_job(
        TranscriptionJobName=name,
        LanguageCode="en-US",
        Media={"MediaFileUri": media[1]},
        MediaFormat="wav",
        OutputBucketName=media[0],
        OutputKey="transcripts/",
        Subtitles={"Formats": ["srt", "vtt"]},
        Tags=[{"Key": "team", "Value": "voices"}],
    )["TranscriptionJob"]
    assert started["TranscriptionJobStatus"] == "IN_PROGRESS"

    job = ended(transcribe, name)

    assert job["TranscriptionJobStatus"] == "COMPLETED", job.get("FailureReason")
    assert job["Transcript"]["TranscriptFileUri"].endswith(f"/{media[0]}/transcripts/{name}.json")
    s3 = aws("s3")
    body = s3.get_object(Bucket=media[0], Key=f"transcripts/{name}.json")["Body"].read()
    results = json.loads(body)["results"]
    text = results["transcripts"][0]["transcript"].lower()
    if speech[1]:
        assert "weather" in text and "seattle" in text
        words = [item for item in results["items"] if item["type"] == "pronunciation"]
        assert all(float(item["end_time"]) >= float(item["start_time"]) for item in words)
        assert len(job["Subtitles"]["SubtitleFileUris"]) == 2
    else:
        assert results["items"] == []
    arn = f"arn:aws:transcribe:us-east-1:000000000000:transcription-job/{name}"
    assert transcribe.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "voices"}]
    with pytest.raises(ClientError) as failure:
        transcribe.start_transcription_job(
            TranscriptionJobName=name, LanguageCode="en-US", Media={"MediaFileUri": media[1]}
        )
    assert code(failure) == "ConflictException"
    transcribe.delete_transcription_job(TranscriptionJobName=name)
    with pytest.raises(ClientError) as failure:
        transcribe.get_transcription_job(TranscriptionJobName=name)
    assert code(failure) == "NotFoundException"


def test_a_transcript_can_be_had_by_its_uri(transcribe, media, installed):
    if not installed:
        return
    name = f"uri-{uuid.uuid4().hex[:8]}"
    transcribe.start_transcription_job(
        TranscriptionJobName=name,
        IdentifyLanguage=True,
        LanguageOptions=["en-US", "de-DE"],
        Media={"MediaFileUri": media[1]},
    )

    job = ended(transcribe, name)

    assert job["TranscriptionJobStatus"] == "COMPLETED", job.get("FailureReason")
    with urllib.request.urlopen(job["Transcript"]["TranscriptFileUri"]) as answer:
        assert json.load(answer)["jobName"] == name


def test_vocabularies_and_filters_are_kept(transcribe):
    name = f"words-{uuid.uuid4().hex[:8]}"
    transcribe.create_vocabulary(
        VocabularyName=name, LanguageCode="en-US", Phrases=["Los-Angeles", "Dynamo-D.B."]
    )
    deadline = time.monotonic() + LIMIT_SECONDS
    vocabulary = transcribe.get_vocabulary(VocabularyName=name)
    while vocabulary["VocabularyState"] == "PENDING" and time.monotonic() < deadline:
        time.sleep(0.1)
        vocabulary = transcribe.get_vocabulary(VocabularyName=name)
    assert vocabulary["VocabularyState"] == "READY"
    with urllib.request.urlopen(vocabulary["DownloadUri"]) as answer:
        assert answer.read() == b"Los-Angeles\nDynamo-D.B."
    transcribe.create_vocabulary_filter(
        VocabularyFilterName=name, LanguageCode="en-US", Words=["darn"]
    )
    transcribe.update_vocabulary_filter(VocabularyFilterName=name, Words=["darn", "heck"])
    found = transcribe.list_vocabulary_filters(NameContains=name)["VocabularyFilters"]
    assert [each["VocabularyFilterName"] for each in found] == [name]
    transcribe.delete_vocabulary_filter(VocabularyFilterName=name)
    transcribe.delete_vocabulary(VocabularyName=name)
    with pytest.raises(ClientError) as failure:
        transcribe.get_vocabulary(VocabularyName=name)
    assert code(failure) == "NotFoundException"


def test_a_language_model_is_trained_and_used(aws, transcribe, media, installed):
    name = f"model-{uuid.uuid4().hex[:8]}"
    trust = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "transcribe.amazonaws.com"},
        },
    }
    rights = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"},
    }
    iam = aws("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="read", PolicyDocument=json.dumps(rights))
    aws("s3").put_object(Bucket=media[0], Key="texts/one.txt", Body=b"The server runs on Graviton.")
    transcribe.create_language_model(
        ModelName=name,
        LanguageCode="en-US",
        BaseModelName="WideBand",
        InputDataConfig={"S3Uri": f"s3://{media[0]}/texts/", "DataAccessRoleArn": role},
    )
    deadline = time.monotonic() + LIMIT_SECONDS
    model = transcribe.describe_language_model(ModelName=name)["LanguageModel"]
    while model["ModelStatus"] == "IN_PROGRESS" and time.monotonic() < deadline:
        time.sleep(0.1)
        model = transcribe.describe_language_model(ModelName=name)["LanguageModel"]
    assert model["ModelStatus"] == "COMPLETED", model.get("FailureReason")
    found = transcribe.list_language_models(NameContains=name)["Models"]
    assert [each["ModelName"] for each in found] == [name]
    if installed:
        transcribe.start_transcription_job(
            TranscriptionJobName=name,
            LanguageCode="en-US",
            ModelSettings={"LanguageModelName": name},
            Media={"MediaFileUri": media[1]},
        )
        assert ended(transcribe, name)["TranscriptionJobStatus"] == "COMPLETED"
    transcribe.delete_language_model(ModelName=name)
    with pytest.raises(ClientError) as failure:
        transcribe.describe_language_model(ModelName=name)
    assert code(failure) == "NotFoundException"


class Tls:
    """The server behind TLS: amazon-transcribe speaks HTTP/2 over nothing else."""

    def __init__(self, endpoint, folder):
        self.target = urllib.parse.urlsplit(endpoint)
        authority = trustme.CA()
        self.trusted = folder / "ca.pem"
        authority.cert_pem.write_to_path(self.trusted)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(self.context)
        self.context.set_alpn_protocols(["h2"])

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.forward, "localhost", 0, ssl=self.context)
        return f"https://localhost:{self.server.sockets[0].getsockname()[1]}"

    async def __aexit__(self, *failure):
        self.server.close()

    async def forward(self, reader, writer):
        back, forth = await asyncio.open_connection(self.target.hostname, self.target.port)
        await asyncio.gather(self.copy(reader, forth), self.copy(back, writer), return_exceptions=True)

    @staticmethod
    async def copy(reader, writer):
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
        writer.close()


def streams(endpoint, trusted):
    client = TranscribeStreamingClient(
        region="us-east-1",
        endpoint_resolver=StaticEndpointResolver(endpoint),
        credential_resolver=StaticCredentialResolver("test", "test"),
    )
    options = crt_io.TlsContextOptions()
    options.override_default_trust_store_from_path(None, str(trusted))
    client._session_manager._tls_ctx = crt_io.ClientTlsContext(options)
    return client


async def heard(tls, audio, **settings):
    async with tls as endpoint:
        stream = await streams(endpoint, tls.trusted).start_stream_transcription(
            media_sample_rate_hz=RATE, media_encoding="pcm", **settings
        )

        async def speak():
            for at in range(0, len(audio), 6400):
                await stream.input_stream.send_audio_event(audio_chunk=audio[at : at + 6400])
            await stream.input_stream.end_stream()

        async def listen():
            return [result async for event in stream.output_stream for result in event.transcript.results]

        _, results = await asyncio.gather(speak(), listen())
        return results


def test_a_stream_is_transcribed(endpoint, tmp_path, speech, installed):
    tls = Tls(endpoint, tmp_path)
    if not installed:
        with pytest.raises(BadRequestException, match="outcrop models pull whisper-base"):
            asyncio.run(heard(tls, speech[0], language_code="en-US"))
        return

    results = asyncio.run(heard(tls, speech[0] + bytes(2 * RATE), language_code="en-US"))

    final = [result for result in results if not result.is_partial]
    text = " ".join(result.alternatives[0].transcript for result in final).lower()
    if speech[1]:
        assert "weather" in text and "seattle" in text
    else:
        assert final == []
