"""KMS and Secrets Manager by boto3: keys that never leave, and secrets under them."""

import uuid

import pytest


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
