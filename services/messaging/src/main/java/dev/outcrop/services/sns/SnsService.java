package dev.outcrop.services.sns;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.Tags;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.AddPermissionRequest;
import software.amazon.awssdk.services.sns.model.AddPermissionResponse;
import software.amazon.awssdk.services.sns.model.ConfirmSubscriptionRequest;
import software.amazon.awssdk.services.sns.model.ConfirmSubscriptionResponse;
import software.amazon.awssdk.services.sns.model.CreateTopicRequest;
import software.amazon.awssdk.services.sns.model.CreateTopicResponse;
import software.amazon.awssdk.services.sns.model.DeleteTopicRequest;
import software.amazon.awssdk.services.sns.model.DeleteTopicResponse;
import software.amazon.awssdk.services.sns.model.GetSubscriptionAttributesRequest;
import software.amazon.awssdk.services.sns.model.GetSubscriptionAttributesResponse;
import software.amazon.awssdk.services.sns.model.GetTopicAttributesRequest;
import software.amazon.awssdk.services.sns.model.GetTopicAttributesResponse;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsByTopicRequest;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsByTopicResponse;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsRequest;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsResponse;
import software.amazon.awssdk.services.sns.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.sns.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.sns.model.ListTopicsRequest;
import software.amazon.awssdk.services.sns.model.ListTopicsResponse;
import software.amazon.awssdk.services.sns.model.PublishBatchRequest;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.PublishResponse;
import software.amazon.awssdk.services.sns.model.RemovePermissionRequest;
import software.amazon.awssdk.services.sns.model.RemovePermissionResponse;
import software.amazon.awssdk.services.sns.model.SetSubscriptionAttributesRequest;
import software.amazon.awssdk.services.sns.model.SetSubscriptionAttributesResponse;
import software.amazon.awssdk.services.sns.model.SetTopicAttributesRequest;
import software.amazon.awssdk.services.sns.model.SetTopicAttributesResponse;
import software.amazon.awssdk.services.sns.model.SubscribeRequest;
import software.amazon.awssdk.services.sns.model.SubscribeResponse;
import software.amazon.awssdk.services.sns.model.TagResourceRequest;
import software.amazon.awssdk.services.sns.model.TagResourceResponse;
import software.amazon.awssdk.services.sns.model.UnsubscribeRequest;
import software.amazon.awssdk.services.sns.model.UnsubscribeResponse;
import software.amazon.awssdk.services.sns.model.UntagResourceRequest;
import software.amazon.awssdk.services.sns.model.UntagResourceResponse;

/** Amazon SNS: topics that deliver to queues and web servers. */
public final class SnsService implements SnsClient, ProtectedResources {
    private final Topics known;
    private final Tags tags;
    private final SigningCertificate certificate;
    private final TopicLifecycle topics;
    private final SubscriptionLifecycle subscriptions;
    private final Deliveries deliveries;
    private final Publishing publishing;

    /**
     * The service over what is stored.
     *
     * @param shared    whether other servers use the same records
     * @param masterKey encrypts messages, page tokens and the key that signs
     * @param tags      where the tags of all resources are
     * @param clients   reach SQS
     * @param mail      sends e-mail, if there is such a server
     * @param measured  takes what CloudWatch is told
     */
    public SnsService(
            Records records,
            boolean shared,
            Secrets masterKey,
            Tags tags,
            Supplier<Clients> clients,
            Optional<MailServer> mail,
            ServiceMetrics measured,
            Ids ids,
            InstantSource clock) {
        this.tags = tags;
        known = new Topics(records, new PageTokens(masterKey), clock);
        certificate = new SigningCertificate(records, masterKey, clock);
        Subscribers subscribers = new Subscribers(clients, new Envelopes(certificate), mail.map(Mail::new));
        topics = new TopicLifecycle(known, tags, ids);
        subscriptions = new SubscriptionLifecycle(records, known, subscribers, ids, clock);
        TopicMetrics metrics = new TopicMetrics(measured);
        deliveries = new Deliveries(
                records, shared, new Sealing(masterKey, clients, clock), known, subscribers, metrics, clock);
        publishing = new Publishing(known, deliveries, metrics, ids, clock);
    }

    /** Delivers what was left undelivered, and removes subscriptions that nobody confirms. */
    public List<Chore> chores() {
        return List.of(deliveries.chore(), subscriptions.chore());
    }

    /** What the URLs in its messages lead to. */
    public static List<Endpoint> endpoints(Supplier<SnsService> service) {
        return SnsEndpoints.of(() -> service.get().certificate, () -> service.get().subscriptions);
    }

    @Override
    public AddPermissionResponse addPermission(AddPermissionRequest request) {
        topics.allow(request);
        return AddPermissionResponse.builder().build();
    }

    @Override
    public ConfirmSubscriptionResponse confirmSubscription(ConfirmSubscriptionRequest request) {
        return subscriptions.confirm(request);
    }

    @Override
    public CreateTopicResponse createTopic(CreateTopicRequest request) {
        return topics.create(request);
    }

    @Override
    public DeleteTopicResponse deleteTopic(DeleteTopicRequest request) {
        topics.delete(request);
        return DeleteTopicResponse.builder().build();
    }

    @Override
    public GetSubscriptionAttributesResponse getSubscriptionAttributes(GetSubscriptionAttributesRequest request) {
        return subscriptions.attributes(request);
    }

    @Override
    public GetTopicAttributesResponse getTopicAttributes(GetTopicAttributesRequest request) {
        return topics.attributes(request);
    }

    @Override
    public ListSubscriptionsResponse listSubscriptions(ListSubscriptionsRequest request) {
        return subscriptions.list(request);
    }

    @Override
    public ListSubscriptionsByTopicResponse listSubscriptionsByTopic(ListSubscriptionsByTopicRequest request) {
        return subscriptions.list(request);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return topics.tags(request);
    }

    @Override
    public ListTopicsResponse listTopics(ListTopicsRequest request) {
        return topics.list(request);
    }

    @Override
    public PublishResponse publish(PublishRequest request) {
        return publishing.publish(request);
    }

    @Override
    public PublishBatchResponse publishBatch(PublishBatchRequest request) {
        return publishing.publish(request);
    }

    @Override
    public RemovePermissionResponse removePermission(RemovePermissionRequest request) {
        topics.disallow(request);
        return RemovePermissionResponse.builder().build();
    }

    @Override
    public SetSubscriptionAttributesResponse setSubscriptionAttributes(SetSubscriptionAttributesRequest request) {
        subscriptions.setAttribute(request);
        return SetSubscriptionAttributesResponse.builder().build();
    }

    @Override
    public SetTopicAttributesResponse setTopicAttributes(SetTopicAttributesRequest request) {
        topics.setAttribute(request);
        return SetTopicAttributesResponse.builder().build();
    }

    @Override
    public SubscribeResponse subscribe(SubscribeRequest request) {
        return subscriptions.subscribe(request);
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        topics.tag(request);
        return TagResourceResponse.builder().build();
    }

    @Override
    public UnsubscribeResponse unsubscribe(UnsubscribeRequest request) {
        subscriptions.unsubscribe(request);
        return UnsubscribeResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        topics.untag(request);
        return UntagResourceResponse.builder().build();
    }

    @Override
    public Map<String, String> tags(String arn) {
        return known.find(arn)
                .filter(topic -> topic.account().equals(CallContext.current().account()))
                .<Map<String, String>>map(topic -> tags.of(topic.arn()))
                .orElse(Map.of());
    }

    @Override
    public Optional<String> policy(String arn) {
        return known.find(arn).flatMap(topic -> topic.attribute("Policy"));
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    /** Ends its deliveries; what is left is delivered after the next start. */
    @Override
    public void close() {
        deliveries.close();
    }
}
