package dev.outcrop.kernel;

import dev.outcrop.shapes.ServiceModels;
import dev.outcrop.shapes.ServiceSummary;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.regions.Region;

/**
 * Services that another process serves: another Outcrop, or AWS itself. They are reached by the SDK's own network clients,
 * which sign with credentials of the house's own; who called here first, the other process is not told.
 */
public final class RemoteServices implements AutoCloseable {
    /** No other process serves anything. */
    public static final RemoteServices NONE = new RemoteServices();

    private final Map<String, Endpoint> endpoints = new HashMap<>();
    private final ConcurrentMap<Class<?>, String> prefixes = new ConcurrentHashMap<>();
    private final ConcurrentMap<Key, SdkClient> clients = new ConcurrentHashMap<>();
    private final ReentrantLock making = new ReentrantLock();

    private RemoteServices() {}

    /**
     * Remote services.
     *
     * @param remote by the services' ids, such as {@code bedrock-runtime}
     * @throws IllegalArgumentException if {@code models} knows no service of some id
     */
    public RemoteServices(Map<String, Endpoint> remote, ServiceModels models) {
        remote.forEach((id, endpoint) -> {
            ServiceSummary service = models.summaries().stream()
                    .filter(summary -> summary.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no service " + id));
            endpoints.put(service.endpointPrefix(), endpoint);
        });
    }

    /**
     * Where another process serves a service.
     *
     * @param url         such as {@code https://other:4566}
     * @param credentials whom the house is there
     */
    public record Endpoint(URI url, AccessKeyPair credentials) {}

    /** An access key of the house's own. */
    public record AccessKeyPair(String accessKeyId, String secretAccessKey) {
        /** The pair without its secret, for logs. */
        @Override
        public String toString() {
            return "AccessKeyPair[" + accessKeyId + "]";
        }
    }

    /** The SDK's client for the region of the present call, if another process serves the service. */
    <C extends SdkClient> Optional<C> find(Class<C> clientInterface, Optional<String> role) {
        Endpoint endpoint = endpoints.isEmpty()
                ? null
                : endpoints.get(prefixes.computeIfAbsent(clientInterface, RemoteServices::endpointPrefix));
        if (endpoint == null) {
            return Optional.empty();
        }
        if (role.isPresent()) {
            throw new AwsError(
                    "NotImplementedException",
                    501,
                    "Outcrop does not implement acting as the role " + role.get() + " at " + endpoint.url() + " yet");
        }
        String region = CallContext.isBound() ? CallContext.current().region() : "us-east-1";
        return Optional.of(clientInterface.cast(client(new Key(clientInterface, region), endpoint)));
    }

    private SdkClient client(Key key, Endpoint endpoint) {
        SdkClient present = clients.get(key);
        if (present != null) {
            return present;
        }
        making.lock();
        try {
            return clients.computeIfAbsent(key, missing -> make(missing, endpoint));
        } finally {
            making.unlock();
        }
    }

    private static SdkClient make(Key key, Endpoint endpoint) {
        try {
            AwsClientBuilder<?, ?> builder = (AwsClientBuilder<?, ?>)
                    key.clientInterface.getMethod("builder").invoke(null);
            return (SdkClient) builder.endpointOverride(endpoint.url())
                    .region(Region.of(key.region))
                    .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                            endpoint.credentials().accessKeyId(),
                            endpoint.credentials().secretAccessKey())))
                    .build();
        } catch (IllegalAccessException | NoSuchMethodException | InvocationTargetException failure) {
            throw new IllegalArgumentException(key.clientInterface.getName() + " is not a client of the SDK", failure);
        }
    }

    private static String endpointPrefix(Class<?> clientInterface) {
        try {
            return (String) clientInterface.getField("SERVICE_METADATA_ID").get(null);
        } catch (IllegalAccessException | NoSuchFieldException failure) {
            throw new IllegalArgumentException(clientInterface.getName() + " is not a client of the SDK", failure);
        }
    }

    @Override
    public void close() {
        List<SdkClient> made = new ArrayList<>(clients.values());
        clients.clear();
        made.forEach(SdkClient::close);
    }

    private record Key(Class<?> clientInterface, String region) {}
}
