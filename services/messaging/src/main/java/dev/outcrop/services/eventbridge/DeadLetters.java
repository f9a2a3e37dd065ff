package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.Clients;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/**
 * Puts events that could not be delivered into queues, and says why.
 *
 * <p>Source: "Using dead-letter queues to process undelivered events" of the Amazon EventBridge user guide.
 */
final class DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    private final Supplier<Clients> clients;

    DeadLetters(Supplier<Clients> clients) {
        this.clients = clients;
    }

    /** Sends an event to a dead-letter queue; if that cannot be done, which is false, it is lost, as on AWS. */
    boolean send(Delivery delivery, String queueArn, Optional<String> exhausted) {
        RuleName rule = RuleName.ofArn(delivery.ruleArn());
        DeliveryFailure failure = delivery.failure().orElseThrow();
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("RULE_ARN", delivery.ruleArn());
        attributes.put("TARGET_ARN", delivery.target().arn());
        attributes.put("ERROR_CODE", failure.code());
        attributes.put("ERROR_MESSAGE", failure.message());
        exhausted.ifPresent(condition -> attributes.put("EXHAUSTED_RETRY_CONDITION", condition));
        attributes.put("RETRY_ATTEMPTS", Integer.toString(Math.max(0, delivery.attempts() - 1)));
        Map<String, MessageAttributeValue> values = new LinkedHashMap<>();
        attributes.forEach((name, value) -> values.put(
                name,
                MessageAttributeValue.builder()
                        .dataType("String")
                        .stringValue(value.isEmpty() ? " " : value)
                        .build()));
        QueueAddress queue = QueueAddress.ofArn(queueArn);
        try {
            OwnCalls.call(
                    rule.bus().account(),
                    queue.region(),
                    delivery.ruleArn(),
                    () -> clients.get()
                            .of(SqsClient.class)
                            .sendMessage(request -> request.queueUrl(queue.url())
                                    .messageBody(delivery.event())
                                    .messageAttributes(values)));
            return true;
        } catch (AwsServiceException | IllegalArgumentException refusal) {
            LOG.warn(
                    "an event of {} cannot be put into the dead-letter queue {}: {}",
                    delivery.ruleArn(),
                    queueArn,
                    refusal.getMessage());
            return false;
        }
    }
}
