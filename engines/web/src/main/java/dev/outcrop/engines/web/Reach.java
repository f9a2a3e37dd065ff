package dev.outcrop.engines.web;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * To which addresses calls may go. A name is looked up before each call, and every one of its addresses must be allowed:
 * the JVM remembers addresses for half a minute, so that the call itself sees the same ones.
 *
 * <p>Nobody may call what only a machine's own link knows, such as the addresses where clouds tell credentials, whatever
 * is configured. Source of the ranges: IANA's registries of special-purpose addresses (RFC 6890).
 */
public final class Reach {
    /** Everything but the machine's own link. */
    public static final Reach BEYOND_LINK = new Reach(true, Set.of());

    /** What the Internet at large can reach, too: no loopback, no private networks. */
    public static final Reach PUBLIC = new Reach(false, Set.of());

    private static final byte[] CREDENTIALS_BY_IPV6 = HexFormat.of().parseHex("fd000ec2000000000000000000000254");

    private final boolean everywhere;
    private final Set<String> trusted;

    private Reach(boolean everywhere, Set<String> trusted) {
        this.everywhere = everywhere;
        this.trusted = trusted;
    }

    /**
     * This, and private or loopback addresses of certain hosts.
     *
     * @param hosts names or addresses, as they stand in URLs; {@code *} stands for all
     */
    public Reach and(Collection<String> hosts) {
        return new Reach(
                everywhere,
                Stream.concat(trusted.stream(), hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)))
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /**
     * Whether a URL may be called.
     *
     * @throws UnknownHostException if its host has no address
     */
    public boolean allows(URI target) throws UnknownHostException {
        return target.getHost() != null && allows(target.getHost());
    }

    /**
     * Whether a host may be called.
     *
     * @throws UnknownHostException if it has no address
     */
    public boolean allows(String host) throws UnknownHostException {
        boolean anyPrivate = everywhere || trusted.contains("*") || trusted.contains(host.toLowerCase(Locale.ROOT));
        for (InetAddress address : InetAddress.getAllByName(host)) {
            if (isLink(address) || (!anyPrivate && isPrivate(address))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLink(InetAddress address) {
        return address.isLinkLocalAddress()
                || address.isMulticastAddress()
                || address.isAnyLocalAddress()
                || Arrays.equals(address.getAddress(), CREDENTIALS_BY_IPV6);
    }

    private static boolean isPrivate(InetAddress address) {
        if (address.isLoopbackAddress() || address.isSiteLocalAddress()) {
            return true;
        }
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        if (address instanceof Inet6Address) {
            boolean uniqueLocal = (first & 0xfe) == 0xfc;
            boolean translated = (first == 0x00 && second == 0x64) || (first == 0x20 && second == 0x02);
            boolean mapped = Arrays.equals(bytes, 0, 10, new byte[10], 0, 10);
            return uniqueLocal || translated || mapped;
        }
        return first == 0
                || (first == 100 && (second & 0xc0) == 64)
                || (first == 192 && second == 0 && bytes[2] == 0)
                || (first == 198 && (second & 0xfe) == 18)
                || first >= 240;
    }
}
