package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.Clients;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;

/** Which accounts have a trail that logs, without which no calls become events; asked seldom, and only when it matters. */
final class Trails {
    private static final Logger LOG = LoggerFactory.getLogger(Trails.class);
    private static final Duration REMEMBERED = Duration.ofSeconds(10);

    private final Supplier<Clients> clients;
    private final InstantSource clock;
    private final ConcurrentMap<String, Known> known = new ConcurrentHashMap<>();

    Trails(Supplier<Clients> clients, InstantSource clock) {
        this.clients = clients;
        this.clock = clock;
    }

    private record Known(boolean logging, Instant until) {}

    /** Whether calls in an account and a region are logged. */
    boolean isLogging(String account, String region) {
        Known present = known.get(account + region);
        if (present == null || !present.until().isAfter(clock.instant())) {
            present = new Known(ask(account, region), clock.instant().plus(REMEMBERED));
            known.put(account + region, present);
        }
        return present.logging();
    }

    private boolean ask(String account, String region) {
        try {
            return OwnCalls.call(
                    account, region, "arn:aws:events:" + region + ":" + account + ":event-bus/default", () -> {
                        CloudTrailClient cloudTrail = clients.get().of(CloudTrailClient.class);
                        return cloudTrail.describeTrails(request -> {}).trailList().stream()
                                .anyMatch(trail -> cloudTrail
                                        .getTrailStatus(request -> request.name(trail.trailARN()))
                                        .isLogging());
                    });
        } catch (AwsServiceException | IllegalArgumentException notTold) {
            LOG.warn("CloudTrail does not tell whether calls in {} are logged: {}", account, notTold.getMessage());
            return false;
        }
    }
}
