package dev.outcrop.services.cloudwatch;

import java.time.Duration;

/**
 * A resolution in which measurements are kept, and for how long.
 *
 * <p>Source: "Metrics retention", Amazon CloudWatch concepts.
 */
enum Tier {
    SECOND(1, 600, Duration.ofHours(3)),
    MINUTE(60, 120 * 60, Duration.ofDays(15)),
    FIVE_MINUTES(300, 24 * 3600, Duration.ofDays(63)),
    HOUR(3600, 16 * 24 * 3600, Duration.ofDays(455));

    private final int seconds;
    private final int block;
    private final Duration kept;

    Tier(int seconds, int block, Duration kept) {
        this.seconds = seconds;
        this.block = block;
        this.kept = kept;
    }

    /** How long a slot is. */
    int seconds() {
        return seconds;
    }

    /** How many seconds a block reaches. */
    int block() {
        return block;
    }

    Duration kept() {
        return kept;
    }

    /** The type of the records that its blocks are. */
    String recordType() {
        return "cloudwatch:series-" + seconds;
    }

    /** The coarsest tier of whose slots stretches of {@code period} seconds that begin at {@code start} are made. */
    static Tier of(int period, long start) {
        Tier best = SECOND;
        for (Tier tier : values()) {
            if (period % tier.seconds == 0 && start % tier.seconds == 0) {
                best = tier;
            }
        }
        return best;
    }
}
