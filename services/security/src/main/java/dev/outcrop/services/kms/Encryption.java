package dev.outcrop.services.kms;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.shapes.Shapes;
import java.security.GeneralSecurityException;
import java.security.ProviderException;
import java.security.spec.MGF1ParameterSpec;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.EncryptRequest;
import software.amazon.awssdk.services.kms.model.EncryptResponse;
import software.amazon.awssdk.services.kms.model.EncryptionAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyPairRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyPairResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyPairWithoutPlaintextRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyPairWithoutPlaintextResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyWithoutPlaintextRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyWithoutPlaintextResponse;
import software.amazon.awssdk.services.kms.model.GenerateRandomRequest;
import software.amazon.awssdk.services.kms.model.GenerateRandomResponse;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.InvalidKeyUsageException;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.ReEncryptRequest;
import software.amazon.awssdk.services.kms.model.ReEncryptResponse;

/** Encrypt, Decrypt, ReEncrypt and data keys. */
final class Encryption {
    private static final int LONGEST_CONTEXT = 8192;

    private final KmsKeys keys;
    private final Materials materials;
    private final KeyUse use;
    private final CustomKeyStores stores;

    Encryption(KmsKeys keys, Materials materials, KeyUse use, CustomKeyStores stores) {
        this.keys = keys;
        this.materials = materials;
        this.use = use;
        this.stores = stores;
    }

    EncryptResponse encrypt(EncryptRequest request) {
        KmsKey key = use.usable(keys.named(request.keyId()), KeyUsageType.ENCRYPT_DECRYPT, "Encrypt");
        EncryptionAlgorithmSpec algorithm = algorithm(key, request.encryptionAlgorithm());
        checkContext(key, request.encryptionContext());
        byte[] plaintext = request.plaintext().asByteArray();
        checkLength(key, algorithm, plaintext);
        KeyUse.stopIfDry(request.dryRun());
        return EncryptResponse.builder()
                .keyId(key.arn())
                .encryptionAlgorithm(algorithm)
                .ciphertextBlob(
                        SdkBytes.fromByteArray(encrypted(key, algorithm, plaintext, request.encryptionContext())))
                .build();
    }

    DecryptResponse decrypt(DecryptRequest request) {
        KeyUse.checkRecipient(request.recipient(), "Decrypt");
        Source source = source(request.ciphertextBlob(), request.keyId(), request.encryptionAlgorithm(), "Decrypt");
        byte[] plaintext = decrypted(source, request.encryptionContext());
        KeyUse.stopIfDry(request.dryRun());
        return DecryptResponse.builder()
                .keyId(source.key.arn())
                .plaintext(SdkBytes.fromByteArray(plaintext))
                .encryptionAlgorithm(source.algorithm)
                .keyMaterialId(source.materialId().orElse(null))
                .build();
    }

    ReEncryptResponse reEncrypt(ReEncryptRequest request) {
        Source source = source(
                request.ciphertextBlob(), request.sourceKeyId(), request.sourceEncryptionAlgorithm(), "ReEncryptFrom");
        KmsKey destination =
                use.usable(keys.named(request.destinationKeyId()), KeyUsageType.ENCRYPT_DECRYPT, "ReEncrypt");
        EncryptionAlgorithmSpec algorithm = algorithm(destination, request.destinationEncryptionAlgorithm());
        checkContext(destination, request.destinationEncryptionContext());
        byte[] plaintext = decrypted(source, request.sourceEncryptionContext());
        checkLength(destination, algorithm, plaintext);
        KeyUse.stopIfDry(request.dryRun());
        return ReEncryptResponse.builder()
                .ciphertextBlob(SdkBytes.fromByteArray(
                        encrypted(destination, algorithm, plaintext, request.destinationEncryptionContext())))
                .sourceKeyId(source.key.arn())
                .keyId(destination.arn())
                .sourceEncryptionAlgorithm(source.algorithm)
                .destinationEncryptionAlgorithm(algorithm)
                .sourceKeyMaterialId(source.materialId().orElse(null))
                .destinationKeyMaterialId(materialId(destination).orElse(null))
                .build();
    }

    GenerateDataKeyResponse dataKey(GenerateDataKeyRequest request) {
        return dataKey(request, "GenerateDataKey");
    }

    GenerateDataKeyWithoutPlaintextResponse dataKey(GenerateDataKeyWithoutPlaintextRequest request) {
        GenerateDataKeyRequest alike =
                Shapes.copy(request, GenerateDataKeyRequest.builder()).build();
        return Shapes.copy(
                        dataKey(alike, "GenerateDataKeyWithoutPlaintext"),
                        GenerateDataKeyWithoutPlaintextResponse.builder())
                .build();
    }

    private GenerateDataKeyResponse dataKey(GenerateDataKeyRequest request, String operation) {
        KeyUse.checkRecipient(request.recipient(), operation);
        KmsKey key = wrapping(request.keyId(), request.encryptionContext(), operation);
        if ((request.numberOfBytes() == null) == (request.keySpec() == null)) {
            throw AwsError.validation("Please specify either number of bytes or key spec.");
        }
        int bytes = request.numberOfBytes() != null
                ? request.numberOfBytes()
                : request.keySpec() == DataKeySpec.AES_128 ? 16 : 32;
        KeyUse.stopIfDry(request.dryRun());
        byte[] plaintext = KeySpecs.random(bytes);
        return GenerateDataKeyResponse.builder()
                .keyId(key.arn())
                .plaintext(SdkBytes.fromByteArray(plaintext))
                .ciphertextBlob(wrapped(key, plaintext, request.encryptionContext()))
                .keyMaterialId(materialId(key).orElse(null))
                .build();
    }

    GenerateDataKeyPairResponse dataKeyPair(GenerateDataKeyPairRequest request) {
        return dataKeyPair(request, "GenerateDataKeyPair");
    }

    GenerateDataKeyPairWithoutPlaintextResponse dataKeyPair(GenerateDataKeyPairWithoutPlaintextRequest request) {
        GenerateDataKeyPairRequest alike =
                Shapes.copy(request, GenerateDataKeyPairRequest.builder()).build();
        return Shapes.copy(
                        dataKeyPair(alike, "GenerateDataKeyPairWithoutPlaintext"),
                        GenerateDataKeyPairWithoutPlaintextResponse.builder())
                .build();
    }

    private GenerateDataKeyPairResponse dataKeyPair(GenerateDataKeyPairRequest request, String operation) {
        KeyUse.checkRecipient(request.recipient(), operation);
        KmsKey key = wrapping(request.keyId(), request.encryptionContext(), operation);
        KeySpec spec = KeySpec.fromValue(request.keyPairSpecAsString());
        KeySpecs.family(spec);
        KeyUse.stopIfDry(request.dryRun());
        KeySpecs.Generated pair = KeySpecs.generate(spec);
        return GenerateDataKeyPairResponse.builder()
                .keyId(key.arn())
                .keyPairSpec(request.keyPairSpec())
                .publicKey(SdkBytes.fromByteArray(pair.publicKey()))
                .privateKeyPlaintext(SdkBytes.fromByteArray(pair.secret()))
                .privateKeyCiphertextBlob(wrapped(key, pair.secret(), request.encryptionContext()))
                .keyMaterialId(materialId(key).orElse(null))
                .build();
    }

    GenerateRandomResponse random(GenerateRandomRequest request) {
        KeyUse.checkRecipient(request.recipient(), "GenerateRandom");
        if (request.numberOfBytes() == null) {
            throw AwsError.validation("NumberOfBytes is required.");
        }
        byte[] bytes = request.customKeyStoreId() == null
                ? KeySpecs.random(request.numberOfBytes())
                : stores.random(request.customKeyStoreId(), request.numberOfBytes());
        return GenerateRandomResponse.builder()
                .plaintext(SdkBytes.fromByteArray(bytes))
                .build();
    }

    /** Data keys are only encrypted under symmetric keys. */
    private KmsKey wrapping(String name, Map<String, String> context, String operation) {
        KmsKey key = use.usable(keys.named(name), KeyUsageType.ENCRYPT_DECRYPT, operation);
        if (key.spec() != KeySpec.SYMMETRIC_DEFAULT) {
            throw InvalidKeyUsageException.builder()
                    .message(key.arn() + " key spec is " + key.spec() + " which is not valid for " + operation + ".")
                    .build();
        }
        checkContext(key, context);
        return key;
    }

    private SdkBytes wrapped(KmsKey key, byte[] plaintext, Map<String, String> context) {
        return SdkBytes.fromByteArray(encrypted(key, EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT, plaintext, context));
    }

    /** What made a ciphertext: the symmetric one says so itself, of any other the caller does. */
    private record Source(
            KmsKey key, EncryptionAlgorithmSpec algorithm, Optional<SymmetricCiphertext> symmetric, byte[] blob) {
        Optional<String> materialId() {
            return symmetric.map(SymmetricCiphertext::materialId);
        }
    }

    private Source source(SdkBytes blob, String name, EncryptionAlgorithmSpec asked, String operation) {
        byte[] bytes = blob.asByteArray();
        Optional<KmsKey> named = Optional.ofNullable(name).map(keys::named);
        EncryptionAlgorithmSpec algorithm =
                Optional.ofNullable(asked).orElse(EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT);
        if (algorithm != EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT) {
            KmsKey key = use.usable(
                    named.orElseThrow(() -> AwsError.validation("KeyId must be specified when using " + algorithm)),
                    KeyUsageType.ENCRYPT_DECRYPT,
                    operation);
            return new Source(key, algorithm(key, algorithm), Optional.empty(), bytes);
        }
        named.ifPresent(key -> algorithm(use.usable(key, KeyUsageType.ENCRYPT_DECRYPT, operation), algorithm));
        SymmetricCiphertext ciphertext = SymmetricCiphertext.read(bytes).orElseThrow(Encryption::invalidCiphertext);
        if (named.isPresent()
                && !(named.get().id().equals(ciphertext.keyId())
                        && named.get().account().equals(ciphertext.account()))) {
            throw IncorrectKeyException.builder()
                    .message("The key ID in the request does not identify a CMK that can perform this operation.")
                    .build();
        }
        KmsKey key = keys.find(ciphertext.account(), ciphertext.keyId()).orElseThrow(() -> unknownKey(operation));
        return new Source(
                use.usable(key, KeyUsageType.ENCRYPT_DECRYPT, operation), algorithm, Optional.of(ciphertext), bytes);
    }

    private static AwsError unknownKey(String operation) {
        return AwsError.accessDenied(
                "User: " + CallContext.current().principal().arn()
                        + " is not authorized to perform: kms:" + operation
                        + " on the resource associated with this ciphertext because the resource does not exist in this Region,"
                        + " no resource-based policies allow access, or a resource-based policy explicitly denies access");
    }

    private static InvalidCiphertextException invalidCiphertext() {
        return InvalidCiphertextException.builder()
                .message("The ciphertext is invalid, or its encryption context is another.")
                .build();
    }

    private byte[] decrypted(Source source, Map<String, String> context) {
        checkContext(source.key, context);
        try {
            if (source.symmetric.isEmpty()) {
                KmsKey.Material material = source.key.current().orElseThrow();
                Cipher cipher = oaep(source.algorithm);
                cipher.init(
                        Cipher.DECRYPT_MODE,
                        KeySpecs.privateKey(source.key.spec(), materials.secret(source.key, material)),
                        parameters(source.algorithm));
                return cipher.doFinal(source.blob);
            }
            SymmetricCiphertext ciphertext = source.symmetric.get();
            KmsKey.Material material = source.key
                    .material(ciphertext.materialId())
                    .filter(present -> present.encrypted().length > 0)
                    .orElseThrow(Encryption::invalidCiphertext);
            return ciphertext.decrypt(gcm(source.key, material), context);
        } catch (GeneralSecurityException changed) {
            throw invalidCiphertext();
        } catch (ProviderException silent) {
            throw lost(source.key);
        }
    }

    private byte[] encrypted(
            KmsKey key, EncryptionAlgorithmSpec algorithm, byte[] plaintext, Map<String, String> context) {
        KmsKey.Material material = key.current().orElseThrow();
        if (algorithm == EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT) {
            try {
                return SymmetricCiphertext.encrypt(key, material.id(), gcm(key, material), plaintext, context);
            } catch (ProviderException silent) {
                throw lost(key);
            }
        }
        try {
            Cipher cipher = oaep(algorithm);
            cipher.init(
                    Cipher.ENCRYPT_MODE, KeySpecs.publicKey(key.spec(), material.publicKey()), parameters(algorithm));
            return cipher.doFinal(plaintext);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("a text cannot be encrypted with " + key.arn(), failure);
        }
    }

    /** The key, here or in the module of its owner's. */
    private SymmetricCiphertext.GcmKey gcm(KmsKey key, KmsKey.Material material) {
        if (key.keyStoreId().isEmpty()) {
            return SymmetricCiphertext.GcmKey.derivedFrom(materials.secret(key, material));
        }
        HsmClusters.Connection module = stores.connection(key).orElseThrow(() -> unavailable(key));
        return (mode, salt, parameters) -> module.cipher(key.label(), mode, parameters);
    }

    /** The module of a key does not do what it should: the next call logs in anew. */
    private KmsInvalidStateException lost(KmsKey key) {
        stores.lost(key);
        return unavailable(key);
    }

    private static KmsInvalidStateException unavailable(KmsKey key) {
        return KeyUse.invalidState(key.arn() + " is unavailable because its custom key store is not connected.");
    }

    private static Cipher oaep(EncryptionAlgorithmSpec algorithm) throws GeneralSecurityException {
        return Cipher.getInstance(
                algorithm == EncryptionAlgorithmSpec.RSAES_OAEP_SHA_1
                        ? "RSA/ECB/OAEPWithSHA-1AndMGF1Padding"
                        : "RSA/ECB/OAEPWithSHA-256AndMGF1Padding");
    }

    /** The mask uses the hash of the label, other than in the JDK's defaults. */
    private static OAEPParameterSpec parameters(EncryptionAlgorithmSpec algorithm) {
        return algorithm == EncryptionAlgorithmSpec.RSAES_OAEP_SHA_1
                ? new OAEPParameterSpec("SHA-1", "MGF1", MGF1ParameterSpec.SHA1, PSource.PSpecified.DEFAULT)
                : new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);
    }

    private static EncryptionAlgorithmSpec algorithm(KmsKey key, EncryptionAlgorithmSpec asked) {
        EncryptionAlgorithmSpec algorithm =
                Optional.ofNullable(asked).orElse(EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT);
        if (!KeySpecs.algorithms(key.spec(), key.usage()).encryption().contains(algorithm)) {
            throw InvalidKeyUsageException.builder()
                    .message("Algorithm " + algorithm + " and key spec " + key.spec() + " are incompatible.")
                    .build();
        }
        return algorithm;
    }

    private static void checkLength(KmsKey key, EncryptionAlgorithmSpec algorithm, byte[] plaintext) {
        if (algorithm == EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT) {
            return; // The shape limits it to 4,096 bytes.
        }
        int hash = algorithm == EncryptionAlgorithmSpec.RSAES_OAEP_SHA_1 ? 20 : 32;
        int most = KeySpecs.modulusBits(key.spec()) / Byte.SIZE - 2 * hash - 2;
        if (plaintext.length > most) {
            throw AwsError.validation("Algorithm " + algorithm + " and key spec " + key.spec()
                    + " cannot encrypt data larger than " + most + " bytes.");
        }
    }

    private static void checkContext(KmsKey key, Map<String, String> context) {
        if (context.isEmpty()) {
            return;
        }
        if (key.spec() != KeySpec.SYMMETRIC_DEFAULT) {
            throw AwsError.validation("EncryptionContext is not supported with asymmetric keys.");
        }
        int length = context.entrySet().stream()
                .mapToInt(pair -> pair.getKey().length() + pair.getValue().length())
                .sum();
        if (length > LONGEST_CONTEXT) {
            throw AwsError.validation("EncryptionContext must be at most " + LONGEST_CONTEXT + " characters long.");
        }
    }

    private static Optional<String> materialId(KmsKey key) {
        return key.spec() == KeySpec.SYMMETRIC_DEFAULT ? key.current().map(KmsKey.Material::id) : Optional.empty();
    }
}
