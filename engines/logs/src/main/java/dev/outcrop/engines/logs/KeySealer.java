package dev.outcrop.engines.logs;

import java.security.GeneralSecurityException;

/** Encrypts the keys that files are encrypted under. */
public interface KeySealer {
    /**
     * Encrypts a file's key.
     *
     * @param group whose events the file holds; empty for the log that all groups share
     */
    byte[] seal(String group, byte[] key);

    /**
     * Decrypts what {@link #seal} gave.
     *
     * @throws GeneralSecurityException if it was not made here for that group
     */
    byte[] unseal(String group, byte[] sealed) throws GeneralSecurityException;
}
