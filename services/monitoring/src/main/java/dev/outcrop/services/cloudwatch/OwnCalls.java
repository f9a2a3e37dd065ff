package dev.outcrop.services.cloudwatch;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import java.util.Optional;
import java.util.UUID;
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
        CallContext context = CallContext.builder()
                .account(alarm.account())
                .region(alarm.region())
                .principal(Principal.service(name, alarm.account()))
                .requestId(UUID.randomUUID().toString())
                .sourceAddress(name)
                .userAgent(name)
                .callingService(Optional.of("cloudwatch"))
                .sourceArn(Optional.of(alarm.arn()))
                .secureTransport(true)
                .build();
        return context.call(body::get);
    }
}
