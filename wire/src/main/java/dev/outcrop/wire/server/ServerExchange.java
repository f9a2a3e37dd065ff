package dev.outcrop.wire.server;

import dev.outcrop.kernel.ClientGone;
import dev.outcrop.shapes.OperationModel;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.WireRequest;
import dev.outcrop.wire.http.WireResponse;
import dev.outcrop.wire.signature.AuthenticationDialect;
import dev.outcrop.wire.signature.AuthenticationException;
import dev.outcrop.wire.signature.Credentials;
import dev.outcrop.wire.signature.PayloadException;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.Header;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalLong;

/** A request that came in and the answer that goes out, in our own terms, whatever they travel in. */
interface ServerExchange {
    /** More header fields than any client sends. */
    int MOST_HEADERS = 500;

    /** Helidon's headers as ours. */
    static HttpHeaders.Builder headers(Iterable<Header> given) {
        HttpHeaders.Builder headers = HttpHeaders.builder();
        for (Header header : given) {
            String name = header.headerName().lowerCase();
            if (header.valueCount() == 1) {
                headers.addLowerCase(name, header.get());
            } else {
                for (String value : header.allValues()) {
                    headers.addLowerCase(name, value);
                }
            }
        }
        return headers;
    }

    /** Where the client reached this server, by what it calls the host. */
    static Optional<String> endpoint(ServerExchange exchange) {
        return exchange.head().header("host").map(host -> (exchange.isSecure() ? "https://" : "http://") + host);
    }

    /** What the request says before its body, as it was sent and signed. */
    WireRequest head();

    /** The same in the form that the service's description knows, by which the operation is found. */
    default WireRequest target() {
        return head();
    }

    /** The same with the members of the operation's input where its description has them. */
    default WireRequest input(ServiceModel service, OperationModel operation) {
        return head();
    }

    /**
     * Refuses credentials that would do elsewhere.
     *
     * @throws AuthenticationException in the words of {@code dialect}
     */
    default void check(Credentials credentials, AuthenticationDialect dialect) {}

    /**
     * The body as it comes in. A client that breaks it off, or stalls for too long, is told by
     * {@link PayloadException}, and its connection is closed: what is left of the body could not be told from a request.
     */
    InputStream body();

    /**
     * The client's events as they come in.
     *
     * @param opening headers of an answer that must begin before the client sends any
     */
    default InputStream events(HttpHeaders opening) {
        return body();
    }

    /** Whether nothing more of the body is to come. */
    default boolean isReadToTheEnd() {
        return true;
    }

    /** How long the body says it is. */
    OptionalLong contentLength();

    /** Whether it came over TLS. */
    boolean isSecure();

    /** The client's IP address. */
    String remoteAddress();

    /** Whoever waits for the answer. */
    Departure client();

    /** Who is at the other end of the connection. */
    PeerInfo peer();

    /** The number of the exchange among those of its connection. */
    int id();

    /** Whether an answer has begun. */
    boolean isAnswered();

    /** Whether an answer has begun that can be nothing but a stream of events, however the call ends. */
    default boolean isEventStream() {
        return false;
    }

    /**
     * Sends a whole answer.
     *
     * @throws ClientGone if nobody reads it
     */
    void send(WireResponse answer);

    /** Begins an answer whose body is written to the stream that this returns; it throws {@link ClientGone}. */
    OutputStream stream(int status, HttpHeaders headers);
}
