"""Clients of a running Outcrop: OUTCROP_ENDPOINT says where it is."""

import os

import boto3
import pytest
from botocore.config import Config

ENDPOINT = os.environ["OUTCROP_ENDPOINT"]


@pytest.fixture(scope="session")
def endpoint():
    return ENDPOINT


@pytest.fixture(scope="session")
def aws():
    """Makes a boto3 client of a service, signed with the development key."""
    session = boto3.Session(
        aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1"
    )

    def client(service, parameter_validation=True, **settings):
        return session.client(
            service,
            endpoint_url=ENDPOINT,
            config=Config(
                retries={"total_max_attempts": 1},
                read_timeout=300,
                parameter_validation=parameter_validation,
            ),
            **settings,
        )

    return client


@pytest.fixture(scope="session")
def cli_environment():
    return dict(
        os.environ,
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
        AWS_DEFAULT_REGION="us-east-1",
        AWS_ENDPOINT_URL=ENDPOINT,
        AWS_PAGER="",
        AWS_MAX_ATTEMPTS="1",
    )
