package dev.outcrop.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.Authorization;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.RemoteServices;
import dev.outcrop.kernel.RoleSessions;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.Throttle;
import dev.outcrop.shapes.ServiceTables;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.sts.StsClient;

/** A service that another server serves, reached by the same interface as one of the house's own. */
class RemoteServicesTest {
    private final ServiceTables tables = new ServiceTables();
    private final ServedServices none = new ServedServices(tables);
    private final Corridor corridor = new Corridor(Authorization.ROOT_ONLY, Throttle.unlimited(), _ -> {});

    @TempDir
    private Path data;

    @Test
    void aServiceElsewhereIsCalledWithTheHousesOwnKey() {
        Configuration configuration =
                Configuration.defaults().with(Optional.empty(), Optional.of(0), Optional.of(data), false);
        try (Assembly elsewhere = Assembly.start(configuration)) {
            AccessKey key = elsewhere.rootKey();
            RemoteServices.Endpoint endpoint = new RemoteServices.Endpoint(
                    URI.create("http://127.0.0.1:" + elsewhere.port()),
                    new RemoteServices.AccessKeyPair(key.accessKeyId(), key.secretAccessKey()));
            try (RemoteServices remote = new RemoteServices(Map.of("sts", endpoint), tables)) {
                Clients clients = new Clients(none, corridor, RoleSessions.BY_ARN, remote);

                String arn = call().call(() ->
                        clients.of(StsClient.class).getCallerIdentity().arn());

                assertThat(arn).isEqualTo("arn:aws:iam::" + Assembly.ACCOUNT + ":root");
                assertThatThrownBy(() -> clients.of(BedrockClient.class)).hasMessageContaining("is not served here");
                assertThatThrownBy(() ->
                                clients.as("arn:aws:iam::111122223333:role/r").of(StsClient.class))
                        .hasMessageContaining("does not implement acting as the role");
            }
        }
    }

    @Test
    void anUnknownServiceIsRefused() {
        RemoteServices.Endpoint endpoint = new RemoteServices.Endpoint(
                URI.create("http://127.0.0.1:1"), new RemoteServices.AccessKeyPair("a", "b"));

        assertThatThrownBy(() -> new RemoteServices(Map.of("s4", endpoint), tables))
                .hasMessage("there is no service s4");
        assertThat(endpoint.toString()).doesNotContain("secret").doesNotContain("b]");
    }

    private static CallContext call() {
        return CallContext.builder()
                .principal(Principal.root("111122223333", Optional.empty()))
                .requestId("1")
                .build();
    }
}
