package dev.outcrop.services.iam;

import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.kernel.Session;
import dev.outcrop.storage.Records;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.iam.model.AccessKeyLastUsed;

/**
 * When access keys were last used, where and for which service, and when users and roles last called a service, whether it
 * let them or not. Kept at most once a minute each.
 */
public final class LastUses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LastUses.class);
    private static final Duration PRECISION = Duration.ofMinutes(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    private static final int MOST = 100_000;

    private final Resources<AccessKeyLastUsed> keys;
    private final IamRecords<ServiceUse> services;
    private final InstantSource clock;
    private final ConcurrentMap<Use, Instant> noted = new ConcurrentHashMap<>();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("last-use").factory());

    public LastUses(ResourceStore store, Records records, InstantSource clock) {
        keys = store.resources("iam:access-key-use", AccessKeyLastUsed::builder).global();
        services = new IamRecords<>("iam:service-use", ServiceUse.class, records);
        this.clock = clock;
    }

    /**
     * The last call of a user or role to a service.
     *
     * @param entity  ARN of the user or role
     * @param service the prefix of its actions
     * @param at      in milliseconds
     */
    record ServiceUse(String entity, String service, String region, long at) {}

    /** What is noted: the key, if one signed, the entity and the service. */
    private record Use(String key, String entity, String service) {}

    /** Notes a call of {@code principal}; what has to be written is written by another thread. */
    void note(Principal principal, String service, Supplier<String> calledIn) {
        Optional<String> entity = entity(principal);
        if (entity.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        boolean longTerm =
                principal.session().isEmpty() && principal.accessKeyId().isPresent();
        Use use = new Use(longTerm ? principal.accessKeyId().get() : "", entity.get(), service);
        Instant before = noted.get(use);
        if (before != null && now.isBefore(before.plus(PRECISION))) {
            return;
        }
        if (noted.size() >= MOST) {
            noted.clear();
        }
        noted.put(use, now);
        String region = calledIn.get();
        writer.execute(() -> IamStore.in(principal.account(), () -> {
            if (longTerm) {
                keys.put(
                        use.key,
                        AccessKeyLastUsed.builder()
                                .lastUsedDate(now)
                                .serviceName(service)
                                .region(region)
                                .build());
            }
            services.put(
                    use.entity + " " + service, new ServiceUse(use.entity, service, region, now.toEpochMilli()), now);
            return use;
        }));
    }

    /** The user or role that {@code principal} is or is a session of. */
    private static Optional<String> entity(Principal principal) {
        return switch (principal.kind()) {
            case USER -> Optional.of(principal.arn());
            case ASSUMED_ROLE, FEDERATED -> principal.session().map(Session::issuer);
            case ROOT, SERVICE, ANONYMOUS -> Optional.empty();
        };
    }

    /** Waits until what was noted before is written, so that whoever asks right after a call is told of it. */
    private void settle() {
        try {
            writer.submit(() -> {}).get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            LOG.warn("last uses are written late", late);
        }
    }

    /** The last use of a key of the call's account. */
    AccessKeyLastUsed of(String accessKeyId) {
        settle();
        return keys.find(accessKeyId)
                .orElseGet(() -> AccessKeyLastUsed.builder()
                        .serviceName("N/A")
                        .region("N/A")
                        .build());
    }

    /** The last call of a user or role of the call's account to any service. */
    Optional<ServiceUse> ofEntity(String arn) {
        settle();
        return services.all(arn + " ").stream().max(Comparator.comparingLong(ServiceUse::at));
    }

    /** The last uses of services in the call's account. */
    List<ServiceUse> ofServices() {
        settle();
        return services.all();
    }

    /** Writes what was noted, and ends. */
    @Override
    public void close() {
        writer.close();
    }
}
