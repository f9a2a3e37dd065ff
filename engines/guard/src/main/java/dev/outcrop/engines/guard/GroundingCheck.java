package dev.outcrop.engines.guard;

/** Tells whether an answer rests on a source and answers its question. Safe for concurrent use. */
public interface GroundingCheck {
    /**
     * Scores an answer.
     *
     * @param source what the answer must rest on
     * @param query  what was asked
     * @param answer what was answered
     */
    Scores scores(String source, String query, String answer);

    /**
     * How good an answer is.
     *
     * @param grounding how far the source bears it out, 0 to 1; as low as that of its least grounded sentence
     * @param relevance how far it answers the query, 0 to 1
     */
    record Scores(double grounding, double relevance) {}
}
