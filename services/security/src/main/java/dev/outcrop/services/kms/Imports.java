package dev.outcrop.services.kms;

import dev.outcrop.kernel.AwsError;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.interfaces.RSAKey;
import java.security.spec.MGF1ParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.AlgorithmSpec;
import software.amazon.awssdk.services.kms.model.DeleteImportedKeyMaterialRequest;
import software.amazon.awssdk.services.kms.model.DeleteImportedKeyMaterialResponse;
import software.amazon.awssdk.services.kms.model.ExpirationModelType;
import software.amazon.awssdk.services.kms.model.ExpiredImportTokenException;
import software.amazon.awssdk.services.kms.model.GetParametersForImportRequest;
import software.amazon.awssdk.services.kms.model.GetParametersForImportResponse;
import software.amazon.awssdk.services.kms.model.ImportKeyMaterialRequest;
import software.amazon.awssdk.services.kms.model.ImportKeyMaterialResponse;
import software.amazon.awssdk.services.kms.model.ImportType;
import software.amazon.awssdk.services.kms.model.IncorrectKeyMaterialException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.InvalidImportTokenException;
import software.amazon.awssdk.services.kms.model.KeyMaterialState;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.OriginType;
import software.amazon.awssdk.services.kms.model.WrappingKeySpec;

/**
 * Import of key material that was made elsewhere. The token carries the private half of the wrapping key, encrypted under
 * the master key, so that nothing has to be kept between the two calls.
 *
 * <p>Source: "Importing key material for AWS KMS keys" of the AWS KMS developer guide; RFC 5649 for the key wrap.
 */
final class Imports {
    private static final Duration VALIDITY = Duration.ofHours(24);
    private static final Duration LONGEST_MATERIAL = Duration.ofDays(365);

    private final KmsKeys keys;
    private final Materials materials;
    private final KeyUse use;
    private final InstantSource clock;

    Imports(KmsKeys keys, Materials materials, KeyUse use, InstantSource clock) {
        this.keys = keys;
        this.materials = materials;
        this.use = use;
        this.clock = clock;
    }

    GetParametersForImportResponse parameters(GetParametersForImportRequest request) {
        KmsKey key = external(request.keyId(), "GetParametersForImport");
        AlgorithmSpec algorithm = request.wrappingAlgorithm();
        if (algorithm == AlgorithmSpec.RSAES_PKCS1_V1_5
                || algorithm == AlgorithmSpec.SM2_PKE
                || request.wrappingKeySpec() == WrappingKeySpec.SM2) {
            throw KeyUse.unsupported("The wrapping algorithm " + algorithm + " with a wrapping key of "
                    + request.wrappingKeySpec() + " is not supported.");
        }
        boolean large = KeySpecs.family(key.spec()) == KeySpecs.Family.RSA;
        if (large && !isTwoStep(algorithm)) {
            throw KeyUse.unsupported(
                    "The wrapping algorithm " + algorithm + " cannot wrap the key material of " + key.spec() + ".");
        }
        KeySpecs.Generated pair = KeySpecs.generate(KeySpec.fromValue(request.wrappingKeySpecAsString()));
        Instant validTo = clock.instant().plus(VALIDITY);
        byte[] name = algorithm.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] token = ByteBuffer.allocate(Long.BYTES + 1 + name.length + pair.secret().length)
                .putLong(validTo.toEpochMilli())
                .put((byte) name.length)
                .put(name)
                .put(pair.secret())
                .array();
        return GetParametersForImportResponse.builder()
                .keyId(key.arn())
                .importToken(SdkBytes.fromByteArray(materials.encrypted(token, tokenScope(key))))
                .publicKey(SdkBytes.fromByteArray(pair.publicKey()))
                .parametersValidTo(validTo)
                .build();
    }

    private static String tokenScope(KmsKey key) {
        return "kms import token " + key.arn();
    }

    private static boolean isTwoStep(AlgorithmSpec algorithm) {
        return algorithm == AlgorithmSpec.RSA_AES_KEY_WRAP_SHA_1 || algorithm == AlgorithmSpec.RSA_AES_KEY_WRAP_SHA_256;
    }

    private KmsKey external(String name, String operation) {
        KmsKey key = use.changeable(keys.identified(name), operation);
        if (key.origin() != OriginType.EXTERNAL) {
            throw KeyUse.unsupported(
                    key.arn() + " origin is " + key.origin() + " which is not valid for this operation.");
        }
        return key;
    }

    ImportKeyMaterialResponse importMaterial(ImportKeyMaterialRequest request) {
        KmsKey key = external(request.keyId(), "ImportKeyMaterial");
        long validTo = validTo(request);
        KeySpecs.Generated material = ImportedKeys.read(
                key.spec(),
                unwrapped(
                        key,
                        request.importToken().asByteArray(),
                        request.encryptedKeyMaterial().asByteArray()));
        byte[] fingerprint = fingerprint(material.secret());
        boolean asNew = request.importType() == ImportType.NEW_KEY_MATERIAL;
        if (asNew && key.spec() != KeySpec.SYMMETRIC_DEFAULT) {
            throw KeyUse.unsupported("Only symmetric encryption keys can have new key material.");
        }
        if (asNew && key.multiRegion()) {
            throw KeyUse.unsupported("Multi-Region keys with imported key material cannot have new key material.");
        }
        String freshId = materials.newId();
        String[] importedId = {freshId};
        keys.update(key, present -> {
            use.kept(present);
            Optional<KmsKey.Material> known = present.materials().stream()
                    .filter(old -> MessageDigest.isEqual(
                            materials.decrypted(old.fingerprint(), fingerprintScope(key, old.id())), fingerprint))
                    .findFirst();
            checkKnown(request, present, known, asNew);
            String id = known.map(KmsKey.Material::id).orElse(freshId);
            importedId[0] = id;
            KmsKey.Material imported = new KmsKey.Material(
                    id,
                    materials.encrypted(material.secret(), Materials.scope(key.id(), id)),
                    materials.encrypted(fingerprint, fingerprintScope(key, id)),
                    material.publicKey(),
                    known.map(KmsKey.Material::state)
                            .orElse(
                                    present.materials().isEmpty()
                                            ? KeyMaterialState.CURRENT
                                            : KeyMaterialState.PENDING_ROTATION),
                    known.map(KmsKey.Material::rotatedAt).orElse(0L),
                    known.map(KmsKey.Material::rotationType).orElse(""),
                    validTo,
                    Optional.ofNullable(request.keyMaterialDescription())
                            .or(() -> known.map(KmsKey.Material::description))
                            .orElse(""));
            if (known.isPresent()) {
                return present.replacing(imported);
            }
            List<KmsKey.Material> generations = new ArrayList<>(present.materials());
            generations.removeIf(old -> old.state() == KeyMaterialState.PENDING_ROTATION);
            generations.add(imported);
            return present.of(generations);
        });
        return ImportKeyMaterialResponse.builder()
                .keyId(key.arn())
                .keyMaterialId(importedId[0])
                .build();
    }

    /** The first material is bound to its key for good; only a rotation brings in another. */
    private static void checkKnown(
            ImportKeyMaterialRequest request, KmsKey key, Optional<KmsKey.Material> known, boolean asNew) {
        boolean otherThanNamed = request.keyMaterialId() != null
                && known.map(material -> !material.id().equals(request.keyMaterialId()))
                        .orElse(true);
        boolean unexpected = known.isEmpty() && !key.materials().isEmpty() && !asNew;
        if (otherThanNamed || unexpected) {
            throw IncorrectKeyMaterialException.builder()
                    .message("The key material in the request is not the same as the key material that was previously"
                            + " imported into this KMS key.")
                    .build();
        }
    }

    private long validTo(ImportKeyMaterialRequest request) {
        boolean expires = request.expirationModel() != ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE;
        if (expires && request.validTo() == null) {
            throw AwsError.validation("A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES");
        }
        if (!expires && request.validTo() != null) {
            throw AwsError.validation(
                    "A validTo date cannot be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE");
        }
        if (!expires) {
            return 0;
        }
        Instant now = clock.instant();
        if (!request.validTo().isAfter(now) || request.validTo().isAfter(now.plus(LONGEST_MATERIAL))) {
            throw AwsError.validation("The validTo date must be in the future and at most 365 days away");
        }
        return request.validTo().toEpochMilli();
    }

    private byte[] unwrapped(KmsKey key, byte[] token, byte[] wrapped) {
        ByteBuffer opened;
        try {
            opened = ByteBuffer.wrap(materials.opened(token, tokenScope(key)));
        } catch (GeneralSecurityException foreign) {
            throw InvalidImportTokenException.builder()
                    .message("The import token is invalid, or was given for another key.")
                    .build();
        }
        if (opened.getLong() <= clock.millis()) {
            throw ExpiredImportTokenException.builder()
                    .message("The import token has expired. Call GetParametersForImport again.")
                    .build();
        }
        byte[] name = new byte[opened.get()];
        opened.get(name);
        AlgorithmSpec algorithm = AlgorithmSpec.fromValue(new String(name, StandardCharsets.US_ASCII));
        byte[] pkcs8 = new byte[opened.remaining()];
        opened.get(pkcs8);
        try {
            PrivateKey privateKey = KeySpecs.privateKey(KeySpec.RSA_2048, pkcs8);
            if (!isTwoStep(algorithm)) {
                return oaep(algorithm, privateKey, wrapped);
            }
            int first = (((RSAKey) privateKey).getModulus().bitLength() + Byte.SIZE - 1) / Byte.SIZE;
            if (wrapped.length <= first) {
                throw invalidCiphertext();
            }
            byte[] wrappingKey = oaep(algorithm, privateKey, Arrays.copyOf(wrapped, first));
            Cipher wrap = Cipher.getInstance("AES/KWP/NoPadding");
            wrap.init(Cipher.DECRYPT_MODE, new SecretKeySpec(wrappingKey, "AES"));
            return wrap.doFinal(Arrays.copyOfRange(wrapped, first, wrapped.length));
        } catch (GeneralSecurityException | IllegalArgumentException wrong) {
            throw invalidCiphertext();
        }
    }

    private static InvalidCiphertextException invalidCiphertext() {
        return InvalidCiphertextException.builder()
                .message("The encrypted key material cannot be decrypted with the wrapping key of the import token.")
                .build();
    }

    private static byte[] oaep(AlgorithmSpec algorithm, PrivateKey key, byte[] wrapped)
            throws GeneralSecurityException {
        boolean sha1 = algorithm.toString().endsWith("_SHA_1");
        String hash = sha1 ? "SHA-1" : "SHA-256";
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPWith" + hash + "AndMGF1Padding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                key,
                new OAEPParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), PSource.PSpecified.DEFAULT));
        return cipher.doFinal(wrapped);
    }

    private static byte[] fingerprint(byte[] secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private static String fingerprintScope(KmsKey key, String materialId) {
        return "kms fingerprint " + key.id() + " " + materialId;
    }

    DeleteImportedKeyMaterialResponse deleteMaterial(DeleteImportedKeyMaterialRequest request) {
        KmsKey key = external(request.keyId(), "DeleteImportedKeyMaterial");
        KmsKey.Material material = Optional.ofNullable(request.keyMaterialId())
                .map(id -> key.material(id)
                        .orElseThrow(() -> NotFoundException.builder()
                                .message("Key material " + id + " of key '" + key.arn() + "' does not exist")
                                .build()))
                .or(key::current)
                .orElseThrow(() -> KeyUse.invalidState(key.arn() + " is pending import."));
        keys.update(
                key,
                present -> present.replacing(
                        present.material(material.id()).orElse(material).deleted()));
        return DeleteImportedKeyMaterialResponse.builder()
                .keyId(key.arn())
                .keyMaterialId(material.id())
                .build();
    }

    /** Forgets material that has expired. */
    void forgetExpired(KmsKey key) {
        Instant now = clock.instant();
        boolean expired = key.materials().stream()
                .anyMatch(material -> material.encrypted().length > 0 && !material.isPresent(now));
        if (expired) {
            keys.update(
                    key,
                    present -> present.of(present.materials().stream()
                            .map(material -> material.isPresent(now) ? material : material.deleted())
                            .toList()));
        }
    }
}
