package dev.outcrop.services.messaging;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls of web servers that callers name: limited in time and in what is read, without following redirects, and never of
 * addresses that only this machine's own link knows, such as those where clouds tell credentials.
 */
public final class WebCalls implements AutoCloseable {
    private final Duration longest;
    private final int largestAnswer;
    private final HttpClient http;

    /**
     * Makes calls.
     *
     * @param longest       how long a server has for all of its answer
     * @param largestAnswer in bytes
     */
    public WebCalls(Duration longest, int largestAnswer) {
        this.longest = longest;
        this.largestAnswer = largestAnswer;
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
        /** The answer broke off, or was too large or none of HTTP. */
        BROKEN,
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
        check(request.uri());
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), largestAnswer));
        try {
            return answer.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            answer.cancel(true);
            throw new UnansweredException(
                    Reason.LATE, "The endpoint did not answer within " + longest.toSeconds() + " seconds");
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof ConnectException
                    ? new UnansweredException(Reason.UNREACHABLE, "The endpoint cannot be reached")
                    : new UnansweredException(
                            Reason.BROKEN, String.valueOf(failure.getCause().getMessage()));
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new UnansweredException(Reason.ENDING, "The server is going down");
        }
    }

    private static void check(URI target) throws UnansweredException {
        try {
            if (!isOutside(target)) {
                throw new UnansweredException(Reason.FORBIDDEN_ADDRESS, "The endpoint is at an address of this link");
            }
        } catch (UnknownHostException unknown) {
            throw new UnansweredException(Reason.UNKNOWN_HOST, "The endpoint's host is not known");
        }
    }

    /** Whether an endpoint is at none of the addresses that belong to a machine's own link or to nobody. */
    static boolean isOutside(URI endpoint) throws UnknownHostException {
        if (endpoint.getHost() == null) {
            return false;
        }
        for (InetAddress address : InetAddress.getAllByName(endpoint.getHost())) {
            if (address.isLinkLocalAddress() || address.isMulticastAddress() || address.isAnyLocalAddress()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
