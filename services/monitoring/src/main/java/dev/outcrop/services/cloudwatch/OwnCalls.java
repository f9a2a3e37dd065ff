package dev.outcrop.services.cloudwatch;

import dev.outcrop.kernel.CallContext;
import java.util.function.Supplier;

/** Calls that CloudWatch makes in its own name, while nobody waits for them. */
final class OwnCalls {
    /** Its name as a principal. */
    static final String NAME = "cloudwatch.amazonaws.com";

    private OwnCalls() {}

    /**
     * What {@code body} gives when CloudWatch calls for an alarm.
     *
     * @param name as which principal
     */
    static <T> T call(String name, Alarm alarm, Supplier<T> body) {
        return CallContext.ofService(name, "cloudwatch", alarm.account(), alarm.region(), alarm.arn())
                .call(body::get);
    }
}
