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
 * @param headTimeout    how long a client may take to open a connection: for the handshake of TLS, and until the head of
 *     its first request is there; and for the head of each further one, once it has begun
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
        Duration headTimeout,
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

    /** One in the making: loopback, port 4566, no TLS, any region, pages of this machine alone. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects how the front door is set up; what is not said is as {@link #builder()} says. */
    public static final class Builder {
        private InetAddress address = InetAddress.getLoopbackAddress();
        private int port = 4566;
        private Optional<Certificate> certificate = Optional.empty();
        private int largestBody = 160 << 20;
        private Duration headTimeout = Duration.ofSeconds(30);
        private Duration stallTimeout = Duration.ofSeconds(60);
        private Duration idleTimeout = Duration.ofHours(1);
        private int mostConnections = 10_000;
        private Set<String> regions = Set.of();
        // Any other page could use the well-known keys.
        private List<String> origins = List.of(LOOPBACK_ORIGINS);
        private InstantSource clock = InstantSource.system();

        private Builder() {}

        public Builder address(InetAddress address) {
            this.address = address;
            return this;
        }

        public Builder port(int port) {
            this.port = port;
            return this;
        }

        public Builder certificate(Certificate certificate) {
            this.certificate = Optional.of(certificate);
            return this;
        }

        public Builder largestBody(int largestBody) {
            this.largestBody = largestBody;
            return this;
        }

        public Builder headTimeout(Duration headTimeout) {
            this.headTimeout = headTimeout;
            return this;
        }

        public Builder stallTimeout(Duration stallTimeout) {
            this.stallTimeout = stallTimeout;
            return this;
        }

        public Builder idleTimeout(Duration idleTimeout) {
            this.idleTimeout = idleTimeout;
            return this;
        }

        public Builder mostConnections(int mostConnections) {
            this.mostConnections = mostConnections;
            return this;
        }

        public Builder regions(Set<String> regions) {
            this.regions = regions;
            return this;
        }

        public Builder origins(List<String> origins) {
            this.origins = origins;
            return this;
        }

        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        public WireConfiguration build() {
            return new WireConfiguration(
                    address,
                    port,
                    certificate,
                    largestBody,
                    headTimeout,
                    stallTimeout,
                    idleTimeout,
                    mostConnections,
                    regions,
                    origins,
                    clock);
        }
    }
}
