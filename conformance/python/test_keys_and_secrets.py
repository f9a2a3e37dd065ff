"""KMS and Secrets Manager by boto3: keys that never leave, and secrets under them."""

import json
import uuid

import pytest
from botocore.exceptions import ClientError


def test_a_key_encrypts_rotates_and_is_deleted(aws):
    kms = aws("kms")
    key = kms.create_key(Description="files", Tags=[{"TagKey": "team", "TagValue": "red"}])["KeyMetadata"]
    alias = "alias/" + uuid.uuid4().hex
    kms.create_alias(AliasName=alias, TargetKeyId=key["KeyId"])
    context = {"purpose": "test"}

    blob = kms.encrypt(KeyId=alias, Plaintext=b"a text", EncryptionContext=context)["CiphertextBlob"]
    kms.rotate_key_on_demand(KeyId=key["KeyId"])
    back = kms.decrypt(CiphertextBlob=blob, EncryptionContext=context)

    assert back["Plaintext"] == b"a text"
    assert back["KeyId"] == key["Arn"]
    with pytest.raises(kms.exceptions.InvalidCiphertextException):
        kms.decrypt(CiphertextBlob=blob)
    with pytest.raises(kms.exceptions.InvalidCiphertextException):
        kms.decrypt(CiphertextBlob=blob[:-1] + bytes([blob[-1] ^ 1]), EncryptionContext=context)
    data_key = kms.generate_data_key(KeyId=alias, KeySpec="AES_256")
    assert kms.decrypt(CiphertextBlob=data_key["CiphertextBlob"])["Plaintext"] == data_key["Plaintext"]

    kms.disable_key(KeyId=key["KeyId"])
    with pytest.raises(kms.exceptions.DisabledException):
        kms.encrypt(KeyId=alias, Plaintext=b"a text")
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)
    assert kms.describe_key(KeyId=alias)["KeyMetadata"]["KeyState"] == "PendingDeletion"


@pytest.mark.parametrize(
    "spec, algorithm",
    [
        ("RSA_2048", "RSASSA_PSS_SHA_256"),
        ("ECC_NIST_P256", "ECDSA_SHA_256"),
        ("ECC_SECG_P256K1", "ECDSA_SHA_256"),
    ],
)
def test_a_key_signs_and_verifies(aws, spec, algorithm):
    kms = aws("kms")
    key = kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]

    signature = kms.sign(KeyId=key, Message=b"a text", SigningAlgorithm=algorithm)["Signature"]

    assert kms.verify(KeyId=key, Message=b"a text", Signature=signature, SigningAlgorithm=algorithm)["SignatureValid"]
    with pytest.raises(kms.exceptions.KMSInvalidSignatureException):
        kms.verify(KeyId=key, Message=b"another", Signature=signature, SigningAlgorithm=algorithm)


def test_a_secret_has_versions_and_can_be_restored(aws):
    secrets = aws("secretsmanager")
    name = "test/" + uuid.uuid4().hex
    made = secrets.create_secret(Name=name, SecretString="one")

    secrets.put_secret_value(SecretId=made["ARN"], SecretString="two")

    assert secrets.get_secret_value(SecretId=name)["SecretString"] == "two"
    assert secrets.get_secret_value(SecretId=name, VersionStage="AWSPREVIOUS")["SecretString"] == "one"
    with pytest.raises(secrets.exceptions.ResourceExistsException):
        secrets.create_secret(Name=name, SecretString="three")
    listed = secrets.list_secrets(Filters=[{"Key": "name", "Values": [name]}])["SecretList"]
    assert [secret["ARN"] for secret in listed] == [made["ARN"]]

    secrets.delete_secret(SecretId=name, RecoveryWindowInDays=7)
    with pytest.raises(secrets.exceptions.InvalidRequestException):
        secrets.get_secret_value(SecretId=name)
    secrets.restore_secret(SecretId=name)
    assert secrets.get_secret_value(SecretId=name)["SecretString"] == "two"
    secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    with pytest.raises(secrets.exceptions.ResourceNotFoundException):
        secrets.get_secret_value(SecretId=name)


OTHER = "111111111111"


def allowing(account, action):
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": "*"}
                for principal in ("000000000000", account)
            ],
        }
    )


@pytest.fixture
def stranger(aws):
    """Clients of a role's session in another account, which may use KMS and Secrets Manager."""

    def root(service):
        return aws(service, aws_access_key_id=OTHER, aws_secret_access_key="test")

    iam = root("iam")
    name = "reader-" + uuid.uuid4().hex
    iam.create_user(UserName=name)
    iam.put_user_policy(
        UserName=name,
        PolicyName="may",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"},
            }
        ),
    )
    key = iam.create_access_key(UserName=name)["AccessKey"]
    iam.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": OTHER}},
            }
        ),
    )
    iam.put_role_policy(
        RoleName=name,
        PolicyName="may",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": {"Effect": "Allow", "Action": ["kms:*", "secretsmanager:*"], "Resource": "*"},
            }
        ),
    )
    sts = aws(
        "sts", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"]
    )
    session = sts.assume_role(RoleArn=f"arn:aws:iam::{OTHER}:role/{name}", RoleSessionName="test")["Credentials"]
    return lambda service: aws(
        service,
        aws_access_key_id=session["AccessKeyId"],
        aws_secret_access_key=session["SecretAccessKey"],
        aws_session_token=session["SessionToken"],
    )


def test_another_accounts_session_uses_what_is_opened_to_it(aws, stranger):
    kms, secrets = aws("kms"), aws("secretsmanager")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    secret = secrets.create_secret(Name="shared/" + uuid.uuid4().hex, SecretString="one", KmsKeyId=key)["ARN"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"a text")["CiphertextBlob"]

    for call in (
        lambda: stranger("kms").decrypt(CiphertextBlob=blob),
        lambda: stranger("secretsmanager").get_secret_value(SecretId=secret),
    ):
        with pytest.raises(ClientError) as refusal:
            call()
        assert refusal.value.response["Error"]["Code"] == "AccessDeniedException"
        assert "no resource-based policy allows" in refusal.value.response["Error"]["Message"]

    kms.put_key_policy(KeyId=key, Policy=allowing(OTHER, "kms:*"))
    secrets.put_resource_policy(SecretId=secret, ResourcePolicy=allowing(OTHER, "secretsmanager:GetSecretValue"))

    assert stranger("kms").decrypt(CiphertextBlob=blob)["Plaintext"] == b"a text"
    assert stranger("secretsmanager").get_secret_value(SecretId=secret)["SecretString"] == "one"
    with pytest.raises(ClientError):
        stranger("secretsmanager").put_secret_value(SecretId=secret, SecretString="two")


def test_a_grant_is_enough_for_a_session_of_another_account(aws, stranger):
    kms = aws("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    session = stranger("sts").get_caller_identity()["Arn"]
    role = session.replace(":sts:", ":iam:").replace(":assumed-role/", ":role/").rsplit("/", 1)[0]

    grant = kms.create_grant(KeyId=key, GranteePrincipal=role, Operations=["Encrypt"])["GrantId"]

    assert stranger("kms").encrypt(KeyId=key, Plaintext=b"a text")["KeyId"] == key
    kms.revoke_grant(KeyId=key, GrantId=grant)
    with pytest.raises(ClientError):
        stranger("kms").encrypt(KeyId=key, Plaintext=b"a text")


def test_keys_and_secrets_are_replicated_to_another_region(aws):
    kms, away = aws("kms"), aws("kms", region_name="eu-west-1")
    key = kms.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    kms.replicate_key(KeyId=key, ReplicaRegion="eu-west-1")
    blob = kms.encrypt(KeyId=key, Plaintext=b"a text")["CiphertextBlob"]
    assert away.decrypt(CiphertextBlob=blob)["Plaintext"] == b"a text"

    secrets, copies = aws("secretsmanager"), aws("secretsmanager", region_name="eu-west-1")
    name = "replicated/" + uuid.uuid4().hex
    made = secrets.create_secret(Name=name, SecretString="one", AddReplicaRegions=[{"Region": "eu-west-1"}])
    assert made["ReplicationStatus"][0]["Status"] == "InSync"
    secrets.put_secret_value(SecretId=name, SecretString="two")
    assert copies.get_secret_value(SecretId=name)["SecretString"] == "two"
    copies.stop_replication_to_replica(SecretId=name)
    copies.put_secret_value(SecretId=name, SecretString="mine")
    assert secrets.get_secret_value(SecretId=name)["SecretString"] == "two"
