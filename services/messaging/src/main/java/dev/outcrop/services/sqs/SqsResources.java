package dev.outcrop.services.sqs;

import dev.outcrop.kernel.Access;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.Tags;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.sqs.model.CancelMessageMoveTaskRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What IAM is told of queues: requests name them by URLs. */
final class SqsResources implements ProtectedResources {
    private final Queues queues;
    private final MoveTasks moves;
    private final Tags tags;

    SqsResources(Queues queues, MoveTasks moves, Tags tags) {
        this.queues = queues;
        this.moves = moves;
        this.tags = tags;
    }

    @Override
    public List<String> resources(String operation, SdkRequest request, List<String> named) {
        Optional<String> url = request.getValueForField("QueueUrl", String.class);
        if (url.isPresent()) {
            return Queues.arnOfUrl(url.get()).map(List::of).orElse(named);
        }
        return switch (request) {
            case GetQueueUrlRequest wanted
            when wanted.queueOwnerAWSAccountId() != null ->
                List.of(Queue.arn(
                        wanted.queueOwnerAWSAccountId(), CallContext.current().region(), wanted.queueName()));
            case CancelMessageMoveTaskRequest cancel ->
                moves.sourceOf(cancel.taskHandle()).map(List::of).orElse(named);
            default -> named;
        };
    }

    @Override
    public Map<String, String> tags(String arn) {
        return queues.byArn(arn)
                .filter(queue -> queue.account().equals(CallContext.current().account()))
                .<Map<String, String>>map(queue -> tags.of(queue.arn()))
                .orElse(Map.of());
    }

    @Override
    public boolean isMissing(Access access, SdkRequest request) {
        return queues.byArn(access.resource()).isEmpty();
    }

    @Override
    public Optional<String> policy(String arn) {
        return queues.byArn(arn).flatMap(queue -> queue.attribute(QueueAttributeName.POLICY));
    }
}
