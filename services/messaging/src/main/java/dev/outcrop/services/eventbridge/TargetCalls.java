package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Clients;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Gives events to targets, as the role of the target, or in EventBridge's own name on behalf of the rule, so that the
 * policies of queues and topics decide.
 *
 * <p>Source: "Event bus targets" and "Permissions for Amazon EventBridge" of the user guide.
 */
final class TargetCalls {
    private static final Logger LOG = LoggerFactory.getLogger(TargetCalls.class);

    private final Supplier<Clients> clients;
    private final ApiCalls apiCalls;

    TargetCalls(Supplier<Clients> clients, ApiCalls apiCalls) {
        this.clients = clients;
        this.apiCalls = apiCalls;
    }

    /** Tries once; empty if the target has it. */
    Optional<DeliveryFailure> deliver(Delivery delivery) {
        RuleName rule = RuleName.ofArn(delivery.ruleArn());
        String[] arn = delivery.target().arn().split(":", 6);
        try {
            String input = TargetInput.of(delivery);
            return OwnCalls.call(rule.bus().account(), arn[3], delivery.ruleArn(), () -> {
                call(delivery, arn, input);
                return Optional.empty();
            });
        } catch (DeliveryFailure.Thrown failure) {
            return Optional.of(failure.failure());
        } catch (AwsServiceException refusal) {
            return Optional.of(DeliveryFailure.of(refusal));
        } catch (AwsError refusal) {
            boolean denied = refusal.code().startsWith("AccessDenied");
            return Optional.of(new DeliveryFailure(
                    denied ? "FAILED_TO_ASSUME_ROLE" : "INVALID_PARAMETER", refusal.getMessage(), false));
        } catch (SdkException failure) {
            return Optional.of(new DeliveryFailure("CONNECTION_FAILURE", String.valueOf(failure.getMessage()), true));
        } catch (IllegalArgumentException notServed) {
            return Optional.of(new DeliveryFailure("SDK_CLIENT_ERROR", String.valueOf(notServed.getMessage()), false));
        } catch (IOException malformed) {
            return Optional.of(new DeliveryFailure("INVALID_JSON", String.valueOf(malformed.getMessage()), false));
        } catch (RuntimeException failure) {
            LOG.error("an event of {} cannot be delivered now", delivery.ruleArn(), failure);
            return Optional.of(new DeliveryFailure("INTERNAL_ERROR", String.valueOf(failure.getMessage()), true));
        }
    }

    private void call(Delivery delivery, String[] arn, String input) {
        Target target = delivery.target();
        Clients reached =
                target.roleArn() == null ? clients.get() : clients.get().as(target.roleArn());
        switch (arn[2]) {
            case "sqs" -> {
                QueueAddress queue = QueueAddress.ofArn(target.arn());
                String group = target.sqsParameters() == null
                        ? null
                        : target.sqsParameters().messageGroupId();
                reached.of(SqsClient.class)
                        .sendMessage(request ->
                                request.queueUrl(queue.url()).messageBody(input).messageGroupId(group));
            }
            case "sns" ->
                reached.of(SnsClient.class)
                        .publish(request -> request.topicArn(target.arn()).message(input));
            case "logs" -> log(reached.of(CloudWatchLogsClient.class), delivery, arn, input);
            case "events" -> {
                if (arn[5].startsWith("api-destination/")) {
                    apiCalls.call(delivery, input);
                } else {
                    forward(reached.of(EventBridgeClient.class), delivery);
                }
            }
            default ->
                throw new DeliveryFailure(
                                "SDK_CLIENT_ERROR", "Outcrop does not deliver events to " + arn[2] + " yet", false)
                        .thrown();
        }
    }

    /** A stream for each event, as EventBridge makes them. */
    private static void log(CloudWatchLogsClient logs, Delivery delivery, String[] arn, String input) {
        String group = arn[5].substring("log-group:".length()).replaceAll(":\\*$", "");
        String stream = UUID.randomUUID().toString();
        Instant time = time(delivery);
        logs.createLogStream(request -> request.logGroupName(group).logStreamName(stream));
        InputLogEvent event = InputLogEvent.builder()
                .timestamp(time.toEpochMilli())
                .message(input)
                .build();
        logs.putLogEvents(
                request -> request.logGroupName(group).logStreamName(stream).logEvents(List.of(event)));
    }

    private static Instant time(Delivery delivery) {
        try {
            return BusEvent.read(delivery.event()).time();
        } catch (IOException | RuntimeException malformed) {
            return delivery.accepted();
        }
    }

    private static void forward(EventBridgeClient events, Delivery delivery) {
        Forwarding forwarding = new Forwarding(
                delivery.event(), RuleName.ofArn(delivery.ruleArn()).bus().account(), delivery.hops() + 1);
        PutEventsRequestEntry entry = PutEventsRequestEntry.builder()
                .eventBusName(delivery.target().arn())
                .build();
        PutEventsResponse response =
                forwarding.during(() -> events.putEvents(request -> request.entries(List.of(entry))));
        if (response.failedEntryCount() > 0) {
            throw new DeliveryFailure(
                            response.entries().getFirst().errorCode(),
                            response.entries().getFirst().errorMessage(),
                            false)
                    .thrown();
        }
    }
}
