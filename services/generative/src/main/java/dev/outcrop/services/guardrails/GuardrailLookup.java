package dev.outcrop.services.guardrails;

import dev.outcrop.kernel.AwsError;
import java.util.Optional;

/** Finds the guardrails that requests name. */
@FunctionalInterface
public interface GuardrailLookup {
    /**
     * The guardrail that a request names.
     *
     * @throws AwsError if there is none, or the caller may not use what it needs
     */
    Applied find(String identifier, String version);

    /**
     * The guardrail that a request names, if it names one: both a guardrail and a version, or neither.
     *
     * @throws AwsError if there is no such guardrail
     */
    default Optional<Applied> named(Optional<String> identifier, Optional<String> version) {
        Optional<String> id = identifier.filter(text -> !text.isEmpty());
        Optional<String> number = version.filter(text -> !text.isEmpty());
        if (id.isEmpty() && number.isEmpty()) {
            return Optional.empty();
        }
        if (id.isEmpty() || number.isEmpty()) {
            throw AwsError.validation(
                    "A request that uses a guardrail must name both the guardrailIdentifier and the guardrailVersion.");
        }
        return Optional.of(find(id.get(), number.get()));
    }
}
