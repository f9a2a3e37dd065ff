package dev.outcrop.services.sqs;

import dev.outcrop.kernel.Access;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.Tags;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.AddPermissionRequest;
import software.amazon.awssdk.services.sqs.model.AddPermissionResponse;
import software.amazon.awssdk.services.sqs.model.CancelMessageMoveTaskRequest;
import software.amazon.awssdk.services.sqs.model.CancelMessageMoveTaskResponse;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityResponse;
import software.amazon.awssdk.services.sqs.model.CreateQueueRequest;
import software.amazon.awssdk.services.sqs.model.CreateQueueResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageResponse;
import software.amazon.awssdk.services.sqs.model.DeleteQueueRequest;
import software.amazon.awssdk.services.sqs.model.DeleteQueueResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlResponse;
import software.amazon.awssdk.services.sqs.model.ListDeadLetterSourceQueuesRequest;
import software.amazon.awssdk.services.sqs.model.ListDeadLetterSourceQueuesResponse;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksRequest;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksResponse;
import software.amazon.awssdk.services.sqs.model.ListQueueTagsRequest;
import software.amazon.awssdk.services.sqs.model.ListQueueTagsResponse;
import software.amazon.awssdk.services.sqs.model.ListQueuesRequest;
import software.amazon.awssdk.services.sqs.model.ListQueuesResponse;
import software.amazon.awssdk.services.sqs.model.PurgeQueueRequest;
import software.amazon.awssdk.services.sqs.model.PurgeQueueResponse;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.RemovePermissionRequest;
import software.amazon.awssdk.services.sqs.model.RemovePermissionResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.SetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.SetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.StartMessageMoveTaskRequest;
import software.amazon.awssdk.services.sqs.model.StartMessageMoveTaskResponse;
import software.amazon.awssdk.services.sqs.model.TagQueueRequest;
import software.amazon.awssdk.services.sqs.model.TagQueueResponse;
import software.amazon.awssdk.services.sqs.model.UntagQueueRequest;
import software.amazon.awssdk.services.sqs.model.UntagQueueResponse;

/** Amazon SQS: standard and FIFO queues. */
public final class SqsService implements SqsClient, ProtectedResources {
    private final QueueLifecycle lifecycle;
    private final QueuePolicies policies;
    private final Sending sending;
    private final Receiving receiving;
    private final Handling handling;
    private final MoveTasks moves;
    private final SqsResources resources;
    private final QueueMetrics metrics;

    /**
     * The service over what is stored.
     *
     * @param shared    whether other servers use the same records
     * @param masterKey encrypts messages, receipt handles and page tokens
     * @param tags      where the tags of all resources are
     * @param clients   reach KMS
     * @param jobs      move messages out of dead-letter queues
     * @param measured  takes what CloudWatch is told
     */
    public SqsService(
            Records records,
            boolean shared,
            Secrets masterKey,
            Tags tags,
            Supplier<Clients> clients,
            Supplier<Jobs> jobs,
            ServiceMetrics measured,
            Ids ids,
            InstantSource clock) {
        Queues queues = new Queues(records, new PageTokens(masterKey), ids, clock);
        Messages messages = new Messages(records, queues, shared, clock);
        Sealing sealing = new Sealing(masterKey, clients, clock);
        Receipts receipts = new Receipts(masterKey);
        lifecycle = new QueueLifecycle(records, queues, messages, new QueueAttributes(queues::byArn), tags, clock);
        policies = new QueuePolicies(queues, clock);
        metrics = new QueueMetrics(measured, queues, messages, clock);
        sending = new Sending(queues, messages, sealing, metrics, ids, clock);
        receiving = new Receiving(queues, messages, sealing, receipts, metrics, clock);
        handling = new Handling(queues, messages, receipts, metrics, clock);
        moves = new MoveTasks(records, queues, messages, jobs, ids, clock);
        resources = new SqsResources(queues, moves, tags);
    }

    /** Its long work, by kind. */
    public Map<String, Work> work() {
        return Map.of(MoveTasks.KIND, moves);
    }

    /** Removes messages that are too old, or belong to no queue any more, and measures queues. */
    public List<Chore> chores() {
        return List.of(lifecycle.chore(), metrics.chore());
    }

    @Override
    public AddPermissionResponse addPermission(AddPermissionRequest request) {
        policies.add(request);
        return AddPermissionResponse.builder().build();
    }

    @Override
    public CancelMessageMoveTaskResponse cancelMessageMoveTask(CancelMessageMoveTaskRequest request) {
        return moves.cancel(request);
    }

    @Override
    public ChangeMessageVisibilityResponse changeMessageVisibility(ChangeMessageVisibilityRequest request) {
        handling.changeVisibility(request);
        return ChangeMessageVisibilityResponse.builder().build();
    }

    @Override
    public ChangeMessageVisibilityBatchResponse changeMessageVisibilityBatch(
            ChangeMessageVisibilityBatchRequest request) {
        return handling.changeVisibility(request);
    }

    @Override
    public CreateQueueResponse createQueue(CreateQueueRequest request) {
        return lifecycle.create(request);
    }

    @Override
    public DeleteMessageResponse deleteMessage(DeleteMessageRequest request) {
        handling.delete(request);
        return DeleteMessageResponse.builder().build();
    }

    @Override
    public DeleteMessageBatchResponse deleteMessageBatch(DeleteMessageBatchRequest request) {
        return handling.delete(request);
    }

    @Override
    public DeleteQueueResponse deleteQueue(DeleteQueueRequest request) {
        lifecycle.delete(request);
        return DeleteQueueResponse.builder().build();
    }

    @Override
    public GetQueueAttributesResponse getQueueAttributes(GetQueueAttributesRequest request) {
        return lifecycle.attributes(request);
    }

    @Override
    public GetQueueUrlResponse getQueueUrl(GetQueueUrlRequest request) {
        return lifecycle.url(request);
    }

    @Override
    public ListDeadLetterSourceQueuesResponse listDeadLetterSourceQueues(ListDeadLetterSourceQueuesRequest request) {
        return lifecycle.sources(request);
    }

    @Override
    public ListMessageMoveTasksResponse listMessageMoveTasks(ListMessageMoveTasksRequest request) {
        return moves.list(request);
    }

    @Override
    public ListQueueTagsResponse listQueueTags(ListQueueTagsRequest request) {
        return lifecycle.tags(request);
    }

    @Override
    public ListQueuesResponse listQueues(ListQueuesRequest request) {
        return lifecycle.list(request);
    }

    @Override
    public PurgeQueueResponse purgeQueue(PurgeQueueRequest request) {
        lifecycle.purge(request);
        return PurgeQueueResponse.builder().build();
    }

    @Override
    public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
        return receiving.receive(request);
    }

    @Override
    public RemovePermissionResponse removePermission(RemovePermissionRequest request) {
        policies.remove(request);
        return RemovePermissionResponse.builder().build();
    }

    @Override
    public SendMessageResponse sendMessage(SendMessageRequest request) {
        return sending.send(request);
    }

    @Override
    public SendMessageBatchResponse sendMessageBatch(SendMessageBatchRequest request) {
        return sending.send(request);
    }

    @Override
    public SetQueueAttributesResponse setQueueAttributes(SetQueueAttributesRequest request) {
        lifecycle.setAttributes(request);
        return SetQueueAttributesResponse.builder().build();
    }

    @Override
    public StartMessageMoveTaskResponse startMessageMoveTask(StartMessageMoveTaskRequest request) {
        return moves.start(request);
    }

    @Override
    public TagQueueResponse tagQueue(TagQueueRequest request) {
        lifecycle.tag(request);
        return TagQueueResponse.builder().build();
    }

    @Override
    public UntagQueueResponse untagQueue(UntagQueueRequest request) {
        lifecycle.untag(request);
        return UntagQueueResponse.builder().build();
    }

    @Override
    public List<String> resources(String operation, SdkRequest request, List<String> named) {
        return resources.resources(operation, request, named);
    }

    @Override
    public Map<String, String> tags(String arn) {
        return resources.tags(arn);
    }

    @Override
    public boolean isMissing(Access access, SdkRequest request) {
        return resources.isMissing(access, request);
    }

    @Override
    public Optional<String> policy(String arn) {
        return resources.policy(arn);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
