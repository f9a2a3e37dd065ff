package dev.outcrop.services.invocationlogs;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import java.util.function.Supplier;

/** Calls that Bedrock makes in its own name, while nobody waits for them. */
final class OwnCalls {
    private static final String NAME = "bedrock.amazonaws.com";

    private OwnCalls() {}

    /**
     * What {@code body} gives when Bedrock calls for the logging of an account. It calls as nobody of that account, so that a
     * bucket without a policy lets it no more in than one of AWS's does.
     */
    static <T> T call(String account, String region, Supplier<T> body) {
        String arn = "arn:aws:bedrock:" + region + ":" + account + ":model-invocation-logging";
        return CallContext.ofService(NAME, "bedrock", account, region, arn).toBuilder()
                .account(account)
                .principal(Principal.service(NAME, ""))
                .build()
                .call(body::get);
    }
}
