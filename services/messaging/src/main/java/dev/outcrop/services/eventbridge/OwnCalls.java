package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.CallContext;
import java.util.function.Supplier;

/** Calls that EventBridge makes in its own name, while nobody waits for them. */
final class OwnCalls {
    /** Its name as a principal. */
    static final String NAME = "events.amazonaws.com";

    private OwnCalls() {}

    /**
     * What {@code body} gives when EventBridge calls.
     *
     * @param account   the account that it works for
     * @param sourceArn the rule, or whatever else it does so for
     */
    static <T> T call(String account, String region, String sourceArn, Supplier<T> body) {
        return CallContext.ofService(NAME, "events", account, region, sourceArn).call(body::get);
    }
}
