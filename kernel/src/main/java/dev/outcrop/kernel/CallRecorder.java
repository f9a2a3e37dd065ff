package dev.outcrop.kernel;

/** Writes down what was called. Called on the thread of the call, so it hands on and returns. */
@FunctionalInterface
public interface CallRecorder {
    void record(CallRecord call);

    /** Has {@code next} told, too. */
    default CallRecorder and(CallRecorder next) {
        return call -> {
            record(call);
            next.record(call);
        };
    }
}
