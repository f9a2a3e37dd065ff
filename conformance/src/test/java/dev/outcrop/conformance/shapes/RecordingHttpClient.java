package dev.outcrop.conformance.shapes;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Function;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/** An HTTP client that hands each request to a function in this process instead of a network. For one thread. */
final class RecordingHttpClient implements SdkHttpClient {
    private Function<Exchange, Reply> server = _ -> {
        throw new IllegalStateException("nobody answers yet");
    };

    /** What calls are answered with from now on. */
    void answerWith(Function<Exchange, Reply> answer) {
        server = answer;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        Function<Exchange, Reply> answer = server;
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() {
                Reply reply = answer.apply(new Exchange(request.httpRequest(), body(request)));
                return HttpExecuteResponse.builder()
                        .response(reply.response())
                        .responseBody(AbortableInputStream.create(new ByteArrayInputStream(reply.body())))
                        .build();
            }

            @Override
            public void abort() {
                // Nothing is under way.
            }
        };
    }

    private static byte[] body(HttpExecuteRequest request) {
        if (request.contentStreamProvider().isEmpty()) {
            return new byte[0];
        }
        try (InputStream body = request.contentStreamProvider().get().newStream()) {
            return body.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    /**
     * A request as it would leave the machine.
     *
     * @param request method, URI and headers
     * @param body    all bytes
     */
    record Exchange(SdkHttpRequest request, byte[] body) {}

    /**
     * A response as it would come from the network.
     *
     * @param response status and headers
     * @param body     all bytes
     */
    record Reply(SdkHttpResponse response, byte[] body) {}
}
