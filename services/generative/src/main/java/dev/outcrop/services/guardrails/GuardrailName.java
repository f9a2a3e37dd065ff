package dev.outcrop.services.guardrails;

import dev.outcrop.kernel.CallContext;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What guardrails are called by: an id, or an ARN with the id. */
final class GuardrailName {
    private static final Pattern ARN =
            Pattern.compile("arn:aws(?:-[^:]+)?:bedrock:([a-z0-9-]{1,20}):([0-9]{12}):guardrail/([a-z0-9]+)");

    private GuardrailName() {}

    /** The id in {@code identifier}; empty if it is the ARN of another account's or Region's. */
    static Optional<String> id(String identifier) {
        if (!identifier.startsWith("arn:")) {
            return Optional.of(identifier);
        }
        CallContext call = CallContext.current();
        Matcher parts = ARN.matcher(identifier);
        return parts.matches()
                        && parts.group(1).equals(call.region())
                        && parts.group(2).equals(call.account())
                ? Optional.of(parts.group(3))
                : Optional.empty();
    }
}
