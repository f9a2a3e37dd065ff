package dev.outcrop.shapes.codec;

/**
 * A body, parameter or header that is not what its shape asks for. Callers answer it as AWS's
 * {@code SerializationException}, status 400. It carries no stack trace: clients can cause it at will.
 */
public final class SerializationFailure extends RuntimeException {
    private final String path;
    private final String reason;

    /**
     * @param path   where in the shape, such as {@code /messages/0/content}; empty for the whole
     * @param reason what is wrong there
     */
    public SerializationFailure(String path, String reason) {
        super(path.isEmpty() ? reason : reason + " (at " + path + ")", null, false, false);
        this.path = path;
        this.reason = reason;
    }

    /** Where in the shape, such as {@code /messages/0/content}; empty for the whole. */
    public String path() {
        return path;
    }

    /** What is wrong there, in AWS's wording where AWS has one. */
    public String reason() {
        return reason;
    }

    /** The same failure as seen from outside the member {@code name}. */
    SerializationFailure inside(String name) {
        return new SerializationFailure("/" + name + path, reason);
    }
}
