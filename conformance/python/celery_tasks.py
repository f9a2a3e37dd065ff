"""What the Celery worker of test_messaging does. Its broker is SQS at OUTCROP_ENDPOINT; CELERY_RESULTS is a file that it
adds a line to for each task that it has done."""

import os

from celery import Celery

app = Celery("tasks", broker="sqs://test:test@" + os.environ["OUTCROP_ENDPOINT"].split("//")[1])
app.conf.update(
    broker_transport_options={
        "region": "us-east-1",
        "is_secure": False,
        "wait_time_seconds": 1,
        "polling_interval": 0.1,
    },
    task_acks_late=True,
    worker_enable_remote_control=False,
)


@app.task(name="square")
def square(number):
    with open(os.environ["CELERY_RESULTS"], "a") as results:
        results.write(f"{number * number}\n")
