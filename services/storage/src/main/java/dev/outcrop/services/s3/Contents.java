package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.checksum.Checksum;
import dev.outcrop.storage.ObjectTooLargeException;
import dev.outcrop.storage.Objects;
import dev.outcrop.storage.buckets.Content;
import dev.outcrop.storage.buckets.ContentChecksum;
import dev.outcrop.storage.buckets.Part;
import dev.outcrop.storage.buckets.Uploads;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;
import software.amazon.awssdk.core.SdkPojo;

/** The bytes of objects, going in and coming out. They are never held in memory. */
final class Contents {
    /** The longest object that is put in one piece, and the longest part. */
    static final long LARGEST_PUT = 5L << 30;

    private static final int MOST_PARTS = 10_000;

    private final Objects objects;
    private final Uploads uploads;

    Contents(Objects objects, Uploads uploads) {
        this.objects = objects;
        this.uploads = uploads;
    }

    /**
     * What a request says of the checksums of the bytes that it brings.
     *
     * @param algorithm the one to compute; empty for the default
     * @param expected  what some must come to, in base64
     * @param md5       what the MD5 must come to, in base64
     */
    record Expected(Optional<Checksum> algorithm, Map<Checksum, String> expected, Optional<String> md5) {
        static final Expected NOTHING = new Expected(Optional.empty(), Map.of(), Optional.empty());

        /** Of a request, where {@code algorithm} and {@code md5} may be null. */
        static Expected of(SdkPojo request, String algorithm, String md5) {
            Map<Checksum, String> values = new EnumMap<>(Checksum.class);
            Members.checksums(request).forEach((name, value) -> values.put(algorithm(name), value));
            if (values.size() > 1) {
                throw Errors.invalidRequest(
                        "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
            }
            Optional<Checksum> wanted = values.keySet().stream()
                    .findFirst()
                    .or(() -> Optional.ofNullable(algorithm).map(Expected::algorithm));
            return new Expected(wanted, values, Optional.ofNullable(md5));
        }

        /** Whether the request lets its bytes be checked, by a checksum that comes before or after them or a digest. */
        boolean isGiven() {
            return algorithm.isPresent() || md5.isPresent();
        }

        static Checksum algorithm(String name) {
            try {
                return Checksum.valueOf(name);
            } catch (IllegalArgumentException unknown) {
                throw Errors.invalidRequest(
                        "Checksum algorithm provided is unsupported. Please try again with any of the"
                                + " valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
            }
        }
    }

    /** Bytes that are on disk, or sealed to be kept in a record, and that nobody refers to yet. */
    record Received(String id, long size, String etag, Map<Checksum, String> checksums, byte[] sealed) {
        ContentChecksum checksum(Checksum algorithm) {
            return new ContentChecksum(algorithm.name(), checksums.get(algorithm), false);
        }

        Content content(Checksum algorithm) {
            return new Content(id, 0, size, etag, checksum(algorithm), sealed);
        }
    }

    /**
     * Stores what {@code body} holds.
     *
     * @param kept the checksum that is wanted of it, beside those that {@code expected} names
     * @param seal what the bytes are sealed with, where not the store's own encryption alone is wanted
     * @throws AwsError if it is not as expected; nothing is stored then
     */
    Received receive(InputStream body, Expected expected, Checksum kept, Optional<SecretKey> seal) {
        Map<Checksum, Checksum.Computation> computations = new EnumMap<>(Checksum.class);
        computations.put(kept, kept.begin());
        expected.algorithm().ifPresent(one -> computations.putIfAbsent(one, one.begin()));
        int overhead = seal.isPresent() ? SealedContent.OVERHEAD : 0;
        // What is stored of sealed bytes has another MD5, which is their entity tag, too.
        Optional<MessageDigest> md5 =
                seal.isPresent() && expected.md5().isPresent() ? Optional.of(md5()) : Optional.empty();
        try (Measured measured = new Measured(body, computations, md5);
                InputStream sealed = seal.<InputStream>map(key -> SealedContent.seal(measured, key))
                        .orElse(measured)) {
            Objects.StoredObject stored = objects.writeOrSeal(sealed, LARGEST_PUT + overhead);
            Map<Checksum, String> computed = new EnumMap<>(Checksum.class);
            computations.forEach((algorithm, computation) -> computed.put(algorithm, computation.base64()));
            Received received = new Received(
                    stored.id(),
                    stored.size() - overhead,
                    HexFormat.of().formatHex(stored.md5()),
                    computed,
                    stored.sealed());
            try {
                verify(expected, computed, md5.map(MessageDigest::digest).orElseGet(stored::md5));
            } catch (AwsError wrong) {
                drop(received);
                throw wrong;
            }
            return received;
        } catch (ObjectTooLargeException tooLarge) {
            throw Errors.tooLarge(LARGEST_PUT + 1, LARGEST_PUT);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static void verify(Expected expected, Map<Checksum, String> computed, byte[] md5) {
        expected.expected().forEach((algorithm, value) -> {
            if (!value.equals(computed.get(algorithm))) {
                throw Errors.badDigest(algorithm.name());
            }
        });
        if (expected.md5().isPresent()
                && !expected.md5().get().equals(Base64.getEncoder().encodeToString(md5))) {
            throw new AwsError("BadDigest", 400, "The Content-MD5 you specified did not match what we received.");
        }
    }

    /** The checksum that a content has. */
    static Checksum algorithm(Content content) {
        return content.checksum().isPresent()
                ? Checksum.valueOf(content.checksum().algorithm())
                : Checksum.CRC64NVME;
    }

    /** Forgets bytes that nobody came to refer to. */
    void drop(Received received) {
        if (!received.id().isEmpty()) {
            objects.delete(received.id());
        }
    }

    /**
     * Some bytes of a content.
     *
     * @param seal what it was sealed with; empty where that is the store's own encryption alone
     */
    InputStream read(Content content, ByteRange range, Optional<SecretKey> seal) {
        if (content.parts() == 0) {
            return open(content.id(), content.sealed(), range, seal);
        }
        return new SequenceInputStream(new PartStreams(parts(content).iterator(), range, seal));
    }

    /** @param held the bytes as a record holds them, if it does */
    private InputStream open(String id, byte[] held, ByteRange range, Optional<SecretKey> seal) {
        SealedContent.Stored stored = held.length > 0
                ? (offset, length) -> unsealed(held, offset, length)
                : (offset, length) -> objects.read(id, offset, length);
        return seal.map(key -> SealedContent.open(stored, key, range))
                .orElseGet(() -> stored.read(range.first(), range.length()));
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has MD5", impossible);
        }
    }

    private InputStream unsealed(byte[] sealed, long first, long length) {
        try {
            // No more of it than fits into a record.
            return new ByteArrayInputStream(objects.unseal(sealed), (int) first, (int) length);
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    /** The parts that a content is made of; none if it was not uploaded in parts. */
    List<Part> parts(Content content) {
        return content.parts() == 0 ? List.of() : uploads.parts(content.id(), 0, MOST_PARTS);
    }

    /** Opens one part after the other. */
    @SuppressWarnings("JdkObsolete") // SequenceInputStream takes nothing newer.
    private final class PartStreams implements Enumeration<InputStream> {
        private final Iterator<Part> parts;
        private final Optional<SecretKey> seal;
        private long skip;
        private long left;

        PartStreams(Iterator<Part> parts, ByteRange range, Optional<SecretKey> seal) {
            this.parts = parts;
            this.seal = seal;
            skip = range.first();
            left = range.length();
        }

        @Override
        public boolean hasMoreElements() {
            return left > 0 && parts.hasNext();
        }

        @Override
        public InputStream nextElement() {
            Part part = parts.next();
            while (skip >= part.size()) {
                skip -= part.size();
                part = parts.next();
            }
            long length = Math.min(left, part.size() - skip);
            InputStream stream = open(part.object(), part.sealed(), new ByteRange(skip, length), seal);
            skip = 0;
            left -= length;
            return stream;
        }
    }

    /** Computes checksums of what is read. */
    private static final class Measured extends FilterInputStream {
        private final Checksum.Computation[] computations;
        private final Optional<MessageDigest> md5;

        Measured(InputStream body, Map<Checksum, Checksum.Computation> computations, Optional<MessageDigest> md5) {
            super(body);
            this.computations = computations.values().toArray(Checksum.Computation[]::new);
            this.md5 = md5;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (count > 0) {
                Arrays.stream(computations).forEach(computation -> computation.update(buffer, offset, count));
                md5.ifPresent(digest -> digest.update(buffer, offset, count));
            }
            return count;
        }
    }
}
