package dev.outcrop.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;

/** One HTTP request to an {@link Endpoint} and its answer. */
public interface EndpointExchange {
    String method();

    /** The decoded path, without the query. */
    String path();

    /** The first value of a query parameter. */
    Optional<String> query(String name);

    /** The first value of a header, its name in any case. */
    Optional<String> header(String name);

    /**
     * The body.
     *
     * @param maximumBytes reading past it throws {@link AwsError} 413 {@code RequestEntityTooLargeException}
     */
    InputStream body(long maximumBytes);

    /** Answers with a whole body; headers that {@link CallContext#addResponseHeader} was given are added. */
    void respond(int status, Map<String, String> headers, byte[] body) throws IOException;

    /**
     * Begins an answer whose body is written bit by bit. {@code flush()} sends what was written; writing throws
     * {@link ClientGone} once the client is gone.
     */
    OutputStream stream(int status, Map<String, String> headers) throws IOException;
}
