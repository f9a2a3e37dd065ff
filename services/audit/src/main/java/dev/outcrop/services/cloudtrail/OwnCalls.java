package dev.outcrop.services.cloudtrail;

import dev.outcrop.kernel.CallContext;
import java.util.function.Supplier;

/** Calls that CloudTrail makes in its own name, while nobody waits for them. */
final class OwnCalls {
    /** Its name as a principal. */
    static final String NAME = "cloudtrail.amazonaws.com";

    private OwnCalls() {}

    /**
     * What {@code body} gives when CloudTrail calls.
     *
     * @param account   the account that it works for
     * @param sourceArn the trail or event data store that it does so for
     */
    static <T> T call(String account, String region, String sourceArn, Supplier<T> body) {
        return CallContext.ofService(NAME, "cloudtrail", account, region, sourceArn)
                .call(body::get);
    }
}
