package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.PublishResponse;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** Queues and topics that remember what they were sent. */
final class SentMessages {
    /**
     * A message.
     *
     * @param to     the URL of a queue, or the ARN of a topic
     * @param sender who sent it, and for what
     */
    record Sent(String to, String text, String sender) {}

    final List<Sent> sent = new ArrayList<>();
    /** Those that take nothing. */
    final Set<String> refusing = new HashSet<>();

    private void take(String to, String text) {
        if (refusing.contains(to)) {
            throw new AwsError("AccessDenied", 403, "Access to the resource is denied.");
        }
        CallContext context = CallContext.current();
        sent.add(new Sent(
                to, text, context.principal().id() + " " + context.sourceArn().orElse("")));
    }

    SqsClient queues() {
        return new SqsClient() {
            @Override
            public SendMessageResponse sendMessage(SendMessageRequest request) {
                take(request.queueUrl(), request.messageBody());
                return SendMessageResponse.builder().messageId("1").build();
            }

            @Override
            public String serviceName() {
                return SERVICE_NAME;
            }

            @Override
            public void close() {
                // Holds nothing.
            }
        };
    }

    SnsClient topics() {
        return new SnsClient() {
            @Override
            public PublishResponse publish(PublishRequest request) {
                take(request.topicArn(), request.message());
                return PublishResponse.builder().messageId("1").build();
            }

            @Override
            public String serviceName() {
                return SERVICE_NAME;
            }

            @Override
            public void close() {
                // Holds nothing.
            }
        };
    }
}
