package dev.outcrop.services.guardrails;

/** The policies that a guardrail's use is counted by, as CloudWatch names them. */
enum Policy {
    TOPIC("TopicPolicy"),
    CONTENT("ContentPolicy"),
    WORD("WordPolicy"),
    /** Personal data. */
    SENSITIVE("SensitiveInformationPolicy"),
    /** Regular expressions, which AWS counts apart and does not charge for. */
    SENSITIVE_FREE("SensitiveInformationPolicy"),
    GROUNDING("ContextualGroundingPolicy");

    private final String dimension;

    Policy(String dimension) {
        this.dimension = dimension;
    }

    /** The value of {@code GuardrailPolicyType}. */
    String dimension() {
        return dimension;
    }

    /** The policy that {@code finding} is one of. */
    static Policy of(Finding finding) {
        return switch (finding) {
            case Finding.TopicFound _ -> TOPIC;
            case Finding.ContentFound _ -> CONTENT;
            case Finding.WordFound _ -> WORD;
            case Finding.PersonalFound _, Finding.PersonalAbsent _ -> SENSITIVE;
            case Finding.PatternFound _ -> SENSITIVE_FREE;
            case Finding.GroundingFound _ -> GROUNDING;
        };
    }
}
