package dev.outcrop.engines.worker;

/** A worker did not answer a call. */
public final class WorkerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The category of a call that failed with an exception that its service did not foresee. */
    public static final String UNFORESEEN = "UNFORESEEN";

    private final Reason reason;
    private final String category;

    public WorkerException(Reason reason, String message) {
        this(reason, reason.name(), message);
    }

    /** A failure of the service itself, in a category of its own choice. */
    public static WorkerException refused(String category, String message) {
        return new WorkerException(Reason.REFUSED, category, message);
    }

    private WorkerException(Reason reason, String category, String message) {
        super(message);
        this.reason = reason;
        this.category = category;
    }

    /** Why there is no answer. */
    public Reason reason() {
        return reason;
    }

    /** The service's own category when the reason is {@link Reason#REFUSED}, else the reason's name. */
    public String category() {
        return category;
    }

    /** Why a call has no answer. */
    public enum Reason {
        /** The service said so. */
        REFUSED,
        /** The process could not be started, has died, or is being stopped. */
        UNAVAILABLE,
        /** Nothing came in time. */
        TIMED_OUT
    }
}
