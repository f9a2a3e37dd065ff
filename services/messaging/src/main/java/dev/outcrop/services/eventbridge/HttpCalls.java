package dev.outcrop.services.eventbridge;

import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls of servers out there, each of which has five seconds for all of its answer. */
final class HttpCalls {
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final int LARGEST_ANSWER = 1 << 20;

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(LONGEST)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /**
     * The answer to a request.
     *
     * @throws DeliveryFailure.Thrown if there is none
     */
    HttpResponse<byte[]> answer(HttpRequest request) {
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), LARGEST_ANSWER));
        try {
            return answer.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            answer.cancel(true);
            throw new DeliveryFailure("TIMEOUT", "The endpoint did not answer within 5 seconds", true).thrown();
        } catch (ExecutionException failure) {
            String reason = failure.getCause() instanceof ConnectException
                    ? "The endpoint cannot be reached"
                    : String.valueOf(failure.getCause().getMessage());
            throw new DeliveryFailure("CONNECTION_FAILURE", reason, true).thrown();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new DeliveryFailure("INTERNAL_ERROR", "The server is going down", true).thrown();
        }
    }

    void close() {
        client.shutdownNow();
    }
}
