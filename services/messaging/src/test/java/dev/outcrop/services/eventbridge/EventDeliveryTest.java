package dev.outcrop.services.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.events.ServiceEvents;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.model.Message;

class EventDeliveryTest {
    private static final String SHOP = "{\"source\": [\"shop\"]}";

    @TempDir
    Path folder;

    private EventHouse house;

    @BeforeEach
    void open() {
        house = new EventHouse(folder);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void deliversWhatARuleWantsAndNothingElse() {
        house.rule(
                "orders",
                "{\"source\": [\"shop\"], \"detail\": {\"total\": [{\"numeric\": [\">\", 10]}]}}",
                house.queue("orders"));

        house.send("shop", "Order", "{\"total\": 5}");
        String id = house.send("shop", "Order", "{\"total\": 50}")
                .entries()
                .getFirst()
                .eventId();
        house.send("stock", "Order", "{\"total\": 50}");

        List<Message> messages = house.receive("orders", 1);
        assertThat(messages).hasSize(1);
        assertThat(messages.getFirst().body())
                .isEqualTo("{\"version\":\"0\",\"id\":\"" + id + "\",\"detail-type\":\"Order\",\"source\":\"shop\","
                        + "\"account\":\"000000000000\",\"time\":\"2026-11-22T10:00:00Z\",\"region\":\"us-east-1\","
                        + "\"resources\":[],\"detail\":{\"total\":50}}");
        assertThat(house.afterAll("orders")).isEmpty();
    }

    @Test
    void keepsTheTimeAndTheResourcesThatTheSenderGives() {
        house.rule("orders", SHOP, house.queue("orders"));

        house.put(entry -> entry.source("shop")
                .detailType("Order")
                .time(Instant.parse("2020-01-02T03:04:05Z"))
                .resources("arn:aws:s3:::a", "b")
                .detail("{}"));

        assertThat(house.receive("orders", 1).getFirst().body())
                .contains("\"time\":\"2020-01-02T03:04:05Z\"", "\"resources\":[\"arn:aws:s3:::a\",\"b\"]");
    }

    @Test
    void refusesEntriesOneByOne() {
        house.rule("orders", SHOP, house.queue("orders"));

        PutEventsResponse response = house.events(events -> events.putEvents(request -> request.entries(
                entry("shop", "Order", "{}"),
                entry(null, "Order", "{}"),
                entry("shop", null, "{}"),
                entry("shop", "Order", null),
                entry("shop", "Order", "{"),
                entry("shop", "Order", "[1]"),
                entry("aws.s3", "Order", "{}"))));

        assertThat(response.failedEntryCount()).isEqualTo(6);
        assertThat(response.entries())
                .extracting(PutEventsResultEntry::errorCode)
                .containsExactly(
                        null,
                        "InvalidArgument",
                        "InvalidArgument",
                        "InvalidArgument",
                        "MalformedDetail",
                        "MalformedDetail",
                        "NotAuthorizedForSourceException");
        assertThat(response.entries().get(1).errorMessage())
                .isEqualTo("Parameter Source is not valid. Reason: Source is a required argument.");
        assertThat(house.receive("orders", 1)).hasSize(1);
    }

    private static PutEventsRequestEntry entry(String source, String detailType, String detail) {
        return PutEventsRequestEntry.builder()
                .source(source)
                .detailType(detailType)
                .detail(detail)
                .build();
    }

    @Test
    void refusesWhatIsTooLargeOrTooDeep() {
        String large = "{\"a\": \"" + "x".repeat(256 << 10) + "\"}";
        String deep = "{\"a\":".repeat(1200) + "1" + "}".repeat(1200);

        assertThatThrownBy(() -> house.send("shop", "Order", large))
                .isInstanceOf(EventBridgeException.class)
                .hasMessageContaining("Total size of the entries in the request is over the limit.");
        assertThat(house.send("shop", "Order", deep).entries().getFirst().errorCode())
                .isEqualTo("MalformedDetail");
    }

    @Test
    void deliversToNoRuleThatIsDisabledOrGone() {
        house.rule("orders", SHOP, house.queue("orders"));
        house.events(events -> events.disableRule(request -> request.name("orders")));
        house.send("shop", "Order", "{}");
        assertThat(house.afterAll("orders")).isEmpty();

        house.events(events -> events.enableRule(request -> request.name("orders")));
        house.send("shop", "Order", "{}");
        assertThat(house.receive("orders", 1)).hasSize(1);

        house.events(
                events -> events.removeTargets(request -> request.rule("orders").ids("queue")));
        house.events(events -> events.deleteRule(request -> request.name("orders")));
        house.send("shop", "Order", "{}");
        assertThat(house.afterAll("orders")).isEmpty();
    }

    @Test
    void givesFifoQueuesTheirGroup() {
        String queue = house.queue("orders.fifo");
        house.events(events -> events.putRule(request -> request.name("orders").eventPattern(SHOP)));
        house.target("orders", target -> target.id("1").arn(queue).sqsParameters(sqs -> sqs.messageGroupId("g")));

        house.send("shop", "Order", "{}");

        assertThat(house.receive("orders.fifo", 1).getFirst().attributesAsStrings())
                .containsEntry("MessageGroupId", "g");
    }

    @Test
    void putsWhatCannotBeDeliveredIntoTheDeadLetterQueueWithTheReason() {
        String dead = house.queue("dead");
        house.events(events -> events.putRule(request -> request.name("orders").eventPattern(SHOP)));
        house.target(
                "orders",
                target -> target.id("gone")
                        .arn("arn:aws:sqs:us-east-1:000000000000:gone")
                        .deadLetterConfig(queue -> queue.arn(dead)));
        house.target(
                "orders",
                target -> target.id("unserved")
                        .arn("arn:aws:lambda:us-east-1:000000000000:function:f")
                        .deadLetterConfig(queue -> queue.arn(dead)));

        house.send("shop", "Order", "{\"n\": 1}");

        List<Message> letters = house.receive("dead", 2);
        assertThat(letters)
                .extracting(letter -> attribute(letter, "ERROR_CODE"))
                .containsExactlyInAnyOrder("NO_RESOURCE", "SDK_CLIENT_ERROR");
        assertThat(letters).allSatisfy(letter -> {
            assertThat(letter.body()).contains("\"detail\":{\"n\":1}");
            assertThat(attribute(letter, "RULE_ARN")).isEqualTo("arn:aws:events:us-east-1:000000000000:rule/orders");
            assertThat(attribute(letter, "RETRY_ATTEMPTS")).isEqualTo("0");
            assertThat(attribute(letter, "ERROR_MESSAGE")).isNotBlank();
        });
        assertThat(letters)
                .extracting(letter -> attribute(letter, "TARGET_ARN"))
                .containsExactlyInAnyOrder(
                        "arn:aws:sqs:us-east-1:000000000000:gone", "arn:aws:lambda:us-east-1:000000000000:function:f");
    }

    private static String attribute(Message message, String name) {
        return message.messageAttributes().get(name).stringValue();
    }

    @Test
    void deliversNothingThatAQueuesPolicyForbids() {
        String dead = house.queue("dead");
        String closed = house.queue("closed");
        house.sqs(sqs -> sqs.setQueueAttributes(request -> request.queueUrl(
                        sqs.getQueueUrl(url -> url.queueName("closed")).queueUrl())
                .attributesWithStrings(Map.of("Policy", """
                        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sqs:SendMessage",
                         "Resource": "*", "Principal": {"Service": "events.amazonaws.com"},
                         "Condition": {"ArnEquals": {"aws:SourceArn":
                          "arn:aws:events:us-east-1:000000000000:rule/another"}}}}"""))));
        house.events(events -> events.putRule(request -> request.name("orders").eventPattern(SHOP)));
        house.target("orders", target -> target.id("1").arn(closed).deadLetterConfig(queue -> queue.arn(dead)));

        house.send("shop", "Order", "{}");

        assertThat(attribute(house.receive("dead", 1).getFirst(), "ERROR_CODE")).isEqualTo("NO_PERMISSIONS");
        assertThat(house.afterAll("closed")).isEmpty();
    }

    @Test
    void sendsEventsOnToABusOfAnotherAccountThatLetsIt() {
        Principal other = Principal.root("111111111111", Optional.empty());
        house.house.as(other, EventBridgeClient.class, events -> {
            events.createEventBus(request -> request.name("central"));
            events.putRule(
                    request -> request.name("all").eventBusName("central").eventPattern(SHOP));
            return events.putTargets(request -> request.rule("all")
                    .eventBusName("central")
                    .targets(Target.builder()
                            .id("1")
                            .arn("arn:aws:sqs:us-east-1:000000000000:central")
                            .build()));
        });
        house.queue("central");
        String dead = house.queue("dead");
        house.events(events -> events.putRule(request -> request.name("orders").eventPattern(SHOP)));
        house.target(
                "orders",
                target -> target.id("1")
                        .arn("arn:aws:events:us-east-1:111111111111:event-bus/central")
                        .deadLetterConfig(queue -> queue.arn(dead)));

        house.send("shop", "Order", "{\"n\": 1}");
        assertThat(attribute(house.receive("dead", 1).getFirst(), "ERROR_CODE")).isEqualTo("NO_PERMISSIONS");

        house.house.as(
                other,
                EventBridgeClient.class,
                events -> events.putPermission(
                        request -> request.eventBusName("central").policy("""
                        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "events:PutEvents",
                         "Resource": "arn:aws:events:us-east-1:111111111111:event-bus/central",
                         "Principal": {"Service": "events.amazonaws.com"}}}""")));
        String id =
                house.send("shop", "Order", "{\"n\": 2}").entries().getFirst().eventId();
        assertThat(house.receive("central", 1).getFirst().body())
                .contains("\"id\":\"" + id + "\"", "\"account\":\"000000000000\"", "\"n\":2");
    }

    @Test
    void letsNobodySendToTheBusOfAnotherAccountUnasked() {
        assertThatThrownBy(() -> house.put(entry -> entry.source("shop")
                        .detailType("Order")
                        .detail("{}")
                        .eventBusName("arn:aws:events:us-east-1:111111111111:event-bus/default")))
                .hasMessageContaining("is not authorized to perform: events:PutEvents");
    }

    @Test
    void transformsWhatTargetsGet() {
        String queue = house.queue("orders");
        house.events(events -> events.putRule(request -> request.name("orders").eventPattern(SHOP)));
        house.target(
                "orders",
                target -> target.id("1")
                        .arn(queue)
                        .inputTransformer(transformer -> transformer
                                .inputPathsMap(Map.of("n", "$.detail.n", "who", "$.detail.who"))
                                .inputTemplate("{\"n\": <n>, \"text\": \"<who> of <aws.events.rule-name>\"}")));

        house.send("shop", "Order", "{\"n\": [1, 2], \"who\": \"a \\\"b\\\"\"}");

        assertThat(house.receive("orders", 1).getFirst().body())
                .isEqualTo("{\"n\": [1,2], \"text\": \"a \\\"b\\\" of orders\"}");
    }

    @Test
    void deliversWhatServicesPublish() {
        house.rule("keys", "{\"source\": [\"aws.kms\"]}", house.queue("keys"));

        house.serviceEvents()
                .publish(
                        new ServiceEvents.Origin("000000000000", "us-east-1", "aws.kms"),
                        "KMS CMK Deletion",
                        List.of("arn:aws:kms:us-east-1:000000000000:key/k"),
                        () -> "{\"key-id\":\"k\"}");
        house.serviceEvents()
                .publish(
                        new ServiceEvents.Origin("111111111111", "us-east-1", "aws.kms"),
                        "KMS CMK Deletion",
                        List.of(),
                        () -> "{}");

        assertThat(house.receive("keys", 1))
                .singleElement()
                .satisfies(message -> assertThat(message.body())
                        .contains("\"detail-type\":\"KMS CMK Deletion\"", "\"detail\":{\"key-id\":\"k\"}"));
        assertThat(house.serviceEvents().waiting(10)).isEmpty();
    }
}
