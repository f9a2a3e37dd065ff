package dev.outcrop.services.comprehend.custom;

import dev.outcrop.kernel.AwsError;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What the inference units of endpoints let through: a hundred characters a second each, of which ten seconds' worth may
 * come at once. A text longer than that is let through when nothing else was, and what it is too long is waited for after
 * it. Each server counts for itself.
 *
 * <p>Source: "Using Amazon Comprehend endpoints" of the developer guide.
 */
final class Throughput {
    private static final double CHARACTERS_A_SECOND = 100;
    private static final double SECONDS_AT_ONCE = 10;
    private static final double SECONDS_A_MINUTE = 60;
    private static final double MILLIS = 1000;

    private final InstantSource clock;
    private final ConcurrentMap<String, Bucket> buckets = new ConcurrentHashMap<>();

    private record Bucket(double left, long millis, boolean taken) {}

    Throughput(InstantSource clock) {
        this.clock = clock;
    }

    /** Takes what a text costs, or throws. */
    void take(String endpoint, int units, int characters) {
        double most = units * CHARACTERS_A_SECOND * SECONDS_AT_ONCE;
        long now = clock.millis();
        Bucket after = buckets.compute(endpoint, (_, before) -> {
            double left = before == null
                    ? most
                    : Math.min(most, before.left + (now - before.millis) / MILLIS * units * CHARACTERS_A_SECOND);
            boolean fits = left >= Math.min(characters, most);
            return new Bucket(fits ? left - characters : left, now, fits);
        });
        if (!after.taken) {
            throw AwsError.throttling("The endpoint's throughput of " + units + " inference units, "
                    + (int) (units * CHARACTERS_A_SECOND) + " characters per second, is exceeded.");
        }
    }

    /** How many inference units it takes to analyse so much in a minute. */
    static double units(int characters) {
        return characters / (CHARACTERS_A_SECOND * SECONDS_A_MINUTE);
    }

    void forget(String endpoint) {
        buckets.remove(endpoint);
    }
}
