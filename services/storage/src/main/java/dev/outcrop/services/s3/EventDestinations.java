package dev.outcrop.services.s3;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.storage.buckets.Bucket;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Whom S3 tells of events: queues and topics, reached by their services as S3 itself on behalf of the bucket, so that
 * their own policies decide.
 */
final class EventDestinations {
    private static final String NAME = "s3.amazonaws.com";
    private static final String SUBJECT = "Amazon S3 Notification";

    private final Supplier<Clients> clients;

    EventDestinations(Supplier<Clients> clients) {
        this.clients = clients;
    }

    /** A message that was not taken; the text says why. */
    static final class UndeliverableException extends Exception {
        private static final long serialVersionUID = 1;

        UndeliverableException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Sends a message.
     *
     * @param arn of a queue or a topic
     */
    void send(Bucket bucket, String arn, String message) throws UndeliverableException {
        String[] parts = arn.split(":", 6);
        if (parts.length < 6) {
            throw new UndeliverableException("the ARN cannot be read", new IllegalArgumentException(arn));
        }
        CallContext context =
                CallContext.ofService(NAME, "s3", bucket.owner(), parts[3], "arn:aws:s3:::" + bucket.name());
        try {
            switch (parts[2]) {
                case "sqs" ->
                    context.run(() -> clients.get()
                            .of(SqsClient.class)
                            .sendMessage(request -> request.queueUrl(
                                            "https://sqs." + parts[3] + ".amazonaws.com/" + parts[4] + "/" + parts[5])
                                    .messageBody(message)));
                case "sns" ->
                    context.run(() -> clients.get()
                            .of(SnsClient.class)
                            .publish(request ->
                                    request.topicArn(arn).subject(SUBJECT).message(message)));
                default ->
                    throw new UndeliverableException("nobody takes it here", new IllegalArgumentException(parts[2]));
            }
        } catch (SdkException | IllegalArgumentException refused) {
            // The second is thrown of services that nobody serves.
            throw new UndeliverableException(String.valueOf(refused.getMessage()), refused);
        }
    }
}
