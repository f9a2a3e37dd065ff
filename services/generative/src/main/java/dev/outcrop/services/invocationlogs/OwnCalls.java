package dev.outcrop.services.invocationlogs;

import dev.outcrop.kernel.CallContext;
import java.util.function.Supplier;

/** Calls that Bedrock makes in its own name, while nobody waits for them. */
final class OwnCalls {
    private OwnCalls() {}

    /** What {@code body} gives when Bedrock calls for the logging of an account. */
    static <T> T call(String account, String region, Supplier<T> body) {
        String arn = "arn:aws:bedrock:" + region + ":" + account + ":model-invocation-logging";
        return CallContext.ofService("bedrock.amazonaws.com", "bedrock", account, region, arn)
                .call(body::get);
    }
}
