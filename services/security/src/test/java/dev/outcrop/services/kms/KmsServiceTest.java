package dev.outcrop.services.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.services.ServedSecurity;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.AlreadyExistsException;
import software.amazon.awssdk.services.kms.model.CreateKeyRequest;
import software.amazon.awssdk.services.kms.model.DataKeyPairSpec;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.DryRunOperationException;
import software.amazon.awssdk.services.kms.model.EncryptionAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyPairResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyWithoutPlaintextResponse;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.InvalidKeyUsageException;
import software.amazon.awssdk.services.kms.model.InvalidMarkerException;
import software.amazon.awssdk.services.kms.model.KeyListEntry;
import software.amazon.awssdk.services.kms.model.KeyManagerType;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.ListKeysResponse;
import software.amazon.awssdk.services.kms.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.ReEncryptResponse;
import software.amazon.awssdk.services.kms.model.RotationType;
import software.amazon.awssdk.services.kms.model.RotationsListEntry;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.Tag;

class KmsServiceTest {
    private static final SdkBytes TEXT = SdkBytes.fromUtf8String("a text");

    @TempDir
    Path folder;

    private ServedSecurity house;

    @BeforeEach
    void open() {
        house = new ServedSecurity(folder);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private <T> T kms(Function<KmsClient, T> call) {
        return house.as(KmsClient.class, call);
    }

    private KeyMetadata key(Consumer<CreateKeyRequest.Builder> request) {
        return kms(client -> client.createKey(request)).keyMetadata();
    }

    private String symmetricKey() {
        return key(request -> {}).keyId();
    }

    private SdkBytes encrypted(String key) {
        return kms(client -> client.encrypt(request -> request.keyId(key).plaintext(TEXT)))
                .ciphertextBlob();
    }

    private SdkBytes decrypted(SdkBytes blob) {
        return kms(client -> client.decrypt(request -> request.ciphertextBlob(blob)))
                .plaintext();
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void aKeyIsDescribedAsItWasMade() {
        KeyMetadata made = key(request -> request.description("for files")
                .tags(Tag.builder().tagKey("team").tagValue("red").build()));

        KeyMetadata described = kms(client -> client.describeKey(request -> request.keyId(made.arn())))
                .keyMetadata();

        assertThat(described).isEqualTo(made);
        assertThat(described.keyState()).isEqualTo(KeyState.ENABLED);
        assertThat(described.keyManager()).isEqualTo(KeyManagerType.CUSTOMER);
        assertThat(described.arn()).isEqualTo("arn:aws:kms:us-east-1:000000000000:key/" + described.keyId());
        assertThat(described.encryptionAlgorithms()).containsExactly(EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT);
        assertThat(kms(client -> client.listResourceTags(request -> request.keyId(made.keyId())))
                        .tags())
                .extracting(Tag::tagKey, Tag::tagValue)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("team", "red"));
        assertThat(kms(KmsClient::listKeys).keys())
                .extracting(KeyListEntry::keyId)
                .containsExactly(made.keyId());
    }

    @Test
    void aTextComesBackWithoutTheKeyBeingNamed() {
        String key = symmetricKey();

        SdkBytes blob = encrypted(key);

        assertThat(decrypted(blob)).isEqualTo(TEXT);
        assertThat(latin(blob.asByteArray())).doesNotContain("a text");
    }

    @Test
    void aTextComesBackAfterARestart() {
        SdkBytes blob = encrypted(symmetricKey());
        house.close();
        house = new ServedSecurity(folder);

        assertThat(decrypted(blob)).isEqualTo(TEXT);
    }

    @Test
    void materialIsNotReadableOnDisk() throws Exception {
        String key = symmetricKey();

        StoredRecord stored = house.records()
                .get(new RecordKey(KmsKeys.KEY, "000000000000", "us-east-1", key))
                .orElseThrow();

        KmsKey.Material material = KmsKeys.read(stored).current().orElseThrow();
        byte[] secret = house.folder().secrets().decrypt(material.encrypted(), Materials.scope(key, material.id()));
        assertThat(secret).hasSize(32);
        assertThat(latin(material.encrypted())).doesNotContain(latin(secret));
        assertThat(new String(stored.body(), StandardCharsets.UTF_8))
                .doesNotContain(Base64.getEncoder().encodeToString(secret));
    }

    @Test
    void anotherEncryptionContextFails() {
        String key = symmetricKey();
        SdkBytes blob = kms(client -> client.encrypt(
                        request -> request.keyId(key).plaintext(TEXT).encryptionContext(Map.of("a", "1", "b", "2"))))
                .ciphertextBlob();

        assertThat(kms(client -> client.decrypt(
                                request -> request.ciphertextBlob(blob).encryptionContext(Map.of("b", "2", "a", "1"))))
                        .plaintext())
                .isEqualTo(TEXT);
        assertThatThrownBy(() -> kms(client ->
                        client.decrypt(request -> request.ciphertextBlob(blob).encryptionContext(Map.of("a", "1")))))
                .isInstanceOf(InvalidCiphertextException.class);
        assertThatThrownBy(() -> decrypted(blob)).isInstanceOf(InvalidCiphertextException.class);
    }

    @Test
    void anotherKeyThanTheCiphertextsIsIncorrect() {
        SdkBytes blob = encrypted(symmetricKey());
        String another = symmetricKey();

        assertThatThrownBy(() -> kms(client ->
                        client.decrypt(request -> request.ciphertextBlob(blob).keyId(another))))
                .isInstanceOf(IncorrectKeyException.class);
    }

    @Test
    void reEncryptMovesATextToAnotherKeyAndContext() {
        SdkBytes blob = encrypted(symmetricKey());
        String destination = symmetricKey();

        ReEncryptResponse moved = kms(client -> client.reEncrypt(request -> request.ciphertextBlob(blob)
                .destinationKeyId(destination)
                .destinationEncryptionContext(Map.of("a", "1"))));

        DecryptResponse back = kms(client -> client.decrypt(request -> request.ciphertextBlob(moved.ciphertextBlob())
                .keyId(destination)
                .encryptionContext(Map.of("a", "1"))));
        assertThat(back.plaintext()).isEqualTo(TEXT);
        assertThat(back.keyMaterialId()).isEqualTo(moved.destinationKeyMaterialId());
    }

    @Test
    void dataKeysDecryptToWhatWasGiven() {
        String key = symmetricKey();

        GenerateDataKeyResponse given = kms(
                client -> client.generateDataKey(request -> request.keyId(key).keySpec(DataKeySpec.AES_256)));
        GenerateDataKeyWithoutPlaintextResponse hidden = kms(client -> client.generateDataKeyWithoutPlaintext(
                request -> request.keyId(key).numberOfBytes(16)));
        GenerateDataKeyPairResponse pair = kms(client ->
                client.generateDataKeyPair(request -> request.keyId(key).keyPairSpec(DataKeyPairSpec.ECC_NIST_P256)));

        assertThat(given.plaintext().asByteArray()).hasSize(32);
        assertThat(decrypted(given.ciphertextBlob())).isEqualTo(given.plaintext());
        assertThat(decrypted(hidden.ciphertextBlob()).asByteArray()).hasSize(16);
        assertThat(decrypted(pair.privateKeyCiphertextBlob())).isEqualTo(pair.privateKeyPlaintext());
        assertThatThrownBy(() -> kms(client -> client.generateDataKey(request -> request.keyId(key))))
                .hasMessageContaining("Please specify either number of bytes or key spec.");
    }

    @Test
    void rsaKeysEncryptUpToTheirLimit() {
        String key = key(request -> request.keySpec(KeySpec.RSA_2048).keyUsage(KeyUsageType.ENCRYPT_DECRYPT))
                .keyId();
        SdkBytes longest = SdkBytes.fromByteArray(new byte[190]);

        SdkBytes blob = kms(client -> client.encrypt(request -> request.keyId(key)
                        .plaintext(longest)
                        .encryptionAlgorithm(EncryptionAlgorithmSpec.RSAES_OAEP_SHA_256)))
                .ciphertextBlob();

        assertThat(kms(client -> client.decrypt(request -> request.keyId(key)
                                .ciphertextBlob(blob)
                                .encryptionAlgorithm(EncryptionAlgorithmSpec.RSAES_OAEP_SHA_256)))
                        .plaintext())
                .isEqualTo(longest);
        assertThatThrownBy(() -> kms(client -> client.encrypt(request -> request.keyId(key)
                        .plaintext(SdkBytes.fromByteArray(new byte[191]))
                        .encryptionAlgorithm(EncryptionAlgorithmSpec.RSAES_OAEP_SHA_256))))
                .hasMessageContaining("cannot encrypt data larger than 190 bytes");
        assertThatThrownBy(() -> kms(
                        client -> client.encrypt(request -> request.keyId(key).plaintext(longest))))
                .isInstanceOf(InvalidKeyUsageException.class);
    }

    @Test
    void aKeyWorksOnlyForWhatItIsForAndWhileItIsEnabled() {
        KeyMetadata key = key(request -> {});

        assertThatThrownBy(() -> kms(client -> client.sign(request ->
                        request.keyId(key.keyId()).message(TEXT).signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256))))
                .isInstanceOf(InvalidKeyUsageException.class)
                .hasMessageContaining(key.arn() + " key usage is ENCRYPT_DECRYPT which is not valid for Sign.");

        kms(client -> client.disableKey(request -> request.keyId(key.keyId())));
        assertThatThrownBy(() -> encrypted(key.keyId()))
                .isInstanceOf(DisabledException.class)
                .hasMessageContaining(key.arn() + " is disabled.");

        kms(client -> client.enableKey(request -> request.keyId(key.keyId())));
        assertThat(decrypted(encrypted(key.keyId()))).isEqualTo(TEXT);
    }

    @Test
    void aKeyIsDeletedWhenItsTimeHasComeAndNotBefore() {
        String key = symmetricKey();
        kms(client ->
                client.createAlias(request -> request.aliasName("alias/mine").targetKeyId(key)));
        SdkBytes blob = encrypted("alias/mine");
        kms(client -> client.scheduleKeyDeletion(request -> request.keyId(key).pendingWindowInDays(7)));

        house.pass(Duration.ofDays(6));
        house.kmsService().chore().body().run(() -> false);
        assertThatThrownBy(() -> decrypted(blob))
                .isInstanceOf(KmsInvalidStateException.class)
                .hasMessageContaining("is pending deletion.");

        house.pass(Duration.ofDays(2));
        house.kmsService().chore().body().run(() -> false);
        assertThatThrownBy(() -> kms(client -> client.describeKey(request -> request.keyId(key))))
                .isInstanceOf(NotFoundException.class);
        assertThat(kms(KmsClient::listAliases).aliases()).isEmpty();
    }

    @Test
    void aKeyWhoseDeletionWasCancelledIsDisabledAndStays() {
        String key = symmetricKey();
        kms(client -> client.scheduleKeyDeletion(request -> request.keyId(key).pendingWindowInDays(7)));
        kms(client -> client.cancelKeyDeletion(request -> request.keyId(key)));

        house.pass(Duration.ofDays(8));
        house.kmsService().chore().body().run(() -> false);

        assertThat(kms(client -> client.describeKey(request -> request.keyId(key)))
                        .keyMetadata()
                        .keyState())
                .isEqualTo(KeyState.DISABLED);
    }

    @Test
    void whatWasEncryptedBeforeARotationDecryptsAfterIt() {
        String key = symmetricKey();
        kms(client -> client.enableKeyRotation(request -> request.keyId(key).rotationPeriodInDays(90)));
        SdkBytes before = encrypted(key);

        kms(client -> client.rotateKeyOnDemand(request -> request.keyId(key)));
        SdkBytes between = encrypted(key);
        house.pass(Duration.ofDays(91));
        house.kmsService().chore().body().run(() -> false);

        assertThat(List.of(decrypted(before), decrypted(between), decrypted(encrypted(key))))
                .containsOnly(TEXT);
        assertThat(kms(client -> client.listKeyRotations(request -> request.keyId(key)))
                        .rotations())
                .extracting(RotationsListEntry::rotationType)
                .containsExactly(RotationType.AUTOMATIC, RotationType.ON_DEMAND);
        assertThat(kms(client -> client.getKeyRotationStatus(request -> request.keyId(key)))
                        .nextRotationDate())
                .isEqualTo(house.clock().instant().plus(Duration.ofDays(90)));
    }

    @Test
    void aliasesStandForKeysAndMove() {
        String one = symmetricKey();
        String two = symmetricKey();
        kms(client ->
                client.createAlias(request -> request.aliasName("alias/mine").targetKeyId(one)));
        assertThatThrownBy(() -> kms(client -> client.createAlias(
                        request -> request.aliasName("alias/mine").targetKeyId(two))))
                .isInstanceOf(AlreadyExistsException.class)
                .hasMessageContaining(
                        "An alias with the name arn:aws:kms:us-east-1:000000000000:alias/mine already exists");

        kms(client ->
                client.updateAlias(request -> request.aliasName("alias/mine").targetKeyId(two)));

        assertThat(kms(client -> client.encrypt(
                                request -> request.keyId("alias/mine").plaintext(TEXT)))
                        .keyId())
                .endsWith(two);
        assertThat(kms(client -> client.listAliases(request -> request.keyId(two)))
                        .aliases())
                .hasSize(1);
        assertThat(kms(client -> client.listAliases(request -> request.keyId(one)))
                        .aliases())
                .isEmpty();
        kms(client -> client.deleteAlias(request -> request.aliasName("alias/mine")));
        assertThatThrownBy(() -> encrypted("alias/mine"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("Alias arn:aws:kms:us-east-1:000000000000:alias/mine is not found.");
    }

    @Test
    void aKeyThatAwsManagesIsMadeOnFirstUseAndOnlyForItsService() {
        KeyMetadata key = kms(client -> client.describeKey(request -> request.keyId("alias/aws/s3")))
                .keyMetadata();

        assertThat(key.keyManager()).isEqualTo(KeyManagerType.AWS);
        assertThat(kms(client -> client.describeKey(request -> request.keyId("alias/aws/s3")))
                        .keyMetadata()
                        .keyId())
                .isEqualTo(key.keyId());
        assertThatThrownBy(() -> encrypted("alias/aws/s3"))
                .hasMessageContaining("is not authorized to perform: kms:Encrypt");
        assertThatThrownBy(() -> kms(client -> client.scheduleKeyDeletion(request -> request.keyId(key.keyId()))))
                .hasMessageContaining("is not authorized to perform: kms:ScheduleKeyDeletion");
    }

    @Test
    void policiesAreKeptCheckedAndMustNotLockTheirOwnerOut() {
        String key = symmetricKey();
        String policy = """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"000000000000"},
                "Action":["kms:Put*","kms:Get*"],"Resource":"*"}]}""";

        kms(client -> client.putKeyPolicy(request -> request.keyId(key).policy(policy)));

        assertThat(kms(client -> client.getKeyPolicy(request -> request.keyId(key)))
                        .policy())
                .isEqualTo(policy);
        for (String wrong : List.of(
                "no json",
                "{}",
                policy.replace("Allow", "Permit"),
                policy.replace("kms:Put*", "s3:GetObject"),
                policy.replace("\"Resource\":\"*\"", "\"Ressource\":\"*\""),
                policy.replace("000000000000", "nobody"))) {
            assertThatThrownBy(() -> kms(client ->
                            client.putKeyPolicy(request -> request.keyId(key).policy(wrong))))
                    .as(wrong)
                    .isInstanceOf(MalformedPolicyDocumentException.class);
        }
        assertThatThrownBy(() -> kms(client -> client.putKeyPolicy(
                        request -> request.keyId(key).policy(policy.replace("kms:Put*", "kms:Encrypt")))))
                .hasMessageContaining("The new key policy will not allow you to update the key policy in the future.");
    }

    @Test
    void aDryRunDoesNothingButSaysThatItWould() {
        String key = symmetricKey();

        assertThatThrownBy(() -> kms(client -> client.encrypt(
                        request -> request.keyId(key).plaintext(TEXT).dryRun(true))))
                .isInstanceOf(DryRunOperationException.class)
                .hasMessageContaining("The request would have succeeded, but the DryRun option is set.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "arn:aws:kms:eu-west-1:000000000000:key/x", "arn:aws:s3:::bucket"})
    void aKeyIdThatIsNoneIsNotFound(String id) {
        assertThatThrownBy(() -> kms(client -> client.describeKey(request -> request.keyId(id))))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("Invalid");
    }

    @Test
    void listsComeInPages() {
        for (int i = 0; i < 5; i++) {
            symmetricKey();
        }

        ListKeysResponse first = kms(client -> client.listKeys(request -> request.limit(3)));
        ListKeysResponse second = kms(client -> client.listKeys(request -> request.marker(first.nextMarker())));

        assertThat(first.truncated()).isTrue();
        assertThat(first.keys()).hasSize(3).doesNotContainAnyElementsOf(second.keys());
        assertThat(second.keys()).hasSize(2);
        assertThat(second.truncated()).isFalse();
        assertThatThrownBy(() -> kms(client -> client.listKeys(request -> request.marker("forged"))))
                .isInstanceOf(InvalidMarkerException.class);
    }
}
