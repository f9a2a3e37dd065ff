package dev.outcrop.engines.models;

import dev.outcrop.engines.models.Progress.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Cryptographic sums of files. */
final class Digests {
    private static final int BUFFER = 1 << 20;

    private Digests() {}

    static MessageDigest sha256() {
        return digest("SHA-256");
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    /** The name that git gives to a file's content: SHA-1 over a header with the length, then the content. */
    static String gitBlob(Path file) throws IOException {
        MessageDigest digest = digest("SHA-1");
        digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return hex(digest);
    }

    /** The SHA-256 of a file, reporting on the way. */
    static String sha256(Path file, Transfer transfer) throws IOException {
        MessageDigest digest = sha256();
        update(digest, file, transfer);
        return hex(digest);
    }

    /** Feeds a file's content to a digest, reporting on the way. */
    static void update(MessageDigest digest, Path file, Transfer transfer) throws IOException {
        long size = Files.size(file);
        transfer.begin(Phase.VERIFYING, 0, size, "");
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            long done = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                Interruption.check();
                digest.update(buffer, 0, read);
                done += read;
                transfer.advance(Phase.VERIFYING, done, size, "");
            }
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
