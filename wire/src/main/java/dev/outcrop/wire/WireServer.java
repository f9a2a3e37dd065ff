package dev.outcrop.wire;

import dev.outcrop.kernel.AccessKeys;
import dev.outcrop.kernel.BearerKeys;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.wire.route.Router;
import dev.outcrop.wire.server.ConnectionSockets;
import dev.outcrop.wire.server.FrontDoor;
import dev.outcrop.wire.server.Identification;
import dev.outcrop.wire.server.MalformedRequests;
import dev.outcrop.wire.server.Openings;
import dev.outcrop.wire.server.RawEncodings;
import dev.outcrop.wire.server.StallGuard;
import dev.outcrop.wire.server.WebSockets;
import dev.outcrop.wire.signature.SignatureVerifier;
import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.http2.Http2ConnectionSelector;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * The front door: HTTP/1.1 and HTTP/2, with and without TLS, a virtual thread a request. What comes in is routed, its
 * sender identified, its shape read, and the call sent down the corridor; what comes back is written in the protocol
 * that the client speaks.
 */
public final class WireServer {
    private static final int LARGEST_HEADERS = 64 << 10;
    private static final int LONGEST_REQUEST_LINE = 32 << 10;
    private static final int LARGEST_WINDOW = 1 << 20;
    private static final int MOST_STREAMS = 1000;

    private final WebServer server;
    private final FrontDoor door;

    private WireServer(WebServer server, FrontDoor door) {
        this.server = server;
        this.door = door;
    }

    /**
     * Opens the door. It is open when this returns.
     *
     * @param services  what calls are answered by
     * @param corridor  the way to them
     * @param keys      the keys that sign calls
     * @param tokens    the tokens that stand for a signature
     * @param endpoints the paths that are no AWS operations
     * @throws UncheckedIOException if the address cannot be listened on
     */
    public static WireServer start(
            WireConfiguration configuration,
            ServedServices services,
            Corridor corridor,
            AccessKeys keys,
            BearerKeys tokens,
            Collection<Endpoint> endpoints) {
        SignatureVerifier verifier = new SignatureVerifier(
                keys,
                configuration.clock(),
                region -> configuration.regions().isEmpty()
                        ? isRegion(region)
                        : configuration.regions().contains(region));
        StallGuard guard = new StallGuard(configuration.stallTimeout(), configuration.headTimeout());
        FrontDoor door = new FrontDoor(
                configuration,
                services,
                new Router(services.models(), services.ids()),
                corridor,
                new Identification(verifier, tokens),
                endpoints,
                guard);
        WebServer server = build(configuration, door, guard).start();
        if (!server.isRunning()) {
            guard.close();
            // Helidon logs why and throws nothing.
            throw new UncheckedIOException(new BindException(
                    "cannot listen on " + configuration.address().getHostAddress() + ":" + configuration.port()));
        }
        return new WireServer(server, door);
    }

    private static WebServer build(WireConfiguration configuration, FrontDoor door, StallGuard guard) {
        Http1Config http1 = Http1Config.builder()
                .maxHeadersSize(LARGEST_HEADERS)
                .maxPrologueLength(LONGEST_REQUEST_LINE)
                .validatePath(false)
                .build();
        Http2Config http2 = Http2Config.builder()
                .maxHeaderListSize(LARGEST_HEADERS)
                .maxConcurrentStreams(MOST_STREAMS)
                .initialWindowSize(LARGEST_WINDOW)
                .validatePath(false)
                .build();
        List<ServerConnectionSelector> protocols = List.of(
                ConnectionSockets.http2(
                        Http2ConnectionSelector.builder().http2Config(http2).build(), guard),
                ConnectionSockets.http1(
                        Http1ConnectionSelector.builder()
                                .config(http1)
                                .upgraders(WebSockets.upgraders(door))
                                .build(),
                        guard));
        WebServerConfig.Builder builder = WebServer.builder()
                .address(configuration.address())
                .port(configuration.port())
                .protocolsDiscoverServices(false)
                .addConnectionSelector(new Openings(protocols, guard))
                // Channels are read and written in pieces of 8 KiB, streams in whatever is asked for; but a TLS stream
                // cannot be closed while its client stalls in the handshake.
                .useNio(configuration.certificate().isPresent())
                .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
                .idleConnectionTimeout(configuration.idleTimeout())
                .maxTcpConnections(configuration.mostConnections())
                .maxPayloadSize(-1)
                .contentEncoding(new RawEncodings())
                .shutdownHook(false)
                .directHandlers(MalformedRequests.handlers())
                .routing(HttpRouting.builder().any(door));
        configuration.certificate().ifPresent(certificate -> builder.tls(certificate.tls()));
        return builder.build();
    }

    /** The port that is listened on. */
    public int port() {
        return server.port();
    }

    /** Takes no more calls, waits for those that are being answered, at most as long as {@code drain}, and closes. */
    public void stop(Duration drain) {
        door.close(drain);
        server.stop();
    }

    /** Whether {@code name} looks like a region: {@code us-east-1}, {@code local}, {@code us-iso-west-1}. */
    private static boolean isRegion(String name) {
        if (name.isEmpty() || name.length() > 64) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-') {
                return false;
            }
        }
        return true;
    }
}
