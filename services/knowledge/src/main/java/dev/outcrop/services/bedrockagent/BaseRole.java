package dev.outcrop.services.bedrockagent;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;

/**
 * The role of a knowledge base. Calls as it say for which knowledge base they are made ({@code aws:SourceArn}), so that the
 * role's trust policy can tell. All methods need a {@link CallContext}.
 *
 * <p>Source: Amazon Bedrock User Guide, "Create a service role for Amazon Bedrock Knowledge Bases".
 */
final class BaseRole {
    private final Supplier<Clients> clients;
    private final String roleArn;
    private final String sourceArn;

    BaseRole(Supplier<Clients> clients, KnowledgeBase base) {
        this.clients = clients;
        roleArn = base.roleArn();
        sourceArn = base.knowledgeBaseArn();
    }

    /** What a call of a service's client gives. */
    <C extends SdkClient, R> R call(Class<C> client, Function<C, R> call) {
        return on(sourceArn, () -> call.apply(clients.get().as(roleArn).of(client)));
    }

    /** What {@code body} gives while it says that it is done for the knowledge base with {@code sourceArn}. */
    static <R> R on(String sourceArn, Supplier<R> body) {
        CallContext call = CallContext.current();
        Optional<String> service = call.service().or(call::callingService);
        return call.toBuilder()
                .callingService(Optional.of(service.orElse("bedrock-agent")))
                .sourceArn(Optional.of(sourceArn))
                .build()
                .call(body::get);
    }
}
