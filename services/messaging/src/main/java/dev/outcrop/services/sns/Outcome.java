package dev.outcrop.services.sns;

/** What came of an attempt to deliver. */
sealed interface Outcome {
    /** The subscriber has it. */
    record Delivered() implements Outcome {}

    /**
     * The subscriber has it not.
     *
     * @param again whether it may help to try again
     */
    record Failed(String code, String message, boolean again) implements Outcome {}
}
