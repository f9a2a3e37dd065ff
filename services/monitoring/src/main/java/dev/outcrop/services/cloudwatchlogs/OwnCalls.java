package dev.outcrop.services.cloudwatchlogs;

import dev.outcrop.kernel.CallContext;
import java.util.function.Supplier;

/** Calls that CloudWatch Logs makes in its own name. */
final class OwnCalls {
    private OwnCalls() {}

    /**
     * What {@code body} gives when CloudWatch Logs calls.
     *
     * @param group that it does so for
     */
    static <T> T call(StoredGroup group, Supplier<T> body) {
        return call(group.account(), group.region(), group.arn(), body);
    }

    /** The same, for the resource with {@code arn}. */
    static <T> T call(String account, String region, String arn, Supplier<T> body) {
        // As policies of keys and buckets name it: "logs.us-east-1.amazonaws.com".
        String name = "logs." + region + ".amazonaws.com";
        return CallContext.ofService(name, "logs", account, region, arn).call(body::get);
    }
}
