package dev.outcrop.services.bedrockruntime;

import dev.outcrop.engines.text.GenerationEvent.Usage;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Metering;

/** Writes down, on the call being answered, which model answers it and what that used. */
public final class ModelUse {
    /** The response header that names the installed model that answered. */
    public static final String HEADER = "x-outcrop-model";

    private static final String BATCH = ":model-invocation-job/";

    private ModelUse() {}

    /** Says which model was asked and which answers: for the record, and for the caller in {@link #HEADER}. */
    public static void answeredBy(String modelId, String installedId) {
        CallContext call = CallContext.current();
        call.metering().model(modelId, installedId);
        // Nobody but the house itself can say on whose behalf a call is made.
        if (call.callingService().filter("bedrock"::equals).isPresent()
                && call.sourceArn().filter(arn -> arn.contains(BATCH)).isPresent()) {
            call.metering().billing(Metering.Billing.BATCH);
        }
        call.addResponseHeader(HEADER, installedId);
    }

    /** Adds what a generation used. Tokens from or to the cache are metered apart from the other input, as AWS prices them. */
    public static void used(Usage usage) {
        Metering metering = CallContext.current().metering();
        metering.inputTokens(uncachedInputTokens(usage));
        metering.outputTokens(usage.outputTokens());
        if (usage.cacheReadTokens() > 0) {
            metering.cacheReadInputTokens(usage.cacheReadTokens());
        }
        if (usage.cacheWriteTokens() > 0) {
            metering.cacheWriteInputTokens(usage.cacheWriteTokens());
        }
    }

    /** The input tokens that neither came from the cache nor went into it. */
    static int uncachedInputTokens(Usage usage) {
        return usage.inputTokens() - usage.cacheReadTokens() - usage.cacheWriteTokens();
    }
}
