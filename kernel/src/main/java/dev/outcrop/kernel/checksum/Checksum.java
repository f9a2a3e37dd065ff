package dev.outcrop.kernel.checksum;

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
    public static boolean isEncoded(String value, int length) {
        try {
            return value.length() == length && Base64.getDecoder().decode(value).length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether the checksum of a whole can be told from those of its pieces. */
    public boolean isCyclic() {
        return switch (this) {
            case CRC32, CRC32C, CRC64NVME -> true;
            case SHA1, SHA256 -> false;
        };
    }

    /**
     * The checksum of two pieces one behind the other, from theirs in base64.
     *
     * @param secondLength how many bytes the second piece has
     * @throws IllegalArgumentException if this checksum is not cyclic
     */
    public String combine(String first, String second, long secondLength) {
        CyclicCode code = switch (this) {
            case CRC32 -> new CyclicCode(0xEDB88320L, Integer.SIZE);
            case CRC32C -> new CyclicCode(0x82F63B78L, Integer.SIZE);
            case CRC64NVME -> new CyclicCode(Crc64Nvme.POLYNOMIAL, Long.SIZE);
            case SHA1, SHA256 -> throw new IllegalArgumentException(this + " is not cyclic");
        };
        return base64(code.combine(number(first), number(second), secondLength), code.width() / Byte.SIZE);
    }

    private static long number(String base64) {
        byte[] octets = Base64.getDecoder().decode(base64);
        return octets.length == Integer.BYTES
                ? Integer.toUnsignedLong(ByteBuffer.wrap(octets).getInt())
                : ByteBuffer.wrap(octets).getLong();
    }

    private static String base64(long value, int width) {
        byte[] octets = width == Integer.BYTES
                ? ByteBuffer.allocate(width).putInt((int) value).array()
                : ByteBuffer.allocate(width).putLong(value).array();
        return Base64.getEncoder().encodeToString(octets);
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
            return Checksum.base64(code.getValue(), width);
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
