package dev.outcrop.services.transcribe;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.kernel.record.ServiceMetrics.Source;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Tells CloudWatch of the jobs of the current call's account: how many run at once on this server, how long their media
 * are, and how they fail.
 *
 * <p>Source: "Monitoring Amazon Transcribe with Amazon CloudWatch" of the developer guide.
 */
final class JobMetrics {
    private static final String DOMAIN = "Domain";
    private static final String TRANSCRIBE = "Transcribe";
    private static final String TYPE = "ServiceType";
    private static final String BATCH = "batch";

    private final ServiceMetrics metrics;
    private final ConcurrentMap<Source, Integer> running = new ConcurrentHashMap<>();

    JobMetrics(ServiceMetrics metrics) {
        this.metrics = metrics;
    }

    private static Source source(Map<String, String> dimensions) {
        CallContext call = CallContext.current();
        return new Source(call.account(), call.region(), "AWS/Transcribe", dimensions);
    }

    private static Source jobs() {
        return source(Map.of(DOMAIN, TRANSCRIBE, TYPE, BATCH));
    }

    void begun() {
        Source jobs = jobs();
        metrics.count(jobs, "ConcurrentJobsCount", running.merge(jobs, 1, Integer::sum));
    }

    void ended() {
        running.computeIfPresent(jobs(), (_, count) -> count == 1 ? null : count - 1);
    }

    /**
     * A job has heard all of its media.
     *
     * @param language AWS's code, empty if nobody spoke
     */
    void heard(double seconds, String language) {
        Map<String, String> dimensions = language.isEmpty()
                ? Map.of(DOMAIN, TRANSCRIBE, TYPE, BATCH)
                : Map.of(DOMAIN, TRANSCRIBE, TYPE, BATCH, "LanguageCode", language);
        metrics.measure(source(dimensions), "AudioDurationTime", "Seconds", seconds);
    }

    /** A job has failed, for its media or rights or by our own fault. */
    void failed(boolean byUser) {
        Source source = source(Map.of(DOMAIN, TRANSCRIBE, TYPE, BATCH, "Operation", "StartTranscriptionJob"));
        metrics.count(source, byUser ? "AsyncUserErrorCount" : "AsyncServerErrorCount", 1);
    }
}
