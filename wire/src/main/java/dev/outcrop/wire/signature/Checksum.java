package dev.outcrop.wire.signature;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** The checksums that clients send with a body, in a header or in a trailer, in base64. */
public enum Checksum {
    CRC32("x-amz-checksum-crc32"),
    CRC32C("x-amz-checksum-crc32c"),
    CRC64NVME("x-amz-checksum-crc64nvme"),
    SHA1("x-amz-checksum-sha1"),
    SHA256("x-amz-checksum-sha256");

    private final String header;

    Checksum(String header) {
        this.header = header;
    }

    /** The name of the header or trailer that carries it. */
    public String header() {
        return header;
    }

    /** The checksum that the header called {@code name} carries, if it carries one. */
    public static Optional<Checksum> named(String name) {
        for (Checksum checksum : values()) {
            if (checksum.header.equalsIgnoreCase(name)) {
                return Optional.of(checksum);
            }
        }
        return Optional.empty();
    }

    /** Whether {@code value} is base64 of as many octets as base64 of {@code length} characters stands for. */
    static boolean isEncoded(String value, int length) {
        try {
            return value.length() == length && Base64.getDecoder().decode(value).length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** A computation of this checksum. */
    public Computation begin() {
        return switch (this) {
            case CRC32 -> new Cyclic(new CRC32(), Integer.BYTES);
            case CRC32C -> new Cyclic(new CRC32C(), Integer.BYTES);
            case CRC64NVME -> new Cyclic(new Crc64Nvme(), Long.BYTES);
            case SHA1 -> new Digested("SHA-1");
            case SHA256 -> new Digested("SHA-256");
        };
    }

    /** A checksum over the bytes that it is given. */
    public sealed interface Computation {
        /** Takes in more bytes. */
        void update(byte[] buffer, int offset, int length);

        /** The checksum of all bytes, in base64. To be called once. */
        String base64();
    }

    private record Cyclic(java.util.zip.Checksum code, int width) implements Computation {
        @Override
        public void update(byte[] buffer, int offset, int length) {
            code.update(buffer, offset, length);
        }

        @Override
        public String base64() {
            byte[] octets = width == Integer.BYTES
                    ? ByteBuffer.allocate(width).putInt((int) code.getValue()).array()
                    : ByteBuffer.allocate(width).putLong(code.getValue()).array();
            return Base64.getEncoder().encodeToString(octets);
        }
    }

    private static final class Digested implements Computation {
        private final MessageDigest digest;

        Digested(String algorithm) {
            try {
                digest = MessageDigest.getInstance(algorithm);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has " + algorithm, e);
            }
        }

        @Override
        public void update(byte[] buffer, int offset, int length) {
            digest.update(buffer, offset, length);
        }

        @Override
        public String base64() {
            return Base64.getEncoder().encodeToString(digest.digest());
        }
    }
}
