package dev.outcrop.engines.web;

/** A call that another server refused, or did not answer. The message is fit to be shown: it holds no credentials. */
public final class RestException extends RuntimeException {
    private final int status;

    /**
     * Makes one.
     *
     * @param status of HTTP, or 0 where there was no answer
     */
    public RestException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The status of HTTP, or 0 where there was no answer. */
    public int status() {
        return status;
    }

    /** Whether the server said that there is no such thing. */
    public boolean isMissing() {
        return status == 404 || status == 410;
    }

    /** Whether the server did not accept who we are, or what we may. */
    public boolean isRefused() {
        return status == 401 || status == 403;
    }
}
