package dev.outcrop.wire.route;

import dev.outcrop.shapes.OperationModel;
import dev.outcrop.shapes.Protocol;
import dev.outcrop.shapes.ServiceModel;
import java.util.Map;
import java.util.Optional;

/** Where a request leads. */
public sealed interface Route {
    /**
     * To an operation.
     *
     * @param protocol what the client speaks, in which it is answered
     * @param labels   the labels of the path, decoded
     */
    record Found(ServiceModel service, OperationModel operation, Protocol protocol, Map<String, String> labels)
            implements Route {}

    /**
     * Nowhere.
     *
     * @param service  the service that was meant, as far as that can be told
     * @param protocol what the client speaks
     * @param code     what clients tell the error by
     * @param status   HTTP status
     * @param message  AWS's wording
     */
    record Unknown(Optional<ServiceModel> service, Protocol protocol, String code, int status, String message)
            implements Route {}
}
