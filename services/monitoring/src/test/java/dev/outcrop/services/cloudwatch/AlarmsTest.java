package dev.outcrop.services.cloudwatch;

import static dev.outcrop.services.cloudwatch.MetricsHouse.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.events.ServiceEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.model.ActionsSuppressedBy;
import software.amazon.awssdk.services.cloudwatch.model.AlarmHistoryItem;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.PutCompositeAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.cloudwatch.model.Tag;
import software.amazon.awssdk.services.sns.model.PublishRequest;

class AlarmsTest {
    private static final String TOPIC = "arn:aws:sns:us-east-1:123456789012:pager";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    Path path;

    private MetricsHouse house;

    @BeforeEach
    void open() {
        house = new MetricsHouse(path);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private void alarm(String name, Consumer<PutMetricAlarmRequest.Builder> more) {
        house.call(client -> client.putMetricAlarm(request -> more.accept(request.alarmName(name)
                .namespace("Shop")
                .metricName("Latency")
                .statistic(Statistic.AVERAGE)
                .period(60)
                .evaluationPeriods(1)
                .threshold(100.0)
                .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD))));
    }

    private void composite(String name, String rule, Consumer<PutCompositeAlarmRequest.Builder> more) {
        house.call(client -> client.putCompositeAlarm(
                request -> more.accept(request.alarmName(name).alarmRule(rule))));
    }

    private MetricAlarm state(String name) {
        return house.call(client -> client.describeAlarms(request -> request.alarmNames(name)))
                .metricAlarms()
                .getFirst();
    }

    private CompositeAlarm compositeState(String name) {
        return house.call(client -> client.describeAlarms(
                        request -> request.alarmNames(name).alarmTypes(AlarmType.COMPOSITE_ALARM)))
                .compositeAlarms()
                .getFirst();
    }

    private void set(String name, StateValue state) {
        house.call(client -> client.setAlarmState(
                request -> request.alarmName(name).stateValue(state).stateReason("set by hand")));
    }

    private List<String> history(String name) {
        return house
                .call(client -> client.describeAlarmHistory(request -> request.alarmName(name)))
                .alarmHistoryItems()
                .stream()
                .map(AlarmHistoryItem::historySummary)
                .toList();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    @Test
    void anAlarmFollowsItsMetricAndTellsItsTopic() {
        alarm("slow", request -> request.alarmActions(TOPIC).okActions(TOPIC).alarmDescription("too slow"));
        assertThat(state("slow").stateValue()).isEqualTo(StateValue.INSUFFICIENT_DATA);
        assertThat(state("slow").stateReason()).isEqualTo("Unchecked: Initial alarm creation");

        house.put("Latency", 250, Duration.ZERO);
        house.passAndWatch(MINUTE);

        assertThat(state("slow").stateValue()).isEqualTo(StateValue.ALARM);
        assertThat(state("slow").stateReason())
                .isEqualTo("Threshold Crossed: 1 out of the last 1 datapoints [250.0 (20/11/26 10:00:00)] was greater"
                        + " than the threshold (100.0) (minimum 1 datapoint for OK -> ALARM transition).");
        assertThat(state("slow").stateReasonData())
                .contains("\"recentDatapoints\":[250.0],\"threshold\":100.0", "\"statistic\":\"Average\"");
        PublishRequest told = house.published().getFirst();
        assertThat(told.topicArn()).isEqualTo(TOPIC);
        assertThat(told.subject()).isEqualTo("ALARM: \"slow\" in US East (N. Virginia)");
        assertThat(told.message())
                .contains(
                        "\"AlarmName\":\"slow\"",
                        "\"NewStateValue\":\"ALARM\"",
                        "\"OldStateValue\":\"INSUFFICIENT_DATA\"",
                        "\"MetricName\":\"Latency\"",
                        "\"Statistic\":\"AVERAGE\"",
                        "\"Threshold\":100.0");

        house.put("Latency", 50, Duration.ZERO);
        house.passAndWatch(MINUTE);

        assertThat(state("slow").stateValue()).isEqualTo(StateValue.OK);
        assertThat(house.published()).hasSize(2);
        assertThat(history("slow"))
                .containsExactlyInAnyOrder(
                        "Alarm \"slow\" created",
                        "Alarm updated from INSUFFICIENT_DATA to ALARM",
                        "Successfully executed action " + TOPIC,
                        "Alarm updated from ALARM to OK",
                        "Successfully executed action " + TOPIC);
    }

    @Test
    void missingDataIsTreatedAsTheAlarmSays() {
        alarm("missing", request -> {});
        alarm("breaching", request -> request.treatMissingData("breaching"));
        alarm("notBreaching", request -> request.treatMissingData("notBreaching"));
        alarm("ignore", request -> request.treatMissingData("ignore"));

        house.passAndWatch(MINUTE);

        assertThat(state("missing").stateValue()).isEqualTo(StateValue.INSUFFICIENT_DATA);
        assertThat(state("breaching").stateValue()).isEqualTo(StateValue.ALARM);
        assertThat(state("breaching").stateReason())
                .isEqualTo("Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was"
                        + " treated as [Breaching].");
        assertThat(state("notBreaching").stateValue()).isEqualTo(StateValue.OK);
        assertThat(state("ignore").stateValue()).isEqualTo(StateValue.INSUFFICIENT_DATA);
    }

    @Test
    void someOfTheLastPeriodsMayBeEnough() {
        alarm("some", request -> request.evaluationPeriods(3).datapointsToAlarm(2));
        for (double value : new double[] {200, 50, 200}) {
            house.put("Latency", value, Duration.ZERO);
            house.passAndWatch(MINUTE);
        }

        assertThat(state("some").stateValue()).isEqualTo(StateValue.ALARM);
    }

    @Test
    void anAlarmMayWatchAnExpression() {
        house.call(client -> client.putMetricAlarm(request -> request.alarmName("ratio")
                .metrics(
                        query("errors", "Errors"),
                        query("calls", "Calls"),
                        MetricDataQuery.builder()
                                .id("rate")
                                .expression("100 * errors / calls")
                                .build())
                .evaluationPeriods(1)
                .threshold(5.0)
                .comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD)));
        house.put("Errors", 1, Duration.ZERO);
        house.put("Calls", 20, Duration.ZERO);

        house.passAndWatch(MINUTE);

        assertThat(state("ratio").stateValue()).isEqualTo(StateValue.ALARM);
    }

    private static MetricDataQuery query(String id, String name) {
        return MetricDataQuery.builder()
                .id(id)
                .metricStat(
                        stat -> stat.metric(metric -> metric.namespace("Shop").metricName(name))
                                .period(60)
                                .stat("Sum"))
                .returnData(false)
                .build();
    }

    @Test
    void aBandFollowsWhatIsUsual() {
        Random random = new Random(1);
        for (int hour = 24 * 13; hour > 0; hour--) {
            double value = 100 + random.nextGaussian();
            house.put("Latency", value, Duration.ofHours(hour));
        }
        house.call(client -> client.putMetricAlarm(request -> request.alarmName("unusual")
                .metrics(
                        query("m1", "Latency").toBuilder().returnData(true).build(),
                        MetricDataQuery.builder()
                                .id("band")
                                .expression("ANOMALY_DETECTION_BAND(m1, 5)")
                                .build())
                .thresholdMetricId("band")
                .evaluationPeriods(1)
                .comparisonOperator(ComparisonOperator.LESS_THAN_LOWER_OR_GREATER_THAN_UPPER_THRESHOLD)));

        house.put("Latency", 100, Duration.ZERO);
        house.passAndWatch(MINUTE);
        assertThat(state("unusual").stateValue()).isEqualTo(StateValue.OK);
        house.put("Latency", 150, Duration.ZERO);
        house.passAndWatch(MINUTE);

        assertThat(state("unusual").stateValue()).isEqualTo(StateValue.ALARM);
        assertThat(state("unusual").stateReason())
                .startsWith("Thresholds Crossed: 1 out of the last 1 datapoints [150.0");
    }

    @Test
    void anAlarmMayWatchOtherAlarms() {
        alarm("a", request -> {});
        alarm("b c", request -> {});
        composite("both", "ALARM(a) AND NOT (OK(\"b c\") OR FALSE)", request -> request.alarmActions(TOPIC));
        house.passAndWatch(MINUTE);
        assertThat(compositeState("both").stateValue()).isEqualTo(StateValue.OK);

        set("a", StateValue.ALARM);
        assertThat(compositeState("both").stateValue()).isEqualTo(StateValue.ALARM);
        set("b c", StateValue.OK);

        assertThat(compositeState("both").stateValue()).isEqualTo(StateValue.OK);
        assertThat(house.published()).hasSize(1);
        assertThatThrownBy(() -> composite("bad", "ALARM(nosuch)", request -> {}))
                .hasMessageContaining("do not exist");
        assertThatThrownBy(() -> composite("bad", "ALARM(a) XOR OK(a)", request -> {}))
                .hasMessageContaining("AlarmRule");
        assertThatThrownBy(() -> house.call(client -> client.deleteAlarms(request -> request.alarmNames("a"))))
                .hasMessageContaining("both");
        DescribeAlarmsResponse children =
                house.call(client -> client.describeAlarms(request -> request.childrenOfAlarmName("both")));
        assertThat(children.metricAlarms()).extracting(MetricAlarm::alarmName).containsExactly("a", "b c");
        assertThat(house.call(client -> client.describeAlarms(request -> request.parentsOfAlarmName("a")))
                        .compositeAlarms())
                .extracting(CompositeAlarm::alarmName)
                .containsExactly("both");
    }

    @Test
    void aSuppressorKeepsActionsBack() {
        alarm("a", request -> {});
        alarm("maintenance", request -> {});
        composite(
                "quiet",
                "ALARM(a)",
                request -> request.alarmActions(TOPIC)
                        .actionsSuppressor("maintenance")
                        .actionsSuppressorWaitPeriod(120)
                        .actionsSuppressorExtensionPeriod(60));
        house.passAndWatch(MINUTE);

        set("a", StateValue.ALARM);
        assertThat(compositeState("quiet").actionsSuppressedBy()).isEqualTo(ActionsSuppressedBy.WAIT_PERIOD);
        set("maintenance", StateValue.ALARM);
        assertThat(compositeState("quiet").actionsSuppressedBy()).isEqualTo(ActionsSuppressedBy.ALARM);
        set("maintenance", StateValue.OK);
        assertThat(compositeState("quiet").actionsSuppressedBy()).isEqualTo(ActionsSuppressedBy.EXTENSION_PERIOD);
        assertThat(house.published()).isEmpty();

        house.pass(Duration.ofSeconds(61));
        set("a", StateValue.ALARM);

        assertThat(compositeState("quiet").actionsSuppressedBy()).isNull();
        assertThat(house.published()).hasSize(1);
    }

    @Test
    void actionsCanBeDisabledAndWhatCannotBeDoneIsSaid() {
        alarm("off", request -> request.alarmActions(TOPIC));
        alarm("odd", request -> request.alarmActions("arn:aws:automate:us-east-1:ec2:stop"));
        house.call(client -> client.disableAlarmActions(request -> request.alarmNames("off")));

        set("off", StateValue.ALARM);
        set("odd", StateValue.ALARM);

        assertThat(house.published()).isEmpty();
        assertThat(history("odd")).contains("Failed to execute action arn:aws:automate:us-east-1:ec2:stop");
        house.call(client -> client.enableAlarmActions(request -> request.alarmNames("off")));
        set("off", StateValue.OK);
        set("off", StateValue.ALARM);
        assertThat(house.published()).hasSize(1);
    }

    @Test
    void changesArePublishedToWhoeverFollows() {
        house.records().write(transaction -> {
            house.events().follow(transaction, MetricsHouse.ACCOUNT, MetricsHouse.REGION, Optional.empty());
            return null;
        });
        alarm("slow", request -> {});

        set("slow", StateValue.ALARM);

        assertThat(house.events().waiting(10))
                .extracting(ServiceEvents.Waiting::event)
                .singleElement()
                .asString()
                .contains(
                        "\"detail-type\":\"CloudWatch Alarm State Change\",\"source\":\"aws.cloudwatch\"",
                        "\"alarmName\":\"slow\",\"state\":{\"value\":\"ALARM\",\"reason\":\"set by hand\"",
                        "\"previousState\":{\"value\":\"INSUFFICIENT_DATA\"",
                        "\"metricStat\":{\"metric\":{\"dimensions\":{},\"name\":\"Latency\",\"namespace\":\"Shop\"}");
    }

    @Test
    void alarmsAreToldInPagesAndByWhatTheyAre() {
        for (int index = 0; index < 5; index++) {
            alarm("alarm-" + index, request -> request.alarmActions(TOPIC));
        }
        set("alarm-3", StateValue.ALARM);

        DescribeAlarmsResponse page = house.call(client -> client.describeAlarms(request -> request.maxRecords(2)));
        DescribeAlarmsResponse next = house.call(
                client -> client.describeAlarms(request -> request.maxRecords(2).nextToken(page.nextToken())));

        assertThat(page.metricAlarms()).extracting(MetricAlarm::alarmName).containsExactly("alarm-0", "alarm-1");
        assertThat(next.metricAlarms()).extracting(MetricAlarm::alarmName).containsExactly("alarm-2", "alarm-3");
        assertThat(house.call(client -> client.describeAlarms(request -> request.stateValue(StateValue.ALARM)))
                        .metricAlarms())
                .hasSize(1);
        assertThat(house.call(client -> client.describeAlarms(request -> request.actionPrefix("arn:aws:lambda")))
                        .metricAlarms())
                .isEmpty();
        assertThat(house.call(client -> client.describeAlarmsForMetric(
                                request -> request.namespace("Shop").metricName("Latency")))
                        .metricAlarms())
                .hasSize(5);
        assertThat(house.as("eu-west-1", client -> client.describeAlarms(request -> {}))
                        .metricAlarms())
                .isEmpty();
    }

    @Test
    void anAlarmKeepsItsStateWhenItIsChangedAndItsTagsAreItsOwn() {
        alarm("slow", request -> request.tags(tag("team", "web")));
        set("slow", StateValue.ALARM);
        String arn = state("slow").alarmArn();

        alarm("slow", request -> request.threshold(7.0).tags(tag("ignored", "yes")));

        assertThat(state("slow").stateValue()).isEqualTo(StateValue.ALARM);
        assertThat(state("slow").threshold()).isEqualTo(7);
        assertThat(house.call(client -> client.listTagsForResource(request -> request.resourceARN(arn)))
                        .tags())
                .singleElement()
                .satisfies(tag -> assertThat(tag.key()).isEqualTo("team"));
        house.call(client -> client.deleteAlarms(request -> request.alarmNames("slow")));
        assertThatThrownBy(() -> house.call(client -> client.listTagsForResource(request -> request.resourceARN(arn))))
                .isInstanceOf(AwsServiceException.class);
        assertThatThrownBy(() -> house.call(client -> client.deleteAlarms(request -> request.alarmNames("slow"))))
                .hasMessageContaining("slow");
    }

    @Test
    void alarmsThatMakeNoSenseAreRefused() {
        List<Consumer<PutMetricAlarmRequest.Builder>> senseless = List.of(
                request -> request.period(45),
                request -> request.period(60).evaluationPeriods(1441),
                request -> request.datapointsToAlarm(2),
                request -> request.treatMissingData("maybe"),
                request -> request.extendedStatistic("p99"),
                request -> request.statistic((String) null),
                request -> request.statistic((String) null).extendedStatistic("p101"),
                request -> request.threshold(null),
                request -> request.thresholdMetricId("x"),
                request -> request.alarmActions("page me"),
                request -> request.comparisonOperator(ComparisonOperator.GREATER_THAN_UPPER_THRESHOLD),
                request -> request.metrics(query("m1", "Latency")));

        for (Consumer<PutMetricAlarmRequest.Builder> more : senseless) {
            assertThatThrownBy(() -> alarm("senseless", more))
                    .isInstanceOf(AwsServiceException.class)
                    .satisfies(failure -> assertThat(((AwsServiceException) failure).statusCode())
                            .isEqualTo(400));
        }
        assertThat(START).isEqualTo(house.now());
    }
}
