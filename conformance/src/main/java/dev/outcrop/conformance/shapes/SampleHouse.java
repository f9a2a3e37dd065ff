package dev.outcrop.conformance.shapes;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.AuthorizationDecision;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.Throttle;
import dev.outcrop.shapes.ServiceModels;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.wire.WireConfiguration;
import dev.outcrop.wire.WireServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The real front door, codec and corridor before samples of every service whose client is on the class path, so that each
 * operation of each protocol is decoded, validated and encoded, whether the house has built it yet or not.
 */
public final class SampleHouse implements AutoCloseable {
    private static final String KEY = "test";
    private static final String ACCOUNT = "000000000000";

    private final ServedServices services;
    private final WireServer server;

    private SampleHouse(ServedServices services, WireServer server) {
        this.services = services;
        this.server = server;
    }

    /** Opens the house on {@code port} of loopback, or on any that is free if that is 0. Its key and secret are "test". */
    public static SampleHouse open(int port) {
        return open(port, new ServiceTables(), (operation, request, events) -> {});
    }

    static SampleHouse open(int port, ServiceModels tables, SampleService.Asked asked) {
        ServedServices services = new ServedServices(tables);
        SdkService.all(tables).forEach(service -> SampleService.serve(services, service, asked));
        Principal root = Principal.root(ACCOUNT, Optional.of(KEY));
        AccessKey key = new AccessKey(KEY, KEY, root, Optional.empty(), Optional.empty());
        return new SampleHouse(
                services,
                WireServer.start(
                        WireConfiguration.builder().port(port).build(),
                        services,
                        new Corridor(request -> AuthorizationDecision.ALLOWED, Throttle.unlimited(), call -> {}),
                        id -> id.equals(KEY) ? Optional.of(key) : Optional.empty(),
                        token -> token.equals(KEY) ? Optional.of(root) : Optional.empty(),
                        List.of()));
    }

    /** Serves on the port given until the process ends. */
    public static void main(String[] arguments) {
        SampleHouse house = open(Integer.parseInt(arguments[0]));
        Runtime.getRuntime().addShutdownHook(new Thread(house::close));
    }

    /** The port that is listened on. */
    public int port() {
        return server.port();
    }

    /** The samples. */
    ServedServices services() {
        return services;
    }

    @Override
    public void close() {
        server.stop(Duration.ofSeconds(5));
    }
}
