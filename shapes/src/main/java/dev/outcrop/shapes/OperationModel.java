package dev.outcrop.shapes;

import java.util.List;
import java.util.Optional;

/**
 * One operation of a service.
 *
 * @param name           such as {@code ConverseStream}
 * @param method         HTTP method
 * @param uri            URI pattern such as {@code /model/{modelId}/invoke}; greedy labels end in {@code +}; it may hold
 *                       a fixed query such as {@code ?list-type=2}
 * @param status         HTTP status of a success
 * @param input          name of the input structure
 * @param output         name of the output structure
 * @param resultWrapper  element around a Query result, such as {@code GetCallerIdentityResult}
 * @param errors         names of the error structures that the operation declares
 * @param authentication which kinds of authentication the operation takes; {@link Authentication#NONE} alone for
 *                       operations without a signature
 * @param endpointHostPrefix prefix that clients put before the host, such as {@code {AccountId}.}
 * @param inputEventStream  whether the input carries an event stream
 * @param outputEventStream whether the output carries an event stream
 * @param pagination     how results are paged, if they are
 */
public record OperationModel(
        String name,
        String method,
        String uri,
        int status,
        Optional<String> input,
        Optional<String> output,
        Optional<String> resultWrapper,
        List<String> errors,
        List<Authentication> authentication,
        Optional<String> endpointHostPrefix,
        boolean inputEventStream,
        boolean outputEventStream,
        Optional<Pagination> pagination) {
    public OperationModel {
        errors = List.copyOf(errors);
        authentication = List.copyOf(authentication);
    }

    /** The kinds of authentication that operations can ask for. */
    public enum Authentication {
        SIGNATURE_V4,
        SIGNATURE_V4A,
        BEARER,
        NONE
    }

    /**
     * The members that page through results.
     *
     * @param inputTokens  members of the input that take the token
     * @param outputTokens paths in the output that give it
     * @param limit        member of the input that takes the page size
     * @param results      paths in the output that hold the items
     */
    public record Pagination(
            List<String> inputTokens, List<String> outputTokens, Optional<String> limit, List<String> results) {
        public Pagination {
            inputTokens = List.copyOf(inputTokens);
            outputTokens = List.copyOf(outputTokens);
            results = List.copyOf(results);
        }
    }
}
