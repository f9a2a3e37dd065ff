package dev.outcrop.kernel;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Token buckets by account, region, service and operation. Operations without a {@link Rate} are never refused. */
public final class Throttle {
    private final Rates rates;
    private final InstantSource clock;
    private final ConcurrentMap<Key, Bucket> buckets = new ConcurrentHashMap<>();

    /** @param clock what refills the buckets */
    public Throttle(Rates rates, InstantSource clock) {
        this.rates = rates;
        this.clock = clock;
    }

    /** A throttle that refuses nothing. */
    public static Throttle unlimited() {
        return new Throttle((account, region, service, operation) -> Optional.empty(), InstantSource.system());
    }

    /** Takes one call's token; false if there is none. */
    public boolean take(String account, String region, String service, String operation) {
        Optional<Rate> rate = rates.of(account, region, service, operation);
        if (rate.isEmpty()) {
            return true;
        }
        Bucket bucket = buckets.computeIfAbsent(
                new Key(account, region, service, rate.get().shared().orElse(operation)),
                key -> new Bucket(rate.get().burst(), clock.millis()));
        return bucket.take(rate.get(), clock.millis());
    }

    /** How often each operation may be called; asked at every call, so it answers from memory. */
    @FunctionalInterface
    public interface Rates {
        /** The rate of {@code operation} in {@code account} and {@code region}, if it is limited. */
        Optional<Rate> of(String account, String region, String service, String operation);
    }

    /**
     * A limit.
     *
     * @param perSecond how many calls a second may go on for ever
     * @param burst     how many may come at once after a rest
     * @param shared    what the operations that share it go by together; empty if it is one operation's own
     */
    public record Rate(double perSecond, double burst, Optional<String> shared) {
        /** A rate of one operation's own. */
        public Rate(double perSecond, double burst) {
            this(perSecond, burst, Optional.empty());
        }

        public Rate {
            if (!(perSecond >= 0) || !(burst >= 1)) {
                throw new IllegalArgumentException(
                        "a rate needs perSecond of at least 0 and burst of at least 1, but has " + perSecond + " and "
                                + burst);
            }
        }
    }

    private record Key(String account, String region, String service, String operation) {}

    private static final class Bucket {
        private double tokens;
        private long filledAt;

        Bucket(double tokens, long filledAt) {
            this.tokens = tokens;
            this.filledAt = filledAt;
        }

        synchronized boolean take(Rate rate, long now) {
            // A clock that was set back fills nothing, and does not empty the bucket either.
            double gained = Math.max(0, now - filledAt) * rate.perSecond() / 1000;
            tokens = Math.min(rate.burst(), tokens + gained);
            filledAt = now;
            if (tokens < 1) {
                return false;
            }
            tokens -= 1;
            return true;
        }
    }
}
