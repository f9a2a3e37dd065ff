package dev.outcrop.services.batch;

import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.CallRecorder;
import dev.outcrop.kernel.Metering;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Counts the tokens of the records of jobs that are being done here. */
public final class BatchMetering implements CallRecorder {
    private final ConcurrentMap<String, Tokens> jobs = new ConcurrentHashMap<>();

    /** Tokens that were read and written. */
    record Tokens(long input, long output) {
        static final Tokens NONE = new Tokens(0, 0);

        Tokens plus(Tokens more) {
            return new Tokens(input + more.input, output + more.output);
        }
    }

    @Override
    public void record(CallRecord call) {
        Metering metering = call.context().metering();
        if (metering.billing() == Metering.Billing.BATCH) {
            Map<String, Double> amounts = metering.amounts();
            Tokens used = new Tokens(
                    amounts.getOrDefault(Metering.INPUT_TOKENS, 0.0).longValue(),
                    amounts.getOrDefault(Metering.OUTPUT_TOKENS, 0.0).longValue());
            call.context().sourceArn().ifPresent(job -> jobs.merge(job, used, Tokens::plus));
        }
    }

    /** What the job with {@code arn} has used since this was asked last. */
    Tokens taken(String arn) {
        Tokens tokens = jobs.remove(arn);
        return tokens == null ? Tokens.NONE : tokens;
    }
}
