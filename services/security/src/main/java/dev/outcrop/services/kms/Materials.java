package dev.outcrop.services.kms;

import dev.outcrop.kernel.Ids;
import dev.outcrop.storage.Secrets;
import java.security.GeneralSecurityException;
import software.amazon.awssdk.services.kms.model.KeyMaterialState;

/** The material of keys, which is kept under the master key, bound to its key. */
final class Materials {
    private final Secrets secrets;
    private final Ids ids;

    Materials(Secrets secrets, Ids ids) {
        this.secrets = secrets;
        this.ids = ids;
    }

    /** New material as the current one of the key with {@code id}. */
    KmsKey.Material made(String id, KeySpecs.Generated generated) {
        String materialId = ids.hexadecimal(64);
        return new KmsKey.Material(
                materialId,
                secrets.encrypt(generated.secret(), scope(id, materialId)),
                new byte[0],
                generated.publicKey(),
                KeyMaterialState.CURRENT,
                0,
                "",
                0,
                "");
    }

    /** What {@code material} is, in the clear. */
    byte[] secret(KmsKey key, KmsKey.Material material) {
        return decrypted(material.encrypted(), scope(key.id(), material.id()));
    }

    byte[] encrypted(byte[] secret, String scope) {
        return secrets.encrypt(secret, scope);
    }

    /**
     * What came back from a caller, in the clear.
     *
     * @throws GeneralSecurityException if it was not encrypted here for {@code scope}
     */
    byte[] opened(byte[] encrypted, String scope) throws GeneralSecurityException {
        return secrets.decrypt(encrypted, scope);
    }

    byte[] decrypted(byte[] encrypted, String scope) {
        try {
            return opened(encrypted, scope);
        } catch (GeneralSecurityException damaged) {
            throw new IllegalStateException("what is stored as " + scope + " was not encrypted here for it", damaged);
        }
    }

    String newId() {
        return ids.hexadecimal(64);
    }

    /** What the stored material of a key is bound to. */
    static String scope(String keyId, String materialId) {
        return "kms material " + keyId + " " + materialId;
    }
}
