package dev.outcrop.services.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.OriginType;

class SymmetricCiphertextTest {
    private static final KmsKey KEY = new KmsKey(
            "123456789012",
            "us-east-1",
            "1234abcd-12ab-34cd-56ef-1234567890ab",
            KeySpec.SYMMETRIC_DEFAULT,
            KeyUsageType.ENCRYPT_DECRYPT,
            OriginType.AWS_KMS,
            false,
            false,
            0,
            "",
            "",
            true,
            0,
            0,
            KmsKey.Rotation.NONE,
            List.of(),
            new KmsKey.Related("us-east-1", List.of()),
            "");
    private static final String MATERIAL = "0123456789abcdef".repeat(4);
    private static final SymmetricCiphertext.GcmKey SECRET = SymmetricCiphertext.GcmKey.derivedFrom(new byte[32]);

    private static SymmetricCiphertext read(byte[] blob) {
        return SymmetricCiphertext.read(blob).orElseThrow();
    }

    @Property(tries = 200)
    void everyTextComesBack(@ForAll @Size(max = 4096) byte[] text, @ForAll Map<String, String> context)
            throws Exception {
        byte[] blob = SymmetricCiphertext.encrypt(KEY, MATERIAL, SECRET, text, context);

        SymmetricCiphertext ciphertext = read(blob);
        assertThat(ciphertext.decrypt(SECRET, context)).isEqualTo(text);
        assertThat(ciphertext.keyId()).isEqualTo(KEY.id());
        assertThat(ciphertext.materialId()).isEqualTo(MATERIAL);
        assertThat(ciphertext.account()).isEqualTo(KEY.account());
    }

    @Test
    void noBitCanBeChanged() {
        byte[] blob = SymmetricCiphertext.encrypt(
                KEY, MATERIAL, SECRET, "a text".getBytes(StandardCharsets.UTF_8), Map.of("a", "1"));

        for (int bit = 0; bit < blob.length * Byte.SIZE; bit++) {
            byte[] changed = blob.clone();
            changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            SymmetricCiphertext.read(changed)
                    .ifPresent(ciphertext -> assertThatThrownBy(() -> ciphertext.decrypt(SECRET, Map.of("a", "1")))
                            .isInstanceOf(GeneralSecurityException.class));
        }
    }

    @Property(tries = 200)
    void anotherContextFails(@ForAll Map<String, String> one, @ForAll Map<String, String> two) {
        byte[] blob = SymmetricCiphertext.encrypt(KEY, MATERIAL, SECRET, new byte[1], one);

        if (!one.equals(two)) {
            assertThatThrownBy(() -> read(blob).decrypt(SECRET, two)).isInstanceOf(GeneralSecurityException.class);
        }
    }

    @Property(tries = 500)
    void foreignBytesAreNoCiphertexts(@ForAll @Size(max = 300) byte[] bytes) {
        SymmetricCiphertext.read(bytes)
                .ifPresent(ciphertext -> assertThatThrownBy(() -> ciphertext.decrypt(SECRET, Map.of()))
                        .isInstanceOf(GeneralSecurityException.class));
    }
}
