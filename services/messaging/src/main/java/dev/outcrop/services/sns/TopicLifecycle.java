package dev.outcrop.services.sns;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Tags;
import dev.outcrop.services.messaging.PermissionStatements;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.sns.model.AddPermissionRequest;
import software.amazon.awssdk.services.sns.model.CreateTopicRequest;
import software.amazon.awssdk.services.sns.model.CreateTopicResponse;
import software.amazon.awssdk.services.sns.model.DeleteTopicRequest;
import software.amazon.awssdk.services.sns.model.GetTopicAttributesRequest;
import software.amazon.awssdk.services.sns.model.GetTopicAttributesResponse;
import software.amazon.awssdk.services.sns.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.sns.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.sns.model.ListTopicsRequest;
import software.amazon.awssdk.services.sns.model.ListTopicsResponse;
import software.amazon.awssdk.services.sns.model.RemovePermissionRequest;
import software.amazon.awssdk.services.sns.model.SetTopicAttributesRequest;
import software.amazon.awssdk.services.sns.model.Tag;
import software.amazon.awssdk.services.sns.model.TagResourceRequest;
import software.amazon.awssdk.services.sns.model.UntagResourceRequest;

/**
 * Topics from their making to their end, their attributes, policies and tags.
 *
 * <p>Source: the operations of these names in the Amazon SNS API Reference.
 */
final class TopicLifecycle {
    private static final int LONGEST_POLICY = 30_720;
    private static final int LONGEST_KEY = 2048;
    private static final int MOST_STATEMENTS = 100;
    private static final List<String> ACTIONS = List.of(
            "*",
            "AddPermission",
            "DeleteTopic",
            "GetTopicAttributes",
            "ListSubscriptionsByTopic",
            "Publish",
            "RemovePermission",
            "SetTopicAttributes",
            "Subscribe");

    private final Topics topics;
    private final Tags tags;
    private final Ids ids;

    TopicLifecycle(Topics topics, Tags tags, Ids ids) {
        this.topics = topics;
        this.tags = tags;
        this.ids = ids;
    }

    CreateTopicResponse create(CreateTopicRequest request) {
        CallContext call = CallContext.current();
        String name = request.name();
        boolean fifo = "true".equals(request.attributes().get("FifoTopic"));
        String stem = fifo && name.endsWith(".fifo") ? name.substring(0, name.length() - ".fifo".length()) : name;
        if (fifo != name.endsWith(".fifo") || name.length() > 256 || !stem.matches("[A-Za-z0-9_-]{1,256}")) {
            throw Errors.invalid("Topic Name");
        }
        if (request.dataProtectionPolicy() != null) {
            throw AwsError.notImplemented("sns", "CreateTopic with a DataProtectionPolicy");
        }
        Map<String, String> attributes = new TreeMap<>();
        request.attributes().forEach((key, value) -> {
            check(key, value, fifo, true);
            attributes.put(key, value);
        });
        if (fifo) {
            attributes.putIfAbsent("ContentBasedDeduplication", "false");
            attributes.putIfAbsent("FifoThroughputScope", "Topic");
        }
        Topic topic = topics.create(
                new Topic(call.account(), call.region(), name, ids.hexadecimal(20), attributes),
                present -> request.attributes().entrySet().stream()
                        .allMatch(entry ->
                                entry.getValue().equals(present.attributes().get(entry.getKey()))));
        if (!request.tags().isEmpty()) {
            tag(topic, request.tags());
        }
        return CreateTopicResponse.builder().topicArn(topic.arn()).build();
    }

    private static void check(String name, String value, boolean fifo, boolean creating) {
        switch (name) {
            case "DisplayName" -> {
                if (value.length() > 100) {
                    throw Errors.invalid("Attributes Reason: DisplayName must be at most 100 characters long");
                }
            }
            case "Policy" -> {
                if (!value.isEmpty()
                        && (value.length() > LONGEST_POLICY || !PermissionStatements.isPolicy(value, "sns"))) {
                    throw Errors.invalid("Policy Error: null");
                }
            }
            case "DeliveryPolicy" -> {
                if (!value.isEmpty()) {
                    RetryPolicy.check(value, true);
                }
            }
            case "SignatureVersion" -> requireOneOf(name, value, "1", "2");
            case "TracingConfig" -> requireOneOf(name, value, "PassThrough");
            case "FifoTopic" -> {
                requireOneOf(name, value, "true", "false");
                if (!creating) {
                    throw Errors.invalid("AttributeName");
                }
            }
            case "ContentBasedDeduplication", "FifoThroughputScope" -> {
                if (!fifo) {
                    throw Errors.invalid("Attributes Reason: " + name + " attribute can only be set on FIFO topics");
                }
                if (name.equals("FifoThroughputScope")) {
                    requireOneOf(name, value, "Topic", "MessageGroup");
                } else {
                    requireOneOf(name, value, "true", "false");
                }
            }
            case "KmsMasterKeyId" -> {
                if (value.length() > LONGEST_KEY) {
                    throw Errors.invalid(
                            "Attributes Reason: KmsMasterKeyId must be at most " + LONGEST_KEY + " characters long");
                }
            }
            case "ArchivePolicy", "DataProtectionPolicy" -> {
                if (!value.isEmpty()) {
                    throw AwsError.notImplemented("sns", "topics with " + name);
                }
            }
            default -> {
                if (name.matches(
                        "(HTTP|SQS|Lambda|Firehose|Application)(Success|Failure)Feedback(RoleArn|SampleRate)")) {
                    throw AwsError.notImplemented("sns", "delivery status logging (" + name + ")");
                }
                throw Errors.invalid("AttributeName");
            }
        }
    }

    private static void requireOneOf(String name, String value, String... allowed) {
        if (!List.of(allowed).contains(value)) {
            throw Errors.invalid("Attributes Reason: " + name + " must be " + String.join(" or ", allowed));
        }
    }

    void delete(DeleteTopicRequest request) {
        if (Topics.parts(request.topicArn()).isEmpty()) {
            throw Errors.invalid("TopicArn");
        }
        topics.find(request.topicArn()).ifPresent(topic -> {
            topics.delete(topic);
            tags.removeAll(topic.arn());
        });
    }

    ListTopicsResponse list(ListTopicsRequest request) {
        Topics.Slice<Topic> slice = topics.topics(request.nextToken());
        return ListTopicsResponse.builder()
                .topics(slice.items().stream()
                        .map(topic -> software.amazon.awssdk.services.sns.model.Topic.builder()
                                .topicArn(topic.arn())
                                .build())
                        .toList())
                .nextToken(slice.nextToken().orElse(null))
                .build();
    }

    GetTopicAttributesResponse attributes(GetTopicAttributesRequest request) {
        Topic topic = topics.topic(request.topicArn());
        List<Subscription> subscriptions = topics.subscriptions(topic);
        long pending = subscriptions.stream().filter(Subscription::isPending).count();
        Map<String, String> all = new LinkedHashMap<>(topic.attributes());
        all.put("TopicArn", topic.arn());
        all.put("Owner", topic.account());
        all.put("Policy", topic.policy());
        all.putIfAbsent("DisplayName", "");
        all.put("SubscriptionsConfirmed", String.valueOf(subscriptions.size() - pending));
        all.put("SubscriptionsPending", String.valueOf(pending));
        all.put("SubscriptionsDeleted", "0");
        all.put("EffectiveDeliveryPolicy", topic.attribute("DeliveryPolicy").orElse("""
                {"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,\
                "numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},\
                "disableSubscriptionOverrides":false}}"""));
        return GetTopicAttributesResponse.builder().attributes(all).build();
    }

    void setAttribute(SetTopicAttributesRequest request) {
        Topic topic = topics.topic(request.topicArn());
        String value = request.attributeValue() == null ? "" : request.attributeValue();
        check(request.attributeName(), value, topic.isFifo(), false);
        topics.update(topic, present -> with(present, request.attributeName(), value));
    }

    private static Topic with(Topic topic, String name, String value) {
        Map<String, String> attributes = new TreeMap<>(topic.attributes());
        if (value.isEmpty()) {
            attributes.remove(name);
        } else {
            attributes.put(name, value);
        }
        return topic.with(attributes);
    }

    void allow(AddPermissionRequest request) {
        Topic topic = topics.topic(request.topicArn());
        for (String account : request.awsAccountIds()) {
            if (!account.matches("[0-9]{12}")) {
                throw Errors.invalid("AWSAccountId");
            }
        }
        for (String action : request.actionNames()) {
            if (!ACTIONS.contains(action)) {
                throw Errors.invalid("Policy statement action out of service scope!");
            }
        }
        topics.update(topic, present -> {
            PermissionStatements statements = PermissionStatements.of(present.policy(), "__default_policy_ID");
            if (statements.has(request.label())) {
                throw Errors.invalid("Statement already exists");
            }
            if (statements.size() == MOST_STATEMENTS) {
                throw Errors.invalid("Policy has too many statements");
            }
            statements.add(
                    request.label(),
                    request.awsAccountIds(),
                    request.actionNames().stream()
                            .map(action -> "SNS:" + action)
                            .toList(),
                    topic.arn());
            return with(present, "Policy", statements.document());
        });
    }

    void disallow(RemovePermissionRequest request) {
        Topic topic = topics.topic(request.topicArn());
        topics.update(topic, present -> {
            PermissionStatements statements = PermissionStatements.of(present.policy(), "__default_policy_ID");
            statements.remove(request.label());
            return with(present, "Policy", statements.document());
        });
    }

    ListTagsForResourceResponse tags(ListTagsForResourceRequest request) {
        Topic topic = tagged(request.resourceArn());
        return ListTagsForResourceResponse.builder()
                .tags(tags.of(topic.arn()).entrySet().stream()
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList())
                .build();
    }

    void tag(TagResourceRequest request) {
        tag(tagged(request.resourceArn()), request.tags());
    }

    private void tag(Topic topic, List<Tag> given) {
        try {
            tags.add(
                    topic.arn(), given.stream().collect(Collectors.toMap(Tag::key, Tag::value, (first, last) -> last)));
        } catch (AwsError refusal) {
            throw refusal.code().equals("TooManyTagsException")
                    ? new AwsError(
                            "TagLimitExceeded", 400, "Could not complete request: tag quota of per resource exceeded")
                    : Errors.invalid(refusal.getMessage());
        }
    }

    void untag(UntagResourceRequest request) {
        tags.remove(tagged(request.resourceArn()).arn(), request.tagKeys());
    }

    private Topic tagged(String arn) {
        return topics.find(arn).orElseThrow(() -> new AwsError("ResourceNotFound", 404, "Resource does not exist"));
    }
}
