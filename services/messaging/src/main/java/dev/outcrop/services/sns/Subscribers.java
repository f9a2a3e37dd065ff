package dev.outcrop.services.sns;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.engines.web.WebCalls;
import dev.outcrop.engines.web.WebCalls.UnansweredException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/**
 * Hands messages to those who subscribed: to queues as SNS itself, on behalf of the topic, so that the queue's policy
 * decides; to web servers by POST, without following redirects, and never to addresses that only this machine's own network
 * knows, such as those where clouds tell credentials.
 *
 * <p>Source: "Fanout to Amazon SQS queues", "Fanout to HTTP/S endpoints" and "HTTP/HTTPS headers" of the developer guide.
 */
final class Subscribers implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(15);
    private static final int LARGEST_ANSWER = 1 << 16;

    private final Supplier<Clients> clients;
    private final Envelopes envelopes;
    private final WebCalls web = new WebCalls(LONGEST, LARGEST_ANSWER);

    Subscribers(Supplier<Clients> clients, Envelopes envelopes) {
        this.clients = clients;
        this.envelopes = envelopes;
    }

    Outcome deliver(Topic topic, Subscription subscription, PublishedMessage message) {
        String body = subscription.isRaw()
                ? message.body(subscription.protocol())
                : envelopes.notification(subscription, message);
        return switch (subscription.protocol()) {
            case "sqs" ->
                queue(topic, subscription.endpoint(), send -> {
                    send.messageBody(body);
                    if (subscription.isRaw()) {
                        send.messageAttributes(attributes(message.attributes()));
                    }
                    order(subscription.endpoint(), message, send);
                });
            case "http", "https" -> post(subscription, "Notification", message.id(), body, subscription.isRaw());
            default ->
                new Outcome.Failed(
                        "NotImplemented", "Outcrop does not deliver by " + subscription.protocol() + " yet", false);
        };
    }

    /** Asks a subscriber whether it wants the messages of a topic. */
    Outcome confirm(Topic topic, Subscription subscription, String id, String time) {
        String body = envelopes.confirmation(
                subscription, id, time, topic.attribute("SignatureVersion").orElse("1"));
        return subscription.protocol().equals("sqs")
                ? queue(topic, subscription.endpoint(), send -> send.messageBody(body))
                : post(subscription, "SubscriptionConfirmation", id, body, false);
    }

    /** Puts a message that could not be delivered into a dead-letter queue. */
    Outcome bury(Topic topic, Subscription subscription, PublishedMessage message, String queue, Outcome.Failed why) {
        String body = subscription.isRaw()
                ? message.body(subscription.protocol())
                : envelopes.notification(subscription, message);
        Map<String, PublishedMessage.Attribute> told = new HashMap<>();
        told.put(
                "RequestID",
                new PublishedMessage.Attribute("String", UUID.randomUUID().toString()));
        told.put("ErrorCode", new PublishedMessage.Attribute("String", why.code()));
        told.put(
                "ErrorMessage",
                new PublishedMessage.Attribute("String", why.message().isBlank() ? why.code() : why.message()));
        return queue(topic, queue, send -> {
            send.messageBody(body).messageAttributes(attributes(told));
            order(queue, message, send);
        });
    }

    private static void order(String queue, PublishedMessage message, SendMessageRequest.Builder send) {
        if (queue.endsWith(".fifo")) {
            send.messageGroupId(message.group()).messageDeduplicationId(message.deduplicationId());
        } else if (!message.group().isEmpty()) {
            send.messageGroupId(message.group());
        }
    }

    private Outcome queue(Topic topic, String arn, Consumer<SendMessageRequest.Builder> message) {
        String[] parts = arn.split(":", -1);
        CallContext context = CallContext.ofService("sns.amazonaws.com", "sns", topic.account(), parts[3], topic.arn());
        try {
            context.call(() -> clients.get()
                    .of(SqsClient.class)
                    .sendMessage(send -> message.accept(
                            send.queueUrl("https://sqs." + parts[3] + ".amazonaws.com/" + parts[4] + "/" + parts[5]))));
            return new Outcome.Delivered();
        } catch (AwsServiceException refusal) {
            String code = refusal.awsErrorDetails() == null
                    ? "InternalFailure"
                    : refusal.awsErrorDetails().errorCode();
            boolean again = refusal.statusCode() >= 500 || code.contains("Throttl");
            return new Outcome.Failed(code, String.valueOf(refusal.getMessage()), again);
        }
    }

    private static Map<String, MessageAttributeValue> attributes(Map<String, PublishedMessage.Attribute> given) {
        Map<String, MessageAttributeValue> attributes = new HashMap<>();
        given.forEach((name, attribute) -> {
            MessageAttributeValue.Builder value =
                    MessageAttributeValue.builder().dataType(attribute.type());
            attributes.put(
                    name,
                    attribute.isBinary()
                            ? value.binaryValue(SdkBytes.fromByteArray(
                                            Base64.getDecoder().decode(attribute.value())))
                                    .build()
                            : value.stringValue(attribute.value()).build());
        });
        return attributes;
    }

    private Outcome post(Subscription subscription, String type, String id, String body, boolean raw) {
        URI target;
        HttpRequest.Builder request;
        try {
            target = URI.create(subscription.endpoint());
            request = HttpRequest.newBuilder(target);
        } catch (IllegalArgumentException malformed) {
            return new Outcome.Failed("InvalidEndpoint", "The endpoint is no URL", false);
        }
        request.timeout(LONGEST)
                .header("Content-Type", "text/plain; charset=UTF-8")
                .header("User-Agent", "Amazon Simple Notification Service Agent")
                .header("x-amz-sns-message-type", type)
                .header("x-amz-sns-message-id", id)
                .header("x-amz-sns-topic-arn", subscription.topic());
        if (!subscription.isPending()) {
            request.header("x-amz-sns-subscription-arn", subscription.arn());
        }
        if (raw) {
            request.header("x-amz-sns-rawdelivery", "true");
        }
        String userInfo = target.getRawUserInfo();
        if (userInfo != null) {
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8)));
        }
        return answered(request.POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    private Outcome answered(HttpRequest request) {
        try {
            int status = web.answer(request).statusCode();
            boolean again = status >= 500 || status == 429 || status < 200;
            return status >= 200 && status < 300
                    ? new Outcome.Delivered()
                    : new Outcome.Failed(String.valueOf(status), "The endpoint answered " + status, again);
        } catch (UnansweredException unanswered) {
            return switch (unanswered.reason()) {
                case LATE -> failed("Timeout", unanswered, true);
                case UNREACHABLE, BROKEN, TOO_LARGE -> failed("Connection", unanswered, true);
                case UNKNOWN_HOST -> failed("UnknownHost", unanswered, true);
                case FORBIDDEN_ADDRESS -> failed("InvalidEndpoint", unanswered, false);
                case ENDING -> failed("Interrupted", unanswered, true);
            };
        }
    }

    private static Outcome failed(String code, UnansweredException unanswered, boolean again) {
        return new Outcome.Failed(code, unanswered.getMessage(), again);
    }

    @Override
    public void close() {
        web.close();
    }
}
