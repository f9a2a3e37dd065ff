package dev.outcrop.kernel;

/** Writes down what was called. Called on the thread of the call, so it hands on and returns. */
@FunctionalInterface
public interface CallRecorder {
    void record(CallRecord call);
}
