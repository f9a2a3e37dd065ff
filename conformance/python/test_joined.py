"""What one service tells another of, as their users see it: S3, CloudWatch and CloudTrail to SQS, SNS, EventBridge, Logs."""

import json
import time
import uuid

import pytest

ACCOUNT = "000000000000"


def policy(action, resource, *services):
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Resource": resource}
                for service in services
            ],
        }
    )


class Queue:
    """A queue that some services may send to."""

    def __init__(self, aws, *services):
        self.sqs = aws("sqs")
        self.url = self.sqs.create_queue(QueueName=f"joined-{uuid.uuid4()}")["QueueUrl"]
        attributes = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["QueueArn"])
        self.arn = attributes["Attributes"]["QueueArn"]
        self.sqs.set_queue_attributes(
            QueueUrl=self.url, Attributes={"Policy": policy("sqs:SendMessage", self.arn, *services)}
        )

    def next(self, seconds=60):
        """The next message as JSON."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            answer = self.sqs.receive_message(QueueUrl=self.url, WaitTimeSeconds=5)
            for message in answer.get("Messages", []):
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
                return json.loads(message["Body"])
        raise AssertionError(f"no message within {seconds} s")


@pytest.fixture
def bucket(aws):
    name = f"joined-{uuid.uuid4()}"
    aws("s3").create_bucket(Bucket=name)
    return name


@pytest.fixture
def topic(aws):
    """A topic that services may publish to, and the queue that hears of it."""
    sns = aws("sns")
    arn = sns.create_topic(Name=f"joined-{uuid.uuid4()}")["TopicArn"]
    services = ("s3.amazonaws.com", "events.amazonaws.com", "cloudwatch.amazonaws.com")
    sns.set_topic_attributes(
        TopicArn=arn, AttributeName="Policy", AttributeValue=policy("sns:Publish", arn, *services)
    )
    queue = Queue(aws, "sns.amazonaws.com")
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue.arn)
    return arn, queue


def test_buckets_tell_queues_of_their_objects(aws, bucket):
    s3 = aws("s3")
    queue = Queue(aws, "s3.amazonaws.com")

    s3.put_bucket_notification_configuration(
        Bucket=bucket,
        NotificationConfiguration={
            "QueueConfigurations": [{"QueueArn": queue.arn, "Events": ["s3:ObjectCreated:*"]}]
        },
    )
    trial = queue.next()
    s3.put_object(Bucket=bucket, Key="a b.txt", Body=b"content")
    record = queue.next()["Records"][0]

    assert trial["Event"] == "s3:TestEvent"
    assert record["eventName"] == "ObjectCreated:Put"
    assert record["s3"]["bucket"]["name"] == bucket
    assert record["s3"]["object"]["key"] == "a+b.txt"
    assert record["s3"]["object"]["size"] == 7


def test_buckets_tell_topics_of_what_is_removed(aws, bucket, topic):
    arn, queue = topic
    s3 = aws("s3")

    s3.put_bucket_notification_configuration(
        Bucket=bucket,
        NotificationConfiguration={"TopicConfigurations": [{"TopicArn": arn, "Events": ["s3:ObjectRemoved:*"]}]},
    )
    trial = json.loads(queue.next()["Message"])
    s3.put_object(Bucket=bucket, Key="gone", Body=b"")
    s3.delete_object(Bucket=bucket, Key="gone")
    notification = json.loads(queue.next()["Message"])

    assert trial["Event"] == "s3:TestEvent"
    assert notification["Records"][0]["eventName"] == "ObjectRemoved:Delete"


def test_rules_send_the_events_of_buckets_to_queues(aws, bucket):
    events = aws("events")
    queue = Queue(aws, "events.amazonaws.com")
    pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": [bucket]}}}
    events.put_rule(Name=bucket, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=bucket, Targets=[{"Id": "queue", "Arn": queue.arn}])
    aws("s3").put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )

    aws("s3").put_object(Bucket=bucket, Key="new", Body=b"content")
    event = queue.next()

    assert event["detail-type"] == "Object Created"
    assert event["detail"]["object"]["key"] == "new"
    assert event["resources"] == [f"arn:aws:s3:::{bucket}"]


def test_rules_send_events_to_topics_and_log_groups(aws, topic):
    arn, queue = topic
    events = aws("events")
    logs = aws("logs")
    name = f"joined-{uuid.uuid4()}"
    group = f"/aws/events/{name}"
    logs.create_log_group(logGroupName=group)
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": ["events.amazonaws.com", "delivery.logs.amazonaws.com"]},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/events/*:*",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    logs.put_resource_policy(policyName="joined", policyDocument=json.dumps(policy))
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))
    targets = [
        {"Id": "topic", "Arn": arn},
        {"Id": "logs", "Arn": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{group}"},
    ]
    assert events.put_targets(Rule=name, Targets=targets)["FailedEntryCount"] == 0

    events.put_events(Entries=[{"Source": name, "DetailType": "test", "Detail": json.dumps({"number": 7})}])
    heard = json.loads(queue.next()["Message"])
    deadline = time.monotonic() + 60
    logged = []
    while not logged and time.monotonic() < deadline:
        logged = logs.filter_log_events(logGroupName=group, filterPattern="{ $.detail.number = 7 }")["events"]
        time.sleep(0.2)

    assert heard["detail"] == {"number": 7}
    assert [json.loads(event["message"])["source"] for event in logged] == [name]


def test_alarms_tell_topics_of_their_state(aws, topic):
    arn, queue = topic
    cloudwatch = aws("cloudwatch")
    name = f"joined-{uuid.uuid4()}"
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace=name,
        MetricName="failures",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[arn],
    )

    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="to see who hears of it")
    message = json.loads(queue.next()["Message"])

    assert message["AlarmName"] == name
    assert message["NewStateValue"] == "ALARM"
    assert message["NewStateReason"] == "to see who hears of it"
