package dev.outcrop.kernel;

import dev.outcrop.shapes.OperationModel;
import dev.outcrop.shapes.OperationModel.Authentication;
import dev.outcrop.shapes.ServiceModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The IAM actions that operations need: the service's signing name and the operation's name, but for those that IAM
 * names differently.
 *
 * <p>Source: the Service Authorization Reference.
 */
final class Actions {
    /** IAM asks nothing of these: "No permissions are required to perform this operation" (STS API reference). */
    private static final Set<String> FREE = Set.of("sts:GetCallerIdentity");

    private static final Map<String, String> RENAMED = Map.of(
            "bedrock:Converse", "bedrock:InvokeModel",
            "bedrock:ConverseStream", "bedrock:InvokeModelWithResponseStream",
            "bedrock:StartAsyncInvoke", "bedrock:InvokeModel");

    private Actions() {}

    /** The action that {@code operation} needs, if it needs one. */
    static Optional<String> of(ServiceModel service, OperationModel operation) {
        String name = service.summary().signingName() + ":" + operation.name();
        if (FREE.contains(name) || operation.authentication().equals(List.of(Authentication.NONE))) {
            return Optional.empty();
        }
        return Optional.of(RENAMED.getOrDefault(name, name));
    }
}
