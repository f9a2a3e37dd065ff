package dev.outcrop.services.sns;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.net.URI;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sns.model.ConfirmSubscriptionRequest;
import software.amazon.awssdk.services.sns.model.ConfirmSubscriptionResponse;
import software.amazon.awssdk.services.sns.model.GetSubscriptionAttributesRequest;
import software.amazon.awssdk.services.sns.model.GetSubscriptionAttributesResponse;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsByTopicRequest;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsByTopicResponse;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsRequest;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsResponse;
import software.amazon.awssdk.services.sns.model.SetSubscriptionAttributesRequest;
import software.amazon.awssdk.services.sns.model.SubscribeRequest;
import software.amazon.awssdk.services.sns.model.SubscribeResponse;
import software.amazon.awssdk.services.sns.model.UnsubscribeRequest;

/**
 * Subscriptions from their making to their end. A queue of the caller's own account needs no confirmation.
 *
 * <p>Source: "Subscribe", "ConfirmSubscription" and their neighbours of the Amazon SNS API Reference.
 */
final class SubscriptionLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionLifecycle.class);
    private static final String PENDING = "pending confirmation";
    private static final Duration PENDING_LASTS = Duration.ofDays(2);
    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(20);
    private static final int ATTEMPTS = 3;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Records records;
    private final Topics topics;
    private final Subscribers subscribers;
    private final Ids ids;
    private final InstantSource clock;

    SubscriptionLifecycle(Records records, Topics topics, Subscribers subscribers, Ids ids, InstantSource clock) {
        this.records = records;
        this.topics = topics;
        this.subscribers = subscribers;
        this.ids = ids;
        this.clock = clock;
    }

    /** Removes subscriptions that nobody has confirmed for two days. */
    Chore chore() {
        return new Chore("sns-pending-subscriptions", INTERVAL, this::clean);
    }

    private void clean(BooleanSupplier ending) {
        for (StoredRecord record :
                (Iterable<StoredRecord>) records.all(Subscription.TYPE, Optional.empty())::iterator) {
            Subscription subscription = Subscription.read(record.key(), record.body());
            if (ending.getAsBoolean()) {
                return;
            }
            if (subscription.isPending()
                    && record.createdAt().plus(PENDING_LASTS).isBefore(clock.instant())) {
                topics.remove(subscription);
            }
        }
    }

    SubscribeResponse subscribe(SubscribeRequest request) {
        Topic topic = topics.topic(request.topicArn());
        CallContext call = CallContext.current();
        String endpoint = request.endpoint() == null ? "" : request.endpoint();
        checkEndpoint(topic, request.protocol(), endpoint);
        Map<String, String> attributes = new TreeMap<>();
        boolean body = "MessageBody".equals(request.attributes().get("FilterPolicyScope"));
        request.attributes().forEach((name, value) -> {
            check(request.protocol(), name, value, body);
            if (!value.isEmpty()) {
                attributes.put(name, value);
            }
        });
        boolean own = request.protocol().equals("sqs") && endpoint.split(":", -1)[4].equals(call.account());
        Subscription made = new Subscription(
                ids.uuid(),
                topic.arn(),
                topic.uid(),
                call.account(),
                request.protocol(),
                endpoint,
                own ? "" : ids.hexadecimal(64),
                own,
                call.endpoint().orElse("https://sns." + topic.region() + ".amazonaws.com"),
                attributes);
        Subscription subscription = topics.add(made);
        boolean isNew = subscription.id().equals(made.id());
        if (!isNew
                && !request.attributes().isEmpty()
                && !subscription.attributes().equals(made.attributes())) {
            throw Errors.invalid("Attributes Reason: Subscription already exists with different attributes");
        }
        if (subscription.isPending()) {
            askForConfirmation(topic, subscription);
        }
        boolean tell = !subscription.isPending() || Boolean.TRUE.equals(request.returnSubscriptionArn());
        return SubscribeResponse.builder()
                .subscriptionArn(tell ? subscription.arn() : PENDING)
                .build();
    }

    private void checkEndpoint(Topic topic, String protocol, String endpoint) {
        switch (protocol) {
            case "sqs" -> {
                String[] parts = endpoint.split(":", -1);
                if (parts.length != 6 || !endpoint.startsWith("arn:aws:sqs:")) {
                    throw Errors.invalid("SQS endpoint ARN");
                }
                if (endpoint.endsWith(".fifo") && !topic.isFifo()) {
                    throw Errors.invalid(
                            "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS"
                                    + " topics");
                }
            }
            case "http", "https" -> {
                if (topic.isFifo()) {
                    throw Errors.invalid("Protocol Reason: FIFO topics deliver to SQS queues only");
                }
                boolean matching = endpoint.startsWith(protocol + "://");
                if (!matching) {
                    throw Errors.invalid("Endpoint must match the specified protocol");
                }
                try {
                    if (URI.create(endpoint).getHost() == null) {
                        throw Errors.invalid("Endpoint Reason: it has no host");
                    }
                } catch (IllegalArgumentException malformed) {
                    throw Errors.invalid("Endpoint Reason: it is no URL");
                }
            }
            case "email", "email-json" -> {
                if (!subscribers.sendsMail()) {
                    throw AwsError.notImplemented(
                            "sns", "subscriptions by " + protocol + " without a mail server (setting mail)");
                }
                if (topic.isFifo()) {
                    throw Errors.invalid("Protocol Reason: FIFO topics deliver to SQS queues only");
                }
                if (!Mail.isAddress(endpoint)) {
                    throw Errors.invalid("Email address");
                }
            }
            case "sms", "application", "lambda", "firehose" ->
                throw AwsError.notImplemented("sns", "subscriptions by " + protocol);
            default -> throw Errors.invalid("Does not support this protocol string: " + protocol);
        }
    }

    /** Asks in the background, some times if need be; who subscribes again asks anew. */
    private void askForConfirmation(Topic topic, Subscription subscription) {
        String id = ids.uuid();
        String time = TIME.format(clock.instant());
        Thread.ofVirtual().name("sns-confirmation").start(() -> {
            try {
                for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
                    Outcome outcome = subscribers.confirm(topic, subscription, id, time);
                    if (!(outcome instanceof Outcome.Failed failed) || !failed.again()) {
                        return;
                    }
                    TimeUnit.SECONDS.sleep(BETWEEN_ATTEMPTS.toSeconds());
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException failure) {
                LOG.warn("{} cannot be asked to confirm a subscription", subscription.endpoint(), failure);
            }
        });
    }

    private static void check(String protocol, String name, String value, boolean body) {
        switch (name) {
            case "RawMessageDelivery" -> requireOneOf(name, value, "true", "false");
            case "FilterPolicyScope" -> requireOneOf(name, value, "MessageAttributes", "MessageBody");
            case "FilterPolicy" -> {
                if (!value.isEmpty()) {
                    FilterPolicies.check(value, body);
                }
            }
            case "DeliveryPolicy" -> {
                if (!protocol.startsWith("http")) {
                    throw Errors.invalid(
                            "DeliveryPolicy: Delivery policy is only supported for HTTP and HTTPS subscriptions");
                }
                if (!value.isEmpty()) {
                    RetryPolicy.check(value, false);
                }
            }
            case "RedrivePolicy" -> {
                if (!value.isEmpty()
                        && !Deliveries.deadLetters(value).matches("arn:aws:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]+")) {
                    throw Errors.invalid("RedrivePolicy: deadLetterTargetArn is an invalid arn");
                }
            }
            case "ReplayPolicy" -> throw AwsError.notImplemented("sns", "replays (ReplayPolicy)");
            default -> throw Errors.invalid("AttributeName");
        }
    }

    private static void requireOneOf(String name, String value, String... allowed) {
        if (!List.of(allowed).contains(value)) {
            throw Errors.invalid("Attributes Reason: " + name + ": Invalid value [" + value + "]. Must be "
                    + String.join(" or ", allowed) + ".");
        }
    }

    ConfirmSubscriptionResponse confirm(ConfirmSubscriptionRequest request) {
        boolean guarded = "true".equals(request.authenticateOnUnsubscribe());
        Subscription confirmed = confirm(request.topicArn(), request.token(), guarded);
        return ConfirmSubscriptionResponse.builder()
                .subscriptionArn(confirmed.arn())
                .build();
    }

    /**
     * Confirms the subscription of a topic that was asked by a token.
     *
     * @throws AwsError if there is no such topic or token
     */
    Subscription confirm(String topicArn, String token, boolean guarded) {
        Topic topic = topics.topic(topicArn);
        byte[] given = token.getBytes(UTF_8);
        Subscription asked = topics.subscriptions(topic).stream()
                .filter(subscription -> subscription.isPending()
                        && MessageDigest.isEqual(subscription.token().getBytes(UTF_8), given))
                .findFirst()
                .orElseThrow(() -> Errors.invalid("Token"));
        return topics.update(asked, present -> present.confirmed(guarded));
    }

    void unsubscribe(UnsubscribeRequest request) {
        topics.findSubscription(request.subscriptionArn())
                .map(SubscriptionLifecycle::own)
                .ifPresent(topics::remove);
        if (Topics.parts(request.subscriptionArn())
                .filter(parts -> parts.length == 7)
                .isEmpty()) {
            throw Errors.invalid("SubscriptionId");
        }
    }

    /** Ends a subscription for whoever was sent its URL, unless it was confirmed so that this does not do. */
    boolean unsubscribeByUrl(String arn) {
        Optional<Subscription> subscription =
                topics.findSubscription(arn).filter(found -> !found.guarded() && !found.isPending());
        subscription.ifPresent(topics::remove);
        return subscription.isPresent();
    }

    /** A subscription that the caller's account made, or whose topic it owns: no ARN in policies stands for others. */
    private static Subscription own(Subscription subscription) {
        String account = CallContext.current().account();
        if (!subscription.owner().equals(account)
                && !subscription.key().account().equals(account)) {
            throw new AwsError("AuthorizationError", 403, "Not authorized");
        }
        return subscription;
    }

    GetSubscriptionAttributesResponse attributes(GetSubscriptionAttributesRequest request) {
        Subscription subscription = own(topics.subscription(request.subscriptionArn()));
        Map<String, String> all = new LinkedHashMap<>(subscription.attributes());
        all.put("SubscriptionArn", subscription.arn());
        all.put("TopicArn", subscription.topic());
        all.put("Owner", subscription.owner());
        all.put("Protocol", subscription.protocol());
        all.put("Endpoint", subscription.endpoint());
        all.put("PendingConfirmation", String.valueOf(subscription.isPending()));
        all.put(
                "ConfirmationWasAuthenticated",
                String.valueOf(subscription.guarded() || subscription.protocol().equals("sqs")));
        all.putIfAbsent("RawMessageDelivery", "false");
        if (all.containsKey("FilterPolicy")) {
            all.putIfAbsent("FilterPolicyScope", "MessageAttributes");
        }
        return GetSubscriptionAttributesResponse.builder().attributes(all).build();
    }

    void setAttribute(SetSubscriptionAttributesRequest request) {
        Subscription subscription = own(topics.subscription(request.subscriptionArn()));
        String name = request.attributeName();
        String value = request.attributeValue() == null ? "" : request.attributeValue();
        boolean body = subscription
                .attribute("FilterPolicyScope")
                .filter("MessageBody"::equals)
                .isPresent();
        check(subscription.protocol(), name, value, body);
        if (name.equals("FilterPolicyScope")) {
            subscription
                    .attribute("FilterPolicy")
                    .ifPresent(policy -> FilterPolicies.check(policy, value.equals("MessageBody")));
        }
        topics.update(subscription, present -> {
            Map<String, String> changed = new TreeMap<>(present.attributes());
            if (value.isEmpty()) {
                changed.remove(name);
            } else {
                changed.put(name, value);
            }
            return present.with(changed);
        });
    }

    ListSubscriptionsResponse list(ListSubscriptionsRequest request) {
        Topics.Slice<Subscription> slice = topics.subscriptions(Optional.empty(), request.nextToken());
        return ListSubscriptionsResponse.builder()
                .subscriptions(told(slice))
                .nextToken(slice.nextToken().orElse(null))
                .build();
    }

    ListSubscriptionsByTopicResponse list(ListSubscriptionsByTopicRequest request) {
        Topics.Slice<Subscription> slice =
                topics.subscriptions(Optional.of(topics.topic(request.topicArn())), request.nextToken());
        return ListSubscriptionsByTopicResponse.builder()
                .subscriptions(told(slice))
                .nextToken(slice.nextToken().orElse(null))
                .build();
    }

    private static List<software.amazon.awssdk.services.sns.model.Subscription> told(Topics.Slice<Subscription> slice) {
        return slice.items().stream()
                .map(subscription -> software.amazon.awssdk.services.sns.model.Subscription.builder()
                        .subscriptionArn(subscription.isPending() ? "PendingConfirmation" : subscription.arn())
                        .owner(subscription.owner())
                        .protocol(subscription.protocol())
                        .endpoint(subscription.endpoint())
                        .topicArn(subscription.topic())
                        .build())
                .toList();
    }
}
