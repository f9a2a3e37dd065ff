package dev.outcrop.services.guardrails;

import dev.outcrop.engines.guard.Confidence;

/** One thing that a policy says of a text. Places are in UTF-16 units, their end exclusive. */
sealed interface Finding {
    /** What is done about it. */
    Verdict verdict();

    /** Whether the policy found what it looks for; the others only say that it looked. */
    boolean detected();

    /** A finding at a place in a text. */
    sealed interface Placed extends Finding {
        int start();

        int end();

        /** What was found there. */
        String match();

        /** What stands in its place where it is masked, without the braces. */
        String label();

        @Override
        default boolean detected() {
            return true;
        }
    }

    /** A denied topic. */
    record TopicFound(String name, boolean detected, Verdict verdict) implements Finding {}

    /**
     * Harmful content.
     *
     * @param type     such as {@code HATE}
     * @param strength of the filter, such as {@code HIGH}
     */
    record ContentFound(String type, Confidence confidence, String strength, boolean detected, Verdict verdict)
            implements Finding {}

    /** A forbidden word; {@code label} is that of a managed list, or empty for a custom word. */
    record WordFound(int start, int end, String match, String label, Verdict verdict) implements Placed {}

    /** Personal data of the type {@code label}. */
    record PersonalFound(int start, int end, String match, String label, Verdict verdict) implements Placed {}

    /** Personal data that was looked for and not found. */
    record PersonalAbsent(String type) implements Finding {
        @Override
        public Verdict verdict() {
            return Verdict.NONE;
        }

        @Override
        public boolean detected() {
            return false;
        }
    }

    /** A match of the regular expression called {@code label}. */
    record PatternFound(int start, int end, String match, String label, String expression, Verdict verdict)
            implements Placed {}

    /** How far an answer rests on its source, or answers its query. */
    record GroundingFound(String type, double threshold, double score, boolean detected, Verdict verdict)
            implements Finding {}
}
