"""boto3, the Query protocol of older clients, Kombu and Celery with queues and topics."""

import json
import os
import subprocess
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.request import urlopen

import celery_tasks
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session
from kombu import Connection, Exchange, Queue


def name(prefix):
    return prefix + "-" + uuid.uuid4().hex[:10]


@pytest.fixture
def sqs(aws):
    return aws("sqs")


@pytest.fixture
def sns(aws):
    return aws("sns")


def test_messages_are_sent_received_and_deleted(sqs):
    url = sqs.create_queue(QueueName=name("orders"))["QueueUrl"]
    sent = sqs.send_message(
        QueueUrl=url,
        MessageBody="hello",
        MessageAttributes={"kind": {"DataType": "String", "StringValue": "test"}},
    )

    message = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"], WaitTimeSeconds=5)["Messages"][0]

    assert message["MessageId"] == sent["MessageId"]
    assert message["MessageAttributes"]["kind"]["StringValue"] == "test"
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


def test_a_queue_that_is_not_there_has_the_code_of_older_clients(sqs):
    with pytest.raises(ClientError) as failure:
        sqs.get_queue_url(QueueName="not-there")

    assert failure.value.response["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue"


def test_a_fifo_queue_keeps_its_order(sqs):
    url = sqs.create_queue(
        QueueName=name("ordered") + ".fifo",
        Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"},
    )["QueueUrl"]
    for i in range(10):
        sqs.send_message(QueueUrl=url, MessageBody=str(i), MessageGroupId="g")
    sqs.send_message(QueueUrl=url, MessageBody="9", MessageGroupId="g")

    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]

    assert [message["Body"] for message in messages] == [str(i) for i in range(10)]
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


def test_the_query_protocol_is_answered(endpoint, sqs):
    queue = name("query")
    url = sqs.create_queue(QueueName=queue)["QueueUrl"]

    def query(target, **parameters):
        request = AWSRequest(
            "POST",
            target,
            data=dict(parameters, Version="2012-11-05"),
            headers={"host": endpoint.split("//")[1], "content-type": "application/x-www-form-urlencoded"},
        )
        SigV4Auth(Credentials("test", "test"), "sqs", "us-east-1").add_auth(request)
        return URLLib3Session().send(request.prepare())

    sent = query(url, Action="SendMessage", QueueUrl=url, MessageBody="by query")
    missing = query(endpoint + "/", Action="GetQueueUrl", QueueName="not-there")

    assert sent.status_code == 200 and b"<MD5OfMessageBody>" in sent.content
    assert b"AWS.SimpleQueueService.NonExistentQueue" in missing.content
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "by query"


def test_kombu_sends_and_consumes(endpoint):
    queue = name("kombu")
    transport = {
        "region": "us-east-1",
        "is_secure": False,
        "wait_time_seconds": 1,
        "polling_interval": 0.1,
    }
    received = []
    with Connection("sqs://test:test@" + endpoint.split("//")[1], transport_options=transport) as connection:
        exchange = Exchange(queue, type="direct")
        bound = Queue(queue, exchange, routing_key=queue)
        producer = connection.Producer()
        for i in range(5):
            producer.publish({"number": i}, exchange=exchange, routing_key=queue, declare=[bound], serializer="json")

        def take(body, message):
            received.append(body["number"])
            message.ack()

        with connection.Consumer(bound, callbacks=[take]):
            deadline = time.monotonic() + 60
            while len(received) < 5 and time.monotonic() < deadline:
                try:
                    connection.drain_events(timeout=5)
                except TimeoutError:
                    pass

    assert sorted(received) == [0, 1, 2, 3, 4]


def test_a_celery_worker_does_fifty_tasks(endpoint, tmp_path):
    queue = name("celery")
    results = tmp_path / "results"
    results.touch()
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "celery_tasks", "worker", "--pool", "solo", "-Q", queue,
         "--without-gossip", "--without-mingle", "--without-heartbeat"],
        cwd=Path(__file__).parent,
        env=dict(os.environ, CELERY_RESULTS=str(results)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for number in range(50):
            celery_tasks.square.apply_async(args=[number], queue=queue)
        deadline = time.monotonic() + 120
        while len(results.read_text().split()) < 50 and time.monotonic() < deadline:
            assert worker.poll() is None, "the worker has ended"
            time.sleep(0.2)
    finally:
        worker.terminate()
        worker.wait(30)

    assert sorted({int(line) for line in results.read_text().split()}) == [number * number for number in range(50)]


def test_a_topic_reaches_a_queue_and_a_web_server(sns, sqs):
    topic = sns.create_topic(Name=name("news"))["TopicArn"]
    url = sqs.create_queue(QueueName=name("fanout"))["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
        },
    }
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"FilterPolicy": json.dumps({"kind": ["good"]})}
    )
    posted = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def posted_message(kind):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for message in posted:
                if message["Type"] == kind:
                    return message
            time.sleep(0.05)
        raise AssertionError(f"no {kind} within a minute")

    try:
        sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=f"http://127.0.0.1:{server.server_port}/")
        with urlopen(posted_message("SubscriptionConfirmation")["SubscribeURL"]) as answer:
            assert answer.status == 200
        good = {"kind": {"DataType": "String", "StringValue": "good"}}
        sns.publish(TopicArn=topic, Message="wanted", MessageAttributes=good)

        body = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"][0]["Body"]
        assert json.loads(body)["Message"] == "wanted"
        notification = posted_message("Notification")
        assert notification["Message"] == "wanted"
        with urlopen(notification["SigningCertURL"]) as certificate:
            assert b"BEGIN CERTIFICATE" in certificate.read()
    finally:
        server.shutdown()
