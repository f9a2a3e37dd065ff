package dev.outcrop.services.s3vectors;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.storage.RecordQuery.Cursor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * Places in lists of vectors, for page tokens of at most 2,048 characters: the key that comes before, or, where that is
 * long, how it begins and its digest.
 */
final class VectorPlaces {
    private static final int LONGEST_BYTES = 1000;
    /** Three bytes a character at most, but for pairs of surrogates, which have four. */
    private static final int LONGEST_CHARACTERS = LONGEST_BYTES / 3;

    private final PageTokens tokens;

    VectorPlaces(PageTokens tokens) {
        this.tokens = tokens;
    }

    /**
     * A place behind a key.
     *
     * @param begin  the key, or how it begins
     * @param digest of the key where it is longer; else empty
     */
    record Place(String begin, String digest) {
        /** Whether this is the place behind {@code key}. */
        boolean isBehind(String key) {
            return digest.isEmpty() ? begin.equals(key) : digest.equals(digestOf(key));
        }
    }

    String token(String list, String key) {
        boolean isShort = key.getBytes(StandardCharsets.UTF_8).length <= LONGEST_BYTES;
        int end = LONGEST_CHARACTERS;
        if (!isShort && Character.isHighSurrogate(key.charAt(end - 1))) {
            end--;
        }
        return isShort
                ? tokens.token(list, new Cursor(Instant.EPOCH, "", "", key))
                : tokens.token(list, new Cursor(Instant.EPOCH, digestOf(key), "", key.substring(0, end)));
    }

    /** What {@link #token} was made of. */
    Place place(String list, String token) {
        try {
            Cursor cursor = tokens.place(list, token);
            return new Place(cursor.id(), cursor.account());
        } catch (AwsError foreign) {
            throw Failures.invalid("Invalid nextToken");
        }
    }

    /** A digest that tells keys apart. */
    static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private static String digestOf(String key) {
        return HexFormat.of().formatHex(sha256(key));
    }
}
