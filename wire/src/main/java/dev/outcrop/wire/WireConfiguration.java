package dev.outcrop.wire;

import dev.outcrop.wire.server.Certificate;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the front door is set up.
 *
 * @param address        what to listen on
 * @param port           TCP port; 0 for any that is free
 * @param certificate    what TLS shows; without one there is no TLS
 * @param largestBody    most bytes of a body that is held in memory; those that stream have no limit
 * @param stallTimeout   how long a client may send nothing while it is expected to
 * @param idleTimeout    how long a connection may be without traffic; longer than the longest call
 * @param mostConnections how many connections there may be at once
 * @param regions        regions that calls may be signed for; empty for any
 * @param origins        origins that browsers may call from; {@code *} for any, {@link #LOOPBACK_ORIGINS} for pages that
 *                       this machine serves
 * @param clock          what requests' times are compared with
 */
public record WireConfiguration(
        InetAddress address,
        int port,
        Optional<Certificate> certificate,
        int largestBody,
        Duration stallTimeout,
        Duration idleTimeout,
        int mostConnections,
        Set<String> regions,
        List<String> origins,
        InstantSource clock) {
    /** Among {@link #origins()}, stands for {@code localhost} and the loopback addresses with any port. */
    public static final String LOOPBACK_ORIGINS = "loopback";

    public WireConfiguration {
        regions = Set.copyOf(regions);
        origins = List.copyOf(origins);
    }

    /** Loopback, port 4566, no TLS, any region, pages of this machine alone: any other page could use the well-known keys. */
    public static WireConfiguration defaults() {
        return new WireConfiguration(
                InetAddress.getLoopbackAddress(),
                4566,
                Optional.empty(),
                160 << 20,
                Duration.ofSeconds(60),
                Duration.ofHours(1),
                10_000,
                Set.of(),
                List.of(LOOPBACK_ORIGINS),
                InstantSource.system());
    }

    /** The same on another address. */
    public WireConfiguration withAddress(InetAddress other) {
        return new WireConfiguration(
                other,
                port,
                certificate,
                largestBody,
                stallTimeout,
                idleTimeout,
                mostConnections,
                regions,
                origins,
                clock);
    }

    /** The same on another port. */
    public WireConfiguration withPort(int other) {
        return new WireConfiguration(
                address,
                other,
                certificate,
                largestBody,
                stallTimeout,
                idleTimeout,
                mostConnections,
                regions,
                origins,
                clock);
    }

    /** The same with TLS. */
    public WireConfiguration withCertificate(Certificate other) {
        return new WireConfiguration(
                address,
                port,
                Optional.of(other),
                largestBody,
                stallTimeout,
                idleTimeout,
                mostConnections,
                regions,
                origins,
                clock);
    }

    /** The same with another time limit for clients that send nothing. */
    public WireConfiguration withStallTimeout(Duration other) {
        return new WireConfiguration(
                address, port, certificate, largestBody, other, idleTimeout, mostConnections, regions, origins, clock);
    }

    /** The same with another limit of bodies in memory. */
    public WireConfiguration withLargestBody(int other) {
        return new WireConfiguration(
                address, port, certificate, other, stallTimeout, idleTimeout, mostConnections, regions, origins, clock);
    }

    /** The same with another clock. */
    public WireConfiguration withClock(InstantSource other) {
        return new WireConfiguration(
                address,
                port,
                certificate,
                largestBody,
                stallTimeout,
                idleTimeout,
                mostConnections,
                regions,
                origins,
                other);
    }

    /** The same for browsers from these origins alone. */
    public WireConfiguration withOrigins(List<String> other) {
        return new WireConfiguration(
                address,
                port,
                certificate,
                largestBody,
                stallTimeout,
                idleTimeout,
                mostConnections,
                regions,
                other,
                clock);
    }

    /** The same for these regions alone. */
    public WireConfiguration withRegions(Set<String> other) {
        return new WireConfiguration(
                address,
                port,
                certificate,
                largestBody,
                stallTimeout,
                idleTimeout,
                mostConnections,
                other,
                origins,
                clock);
    }
}
