package dev.outcrop.shapes;

import java.util.List;
import java.util.Optional;

/**
 * What must be known of a service to tell that a call is meant for it, without loading its operations.
 *
 * @param id             the name of the service in botocore and the AWS CLI, such as {@code bedrock-runtime}
 * @param serviceId      the service id of the model, such as {@code Bedrock Runtime}
 * @param fullName       the name for people, such as {@code Amazon Bedrock Runtime}
 * @param apiVersion     such as {@code 2023-09-30}
 * @param endpointPrefix first label of the host name, such as {@code bedrock-runtime}
 * @param signingName    service name in a signature's credential scope, such as {@code bedrock}
 * @param targetPrefix   what stands before the dot in {@code X-Amz-Target}; only of JSON services
 * @param jsonVersion    {@code 1.0} or {@code 1.1}; only of JSON services
 * @param xmlNamespace   namespace of XML responses; only of XML and Query services
 * @param protocols      the protocols that the service speaks, the preferred one first, never empty
 * @param queryCompatible whether errors also carry their Query code (the trait of that name)
 * @param operationCount how many operations the service has
 */
public record ServiceSummary(
        String id,
        String serviceId,
        String fullName,
        String apiVersion,
        String endpointPrefix,
        String signingName,
        Optional<String> targetPrefix,
        Optional<String> jsonVersion,
        Optional<String> xmlNamespace,
        List<Protocol> protocols,
        boolean queryCompatible,
        int operationCount) {
    public ServiceSummary {
        protocols = List.copyOf(protocols);
    }
}
