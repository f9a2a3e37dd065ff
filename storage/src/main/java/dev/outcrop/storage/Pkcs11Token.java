package dev.outcrop.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.Security;
import java.security.UnrecoverableKeyException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.security.auth.login.LoginException;

/**
 * A token of a PKCS #11 module, such as a hardware security module has: AES-256 keys that are made and used in it and never
 * leave it. The module's native code runs in this process. Safe for concurrent use.
 *
 * <p>Source: OASIS, "PKCS #11 Cryptographic Token Interface"; the JDK's "PKCS#11 Reference Guide".
 */
public final class Pkcs11Token implements AutoCloseable {
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int KEY_BITS = 256;
    private static final AtomicLong OPENED = new AtomicLong();

    private final Provider provider;
    private final KeyStore keys;

    private Pkcs11Token(Provider provider, KeyStore keys) {
        this.provider = provider;
        this.keys = keys;
    }

    /**
     * Where a token is.
     *
     * @param library   the module, a shared library
     * @param slotIndex which of its slots, counted from 0
     */
    public record Module(Path library, int slotIndex) {}

    /**
     * Logs in to a token.
     *
     * @throws LoginException   if the token does not know the PIN
     * @throws StorageException if there is no such module or token
     */
    public static Pkcs11Token open(Module module, char[] pin) throws LoginException {
        if (module.library.toString().indexOf('\n') >= 0) {
            throw new StorageException("the PKCS #11 module " + module.library + " has no name for a file");
        }
        try {
            Provider provider = Security.getProvider("SunPKCS11").configure("""
                    --name = outcrop%d
                    library = "%s"
                    slotListIndex = %d
                    attributes(generate, CKO_SECRET_KEY, CKK_AES) = {
                      CKA_SENSITIVE = true
                      CKA_EXTRACTABLE = false
                      CKA_ENCRYPT = true
                      CKA_DECRYPT = true
                    }
                    """.formatted(
                            OPENED.incrementAndGet(),
                            module.library.toString().replace("\\", "\\\\").replace("\"", "\\\""),
                            module.slotIndex));
            KeyStore keys = KeyStore.getInstance("PKCS11", provider);
            keys.load(null, pin);
            return new Pkcs11Token(provider, keys);
        } catch (IOException failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof LoginException || cause instanceof UnrecoverableKeyException) {
                    throw new LoginException("the PIN of the token of " + module.library + " is another");
                }
            }
            throw unusable(module, failure);
        } catch (GeneralSecurityException
                | InvalidParameterException
                | ProviderException
                | UnsupportedOperationException failure) {
            throw unusable(module, failure);
        }
    }

    private static StorageException unusable(Module module, Exception failure) {
        return new StorageException(
                "the PKCS #11 module " + module.library + " cannot be used: " + failure.getMessage(), failure);
    }

    /** The key called {@code label}, if there is one. */
    public Optional<SecretKey> find(String label) throws GeneralSecurityException {
        return keys.getKey(label, null) instanceof SecretKey key ? Optional.of(key) : Optional.empty();
    }

    /** Makes a key called {@code label}, which stays in the token. */
    public SecretKey create(String label) throws GeneralSecurityException {
        KeyGenerator generator = KeyGenerator.getInstance("AES", provider);
        generator.init(KEY_BITS);
        keys.setEntry(label, new KeyStore.SecretKeyEntry(generator.generateKey()), null);
        return find(label).orElseThrow(() -> new GeneralSecurityException("the token did not keep the key " + label));
    }

    /** Removes the key called {@code label}, if there is one. */
    public void delete(String label) throws GeneralSecurityException {
        keys.deleteEntry(label);
    }

    /** AES-GCM for keys of this token. */
    public Cipher gcm() throws GeneralSecurityException {
        return Cipher.getInstance(CIPHER, provider);
    }

    /** {@code count} bytes of the token's own random numbers. */
    public byte[] random(int count) throws GeneralSecurityException {
        byte[] bytes = new byte[count];
        SecureRandom.getInstance("PKCS11", provider).nextBytes(bytes);
        return bytes;
    }

    /** Logs out. */
    @Override
    public void close() {
        if (provider instanceof AuthProvider authenticated) {
            try {
                authenticated.logout();
            } catch (LoginException | ProviderException alreadyOut) {
                // That is what was wanted.
            }
        }
    }
}
