package dev.outcrop.services.kms;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import software.amazon.awssdk.services.kms.model.EncryptionAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.KeyAgreementAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.MacAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;

/**
 * What each kind of key can do, and how its material is made. Everything is the JDK's, except for secp256k1, which the JDK
 * no longer has.
 *
 * <p>Source: "Key spec reference" of the AWS KMS developer guide.
 */
final class KeySpecs {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SYMMETRIC_BYTES = 32;
    private static final List<SigningAlgorithmSpec> RSA_SIGNING = List.of(
            SigningAlgorithmSpec.RSASSA_PKCS1_V1_5_SHA_256,
            SigningAlgorithmSpec.RSASSA_PKCS1_V1_5_SHA_384,
            SigningAlgorithmSpec.RSASSA_PKCS1_V1_5_SHA_512,
            SigningAlgorithmSpec.RSASSA_PSS_SHA_256,
            SigningAlgorithmSpec.RSASSA_PSS_SHA_384,
            SigningAlgorithmSpec.RSASSA_PSS_SHA_512);

    private KeySpecs() {}

    /** The families that differ in how keys are made and used. */
    enum Family {
        SYMMETRIC,
        HMAC,
        RSA,
        ELLIPTIC_CURVE,
        EDWARDS,
        ML_DSA
    }

    /** What a key can be asked for, each list empty where it can be asked for nothing of the kind. */
    record Algorithms(
            List<EncryptionAlgorithmSpec> encryption,
            List<SigningAlgorithmSpec> signing,
            List<MacAlgorithmSpec> mac,
            List<KeyAgreementAlgorithmSpec> agreement) {}

    /**
     * New material: the bytes of a secret key, or a private key in PKCS #8.
     *
     * @param publicKey X.509; empty of a secret key
     */
    record Generated(byte[] secret, byte[] publicKey) {}

    /**
     * The family of {@code spec}.
     *
     * @throws UnsupportedOperationException if no such keys can be had in this region
     */
    static Family family(KeySpec spec) {
        return switch (spec) {
            case SYMMETRIC_DEFAULT -> Family.SYMMETRIC;
            case HMAC_224, HMAC_256, HMAC_384, HMAC_512 -> Family.HMAC;
            case RSA_2048, RSA_3072, RSA_4096 -> Family.RSA;
            case ECC_NIST_P256, ECC_NIST_P384, ECC_NIST_P521, ECC_SECG_P256_K1 -> Family.ELLIPTIC_CURVE;
            case ECC_NIST_EDWARDS25519 -> Family.EDWARDS;
            case ML_DSA_44, ML_DSA_65, ML_DSA_87 -> Family.ML_DSA;
            case SM2, UNKNOWN_TO_SDK_VERSION ->
                throw UnsupportedOperationException.builder()
                        .message("Key spec " + spec + " is not supported in this region.")
                        .build();
        };
    }

    /** What keys of {@code spec} can be used for; the first one is what they are for where nobody says. */
    static List<KeyUsageType> usages(KeySpec spec) {
        return switch (family(spec)) {
            case SYMMETRIC -> List.of(KeyUsageType.ENCRYPT_DECRYPT);
            case HMAC -> List.of(KeyUsageType.GENERATE_VERIFY_MAC);
            case RSA -> List.of(KeyUsageType.ENCRYPT_DECRYPT, KeyUsageType.SIGN_VERIFY);
            case ELLIPTIC_CURVE ->
                spec == KeySpec.ECC_SECG_P256_K1
                        ? List.of(KeyUsageType.SIGN_VERIFY)
                        : List.of(KeyUsageType.SIGN_VERIFY, KeyUsageType.KEY_AGREEMENT);
            case EDWARDS, ML_DSA -> List.of(KeyUsageType.SIGN_VERIFY);
        };
    }

    /** What a key can be asked for. */
    static Algorithms algorithms(KeySpec spec, KeyUsageType usage) {
        return switch (usage) {
            case ENCRYPT_DECRYPT ->
                new Algorithms(
                        spec == KeySpec.SYMMETRIC_DEFAULT
                                ? List.of(EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT)
                                : List.of(
                                        EncryptionAlgorithmSpec.RSAES_OAEP_SHA_1,
                                        EncryptionAlgorithmSpec.RSAES_OAEP_SHA_256),
                        List.of(),
                        List.of(),
                        List.of());
            case SIGN_VERIFY -> new Algorithms(List.of(), signing(spec), List.of(), List.of());
            case GENERATE_VERIFY_MAC -> new Algorithms(List.of(), List.of(), List.of(mac(spec)), List.of());
            case KEY_AGREEMENT ->
                new Algorithms(List.of(), List.of(), List.of(), List.of(KeyAgreementAlgorithmSpec.ECDH));
            case UNKNOWN_TO_SDK_VERSION -> throw new IllegalArgumentException("no key is used for " + usage);
        };
    }

    private static List<SigningAlgorithmSpec> signing(KeySpec spec) {
        return switch (family(spec)) {
            case RSA -> RSA_SIGNING;
            case ELLIPTIC_CURVE ->
                List.of(
                        switch (spec) {
                            case ECC_NIST_P384 -> SigningAlgorithmSpec.ECDSA_SHA_384;
                            case ECC_NIST_P521 -> SigningAlgorithmSpec.ECDSA_SHA_512;
                            default -> SigningAlgorithmSpec.ECDSA_SHA_256;
                        });
            case EDWARDS -> List.of(SigningAlgorithmSpec.ED25519_SHA_512, SigningAlgorithmSpec.ED25519_PH_SHA_512);
            case ML_DSA -> List.of(SigningAlgorithmSpec.ML_DSA_SHAKE_256);
            case SYMMETRIC, HMAC -> List.of();
        };
    }

    private static MacAlgorithmSpec mac(KeySpec spec) {
        return switch (spec) {
            case HMAC_224 -> MacAlgorithmSpec.HMAC_SHA_224;
            case HMAC_256 -> MacAlgorithmSpec.HMAC_SHA_256;
            case HMAC_384 -> MacAlgorithmSpec.HMAC_SHA_384;
            case HMAC_512 -> MacAlgorithmSpec.HMAC_SHA_512;
            default -> throw new IllegalArgumentException(spec + " makes no MACs");
        };
    }

    /** How many bytes a secret key of {@code spec} has. */
    static int secretBytes(KeySpec spec) {
        return switch (spec) {
            case HMAC_224 -> 28;
            case HMAC_384 -> 48;
            case HMAC_512 -> 64;
            default -> SYMMETRIC_BYTES;
        };
    }

    /** New material for a key of {@code spec}. RSA of 4,096 bits takes about a second. */
    static Generated generate(KeySpec spec) {
        return switch (family(spec)) {
            case SYMMETRIC, HMAC -> new Generated(random(secretBytes(spec)), new byte[0]);
            case RSA, ELLIPTIC_CURVE, EDWARDS, ML_DSA -> {
                KeyPair pair = pair(spec);
                yield new Generated(
                        pair.getPrivate().getEncoded(), pair.getPublic().getEncoded());
            }
        };
    }

    private static KeyPair pair(KeySpec spec) {
        try {
            KeyPairGenerator generator = switch (family(spec)) {
                case RSA -> KeyPairGenerator.getInstance("RSA");
                case ELLIPTIC_CURVE ->
                    spec == KeySpec.ECC_SECG_P256_K1
                            ? KeyPairGenerator.getInstance("EC", BouncyCastle.provider())
                            : KeyPairGenerator.getInstance("EC");
                case EDWARDS -> KeyPairGenerator.getInstance("Ed25519");
                case ML_DSA -> KeyPairGenerator.getInstance(spec.toString().replace('_', '-'));
                case SYMMETRIC, HMAC -> throw new IllegalArgumentException(spec + " has no pairs");
            };
            switch (family(spec)) {
                case RSA -> generator.initialize(modulusBits(spec), RANDOM);
                case ELLIPTIC_CURVE -> generator.initialize(new ECGenParameterSpec(curve(spec)), RANDOM);
                case EDWARDS, ML_DSA, SYMMETRIC, HMAC -> {} // The name of the algorithm says it all.
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java makes no keys of " + spec, missing);
        }
    }

    /** The length of the modulus of an RSA key. */
    static int modulusBits(KeySpec spec) {
        return switch (spec) {
            case RSA_2048 -> 2048;
            case RSA_3072 -> 3072;
            case RSA_4096 -> 4096;
            default -> throw new IllegalArgumentException(spec + " has no modulus");
        };
    }

    /** The name of an elliptic curve, as SEC 2 has it. */
    static String curve(KeySpec spec) {
        return switch (spec) {
            case ECC_NIST_P256 -> "secp256r1";
            case ECC_NIST_P384 -> "secp384r1";
            case ECC_NIST_P521 -> "secp521r1";
            case ECC_SECG_P256_K1 -> "secp256k1";
            default -> throw new IllegalArgumentException(spec + " is on no curve");
        };
    }

    /** The private key that {@code pkcs8} holds. */
    static PrivateKey privateKey(KeySpec spec, byte[] pkcs8) throws GeneralSecurityException {
        return factory(spec).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    /** The public key that {@code x509} holds. */
    static PublicKey publicKey(KeySpec spec, byte[] x509) throws GeneralSecurityException {
        return factory(spec).generatePublic(new X509EncodedKeySpec(x509));
    }

    private static KeyFactory factory(KeySpec spec) throws GeneralSecurityException {
        return switch (family(spec)) {
            case RSA -> KeyFactory.getInstance("RSA");
            case ELLIPTIC_CURVE ->
                spec == KeySpec.ECC_SECG_P256_K1
                        ? KeyFactory.getInstance("EC", BouncyCastle.provider())
                        : KeyFactory.getInstance("EC");
            case EDWARDS -> KeyFactory.getInstance("Ed25519");
            case ML_DSA -> KeyFactory.getInstance("ML-DSA");
            case SYMMETRIC, HMAC -> throw new IllegalArgumentException(spec + " has no pairs");
        };
    }

    /** {@code count} bytes that nobody can guess. */
    static byte[] random(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
