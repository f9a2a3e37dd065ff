package dev.outcrop.services.kms;

import dev.outcrop.kernel.AwsError;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Optional;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.DeriveSharedSecretRequest;
import software.amazon.awssdk.services.kms.model.DeriveSharedSecretResponse;
import software.amazon.awssdk.services.kms.model.GenerateMacRequest;
import software.amazon.awssdk.services.kms.model.GenerateMacResponse;
import software.amazon.awssdk.services.kms.model.GetPublicKeyResponse;
import software.amazon.awssdk.services.kms.model.InvalidKeyUsageException;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsInvalidMacException;
import software.amazon.awssdk.services.kms.model.KmsInvalidSignatureException;
import software.amazon.awssdk.services.kms.model.MacAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.MessageType;
import software.amazon.awssdk.services.kms.model.SignRequest;
import software.amazon.awssdk.services.kms.model.SignResponse;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.VerifyMacRequest;
import software.amazon.awssdk.services.kms.model.VerifyMacResponse;
import software.amazon.awssdk.services.kms.model.VerifyRequest;
import software.amazon.awssdk.services.kms.model.VerifyResponse;

/**
 * Signatures, MACs, public keys and key agreement.
 *
 * <p>Source: "Key spec reference" and "Offline verification with ML-DSA key pairs" of the AWS KMS developer guide; RFC 8017
 * for RSA, RFC 8032 for Ed25519, FIPS 204 for ML-DSA.
 */
final class Signing {
    private static final int EXTERNAL_MU_BYTES = 64;

    private final KmsKeys keys;
    private final Materials materials;
    private final KeyUse use;

    Signing(KmsKeys keys, Materials materials, KeyUse use) {
        this.keys = keys;
        this.materials = materials;
        this.use = use;
    }

    SignResponse sign(SignRequest request) {
        KmsKey key = use.usable(keys.named(request.keyId()), KeyUsageType.SIGN_VERIFY, "Sign");
        Message message = message(key, request.signingAlgorithm(), request.messageType(), request.message());
        KeyUse.stopIfDry(request.dryRun());
        KmsKey.Material material = key.current().orElseThrow();
        try {
            byte[] signature = sign(message, materials.secret(key, material));
            return SignResponse.builder()
                    .keyId(key.arn())
                    .signature(SdkBytes.fromByteArray(signature))
                    .signingAlgorithm(request.signingAlgorithm())
                    .build();
        } catch (GeneralSecurityException | IOException failure) {
            throw new IllegalStateException(key.arn() + " cannot sign", failure);
        }
    }

    VerifyResponse verify(VerifyRequest request) {
        KmsKey key = use.usable(keys.named(request.keyId()), KeyUsageType.SIGN_VERIFY, "Verify");
        Message message = message(key, request.signingAlgorithm(), request.messageType(), request.message());
        KeyUse.stopIfDry(request.dryRun());
        if (!verify(
                message,
                key.current().orElseThrow().publicKey(),
                request.signature().asByteArray())) {
            throw KmsInvalidSignatureException.builder()
                    .message("The signature is invalid for the message, the key or the algorithm.")
                    .build();
        }
        return VerifyResponse.builder()
                .keyId(key.arn())
                .signatureValid(true)
                .signingAlgorithm(request.signingAlgorithm())
                .build();
    }

    /** What is to be signed: a message, or with {@code hashed} what a hash made of it elsewhere. */
    private record Message(KeySpec spec, SigningAlgorithmSpec algorithm, boolean hashed, byte[] bytes) {
        /** The hash of the algorithm, such as {@code SHA-256}. */
        String hash() {
            String name = algorithm.toString();
            return "SHA-" + name.substring(name.length() - 3);
        }

        int hashBits() {
            return Integer.parseInt(hash().substring("SHA-".length()));
        }
    }

    private static Message message(KmsKey key, SigningAlgorithmSpec algorithm, MessageType type, SdkBytes bytes) {
        if (!KeySpecs.algorithms(key.spec(), key.usage()).signing().contains(algorithm)) {
            throw InvalidKeyUsageException.builder()
                    .message("Algorithm " + algorithm + " and key spec " + key.spec() + " are incompatible.")
                    .build();
        }
        MessageType form = Optional.ofNullable(type).orElse(MessageType.RAW);
        boolean hashed = form != MessageType.RAW;
        Message message = new Message(key.spec(), algorithm, hashed, bytes.asByteArray());
        boolean fits = switch (KeySpecs.family(key.spec())) {
            case RSA, ELLIPTIC_CURVE -> form != MessageType.EXTERNAL_MU;
            case EDWARDS ->
                form == (algorithm == SigningAlgorithmSpec.ED25519_PH_SHA_512 ? MessageType.DIGEST : MessageType.RAW);
            case ML_DSA -> form != MessageType.DIGEST;
            case SYMMETRIC, HMAC -> false;
        };
        if (!fits) {
            throw AwsError.validation("MessageType " + form + " is not valid for algorithm " + algorithm + ".");
        }
        int expected =
                algorithm == SigningAlgorithmSpec.ML_DSA_SHAKE_256 ? EXTERNAL_MU_BYTES : message.hashBits() / Byte.SIZE;
        if (hashed && message.bytes().length != expected) {
            throw AwsError.validation("Digest is invalid length for algorithm " + algorithm + ".");
        }
        return message;
    }

    private static byte[] sign(Message message, byte[] secret) throws GeneralSecurityException, IOException {
        PrivateKey key = KeySpecs.privateKey(message.spec(), secret);
        if (message.algorithm() == SigningAlgorithmSpec.ED25519_PH_SHA_512) {
            return BouncyCastle.signEd25519(secret, message.bytes());
        }
        if (message.algorithm() == SigningAlgorithmSpec.ML_DSA_SHAKE_256 && message.hashed()) {
            return BouncyCastle.signMlDsa(secret, message.bytes());
        }
        Signature signature = signature(message);
        signature.initSign(key);
        signature.update(input(message));
        return signature.sign();
    }

    private static boolean verify(Message message, byte[] publicKey, byte[] given) {
        try {
            PublicKey key = KeySpecs.publicKey(message.spec(), publicKey);
            if (message.algorithm() == SigningAlgorithmSpec.ED25519_PH_SHA_512) {
                return BouncyCastle.verifyEd25519(publicKey, message.bytes(), given);
            }
            if (message.algorithm() == SigningAlgorithmSpec.ML_DSA_SHAKE_256 && message.hashed()) {
                return BouncyCastle.verifyMlDsa(publicKey, message.bytes(), given);
            }
            Signature signature = signature(message);
            signature.initVerify(key);
            signature.update(input(message));
            return signature.verify(given);
        } catch (SignatureException malformed) {
            return false;
        } catch (GeneralSecurityException | IOException failure) {
            throw new IllegalStateException("a signature of " + message.algorithm() + " cannot be verified", failure);
        }
    }

    /** The JDK signs messages; what signs a hash made elsewhere under RSA is Bouncy Castle's. */
    private static Signature signature(Message message) throws GeneralSecurityException {
        SigningAlgorithmSpec algorithm = message.algorithm();
        String digest = message.hashed() ? "NONE" : "SHA" + message.hashBits();
        return switch (KeySpecs.family(message.spec())) {
            case RSA -> {
                boolean pss = algorithm.toString().contains("_PSS_");
                if (!pss) {
                    yield message.hashed()
                            ? Signature.getInstance("NONEwithRSA", BouncyCastle.provider())
                            : Signature.getInstance(digest + "withRSA");
                }
                Signature signature = message.hashed()
                        ? Signature.getInstance("NONEwithRSASSA-PSS", BouncyCastle.provider())
                        : Signature.getInstance("RSASSA-PSS");
                signature.setParameter(new PSSParameterSpec(
                        message.hash(),
                        "MGF1",
                        new MGF1ParameterSpec(message.hash()),
                        message.hashBits() / Byte.SIZE,
                        PSSParameterSpec.TRAILER_FIELD_BC));
                yield signature;
            }
            case ELLIPTIC_CURVE ->
                message.spec() == KeySpec.ECC_SECG_P256_K1
                        ? Signature.getInstance(digest + "withECDSA", BouncyCastle.provider())
                        : Signature.getInstance(digest + "withECDSA");
            case EDWARDS -> Signature.getInstance("Ed25519");
            case ML_DSA -> Signature.getInstance("ML-DSA");
            case SYMMETRIC, HMAC -> throw new IllegalArgumentException(message.spec() + " does not sign");
        };
    }

    /** PKCS #1 signs a hash together with the name of the function that made it. */
    private static byte[] input(Message message) throws IOException {
        boolean named = message.hashed() && message.algorithm().toString().contains("_PKCS1_");
        return named ? BouncyCastle.digestInfo(message.hashBits(), message.bytes()) : message.bytes();
    }

    @SuppressWarnings("deprecation") // Older clients know the key spec by its former name.
    GetPublicKeyResponse publicKey(String name) {
        KmsKey key = keys.named(name);
        byte[] publicKey = key.current().map(KmsKey.Material::publicKey).orElse(new byte[0]);
        if (KeySpecs.family(key.spec()) == KeySpecs.Family.SYMMETRIC
                || KeySpecs.family(key.spec()) == KeySpecs.Family.HMAC) {
            throw KeyUse.unsupported(key.arn() + " is not an asymmetric key, so it has no public key.");
        }
        use.usable(key);
        KeySpecs.Algorithms algorithms = KeySpecs.algorithms(key.spec(), key.usage());
        return GetPublicKeyResponse.builder()
                .keyId(key.arn())
                .publicKey(SdkBytes.fromByteArray(publicKey))
                .keySpec(key.spec())
                .customerMasterKeySpec(key.spec().toString())
                .keyUsage(key.usage())
                .encryptionAlgorithms(algorithms.encryption().isEmpty() ? null : algorithms.encryption())
                .signingAlgorithms(algorithms.signing().isEmpty() ? null : algorithms.signing())
                .keyAgreementAlgorithms(algorithms.agreement().isEmpty() ? null : algorithms.agreement())
                .build();
    }

    GenerateMacResponse mac(GenerateMacRequest request) {
        KmsKey key = use.usable(keys.named(request.keyId()), KeyUsageType.GENERATE_VERIFY_MAC, "GenerateMac");
        checkMac(key, request.macAlgorithm());
        KeyUse.stopIfDry(request.dryRun());
        return GenerateMacResponse.builder()
                .keyId(key.arn())
                .mac(SdkBytes.fromByteArray(mac(key, request.macAlgorithm(), request.message())))
                .macAlgorithm(request.macAlgorithm())
                .build();
    }

    VerifyMacResponse verifyMac(VerifyMacRequest request) {
        KmsKey key = use.usable(keys.named(request.keyId()), KeyUsageType.GENERATE_VERIFY_MAC, "VerifyMac");
        checkMac(key, request.macAlgorithm());
        KeyUse.stopIfDry(request.dryRun());
        byte[] expected = mac(key, request.macAlgorithm(), request.message());
        if (!MessageDigest.isEqual(expected, request.mac().asByteArray())) {
            throw KmsInvalidMacException.builder()
                    .message("The MAC is invalid for the message, the key or the algorithm.")
                    .build();
        }
        return VerifyMacResponse.builder()
                .keyId(key.arn())
                .macValid(true)
                .macAlgorithm(request.macAlgorithm())
                .build();
    }

    private static void checkMac(KmsKey key, MacAlgorithmSpec algorithm) {
        if (!KeySpecs.algorithms(key.spec(), key.usage()).mac().contains(algorithm)) {
            throw InvalidKeyUsageException.builder()
                    .message("Algorithm " + algorithm + " and key spec " + key.spec() + " are incompatible.")
                    .build();
        }
    }

    private byte[] mac(KmsKey key, MacAlgorithmSpec algorithm, SdkBytes message) {
        String name = "HmacSHA" + algorithm.toString().substring("HMAC_SHA_".length());
        try {
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(materials.secret(key, key.current().orElseThrow()), name));
            return mac.doFinal(message.asByteArray());
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(key.arn() + " makes no MAC", failure);
        }
    }

    DeriveSharedSecretResponse sharedSecret(DeriveSharedSecretRequest request) {
        KeyUse.checkRecipient(request.recipient(), "DeriveSharedSecret");
        KmsKey key = use.usable(keys.named(request.keyId()), KeyUsageType.KEY_AGREEMENT, "DeriveSharedSecret");
        PublicKey peer = peer(key, request.publicKey().asByteArray());
        KeyUse.stopIfDry(request.dryRun());
        try {
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
            agreement.init(KeySpecs.privateKey(
                    key.spec(), materials.secret(key, key.current().orElseThrow())));
            agreement.doPhase(peer, true);
            return DeriveSharedSecretResponse.builder()
                    .keyId(key.arn())
                    .sharedSecret(SdkBytes.fromByteArray(agreement.generateSecret()))
                    .keyAgreementAlgorithm(request.keyAgreementAlgorithm())
                    .keyOrigin(key.origin())
                    .build();
        } catch (InvalidKeyException off) {
            throw invalidPeer(key);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(key.arn() + " agrees on no secret", failure);
        }
    }

    /** Another curve's key, or one off the curve, could tell about ours. */
    private static PublicKey peer(KmsKey key, byte[] x509) {
        try {
            PublicKey own =
                    KeySpecs.publicKey(key.spec(), key.current().orElseThrow().publicKey());
            PublicKey peer = KeySpecs.publicKey(key.spec(), x509);
            boolean sameCurve = peer instanceof ECPublicKey theirs
                    && own instanceof ECPublicKey ours
                    && theirs.getParams().getCurve().equals(ours.getParams().getCurve());
            if (!sameCurve) {
                throw invalidPeer(key);
            }
            return peer;
        } catch (GeneralSecurityException malformed) {
            throw invalidPeer(key);
        }
    }

    private static AwsError invalidPeer(KmsKey key) {
        return AwsError.validation("PublicKey must be a DER-encoded X.509 public key on the same curve as the key spec "
                + key.spec() + ".");
    }
}
