package dev.outcrop.kernel.record;

import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.storage.Journal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Drops audit events and usage entries once they are old enough, hour by hour, in slices short enough that no record waits
 * for long.
 */
public final class Retention {
    /** How far back CloudTrail's event history reaches. */
    public static final Duration DEFAULT = Duration.ofDays(90);

    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final long PAUSE_MILLIS = 100;
    private static final int LARGEST_SLICE = 500;

    private final Journal journal;
    private final Map<String, Duration> kept;
    private final InstantSource clock;

    /**
     * Keeps records.
     *
     * @param audit how long audit events are kept
     * @param usage how long usage entries are kept
     * @param clock tells how old they are
     */
    public Retention(Journal journal, Duration audit, Duration usage, InstantSource clock) {
        this.journal = journal;
        this.clock = clock;
        kept = Map.of(AuditEvents.KIND, audit, UsageEntries.KIND, usage);
    }

    /** This as something to be done again and again. */
    public Chore chore() {
        return new Chore("retention", INTERVAL, this::drop);
    }

    /** Drops what is old, until all is dropped or the server is going down. */
    void drop(BooleanSupplier ending) {
        kept.forEach((kind, time) -> drop(kind, clock.instant().minus(time), ending));
    }

    private void drop(String kind, Instant oldest, BooleanSupplier ending) {
        boolean more = true;
        while (more && !ending.getAsBoolean()) {
            more = journal.deleteBefore(kind, oldest, LARGEST_SLICE) > 0 && rest();
        }
    }

    /** Lets records through; false if the thread is to end. */
    private static boolean rest() {
        try {
            Thread.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
