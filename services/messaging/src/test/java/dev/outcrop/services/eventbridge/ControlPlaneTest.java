package dev.outcrop.services.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.EventBus;
import software.amazon.awssdk.services.eventbridge.model.InvalidEventPatternException;
import software.amazon.awssdk.services.eventbridge.model.LimitExceededException;
import software.amazon.awssdk.services.eventbridge.model.ListRulesResponse;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;
import software.amazon.awssdk.services.eventbridge.model.Rule;
import software.amazon.awssdk.services.eventbridge.model.RuleState;
import software.amazon.awssdk.services.eventbridge.model.Tag;
import software.amazon.awssdk.services.eventbridge.model.Target;

class ControlPlaneTest {
    private static final String SHOP = "{\"source\": [\"shop\"]}";
    private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:q";

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

    private void put(String rule) {
        house.events(events -> events.putRule(request -> request.name(rule).eventPattern(SHOP)));
    }

    @Test
    void saysWhatIsWrongWithAPatternAsAwsDoes() {
        assertThatThrownBy(() -> house.events(
                        events -> events.putRule(request -> request.name("r").eventPattern("{\"source\": \"shop\"}"))))
                .isInstanceOf(InvalidEventPatternException.class)
                .hasMessageContaining("Event pattern is not valid. Reason: \"source\" must be an object or an array\n"
                        + " at [Source: (String)\"{\"source\": \"shop\"}\"; line: 1, column: 13]");
        assertThatThrownBy(() -> house.events(events -> events.putRule(request -> request.name("r"))))
                .hasMessageContaining("Parameter(s) EventPattern or ScheduleExpression must be specified.");
        assertThatThrownBy(() -> house.events(
                        events -> events.putRule(request -> request.name("r").scheduleExpression("rate(1 minutes)"))))
                .hasMessageContaining("Parameter ScheduleExpression is not valid.");
    }

    @Test
    void triesPatternsOut() {
        String event = "{\"id\": \"1\", \"account\": \"1\", \"source\": \"shop\", \"time\": \"t\", \"region\": \"r\","
                + " \"resources\": [], \"detail-type\": \"d\"}";

        assertThat(house.events(events -> events.testEventPattern(
                                request -> request.eventPattern(SHOP).event(event)))
                        .result())
                .isTrue();
        assertThatThrownBy(() -> house.events(events -> events.testEventPattern(
                        request -> request.eventPattern(SHOP).event("{\"source\": \"shop\"}"))))
                .isInstanceOf(EventBridgeException.class)
                .hasMessageContaining("Parameter Event is not valid.");
    }

    @Test
    void tellsOfRulesInPages() {
        for (int i = 0; i < 7; i++) {
            put("rule-" + i);
        }
        put("another");

        List<String> names = new ArrayList<>();
        String[] token = new String[1];
        do {
            ListRulesResponse page = house.events(events -> events.listRules(
                    request -> request.namePrefix("rule-").limit(3).nextToken(token[0])));
            assertThat(page.rules()).hasSizeLessThanOrEqualTo(3);
            page.rules().stream().map(Rule::name).forEach(names::add);
            token[0] = page.nextToken();
        } while (token[0] != null);

        assertThat(names).containsExactly("rule-0", "rule-1", "rule-2", "rule-3", "rule-4", "rule-5", "rule-6");
        assertThatThrownBy(() -> house.events(events -> events.listRules(request -> request.nextToken("forged"))))
                .isInstanceOf(EventBridgeException.class);
    }

    @Test
    void keepsTargetsAndTagsOfARuleThatIsPutAgain() {
        house.events(events -> events.putRule(request -> request.name("r")
                .eventPattern(SHOP)
                .tags(Tag.builder().key("k").value("v").build())));
        house.target("r", target -> target.id("1").arn(QUEUE));

        house.events(events ->
                events.putRule(request -> request.name("r").eventPattern(SHOP).state(RuleState.DISABLED)));

        assertThat(house.events(events -> events.listTargetsByRule(request -> request.rule("r")))
                        .targets())
                .extracting(Target::arn)
                .containsExactly(QUEUE);
        assertThat(house.events(events -> events.describeRule(request -> request.name("r")))
                        .state())
                .isEqualTo(RuleState.DISABLED);
        assertThat(house.events(events -> events.listTagsForResource(
                                request -> request.resourceARN("arn:aws:events:us-east-1:000000000000:rule/r")))
                        .tags())
                .containsExactly(Tag.builder().key("k").value("v").build());
        assertThat(house.events(events -> events.listRuleNamesByTarget(request -> request.targetArn(QUEUE)))
                        .ruleNames())
                .containsExactly("r");
    }

    @Test
    void refusesTooManyTargetsAndThoseThatCannotBe() {
        put("r");
        Target[] six = new Target[6];
        for (int i = 0; i < 6; i++) {
            six[i] = Target.builder().id("t" + i).arn(QUEUE + i).build();
        }

        assertThatThrownBy(() -> house.events(
                        events -> events.putTargets(request -> request.rule("r").targets(six))))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("The requested resource exceeds the maximum number allowed.");
        refused("not-an-arn", "Provided Arn is not in correct format.");
        refused(QUEUE + ".fifo", "Parameter(s) SqsParameters must be specified for target: t.");
        refused("arn:aws:states:us-east-1:000000000000:stateMachine:m", "RoleArn is required for target");
        assertThatThrownBy(() -> house.target("none", target -> target.id("t").arn(QUEUE)))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Rule none does not exist on EventBus default.");
    }

    private void refused(String arn, String reason) {
        assertThatThrownBy(() -> house.target("r", target -> target.id("t").arn(arn)))
                .hasMessageContaining(reason);
    }

    @Test
    void saysWhichTargetsWereNotThere() {
        put("r");

        assertThat(house.events(events -> events.removeTargets(
                                request -> request.rule("r").ids("x")))
                        .failedEntries())
                .singleElement()
                .satisfies(failure -> assertThat(failure.errorCode()).isEqualTo("ResourceNotFoundException"));
    }

    @Test
    void deletesNoRuleWithTargetsAndNoBusWithRules() {
        house.events(events -> events.createEventBus(request -> request.name("b")));
        house.events(events ->
                events.putRule(request -> request.name("r").eventBusName("b").eventPattern(SHOP)));
        house.events(events -> events.putTargets(request -> request.rule("r")
                .eventBusName("b")
                .targets(Target.builder().id("1").arn(QUEUE).build())));

        assertThatThrownBy(() -> house.events(
                        events -> events.deleteRule(request -> request.name("r").eventBusName("b"))))
                .hasMessageContaining("Rule can't be deleted since it has targets.");
        assertThatThrownBy(() -> house.events(events -> events.deleteEventBus(request -> request.name("b"))))
                .hasMessageContaining("Cannot delete event bus with rules.");
        assertThatThrownBy(() -> house.events(events -> events.deleteEventBus(request -> request.name("default"))))
                .hasMessageContaining("Cannot delete event bus default.");
        assertThatThrownBy(() -> house.events(events -> events.putRule(
                        request -> request.name("r").eventBusName("none").eventPattern(SHOP))))
                .hasMessageContaining("Event bus none does not exist.");
    }

    @Test
    void hasADefaultBusAndThoseThatWereMade() {
        house.events(
                events -> events.createEventBus(request -> request.name("b").description("d")));

        assertThat(house.events(events -> events.listEventBuses(request -> {})).eventBuses())
                .extracting(EventBus::name)
                .containsExactly("default", "b");
        assertThat(house.events(events -> events.describeEventBus(request -> request.name("b")))
                        .description())
                .isEqualTo("d");
    }

    @Test
    void opensABusToOthersStatementByStatement() {
        house.events(events -> events.putPermission(
                request -> request.statementId("one").action("events:PutEvents").principal("111111111111")));
        house.events(events -> events.putPermission(
                request -> request.statementId("two").action("events:PutEvents").principal("222222222222")));
        Principal other = house.house.user("111111111111", "u", """
                {"Version": "2012-10-17",
                 "Statement": {"Effect": "Allow", "Action": "events:PutEvents", "Resource": "*"}}""");

        assertThat(send(other)).isZero();
        house.events(events -> events.removePermission(request -> request.statementId("one")));

        assertThatThrownBy(() -> send(other)).hasMessageContaining("is not authorized to perform: events:PutEvents");
        assertThat(house.events(events -> events.describeEventBus(request -> {}))
                        .policy())
                .contains("\"Sid\":\"two\"")
                .doesNotContain("\"Sid\":\"one\"");
        assertThatThrownBy(() -> house.events(events -> events.removePermission(request -> request.statementId("one"))))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    private int send(Principal principal) {
        return house.put(
                        principal,
                        entry -> entry.source("s")
                                .detailType("d")
                                .detail("{}")
                                .eventBusName("arn:aws:events:us-east-1:000000000000:event-bus/default"))
                .failedEntryCount();
    }

    @Test
    void letsUsersSetOnlyTargetsWhoseRoleTheyMayPass() {
        put("r");
        Principal user = house.house.user("000000000000", "u", """
                {"Version": "2012-10-17",
                 "Statement": {"Effect": "Allow", "Action": "events:*", "Resource": "*"}}""");

        assertThatThrownBy(() -> house.house.as(
                        user,
                        EventBridgeClient.class,
                        events -> events.putTargets(request -> request.rule("r")
                                .targets(Target.builder()
                                        .id("1")
                                        .arn(QUEUE)
                                        .roleArn("arn:aws:iam::000000000000:role/admin")
                                        .build()))))
                .hasMessageContaining("is not authorized to perform: iam:PassRole"
                        + " on resource: arn:aws:iam::000000000000:role/admin");
    }
}
