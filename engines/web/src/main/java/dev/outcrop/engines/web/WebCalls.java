package dev.outcrop.engines.web;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;

/**
 * Calls of web servers that callers name: limited in time and in what is read, without following redirects, and only of
 * addresses that are in reach. The limit in time is one for all of a call, so that a server that trickles gains nothing.
 */
public final class WebCalls implements AutoCloseable {
    private final Duration longest;
    private final int largestAnswer;
    private final Reach reach;
    private final HttpClient http;

    /**
     * Makes calls of everything beyond the machine's own link.
     *
     * @param longest       how long a server has for all of its answer
     * @param largestAnswer in bytes
     */
    public WebCalls(Duration longest, int largestAnswer) {
        this(longest, largestAnswer, Reach.BEYOND_LINK);
    }

    /**
     * Makes calls.
     *
     * @param longest       how long a server has for all of its answer
     * @param largestAnswer in bytes
     * @param reach         what may be called
     */
    public WebCalls(Duration longest, int largestAnswer, Reach reach) {
        this.longest = longest;
        this.largestAnswer = largestAnswer;
        this.reach = reach;
        http = HttpClient.newBuilder()
                .connectTimeout(longest)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** Why there is no answer. */
    public enum Reason {
        /** Nobody may be called there. */
        FORBIDDEN_ADDRESS,
        UNKNOWN_HOST,
        UNREACHABLE,
        LATE,
        /** The answer broke off, or was none of HTTP. */
        BROKEN,
        TOO_LARGE,
        /** The server that calls is going down. */
        ENDING
    }

    /** A call without an answer. */
    public static final class UnansweredException extends Exception {
        private final Reason reason;

        private UnansweredException(Reason reason, String message) {
            super(message);
            this.reason = reason;
        }

        public Reason reason() {
            return reason;
        }
    }

    /**
     * The answer to a request, whatever its status.
     *
     * @throws UnansweredException if there is none
     */
    public HttpResponse<byte[]> answer(HttpRequest request) throws UnansweredException {
        return answer(request, wanted -> true);
    }

    /**
     * The answer to a request, without its body where its head says that nobody wants it: that is not read then.
     *
     * @throws UnansweredException if there is none
     */
    public HttpResponse<byte[]> answer(HttpRequest request, Predicate<HttpResponse.ResponseInfo> wanted)
            throws UnansweredException {
        return send(
                request,
                head -> wanted.test(head)
                        ? HttpResponse.BodySubscribers.limiting(
                                HttpResponse.BodySubscribers.ofByteArray(), largestAnswer)
                        : new Beginning(0));
    }

    /**
     * The answer to a request, of whose body no more is read than the largest answer may have.
     *
     * @throws UnansweredException if there is none
     */
    public HttpResponse<byte[]> beginning(HttpRequest request) throws UnansweredException {
        return send(request, head -> new Beginning(largestAnswer));
    }

    private HttpResponse<byte[]> send(HttpRequest request, HttpResponse.BodyHandler<byte[]> bodies)
            throws UnansweredException {
        check(request.uri());
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request, bodies);
        try {
            return answer.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            answer.cancel(true);
            throw new UnansweredException(
                    Reason.LATE, "The endpoint did not answer within " + longest.toSeconds() + " seconds");
        } catch (ExecutionException failure) {
            throw unanswered(failure.getCause());
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new UnansweredException(Reason.ENDING, "The server is going down");
        }
    }

    private UnansweredException unanswered(Throwable cause) {
        return switch (cause) {
            case HttpConnectTimeoutException slow ->
                new UnansweredException(Reason.UNREACHABLE, "The endpoint cannot be reached");
            case ConnectException refused ->
                new UnansweredException(Reason.UNREACHABLE, "The endpoint cannot be reached");
            case SSLException untrusted ->
                new UnansweredException(Reason.BROKEN, "TLS failed: " + untrusted.getMessage());
            // The only way in which the JDK tells that a body is larger than its limit.
            case IOException large
            when String.valueOf(large.getMessage()).contains("exceeds capacity") ->
                new UnansweredException(Reason.TOO_LARGE, "The answer is larger than " + largestAnswer + " bytes");
            default -> new UnansweredException(Reason.BROKEN, "The answer broke off: " + cause.getMessage());
        };
    }

    private void check(URI target) throws UnansweredException {
        try {
            if (!reach.allows(target)) {
                throw new UnansweredException(
                        Reason.FORBIDDEN_ADDRESS, "The endpoint is at an address that may not be called");
            }
        } catch (UnknownHostException unknown) {
            throw new UnansweredException(Reason.UNKNOWN_HOST, "The endpoint's host is not known");
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
