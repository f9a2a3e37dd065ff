package dev.outcrop.engines.patterns;

import java.net.InetAddress;
import java.util.Optional;

/**
 * The addresses of IP that begin with the same bits.
 *
 * <p>Source: RFC 4632 and RFC 4291.
 */
final class Network {
    private static final int LONGEST_ADDRESS = 45;

    private final byte[] address;
    private final int bits;

    private Network(byte[] address, int bits) {
        this.address = address;
        this.bits = bits;
    }

    /**
     * Reads such as {@code 10.0.0.0/24} or {@code 2001:db8::/32}.
     *
     * @throws InvalidPatternException if it is none
     */
    static Network read(String cidr) {
        int slash = cidr.indexOf('/');
        if (slash < 0 || slash != cidr.lastIndexOf('/')) {
            throw new InvalidPatternException("Malformed CIDR, one '/' required");
        }
        Optional<byte[]> address = address(cidr.substring(0, slash));
        if (address.isEmpty()) {
            throw new InvalidPatternException("Malformed CIDR, IP address not valid");
        }
        int most = address.get().length * 8;
        String mask = cidr.substring(slash + 1);
        if (mask.isEmpty() || mask.length() > 3 || !mask.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            throw new InvalidPatternException("Malformed CIDR, mask bits must be an integer");
        }
        int bits = Integer.parseInt(mask);
        if (bits > most) {
            throw new InvalidPatternException(
                    most == 32 ? "IPv4 mask bits must be < 32" : "IPv6 mask bits must be < 128");
        }
        return new Network(address.get(), bits);
    }

    boolean contains(String text) {
        Optional<byte[]> other = address(text);
        if (other.isEmpty() || other.get().length != address.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit & 7);
            if (((address[bit >> 3] ^ other.get()[bit >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /** The bytes of an address; names, which would be looked up, are none. */
    private static Optional<byte[]> address(String text) {
        boolean four = text.matches("\\d{1,3}(\\.\\d{1,3}){3}");
        boolean six =
                !four && text.indexOf(':') >= 0 && text.length() <= LONGEST_ADDRESS && text.matches("[0-9a-fA-F:.]+");
        if (!four && !six) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text).getAddress());
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
