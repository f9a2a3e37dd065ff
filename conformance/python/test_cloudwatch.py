"""boto3 and the AWS CLI with metrics, alarms and dashboards."""

import json
import shutil
import subprocess
import sys
import time
import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

AWS = shutil.which("aws", path=str(Path(sys.executable).parent))


@pytest.fixture
def cloudwatch(aws):
    return aws("cloudwatch")


@pytest.fixture
def namespace():
    return "Shop/" + uuid.uuid4().hex[:12]


def eventually(ask, seconds=90):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = ask()
        if found:
            return found
        time.sleep(0.5)
    raise AssertionError(f"nothing within {seconds} s")


def test_what_was_put_is_told(cloudwatch, namespace):
    now = datetime.now(timezone.utc)
    page = [{"Name": "Page", "Value": "home"}]
    cloudwatch.put_metric_data(
        Namespace=namespace,
        MetricData=[
            {"MetricName": "Latency", "Dimensions": page, "Timestamp": now, "Value": 12.5, "Unit": "Milliseconds"},
            {"MetricName": "Latency", "Dimensions": page, "Timestamp": now, "Values": [1.0, 2.0], "Counts": [3.0, 1.0],
             "Unit": "Milliseconds"},
        ],
    )

    points = cloudwatch.get_metric_statistics(
        Namespace=namespace,
        MetricName="Latency",
        Dimensions=page,
        StartTime=now - timedelta(minutes=5),
        EndTime=now + timedelta(minutes=5),
        Period=60,
        Statistics=["Sum", "SampleCount", "Maximum"],
    )["Datapoints"]

    assert sum(point["Sum"] for point in points) == 17.5
    assert sum(point["SampleCount"] for point in points) == 5
    assert max(point["Maximum"] for point in points) == 12.5
    assert {point["Unit"] for point in points} == {"Milliseconds"}
    assert cloudwatch.list_metrics(Namespace=namespace)["Metrics"] == [
        {"Namespace": namespace, "MetricName": "Latency", "Dimensions": page}
    ]


def test_expressions_and_searches(cloudwatch, namespace):
    now = datetime.now(timezone.utc)
    for name, value in (("Errors", 5.0), ("Calls", 50.0)):
        cloudwatch.put_metric_data(
            Namespace=namespace, MetricData=[{"MetricName": name, "Timestamp": now, "Value": value}]
        )

    def stat(id, name):
        return {
            "Id": id,
            "MetricStat": {"Metric": {"Namespace": namespace, "MetricName": name}, "Period": 60, "Stat": "Sum"},
            "ReturnData": False,
        }

    results = cloudwatch.get_metric_data(
        StartTime=now - timedelta(minutes=10),
        EndTime=now + timedelta(minutes=5),
        MetricDataQueries=[
            stat("errors", "Errors"),
            stat("calls", "Calls"),
            {"Id": "rate", "Expression": "100 * errors / calls", "Label": "Error rate"},
            {"Id": "all", "Expression": f"SEARCH('{{\"{namespace}\"}}', 'Sum', 60)"},
        ],
    )["MetricDataResults"]

    assert [(result["Id"], result["Values"]) for result in results if result["Id"] == "rate"] == [("rate", [10.0])]
    assert results[0]["Label"] == "Error rate"
    assert sorted(result["Label"] for result in results if result["Id"] == "all") == ["Calls", "Errors"]
    with pytest.raises(ClientError) as refusal:
        cloudwatch.get_metric_data(
            StartTime=now, EndTime=now + timedelta(minutes=1), MetricDataQueries=[{"Id": "e", "Expression": "1 +"}]
        )
    assert refusal.value.response["Error"]["Code"] == "ValidationError"


def test_grafana_finds_metrics_and_labels_them(cloudwatch, namespace):
    """What Grafana's data source asks for a dashboard: searches by dimensions with labels of its own, all in one call."""
    now = datetime.now(timezone.utc)
    for page, value in (("home", 3.0), ("cart", 5.0), ("help", 7.0)):
        cloudwatch.put_metric_data(
            Namespace=namespace,
            MetricData=[
                {"MetricName": "Latency", "Dimensions": [{"Name": "Page", "Value": page}, {"Name": "Host", "Value": "a"}],
                 "Timestamp": now, "Value": value}
            ],
        )
    several = (
        f'REMOVE_EMPTY(SEARCH(\'{{"{namespace}","Host","Page"}} MetricName="Latency"'
        ' "Host"="a" "Page"=("home" OR "cart")\', \'Average\', 60))'
    )
    any_page = f"REMOVE_EMPTY(SEARCH('Namespace=\"{namespace}\" MetricName=\"Latency\" \"Host\"=\"a\"', 'Maximum', 60))"

    results = cloudwatch.get_metric_data(
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(minutes=5),
        ScanBy="TimestampAscending",
        MetricDataQueries=[
            {"Id": "queryA", "Expression": several, "Label": "${PROP('Dim.Page')}|&|${PROP('Dim.Host')}"},
            {"Id": "queryB", "Expression": any_page, "Label": "${PROP('MetricName')} ${PROP('Dim.Page')} ${LAST}"},
            {"Id": "queryC", "Expression": "SUM(queryA)", "Label": "both"},
            {"Id": "queryD", "Expression": f'SELECT MAX(Latency) FROM "{namespace}" GROUP BY Page', "Period": 60},
        ],
    )["MetricDataResults"]

    def found(query):
        return sorted((result["Label"], result["Values"]) for result in results if result["Id"] == query)

    assert found("queryA") == [("cart|&|a", [5.0]), ("home|&|a", [3.0])]
    assert [values for _, values in found("queryB")] == [[5.0], [7.0], [3.0]]
    assert [label.split()[1] for label, _ in found("queryB")] == ["cart", "help", "home"]
    assert found("queryC") == [("both", [8.0])]
    assert sorted(values for _, values in found("queryD")) == [[3.0], [5.0], [7.0]]


def test_data_that_makes_no_sense_is_refused(cloudwatch, namespace):
    with pytest.raises(ClientError) as refusal:
        cloudwatch.put_metric_data(Namespace=namespace, MetricData=[{"MetricName": "x", "Value": float("nan")}])
    assert refusal.value.response["Error"]["Code"] in ("InvalidParameterValue", "InvalidParameterValueException")


def test_an_alarm_goes_off(cloudwatch, namespace):
    name = "alarm-" + namespace.split("/")[1]
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace=namespace,
        MetricName="Queue",
        Statistic="Maximum",
        Period=10,
        EvaluationPeriods=1,
        Threshold=100,
        ComparisonOperator="GreaterThanThreshold",
    )
    cloudwatch.put_composite_alarm(AlarmName=name + "-all", AlarmRule=f'ALARM("{name}")')

    def put_and_look():
        cloudwatch.put_metric_data(
            Namespace=namespace, MetricData=[{"MetricName": "Queue", "Value": 500, "StorageResolution": 1}]
        )
        return [
            alarm
            for alarm in cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
            if alarm["StateValue"] == "ALARM"
        ]

    alarm = eventually(put_and_look)[0]

    assert "was greater than the threshold (100.0)" in alarm["StateReason"]
    eventually(
        lambda: cloudwatch.describe_alarms(
            AlarmNames=[name + "-all"], AlarmTypes=["CompositeAlarm"], StateValue="ALARM"
        )["CompositeAlarms"]
    )
    history = cloudwatch.describe_alarm_history(AlarmName=name, HistoryItemType="StateUpdate")["AlarmHistoryItems"]
    assert "to ALARM" in history[0]["HistorySummary"] or "to ALARM" in history[-1]["HistorySummary"]
    with pytest.raises(ClientError):
        cloudwatch.delete_alarms(AlarmNames=[name])
    cloudwatch.delete_alarms(AlarmNames=[name + "-all"])
    cloudwatch.delete_alarms(AlarmNames=[name])


def test_the_house_counts_its_own_calls(aws, cloudwatch):
    for _ in range(3):
        aws("kms").list_keys()

    def counted():
        now = datetime.now(timezone.utc)
        points = cloudwatch.get_metric_statistics(
            Namespace="AWS/Usage",
            MetricName="CallCount",
            Dimensions=[
                {"Name": "Type", "Value": "API"},
                {"Name": "Resource", "Value": "ListKeys"},
                {"Name": "Service", "Value": "KMS"},
                {"Name": "Class", "Value": "None"},
            ],
            StartTime=now - timedelta(hours=1),
            EndTime=now + timedelta(minutes=1),
            Period=3600,
            Statistics=["Sum"],
        )["Datapoints"]
        return sum(point["Sum"] for point in points) >= 3

    assert eventually(counted, 150)


def test_the_command_line(cli_environment, namespace):
    def run(*arguments):
        done = subprocess.run(
            [AWS, "cloudwatch", *arguments, "--output", "json"],
            env=cli_environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else {}

    run("put-metric-data", "--namespace", namespace, "--metric-name", "Calls", "--value", "3", "--dimensions", "Page=home")
    assert run("list-metrics", "--namespace", namespace)["Metrics"][0]["MetricName"] == "Calls"
    body = json.dumps({"widgets": [{"type": "text", "properties": {"markdown": "Hello"}}]})
    name = "board-" + namespace.split("/")[1]
    assert run("put-dashboard", "--dashboard-name", name, "--dashboard-body", body)["DashboardValidationMessages"] == []
    assert json.loads(run("get-dashboard", "--dashboard-name", name)["DashboardBody"]) == json.loads(body)
    run("delete-dashboards", "--dashboard-names", name)
