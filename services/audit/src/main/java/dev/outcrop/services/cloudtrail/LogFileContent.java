package dev.outcrop.services.cloudtrail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * A file of events.
 *
 * @param compressed as it is put into the bucket
 * @param hash       SHA-256 of what it holds, in hexadecimal
 * @param oldest     the time of its oldest event
 * @param newest     the time of its newest event
 */
record LogFileContent(byte[] compressed, String hash, String oldest, String newest) {
    /** The file with {@code events}, of which there is one at least. */
    static LogFileContent of(List<byte[]> events) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes("{\"Records\":[".getBytes(UTF_8));
        String oldest = "~";
        String newest = "";
        for (byte[] event : events) {
            if (!newest.isEmpty()) {
                text.write(',');
            }
            text.writeBytes(event);
            String time = AuditEvent.read(event).field("eventTime");
            oldest = time.compareTo(oldest) < 0 ? time : oldest;
            newest = time.compareTo(newest) > 0 ? time : newest;
        }
        text.writeBytes("]}".getBytes(UTF_8));
        return new LogFileContent(gzip(text.toByteArray()), sha256(text.toByteArray()), oldest, newest);
    }

    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream compressed = new GZIPOutputStream(bytes)) {
            compressed.write(content);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** In hexadecimal. */
    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
