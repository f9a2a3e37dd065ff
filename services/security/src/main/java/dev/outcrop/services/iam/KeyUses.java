package dev.outcrop.services.iam;

import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import software.amazon.awssdk.services.iam.model.AccessKeyLastUsed;

/** When access keys were last used, where and for which service; kept at most once a minute a key. */
public final class KeyUses implements AutoCloseable {
    private static final Duration PRECISION = Duration.ofMinutes(1);
    private static final int MOST = 100_000;

    private final Resources<AccessKeyLastUsed> kept;
    private final InstantSource clock;
    private final ConcurrentMap<String, Instant> noted = new ConcurrentHashMap<>();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("access-key-use").factory());

    public KeyUses(ResourceStore store, InstantSource clock) {
        kept = store.resources("iam:access-key-use", AccessKeyLastUsed::builder).global();
        this.clock = clock;
    }

    /** Notes that a key of {@code account} was used; what has to be written is written by another thread. */
    void note(String account, String accessKeyId, String service, String region) {
        Instant now = clock.instant();
        Instant before = noted.get(accessKeyId);
        if (before != null && now.isBefore(before.plus(PRECISION))) {
            return;
        }
        if (noted.size() >= MOST) {
            noted.clear();
        }
        noted.put(accessKeyId, now);
        AccessKeyLastUsed use = AccessKeyLastUsed.builder()
                .lastUsedDate(now)
                .serviceName(service)
                .region(region)
                .build();
        writer.execute(() -> IamStore.in(account, () -> {
            kept.put(accessKeyId, use);
            return use;
        }));
    }

    /** The last use of a key of the call's account. */
    AccessKeyLastUsed of(String accessKeyId) {
        return kept.find(accessKeyId)
                .orElseGet(() -> AccessKeyLastUsed.builder()
                        .serviceName("N/A")
                        .region("N/A")
                        .build());
    }

    /** Writes what was noted, and ends. */
    @Override
    public void close() {
        writer.close();
    }
}
