package dev.outcrop.wire.binding;

import dev.outcrop.shapes.OperationModel;
import dev.outcrop.shapes.Protocol;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.wire.http.QueryString;
import dev.outcrop.wire.http.WireRequest;
import dev.outcrop.wire.http.WireResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkPojo;

/**
 * An operation's shapes as HTTP messages in one protocol: requests in, responses and errors out. Safe for concurrent use;
 * made once an operation and protocol.
 */
public final class HttpBinding {
    private final ServiceModel service;
    private final Protocol protocol;
    private final ResponseWriter responses;
    /** Parameters that the operation's URI has for every request. */
    private final Set<String> fixedParameters;

    /** The binding of {@code operation} in {@code protocol}, one of those that the service speaks. */
    public HttpBinding(ServiceModel service, OperationModel operation, Protocol protocol) {
        this.service = service;
        this.protocol = protocol;
        responses = new ResponseWriter(service, operation, protocol);
        int question = operation.uri().indexOf('?');
        fixedParameters = question < 0
                ? Set.of()
                : QueryString.parse(operation.uri().substring(question + 1)).parameters().stream()
                        .map(QueryString.Parameter::name)
                        .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Sets on {@code builder} what the request says.
     *
     * @param labels the labels of the path, decoded
     * @param body   the body; empty for operations whose body streams
     * @throws dev.outcrop.shapes.codec.SerializationFailure if it is not what the shape asks for
     * @throws IOException if {@code body} cannot be read
     */
    public void readRequest(WireRequest request, Map<String, String> labels, InputStream body, SdkPojo builder)
            throws IOException {
        readHead(request, labels, builder);
        RequestReader.readBody(protocol, request, body, builder);
    }

    /** As {@link #readRequest}, but without the body. */
    public void readHead(WireRequest request, Map<String, String> labels, SdkPojo builder) {
        if (protocol == Protocol.REST_JSON || protocol == Protocol.REST_XML) {
            RequestReader.readHead(request, labels, fixedParameters, builder);
        }
    }

    /** The response with its body. */
    public WireResponse writeResponse(SdkPojo response, String requestId) {
        return responses.write(response, requestId);
    }

    /** Status and headers of a response whose body streams. */
    public WireResponse writeHead(SdkPojo response, String requestId) {
        return responses.head(response, requestId);
    }

    /** An error of the operation. */
    public WireResponse writeError(ErrorAnswer error, String requestId) {
        return ErrorWriter.write(Optional.of(service), protocol, error, requestId);
    }

    /** An error before an operation was found. */
    public static WireResponse writeError(
            Optional<ServiceModel> service, Protocol protocol, ErrorAnswer error, String requestId) {
        return ErrorWriter.write(service, protocol, error, requestId);
    }
}
