#!/usr/bin/env python3
"""Turns botocore's service descriptions into the tables that the house reads.

    python3 shapes/tables/refresh.py

needs Python 3.9 or newer with venv and pip's package index; nothing else. It installs the pinned botocore into
shapes/tables/target (ignored by git), reads the description and the paginators of every service in SERVICES, and writes
one table a service and an index of summaries to shapes/src/main/resources/dev/outcrop/shapes/tables. To move to another
version, change BOTOCORE here and version.awssdk in the parent pom together (their operations must be the same ones), run
this, and read the diff.

The format, UTF-8, one fact a line, fields parted by tabs, `key=value` where a field is optional. A control character in
a value is written as its picture (U+2400 and up), which also parts the values of an enumeration. Lines that begin with a
tab are the members of the structure above.

    operation NAME METHOD URI STATUS [input=] [output=] [wrapper=] [auth=A,B] [host=] [inputStream] [outputStream]
              [errors=A,B] [pageInput=A,B] [pageOutput=A,B] [pageLimit=] [pageResult=A,B]
    structure NAME [union] [document] [eventStream] [sensitive] [payload=] [name=]
              [error=CODE] [queryCode=] [status=] [fault] [retryable] [throttling]
              MEMBER SHAPE [required] [token] [host] [in=LOCATION] [name=]
    list      NAME SHAPE [name=] [min=] [max=] [flattened] [sensitive]
    map       NAME KEY VALUE [keyName=] [valueName=] [min=] [max=] [flattened] [sensitive]
    string    NAME [min=] [max=] [sensitive] [pattern=] [values=A\u241fB]
    integer, long, float, double, boolean, timestamp, blob
              NAME [min=] [max=] [streaming] [sensitive]
"""

import gzip
import json
import pathlib
import re
import subprocess
import sys
import venv

BOTOCORE = "1.42.2"
HERE = pathlib.Path(__file__).resolve().parent
TABLES = HERE.parent / "src/main/resources/dev/outcrop/shapes/tables"

SERVICES = """
accessanalyzer account acm apigateway application-autoscaling artifact athena auditmanager autoscaling bedrock
bedrock-agent bedrock-agent-runtime bedrock-agentcore bedrock-agentcore-control bedrock-data-automation
bedrock-data-automation-runtime bedrock-runtime budgets ce cloudformation cloudtrail cloudwatch codeguru-security
comprehend comprehendmedical config cur databrew dynamodb ec2 ecr ecs events firehose forecast forecastquery
frauddetector glue guardduty iam identitystore inspector2 kendra kinesis kms lambda lexv2-models lexv2-runtime logs
macie2 mturk mwaa opensearch opensearchserverless organizations personalize personalize-events personalize-runtime polly
pricing qapps qbusiness quicksight ram rds rds-data rekognition resourcegroupstaggingapi s3 s3control s3vectors
sagemaker sagemaker-a2i-runtime sagemaker-edge sagemaker-featurestore-runtime sagemaker-geospatial sagemaker-metrics
sagemaker-runtime secretsmanager securityhub service-quotas ses sns sqs ssm sso-admin sso-oidc stepfunctions sts support
textract transcribe transcribe-streaming translate trustedadvisor wafv2 xray
""".split()

# Descriptions that botocore has not, since it speaks no streams of events both ways: those of the AWS SDK for Go
# (Apache-2.0), brought up to date with the AWS SDK for Java where that has more.
DESCRIPTIONS = HERE / "descriptions"

# What the descriptions leave out and clients need: services that went from Query to JSON still answer older clients, and
# their errors keep the codes that those clients know.
SQS_ERRORS = {
    "BatchEntryIdsNotDistinct": ("AWS.SimpleQueueService.BatchEntryIdsNotDistinct", 400),
    "BatchRequestTooLong": ("AWS.SimpleQueueService.BatchRequestTooLong", 400),
    "EmptyBatchRequest": ("AWS.SimpleQueueService.EmptyBatchRequest", 400),
    "InvalidBatchEntryId": ("AWS.SimpleQueueService.InvalidBatchEntryId", 400),
    "KmsAccessDenied": ("KMS.AccessDeniedException", 400),
    "KmsDisabled": ("KMS.DisabledException", 400),
    "KmsInvalidKeyUsage": ("KMS.InvalidKeyUsageException", 400),
    "KmsInvalidState": ("KMS.InvalidStateException", 400),
    "KmsNotFound": ("KMS.NotFoundException", 400),
    "KmsOptInRequired": ("KMS.OptInRequired", 403),
    "KmsThrottled": ("KMS.ThrottlingException", 400),
    "MessageNotInflight": ("AWS.SimpleQueueService.MessageNotInflight", 400),
    "OverLimit": ("OverLimit", 403),
    "PurgeQueueInProgress": ("AWS.SimpleQueueService.PurgeQueueInProgress", 403),
    "QueueDeletedRecently": ("AWS.SimpleQueueService.QueueDeletedRecently", 400),
    "QueueDoesNotExist": ("AWS.SimpleQueueService.NonExistentQueue", 400),
    "QueueNameExists": ("QueueAlreadyExists", 400),
    "ReceiptHandleIsInvalid": ("ReceiptHandleIsInvalid", 404),
    "RequestThrottled": ("RequestThrottled", 403),
    "ResourceNotFoundException": ("ResourceNotFoundException", 404),
    "TooManyEntriesInBatchRequest": ("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", 400),
    "UnsupportedOperation": ("AWS.SimpleQueueService.UnsupportedOperation", 400),
}
ADDITIONS = {
    "sqs": {
        "protocols": ["json", "query"],
        "xmlNamespace": "http://queue.amazonaws.com/doc/2012-11-05/",
        "errors": SQS_ERRORS,
    },
    "cloudwatch": {
        "protocols": ["query", "json", "smithy-rpc-v2-cbor"],
        "targetPrefix": "GraniteServiceVersion20100801",
        "jsonVersion": "1.0",
        "awsQueryCompatible": True,
    },
    "s3": {"xmlNamespace": "http://s3.amazonaws.com/doc/2006-03-01/"},
}

LOCATIONS = {"header": "header", "headers": "headers", "uri": "label", "querystring": "query", "statusCode": "status"}
AUTHENTICATION = {
    "aws.auth#sigv4": "v4",
    "aws.auth#sigv4a": "v4a",
    "smithy.api#httpBearerAuth": "bearer",
    "smithy.api#noAuth": "none",
}
PLAIN = ("integer", "long", "float", "double", "boolean", "timestamp", "blob")


def text(value):
    """The value as a field: control characters as their pictures, so that a line stays a line."""
    value = str(value)
    if any(0x2400 <= ord(character) <= 0x2421 for character in value):
        raise ValueError(f"a picture of a control character in {value!r}")
    return "".join(chr(0x2400 + ord(character)) if ord(character) < 0x20 else character for character in value)


def names(value):
    values = [value] if isinstance(value, str) else list(value)
    if any("," in name for name in values):
        raise ValueError(f"a comma in {values}")
    return ",".join(values)


def line(*fields, **options):
    out = [text(field) for field in fields]
    for key, value in options.items():
        if value is True:
            out.append(key)
        elif value is not None and value is not False and value != "":
            out.append(f"{key}={text(value)}")
    return "\t".join(out)


def load(data, service, name):
    """The newest version's file called name, or nothing where there is none."""
    ours = DESCRIPTIONS / f"{service}.json"
    if ours.exists():
        return json.loads(ours.read_text()) if name == "service-2.json" else {}
    folder = sorted(path for path in (data / service).iterdir() if path.name[:2] == "20")[-1]
    packed = folder / (name + ".gz")
    if packed.exists():
        return json.loads(gzip.decompress(packed.read_bytes()))
    plain = folder / name
    return json.loads(plain.read_text()) if plain.exists() else {}


def number(value):
    """The bound without the exponent or fraction that JSON readers give whole numbers."""
    if value is None:
        return None
    number_value = float(value)
    return int(value) if number_value.is_integer() else number_value


def has_stream(shapes, reference):
    if not reference:
        return False
    members = shapes[reference["shape"]].get("members", {}).values()
    return any(shapes[member["shape"]].get("eventstream") for member in members)


def authentication(operation, metadata):
    if operation.get("authtype") == "none":
        return "none"
    kinds = operation.get("auth") or metadata.get("auth") or ["aws.auth#sigv4"]
    return ",".join(AUTHENTICATION[kind] for kind in kinds)


def operation_line(name, operation, shapes, metadata, pages):
    http = operation["http"]
    source, result = operation.get("input"), operation.get("output")
    return line(
        "operation",
        name,
        http["method"],
        http["requestUri"],
        http.get("responseCode", 200),
        input=source and source["shape"],
        output=result and result["shape"],
        wrapper=result and result.get("resultWrapper"),
        auth=authentication(operation, metadata),
        host=operation.get("endpoint", {}).get("hostPrefix"),
        inputStream=has_stream(shapes, source),
        outputStream=has_stream(shapes, result),
        errors=names(error["shape"] for error in operation.get("errors", [])),
        pageInput=names(pages.get("input_token", [])),
        pageOutput=names(pages.get("output_token", [])),
        pageLimit=pages.get("limit_key"),
        pageResult=names(pages.get("result_key", [])),
    )


def error_options(name, shape, protocols, additions):
    error = shape.get("error", {})
    fault = bool(shape.get("fault"))
    code, query_code = name, None
    status = error.get("httpStatusCode", 500 if fault else 400)
    if set(protocols) <= {"query", "ec2", "rest-xml"}:
        code = error.get("code", name)
    elif error.get("code", name) != name:
        query_code = error["code"]
    if name in additions.get("errors", {}):
        query_code, status = additions["errors"][name]
        query_code = None if query_code == name else query_code
    return dict(
        error=code,
        queryCode=query_code,
        status=status,
        fault=fault,
        retryable="retryable" in shape,
        throttling=bool(shape.get("retryable", {}).get("throttling")),
    )


def location(member):
    if member.get("eventheader"):
        return "eventHeader"
    if member.get("eventpayload"):
        return "eventPayload"
    return LOCATIONS[member["location"]] if "location" in member else None


def structure_lines(name, shape, protocols, additions):
    if shape.get("error") or shape.get("exception") or shape.get("fault"):
        error = error_options(name, shape, protocols, additions)
    else:
        error = {}
    yield line(
        "structure",
        name,
        union=bool(shape.get("union")),
        document=bool(shape.get("document")),
        eventStream=bool(shape.get("eventstream")),
        sensitive=bool(shape.get("sensitive")),
        payload=shape.get("payload"),
        name=shape.get("locationName"),
        **error,
    )
    required = set(shape.get("required", []))
    for member_name, member in shape["members"].items():
        wire_name = member.get("locationName")
        yield "\t" + line(
            member_name,
            member["shape"],
            required=member_name in required,
            token=bool(member.get("idempotencyToken")),
            host=bool(member.get("hostLabel")),
            **{"in": location(member)},
            name=None if wire_name == member_name else wire_name,
        )


def mended(pattern):
    """What AWS takes, where its pattern says something else."""
    # /d for a digit in one pattern of bedrock-agent, which no ARN would satisfy.
    pattern = re.sub(r"/d(?=[{+])", r"\\d", pattern)
    # The resources that S3 Control tags are buckets, too, whose ARNs name no region.
    return pattern.replace("arn:[^:]+:s3(express)?:[^:].*", "arn:[^:]+:s3(express)?:.*")


def shape_lines(name, shape, protocols, additions):
    kind = shape["type"]
    bounds = dict(min=number(shape.get("min")), max=number(shape.get("max")))
    sensitive = bool(shape.get("sensitive"))
    flattened = bool(shape.get("flattened"))
    if kind == "structure":
        yield from structure_lines(name, shape, protocols, additions)
    elif kind == "list":
        member = shape["member"]
        yield line(
            kind,
            name,
            member["shape"],
            name=member.get("locationName"),
            **bounds,
            flattened=flattened,
            sensitive=sensitive,
        )
    elif kind == "map":
        key, value = shape["key"], shape["value"]
        yield line(
            kind,
            name,
            key["shape"],
            value["shape"],
            keyName=key.get("locationName"),
            valueName=value.get("locationName"),
            **bounds,
            flattened=flattened,
            sensitive=sensitive,
        )
    elif kind == "string":
        values = shape.get("enum", [])
        yield line(
            kind,
            name,
            **bounds,
            sensitive=sensitive,
            pattern=mended(shape["pattern"]) if "pattern" in shape else None,
            values="\u001f".join(values),
        )
    elif kind in PLAIN:
        yield line(kind, name, **bounds, streaming=bool(shape.get("streaming")), sensitive=sensitive)
    else:
        raise ValueError(f"shape {name} is a {kind}")


def table(model, paginators, additions):
    metadata, shapes = {**model["metadata"], **additions}, model["shapes"]
    pages = paginators.get("pagination", {})
    for name, operation in model["operations"].items():
        yield operation_line(name, operation, shapes, metadata, pages.get(name, {}))
    # S3's description says it of the members; none of its shapes is used both ways.
    for shape in shapes.values():
        for member in shape.get("members", {}).values():
            if member.get("streaming"):
                shapes[member["shape"]]["streaming"] = True
    for name, shape in shapes.items():
        yield from shape_lines(name, shape, protocols(metadata), additions)


def protocols(metadata):
    return metadata.get("protocols") or [metadata["protocol"]]


def summary(service, model, additions):
    metadata = {**model["metadata"], **additions}
    spoken = protocols(metadata)
    json_rpc = "json" in spoken or "smithy-rpc-v2-cbor" in spoken
    return line(
        service,
        metadata["serviceId"],
        metadata["serviceFullName"],
        metadata["apiVersion"],
        metadata["endpointPrefix"],
        metadata.get("signingName", metadata["endpointPrefix"]),
        ",".join(spoken),
        len(model["operations"]),
        target=metadata.get("targetPrefix") if json_rpc else None,
        json=metadata.get("jsonVersion") if json_rpc else None,
        xmlNamespace=metadata.get("xmlNamespace"),
        queryCompatible="awsQueryCompatible" in metadata,
    )


def botocore_data():
    """The data folder of the pinned botocore, installed into a virtual environment of our own."""
    home = HERE / "target" / f"botocore-{BOTOCORE}"
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"botocore=={BOTOCORE}"],
            check=True,
        )
    found = subprocess.run(
        [python, "-c", "import botocore; print(botocore.__path__[0])"], check=True, capture_output=True, text=True
    )
    return pathlib.Path(found.stdout.strip()) / "data"


def main():
    data = botocore_data()
    TABLES.mkdir(parents=True, exist_ok=True)
    for old in TABLES.glob("*.table"):
        old.unlink()
    header = f"# Written by shapes/tables/refresh.py from botocore {BOTOCORE} (Apache-2.0). Do not edit.\n"
    index, operations = [], 0
    for service in sorted(SERVICES):
        model = load(data, service, "service-2.json")
        additions = ADDITIONS.get(service, {})
        lines = list(table(model, load(data, service, "paginators-1.json"), additions))
        (TABLES / f"{service}.table").write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
        index.append(summary(service, model, additions))
        operations += len(model["operations"])
    (TABLES / "index.table").write_text(header + "\n".join(index) + "\n", encoding="utf-8")
    print(f"{len(index)} services, {operations} operations", file=sys.stderr)


if __name__ == "__main__":
    main()
