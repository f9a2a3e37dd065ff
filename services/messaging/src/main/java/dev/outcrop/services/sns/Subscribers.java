package dev.outcrop.services.sns;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Principal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(LONGEST)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

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
        CallContext context = CallContext.builder()
                .principal(Principal.service("sns.amazonaws.com", topic.account()))
                .account(topic.account())
                .region(parts[3])
                .requestId(UUID.randomUUID().toString())
                .callingService(Optional.of("sns"))
                .sourceArn(Optional.of(topic.arn()))
                .build();
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
        try {
            target = URI.create(subscription.endpoint());
            if (!isOutside(target)) {
                return new Outcome.Failed("InvalidEndpoint", "SNS does not deliver to that address", false);
            }
        } catch (IllegalArgumentException malformed) {
            return new Outcome.Failed("InvalidEndpoint", "The endpoint is no URL", false);
        } catch (UnknownHostException unknown) {
            return new Outcome.Failed("UnknownHost", "The endpoint's host is not known", true);
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(target)
                .timeout(LONGEST)
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
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), LARGEST_ANSWER));
        try {
            int status = answer.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            boolean again = status >= 500 || status == 429 || status < 200;
            return status >= 200 && status < 300
                    ? new Outcome.Delivered()
                    : new Outcome.Failed(String.valueOf(status), "The endpoint answered " + status, again);
        } catch (TimeoutException late) {
            answer.cancel(true);
            return new Outcome.Failed("Timeout", "The endpoint did not answer within 15 seconds", true);
        } catch (ExecutionException failure) {
            boolean io = failure.getCause() instanceof IOException;
            return new Outcome.Failed(
                    io ? "Connection" : "Failure",
                    String.valueOf(failure.getCause().getMessage()),
                    true);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return new Outcome.Failed("Interrupted", "The server is going down", true);
        }
    }

    /** Whether an endpoint is at none of the addresses that belong to a machine's own link or to nobody. */
    static boolean isOutside(URI endpoint) throws UnknownHostException {
        if (endpoint.getHost() == null) {
            return false;
        }
        for (InetAddress address : InetAddress.getAllByName(endpoint.getHost())) {
            if (address.isLinkLocalAddress() || address.isMulticastAddress() || address.isAnyLocalAddress()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
