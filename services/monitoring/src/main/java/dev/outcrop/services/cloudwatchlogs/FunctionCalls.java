package dev.outcrop.services.cloudwatchlogs;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Clients;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;

/** Calls Lambda functions in the name of CloudWatch Logs, on behalf of a group, so that their policies decide. */
final class FunctionCalls {
    private static final Logger LOG = LoggerFactory.getLogger(FunctionCalls.class);

    private final Supplier<Clients> clients;

    FunctionCalls(Supplier<Clients> clients) {
        this.clients = clients;
    }

    /** Whether a function is there and may be called. */
    boolean mayCall(StoredGroup group, String arn) {
        return invoked(group, arn, InvocationType.DRY_RUN, "{}");
    }

    /** Gives a function something to do; false if it does not take it. */
    boolean call(StoredGroup group, String arn, String payload) {
        return invoked(group, arn, InvocationType.EVENT, payload);
    }

    private boolean invoked(StoredGroup group, String arn, InvocationType type, String payload) {
        try {
            OwnCalls.call(
                    group,
                    () -> clients.get()
                            .of(LambdaClient.class)
                            .invoke(request -> request.functionName(arn)
                                    .invocationType(type)
                                    .payload(SdkBytes.fromUtf8String(payload))));
            return true;
        } catch (SdkException | AwsError | IllegalArgumentException refusal) {
            LOG.info("{} does not take events of {}: {}", arn, group.arn(), refusal.getMessage());
            return false;
        }
    }
}
