package dev.outcrop.services.bedrockruntime.families;

import java.util.List;

/**
 * A request body that cannot be served: it breaks its family's rules ({@link #violations()} says where), it is not JSON,
 * or it asks for what the model cannot do ({@link #getMessage()} says what).
 */
public final class BodyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    private BodyException(String message, List<Violation> violations) {
        super(message);
        this.violations = List.copyOf(violations);
    }

    /** The body breaks rules. */
    static BodyException of(List<Violation> violations) {
        StringBuilder message = new StringBuilder("Malformed input request: ");
        violations.forEach(violation -> message.append(violation.inAwsWords()));
        return new BodyException(
                message.append(", please reformat your input and try again.").toString(), violations);
    }

    /** The body is no JSON object, or is larger or deeper than what is read. */
    static BodyException unreadable() {
        return new BodyException("Malformed input request, please reformat your input and try again.", List.of());
    }

    /** The body is well formed, but what it asks for cannot be done. */
    static BodyException refusal(String message) {
        return new BodyException(message, List.of());
    }

    /** What is wrong, in the order it was found; empty if no single place of the body is to blame. */
    public List<Violation> violations() {
        return violations;
    }
}
