package dev.outcrop.services.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.services.ServedSecurity;
import dev.outcrop.storage.JournalEntry;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.StoredRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.AlgorithmSpec;
import software.amazon.awssdk.services.kms.model.DescribeKeyResponse;
import software.amazon.awssdk.services.kms.model.ExpirationModelType;
import software.amazon.awssdk.services.kms.model.ExpiredImportTokenException;
import software.amazon.awssdk.services.kms.model.GetParametersForImportResponse;
import software.amazon.awssdk.services.kms.model.GetPublicKeyResponse;
import software.amazon.awssdk.services.kms.model.ImportKeyMaterialRequest;
import software.amazon.awssdk.services.kms.model.ImportKeyMaterialResponse;
import software.amazon.awssdk.services.kms.model.ImportType;
import software.amazon.awssdk.services.kms.model.IncorrectKeyMaterialException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.InvalidImportTokenException;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.OriginType;
import software.amazon.awssdk.services.kms.model.WrappingKeySpec;

class ImportsTest {
    private static final SdkBytes TEXT = SdkBytes.fromUtf8String("a text");

    @TempDir
    Path folder;

    private ServedSecurity house;
    private String region = "us-east-1";

    @BeforeEach
    void open() {
        house = new ServedSecurity(folder);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private <T> T kms(Function<KmsClient, T> call) {
        return house.in(region, Principal.root("000000000000", Optional.empty()), KmsClient.class, call);
    }

    private String key(KeySpec spec, KeyUsageType usage) {
        return kms(client -> client.createKey(request ->
                        request.origin(OriginType.EXTERNAL).keySpec(spec).keyUsage(usage)))
                .keyMetadata()
                .keyId();
    }

    private ImportKeyMaterialResponse imported(
            String key, byte[] material, AlgorithmSpec algorithm, Consumer<ImportKeyMaterialRequest.Builder> more)
            throws Exception {
        GetParametersForImportResponse parameters = kms(client -> client.getParametersForImport(
                request -> request.keyId(key).wrappingAlgorithm(algorithm).wrappingKeySpec(WrappingKeySpec.RSA_2048)));
        PublicKey wrapping = KeyFactory.getInstance("RSA")
                .generatePublic(new X509EncodedKeySpec(parameters.publicKey().asByteArray()));
        byte[] wrapped = algorithm == AlgorithmSpec.RSA_AES_KEY_WRAP_SHA_256
                ? twoSteps(wrapping, material)
                : oaep(wrapping, material);
        return kms(client -> client.importKeyMaterial(request -> more.accept(request.keyId(key)
                .importToken(parameters.importToken())
                .encryptedKeyMaterial(SdkBytes.fromByteArray(wrapped))
                .expirationModel(ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE))));
    }

    private static byte[] oaep(PublicKey key, byte[] material) throws Exception {
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-256AndMGF1Padding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                key,
                new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
        return cipher.doFinal(material);
    }

    private static byte[] twoSteps(PublicKey key, byte[] material) throws Exception {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) 3);
        Cipher wrap = Cipher.getInstance("AES/KWP/NoPadding");
        wrap.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(secret, "AES"));
        byte[] wrapped = wrap.doFinal(material);
        byte[] first = oaep(key, secret);
        return ByteBuffer.allocate(first.length + wrapped.length)
                .put(first)
                .put(wrapped)
                .array();
    }

    private static byte[] material(int fill) {
        byte[] material = new byte[32];
        Arrays.fill(material, (byte) fill);
        return material;
    }

    private KeyState state(String key) {
        return kms(client -> client.describeKey(request -> request.keyId(key)))
                .keyMetadata()
                .keyState();
    }

    @Test
    void aSymmetricKeyWorksOnceItsMaterialIsThereAndAgainAfterItCameBack() throws Exception {
        String key = key(KeySpec.SYMMETRIC_DEFAULT, KeyUsageType.ENCRYPT_DECRYPT);
        assertThat(state(key)).isEqualTo(KeyState.PENDING_IMPORT);

        imported(key, material(1), AlgorithmSpec.RSAES_OAEP_SHA_256, request -> {});
        SdkBytes blob = kms(client ->
                        client.encrypt(request -> request.keyId(key).plaintext(TEXT)))
                .ciphertextBlob();
        kms(client -> client.deleteImportedKeyMaterial(request -> request.keyId(key)));
        assertThatThrownBy(() -> kms(client -> client.decrypt(request -> request.ciphertextBlob(blob))))
                .isInstanceOf(KmsInvalidStateException.class)
                .hasMessageContaining("is pending import.");
        assertThatThrownBy(() -> imported(key, material(2), AlgorithmSpec.RSAES_OAEP_SHA_256, request -> {}))
                .isInstanceOf(IncorrectKeyMaterialException.class);

        imported(key, material(1), AlgorithmSpec.RSAES_OAEP_SHA_256, request -> {});
        assertThat(kms(client -> client.decrypt(request -> request.ciphertextBlob(blob)))
                        .plaintext())
                .isEqualTo(TEXT);
    }

    @Test
    void materialExpires() throws Exception {
        String key = key(KeySpec.SYMMETRIC_DEFAULT, KeyUsageType.ENCRYPT_DECRYPT);
        Instant end = house.clock().instant().plus(Duration.ofDays(2));
        imported(
                key,
                material(1),
                AlgorithmSpec.RSAES_OAEP_SHA_256,
                request -> request.expirationModel(ExpirationModelType.KEY_MATERIAL_EXPIRES)
                        .validTo(end));
        assertThat(state(key)).isEqualTo(KeyState.ENABLED);
        List<JournalEntry> journal = new ArrayList<>();
        ServiceMetrics metrics = new ServiceMetrics(journal::addAll, house.clock());
        house.kmsService().metrics(metrics).body().run(() -> false);
        metrics.flush();
        assertThat(journal)
                .singleElement()
                .satisfies(entry -> assertThat(new String(entry.body(), StandardCharsets.UTF_8))
                        .contains("{\"KeyId\":\"" + key + "\"}")
                        .contains("{\"metric\":\"SecondsUntilKeyMaterialExpiration\",\"unit\":\"Seconds\","
                                + "\"value\":172800.0}"));

        house.pass(Duration.ofDays(3));

        assertThat(state(key)).isEqualTo(KeyState.PENDING_IMPORT);
        house.kmsService().chore().body().run(() -> false);
        StoredRecord stored = house.records()
                .get(new RecordKey(KmsKeys.KEY, "000000000000", "us-east-1", key))
                .orElseThrow();
        assertThat(KmsKeys.read(stored).current().orElseThrow().encrypted()).isEmpty();
    }

    @Test
    void aRotationBringsInNewMaterial() throws Exception {
        String key = key(KeySpec.SYMMETRIC_DEFAULT, KeyUsageType.ENCRYPT_DECRYPT);
        imported(key, material(1), AlgorithmSpec.RSAES_OAEP_SHA_256, request -> {});
        SdkBytes blob = kms(client ->
                        client.encrypt(request -> request.keyId(key).plaintext(TEXT)))
                .ciphertextBlob();

        String second = imported(
                        key,
                        material(2),
                        AlgorithmSpec.RSAES_OAEP_SHA_256,
                        request -> request.importType(ImportType.NEW_KEY_MATERIAL))
                .keyMaterialId();
        kms(client -> client.rotateKeyOnDemand(request -> request.keyId(key)));

        DescribeKeyResponse rotated = kms(client -> client.describeKey(request -> request.keyId(key)));
        assertThat(rotated.keyMetadata().currentKeyMaterialId()).isEqualTo(second);
        assertThat(kms(client -> client.decrypt(request -> request.ciphertextBlob(blob)))
                        .plaintext())
                .isEqualTo(TEXT);
    }

    @ParameterizedTest
    @EnumSource(
            value = KeySpec.class,
            names = {"RSA_2048", "ECC_NIST_P256", "ECC_SECG_P256_K1", "ECC_NIST_EDWARDS25519"})
    void aPrivateKeySignsForThePublicKeyThatBelongsToIt(KeySpec spec) throws Exception {
        String key = key(spec, KeyUsageType.SIGN_VERIFY);
        KeySpecs.Generated pair = KeySpecs.generate(spec);

        imported(key, pair.secret(), AlgorithmSpec.RSA_AES_KEY_WRAP_SHA_256, request -> {});

        GetPublicKeyResponse known = kms(client -> client.getPublicKey(request -> request.keyId(key)));
        assertThat(KeySpecs.publicKey(spec, known.publicKey().asByteArray()))
                .isEqualTo(KeySpecs.publicKey(spec, pair.publicKey()));
        SdkBytes signature = kms(client -> client.sign(request -> request.keyId(key)
                        .message(TEXT)
                        .signingAlgorithm(known.signingAlgorithms().getFirst())))
                .signature();
        assertThat(kms(client -> client.verify(request -> request.keyId(key)
                                .message(TEXT)
                                .signature(signature)
                                .signingAlgorithm(known.signingAlgorithms().getFirst())))
                        .signatureValid())
                .isTrue();
    }

    @Test
    void aTokenIsForOneKeyAndOneDay() {
        String key = key(KeySpec.SYMMETRIC_DEFAULT, KeyUsageType.ENCRYPT_DECRYPT);
        String another = key(KeySpec.SYMMETRIC_DEFAULT, KeyUsageType.ENCRYPT_DECRYPT);
        SdkBytes token = kms(client -> client.getParametersForImport(request -> request.keyId(key)
                        .wrappingAlgorithm(AlgorithmSpec.RSAES_OAEP_SHA_256)
                        .wrappingKeySpec(WrappingKeySpec.RSA_2048)))
                .importToken();
        SdkBytes garbage = SdkBytes.fromByteArray(new byte[256]);

        assertThatThrownBy(() -> imports(another, token, garbage)).isInstanceOf(InvalidImportTokenException.class);
        assertThatThrownBy(() -> imports(key, token, garbage)).isInstanceOf(InvalidCiphertextException.class);
        house.pass(Duration.ofHours(25));
        assertThatThrownBy(() -> imports(key, token, garbage)).isInstanceOf(ExpiredImportTokenException.class);
    }

    private ImportKeyMaterialResponse imports(String key, SdkBytes token, SdkBytes material) {
        return kms(client -> client.importKeyMaterial(request -> request.keyId(key)
                .importToken(token)
                .encryptedKeyMaterial(material)
                .expirationModel(ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE)));
    }

    @Test
    void aReplicaOfAnImportedKeyWantsTheSameMaterial() throws Exception {
        String key = kms(client -> client.createKey(
                        request -> request.origin(OriginType.EXTERNAL).multiRegion(true)))
                .keyMetadata()
                .keyId();
        imported(key, material(1), AlgorithmSpec.RSAES_OAEP_SHA_256, request -> {});
        SdkBytes blob = kms(client ->
                        client.encrypt(request -> request.keyId(key).plaintext(SdkBytes.fromUtf8String("a text"))))
                .ciphertextBlob();
        kms(client -> client.replicateKey(request -> request.keyId(key).replicaRegion("eu-west-1")));
        region = "eu-west-1";
        assertThat(state(key)).isEqualTo(KeyState.PENDING_IMPORT);

        assertThatThrownBy(() -> imported(key, material(2), AlgorithmSpec.RSAES_OAEP_SHA_256, request -> {}))
                .isInstanceOf(IncorrectKeyMaterialException.class);
        imported(key, material(1), AlgorithmSpec.RSAES_OAEP_SHA_256, request -> {});

        assertThat(state(key)).isEqualTo(KeyState.ENABLED);
        assertThat(kms(client -> client.decrypt(request -> request.ciphertextBlob(blob)))
                        .plaintext()
                        .asUtf8String())
                .isEqualTo("a text");
        kms(client -> client.deleteImportedKeyMaterial(request -> request.keyId(key)));
        region = "us-east-1";
        assertThat(state(key)).isEqualTo(KeyState.ENABLED);
    }
}
