package dev.outcrop.kernel;

import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ServiceModels;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkClient;

/**
 * The services that the house serves, by id. A service's object and description are made when it is first asked for, so
 * that a start does not pay for services that nobody calls.
 */
public final class ServedServices {
    private final ServiceModels models;
    private final Map<String, Registration> registrations = new LinkedHashMap<>();

    public ServedServices(ServiceModels models) {
        this.models = models;
    }

    /** Registers the service with {@code id}, such as {@code sts}. To be called before the first call is served. */
    public ServedServices serve(String id, Class<?> clientInterface, Supplier<? extends SdkClient> client) {
        registrations.put(id, new Registration(clientInterface, client, Optional.empty()));
        return this;
    }

    /** Registers a service that has event streams, too. */
    public ServedServices serve(
            String id,
            Class<?> clientInterface,
            Supplier<? extends SdkClient> client,
            Class<?> asyncClientInterface,
            Supplier<? extends SdkClient> asyncClient) {
        registrations.put(
                id,
                new Registration(clientInterface, client, Optional.of(new Async(asyncClientInterface, asyncClient))));
        return this;
    }

    /** The descriptions of all services, served or not. */
    public ServiceModels models() {
        return models;
    }

    /** The ids of the services that are registered. */
    public Set<String> ids() {
        return Set.copyOf(registrations.keySet());
    }

    /** The service with {@code id}, if it is registered. */
    public Optional<ServedService> find(String id) {
        Registration registration = registrations.get(id);
        return registration == null ? Optional.empty() : Optional.of(registration.served(id));
    }

    /** The service whose sync or async client interface is {@code clientInterface}, if it is registered. */
    public Optional<ServedService> find(Class<?> clientInterface) {
        for (Map.Entry<String, Registration> entry : registrations.entrySet()) {
            if (entry.getValue().isFor(clientInterface)) {
                return Optional.of(entry.getValue().served(entry.getKey()));
            }
        }
        return Optional.empty();
    }

    private record Async(Class<?> clientInterface, Supplier<? extends SdkClient> client) {}

    private final class Registration {
        private final Class<?> clientInterface;
        private final Supplier<? extends SdkClient> client;
        private final Optional<Async> async;
        private final ReentrantLock lock = new ReentrantLock();
        private volatile ServedService served;

        Registration(Class<?> clientInterface, Supplier<? extends SdkClient> client, Optional<Async> async) {
            this.clientInterface = clientInterface;
            this.client = client;
            this.async = async;
        }

        boolean isFor(Class<?> type) {
            return clientInterface == type
                    || async.filter(a -> a.clientInterface() == type).isPresent();
        }

        ServedService served(String id) {
            ServedService present = served;
            if (present != null) {
                return present;
            }
            lock.lock();
            try {
                if (served == null) {
                    ServiceModel model = models.find(id)
                            .orElseThrow(() -> new IllegalStateException("no service is described as " + id));
                    SdkClient sync = client.get();
                    Optional<SdkClient> streams = async.map(a -> a.client().get());
                    served = ServedService.of(model, sync, streams);
                }
                return served;
            } finally {
                lock.unlock();
            }
        }
    }
}
