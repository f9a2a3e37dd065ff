package dev.outcrop.services.cloudwatchlogs.insights;

/** A text is no query; says what is wrong with which part of it. */
public final class MalformedInsightsQueryException extends RuntimeException {
    private final int start;
    private final int end;

    MalformedInsightsQueryException(String message, int start, int end) {
        super(message);
        this.start = start;
        this.end = end;
    }

    /** Where in the query the wrong part begins. */
    public int start() {
        return start;
    }

    /** Where it ends. */
    public int end() {
        return end;
    }
}
