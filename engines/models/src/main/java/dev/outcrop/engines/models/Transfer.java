package dev.outcrop.engines.models;

import dev.outcrop.engines.models.Progress.Phase;
import dev.outcrop.engines.models.Progress.Step;

/** The fetching of one file from one source: reports how far it is, and how fast it went in the last seconds. */
final class Transfer {
    private static final long REPORT_EVERY_NANOS = 100_000_000;
    private static final long RATE_OVER_NANOS = 3_000_000_000L;

    private final String model;
    private final String file;
    private final Progress progress;
    private long reportedNanos;
    private long windowNanos;
    private long windowBytes;
    private double rate;

    Transfer(String model, String file, Progress progress) {
        this.model = model;
        this.file = file;
        this.progress = progress;
    }

    /** Something begins. */
    void begin(Phase phase, long done, long total, String detail) {
        windowNanos = System.nanoTime();
        windowBytes = done;
        rate = 0;
        reportedNanos = windowNanos;
        progress.report(new Step(model, file, phase, done, total, 0, detail));
    }

    /** It has gone on to {@code done} bytes. Cheap: most calls report nothing. */
    void advance(Phase phase, long done, long total, String detail) {
        long now = System.nanoTime();
        if (now - reportedNanos < REPORT_EVERY_NANOS && done != total) {
            return;
        }
        reportedNanos = now;
        double recent = (done - windowBytes) * 1e9 / Math.max(1, now - windowNanos);
        rate = rate == 0 ? recent : rate * 0.8 + recent * 0.2;
        if (now - windowNanos > RATE_OVER_NANOS) {
            windowNanos = now;
            windowBytes = done;
        }
        progress.report(new Step(model, file, phase, done, total, rate, detail));
    }
}
