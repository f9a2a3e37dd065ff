package dev.outcrop.services.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.services.ServedSecurity;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.CreateKeyRequest;
import software.amazon.awssdk.services.kms.model.KeyAgreementAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsInvalidMacException;
import software.amazon.awssdk.services.kms.model.KmsInvalidSignatureException;
import software.amazon.awssdk.services.kms.model.MacAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.MessageType;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;

/** Signatures, MACs and shared secrets. */
class SigningTest {
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

    @ParameterizedTest
    @EnumSource(
            value = KeySpec.class,
            names = {
                "RSA_2048",
                "ECC_NIST_P256",
                "ECC_NIST_P384",
                "ECC_NIST_P521",
                "ECC_SECG_P256_K1",
                "ECC_NIST_EDWARDS25519",
                "ML_DSA_44",
                "ML_DSA_65",
                "ML_DSA_87"
            })
    void everySigningAlgorithmVerifiesWhatItSignedAndNothingElse(KeySpec spec) {
        KeyMetadata key = key(request -> request.keySpec(spec).keyUsage(KeyUsageType.SIGN_VERIFY));
        for (SigningAlgorithmSpec algorithm : key.signingAlgorithms()) {
            for (Map.Entry<MessageType, SdkBytes> message : messages(algorithm).entrySet()) {
                SdkBytes signature = kms(client -> client.sign(request -> request.keyId(key.keyId())
                                .message(message.getValue())
                                .messageType(message.getKey())
                                .signingAlgorithm(algorithm)))
                        .signature();

                assertThat(isValid(key, algorithm, message.getKey(), message.getValue(), signature))
                        .as("%s %s", algorithm, message.getKey())
                        .isTrue();
                assertThat(isValid(key, algorithm, message.getKey(), flipped(message.getValue(), 0), signature))
                        .as("%s %s of another message", algorithm, message.getKey())
                        .isFalse();
                assertThat(isValid(key, algorithm, message.getKey(), message.getValue(), flipped(signature, 12)))
                        .as("%s %s changed", algorithm, message.getKey())
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = KeySpec.class,
            names = {"RSA_2048", "ECC_NIST_P384", "ECC_SECG_P256_K1"})
    void aDigestAndItsMessageHaveTheSameSignatures(KeySpec spec) throws Exception {
        KeyMetadata key = key(request -> request.keySpec(spec).keyUsage(KeyUsageType.SIGN_VERIFY));
        for (SigningAlgorithmSpec algorithm : key.signingAlgorithms()) {
            String name = algorithm.toString();
            byte[] digest = MessageDigest.getInstance("SHA-" + name.substring(name.length() - 3))
                    .digest(TEXT.asByteArray());

            SdkBytes signature = kms(client -> client.sign(request -> request.keyId(key.keyId())
                            .message(SdkBytes.fromByteArray(digest))
                            .messageType(MessageType.DIGEST)
                            .signingAlgorithm(algorithm)))
                    .signature();

            assertThat(isValid(key, algorithm, MessageType.RAW, TEXT, signature))
                    .as(name)
                    .isTrue();
        }
    }

    private static Map<MessageType, SdkBytes> messages(SigningAlgorithmSpec algorithm) {
        return switch (algorithm) {
            case ED25519_SHA_512 -> Map.of(MessageType.RAW, TEXT);
            case ED25519_PH_SHA_512 -> Map.of(MessageType.DIGEST, digest(64));
            case ML_DSA_SHAKE_256 -> Map.of(MessageType.RAW, TEXT, MessageType.EXTERNAL_MU, digest(64));
            default -> {
                String name = algorithm.toString();
                int bytes = Integer.parseInt(name.substring(name.length() - 3)) / 8;
                yield Map.of(MessageType.RAW, TEXT, MessageType.DIGEST, digest(bytes));
            }
        };
    }

    private static SdkBytes digest(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 7);
        return SdkBytes.fromByteArray(bytes);
    }

    private static SdkBytes flipped(SdkBytes bytes, int at) {
        byte[] changed = bytes.asByteArray();
        changed[Math.min(at, changed.length - 1)] ^= 1;
        return SdkBytes.fromByteArray(changed);
    }

    private boolean isValid(
            KeyMetadata key, SigningAlgorithmSpec algorithm, MessageType type, SdkBytes message, SdkBytes signature) {
        try {
            return kms(client -> client.verify(request -> request.keyId(key.keyId())
                            .message(message)
                            .messageType(type)
                            .signature(signature)
                            .signingAlgorithm(algorithm)))
                    .signatureValid();
        } catch (KmsInvalidSignatureException invalid) {
            return false;
        }
    }

    @Test
    void aSignatureVerifiesOutsideWithThePublicKey() throws Exception {
        String key = key(request -> request.keySpec(KeySpec.ECC_NIST_P256).keyUsage(KeyUsageType.SIGN_VERIFY))
                .keyId();

        byte[] signed = kms(client -> client.sign(request ->
                        request.keyId(key).message(TEXT).signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256)))
                .signature()
                .asByteArray();

        byte[] publicKey = kms(client -> client.getPublicKey(request -> request.keyId(key)))
                .publicKey()
                .asByteArray();
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initVerify(KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(publicKey)));
        signature.update(TEXT.asByteArray());
        assertThat(signature.verify(signed)).isTrue();
    }

    @Test
    void aDigestOfAnotherLengthIsRefused() {
        String key = key(request -> request.keySpec(KeySpec.ECC_NIST_P256).keyUsage(KeyUsageType.SIGN_VERIFY))
                .keyId();

        assertThatThrownBy(() -> kms(client -> client.sign(request -> request.keyId(key)
                        .message(TEXT)
                        .messageType(MessageType.DIGEST)
                        .signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256))))
                .hasMessageContaining("Digest is invalid length for algorithm ECDSA_SHA_256.");
    }

    @ParameterizedTest
    @EnumSource(
            value = KeySpec.class,
            names = {"HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512"})
    void aMacVerifiesForItsMessageOnly(KeySpec spec) {
        KeyMetadata key = key(request -> request.keySpec(spec).keyUsage(KeyUsageType.GENERATE_VERIFY_MAC));
        MacAlgorithmSpec algorithm = key.macAlgorithms().getFirst();

        SdkBytes mac = kms(client -> client.generateMac(
                        request -> request.keyId(key.keyId()).message(TEXT).macAlgorithm(algorithm)))
                .mac();

        assertThat(kms(client -> client.verifyMac(request -> request.keyId(key.keyId())
                                .message(TEXT)
                                .macAlgorithm(algorithm)
                                .mac(mac)))
                        .macValid())
                .isTrue();
        assertThatThrownBy(() -> kms(client -> client.verifyMac(request -> request.keyId(key.keyId())
                        .message(flipped(TEXT, 0))
                        .macAlgorithm(algorithm)
                        .mac(mac))))
                .isInstanceOf(KmsInvalidMacException.class);
    }

    @Test
    void twoKeysAgreeOnOneSecret() {
        KeyMetadata one = key(request -> request.keySpec(KeySpec.ECC_NIST_P384).keyUsage(KeyUsageType.KEY_AGREEMENT));
        KeyMetadata two = key(request -> request.keySpec(KeySpec.ECC_NIST_P384).keyUsage(KeyUsageType.KEY_AGREEMENT));

        assertThat(shared(one, publicKey(two))).isEqualTo(shared(two, publicKey(one)));
        KeyMetadata otherCurve =
                key(request -> request.keySpec(KeySpec.ECC_NIST_P256).keyUsage(KeyUsageType.KEY_AGREEMENT));
        assertThatThrownBy(() -> shared(one, publicKey(otherCurve))).hasMessageContaining("on the same curve");
    }

    private SdkBytes publicKey(KeyMetadata key) {
        return kms(client -> client.getPublicKey(request -> request.keyId(key.keyId())))
                .publicKey();
    }

    private SdkBytes shared(KeyMetadata key, SdkBytes peer) {
        return kms(client -> client.deriveSharedSecret(request -> request.keyId(key.keyId())
                        .keyAgreementAlgorithm(KeyAgreementAlgorithmSpec.ECDH)
                        .publicKey(peer)))
                .sharedSecret();
    }
}
