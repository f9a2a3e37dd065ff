package dev.outcrop.services.cloudwatch;

import static dev.outcrop.services.cloudwatch.CloudWatchErrors.validation;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Pages;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudwatch.model.AlarmHistoryItem;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.DeleteAlarmsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsForMetricRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsForMetricResponse;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.InvalidFormatException;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.PutCompositeAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.SetAlarmStateRequest;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.cloudwatch.model.Tag;

/**
 * The operations on alarms.
 *
 * <p>Source: PutMetricAlarm, PutCompositeAlarm, DescribeAlarms, DescribeAlarmsForMetric, SetAlarmState and DeleteAlarms of
 * the Amazon CloudWatch API reference.
 */
final class Alarms {
    private static final int MOST_TOLD = 100;
    private static final int MOST_CHILDREN = 100;
    private static final int MOST_ELEMENTS = 500;
    private static final Set<String> METRIC = Set.of("MetricAlarm");

    private final AlarmStore store;
    private final AlarmWatch watch;
    private final ResourceTags tags;
    private final Pages pages;
    private final InstantSource clock;

    Alarms(AlarmStore store, AlarmWatch watch, ResourceTags tags, Pages pages, InstantSource clock) {
        this.store = store;
        this.watch = watch;
        this.tags = tags;
        this.pages = pages;
        this.clock = clock;
    }

    void put(PutMetricAlarmRequest request) {
        AlarmChecks.check(request);
        Instant now = now();
        String arn = arn(request.alarmName());
        put(request.alarmName(), request.tags(), now, present -> {
            if (present.isPresent() && !(present.get() instanceof Alarm.OnMetric)) {
                throw validation("The alarm " + request.alarmName() + " is a composite alarm.");
            }
            return new Alarm.OnMetric(MetricAlarm.builder()
                    .alarmName(request.alarmName())
                    .alarmArn(arn)
                    .alarmDescription(request.alarmDescription())
                    .alarmConfigurationUpdatedTimestamp(now)
                    .actionsEnabled(!Boolean.FALSE.equals(request.actionsEnabled()))
                    .okActions(request.okActions())
                    .alarmActions(request.alarmActions())
                    .insufficientDataActions(request.insufficientDataActions())
                    .metricName(request.metricName())
                    .namespace(request.namespace())
                    .statistic(request.statistic())
                    .extendedStatistic(request.extendedStatistic())
                    .dimensions(request.dimensions())
                    .period(request.period())
                    .unit(request.unit())
                    .evaluationPeriods(request.evaluationPeriods())
                    .datapointsToAlarm(request.datapointsToAlarm())
                    .threshold(request.threshold())
                    .comparisonOperator(request.comparisonOperator())
                    .treatMissingData(request.treatMissingData())
                    .evaluateLowSampleCountPercentile(request.evaluateLowSampleCountPercentile())
                    .metrics(request.metrics())
                    .thresholdMetricId(request.thresholdMetricId())
                    .stateTransitionedTimestamp(present.map(Alarm::transitioned).orElse(now))
                    .build());
        });
    }

    void put(PutCompositeAlarmRequest request) {
        AlarmRule rule;
        try {
            rule = AlarmRule.parse(request.alarmRule());
        } catch (InvalidExpressionException malformed) {
            throw validation("Invalid AlarmRule: " + malformed.getMessage());
        }
        if (rule.alarms().size() > MOST_CHILDREN || rule.elements() > MOST_ELEMENTS) {
            throw validation(
                    "AlarmRule may have at most " + MOST_CHILDREN + " alarms and " + MOST_ELEMENTS + " elements.");
        }
        List<String> absent = rule.alarms().stream()
                .filter(name -> !name.equals(request.alarmName()) && find(name).isEmpty())
                .toList();
        if (!absent.isEmpty()) {
            throw validation(
                    "Could not save the composite alarm as alarms " + absent + " in the alarm rule do not exist");
        }
        boolean suppressed = request.actionsSuppressor() != null;
        if (suppressed
                && (request.actionsSuppressorWaitPeriod() == null
                        || request.actionsSuppressorExtensionPeriod() == null)) {
            throw validation("ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod are required if"
                    + " ActionsSuppressor is specified");
        }
        if (suppressed && find(request.actionsSuppressor()).isEmpty()) {
            throw validation("ActionsSuppressor " + request.actionsSuppressor() + " does not exist");
        }
        AlarmChecks.checkActions(request.okActions(), request.alarmActions(), request.insufficientDataActions());
        Instant now = now();
        String arn = arn(request.alarmName());
        put(request.alarmName(), request.tags(), now, present -> {
            if (present.isPresent() && !(present.get() instanceof Alarm.OnAlarms)) {
                throw validation("The alarm " + request.alarmName() + " is a metric alarm.");
            }
            return new Alarm.OnAlarms(CompositeAlarm.builder()
                    .alarmName(request.alarmName())
                    .alarmArn(arn)
                    .alarmDescription(request.alarmDescription())
                    .alarmConfigurationUpdatedTimestamp(now)
                    .actionsEnabled(!Boolean.FALSE.equals(request.actionsEnabled()))
                    .okActions(request.okActions())
                    .alarmActions(request.alarmActions())
                    .insufficientDataActions(request.insufficientDataActions())
                    .alarmRule(request.alarmRule())
                    .actionsSuppressor(request.actionsSuppressor())
                    .actionsSuppressorWaitPeriod(request.actionsSuppressorWaitPeriod())
                    .actionsSuppressorExtensionPeriod(request.actionsSuppressorExtensionPeriod())
                    .stateTransitionedTimestamp(present.map(Alarm::transitioned).orElse(now))
                    .build());
        });
    }

    /** Tells the alarm that shall be, told the one that is. */
    @FunctionalInterface
    private interface Making {
        Alarm of(Optional<Alarm> present);
    }

    /** An alarm that is there keeps its state and its tags. */
    private void put(String name, List<Tag> wanted, Instant now, Making making) {
        CallContext context = CallContext.current();
        var checked = ResourceTags.checked(wanted);
        boolean fresh = store.find(context.account(), context.region(), name).isEmpty();
        store.change(context.account(), context.region(), name, now, present -> {
            Alarm.State initial =
                    new Alarm.State(StateValue.INSUFFICIENT_DATA, AlarmReasons.INITIAL, Optional.empty(), now);
            Alarm.State state = present.map(Alarm::state).orElse(initial);
            // Set twice, since the first time tells the alarm's own state, which then is no other.
            Alarm made = making.of(present);
            Instant transitioned = made.transitioned();
            Alarm kept = withTransition(made.with(state), transitioned);
            return Optional.of(new AlarmStore.Change(
                    kept,
                    List.of(AlarmHistory.configured(kept, now, present.isEmpty() ? "Create" : "Update")),
                    List.of()));
        });
        if (fresh) {
            tags.set(arn(name), checked);
        }
    }

    private static Alarm withTransition(Alarm alarm, Instant time) {
        return switch (alarm) {
            case Alarm.OnMetric metric ->
                new Alarm.OnMetric(metric.shape().toBuilder()
                        .stateTransitionedTimestamp(time)
                        .build());
            case Alarm.OnAlarms composite ->
                new Alarm.OnAlarms(composite.shape().toBuilder()
                        .stateTransitionedTimestamp(time)
                        .build());
        };
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.instant().toEpochMilli());
    }

    /** The ARN of the caller's alarm with that name. */
    static String arn(String name) {
        CallContext context = CallContext.current();
        return "arn:aws:cloudwatch:" + context.region() + ":" + context.account() + ":alarm:" + name;
    }

    /** The caller's alarm with that name, or that ARN. */
    Optional<Alarm> find(String nameOrArn) {
        CallContext context = CallContext.current();
        String own = arn("");
        if (nameOrArn.startsWith("arn:") && !nameOrArn.startsWith(own)) {
            return Optional.empty();
        }
        String name = nameOrArn.startsWith("arn:") ? nameOrArn.substring(own.length()) : nameOrArn;
        return store.find(context.account(), context.region(), name);
    }

    DescribeAlarmsResponse describe(DescribeAlarmsRequest request) {
        if (request.hasAlarmNames() && !request.alarmNames().isEmpty() && request.alarmNamePrefix() != null) {
            throw CloudWatchErrors.exclusive("AlarmNames", "AlarmNamePrefix");
        }
        if (request.childrenOfAlarmName() != null || request.parentsOfAlarmName() != null) {
            return relatives(request);
        }
        CallContext context = CallContext.current();
        Set<String> types = request.hasAlarmTypes() && !request.alarmTypes().isEmpty()
                ? Set.copyOf(request.alarmTypesAsStrings())
                : METRIC;
        List<Alarm> found = store.all(context.account(), context.region()).stream()
                .filter(alarm -> types.contains(alarm instanceof Alarm.OnMetric ? "MetricAlarm" : "CompositeAlarm"))
                .filter(alarm ->
                        request.alarmNames().isEmpty() || request.alarmNames().contains(alarm.name()))
                .filter(alarm ->
                        request.alarmNamePrefix() == null || alarm.name().startsWith(request.alarmNamePrefix()))
                .filter(alarm -> request.stateValue() == null
                        || request.stateValue() == alarm.state().value())
                .filter(alarm -> request.actionPrefix() == null || hasAction(alarm, request.actionPrefix()))
                .sorted(Comparator.comparing(Alarm::name))
                .toList();
        String list = "alarms "
                + Fingerprint.of(request.toBuilder()
                        .nextToken(null)
                        .maxRecords(null)
                        .build()
                        .toString());
        int most = request.maxRecords() == null ? MOST_TOLD : request.maxRecords();
        Pages.Slice<Alarm> page = pages.of(list, found, most, request.nextToken());
        return response(page.items(), page.next());
    }

    private static DescribeAlarmsResponse response(List<Alarm> alarms, String next) {
        return DescribeAlarmsResponse.builder()
                .metricAlarms(alarms.stream()
                        .flatMap(alarm ->
                                alarm instanceof Alarm.OnMetric metric ? Stream.of(metric.shape()) : Stream.empty())
                        .toList())
                .compositeAlarms(alarms.stream()
                        .flatMap(alarm -> alarm instanceof Alarm.OnAlarms composite
                                ? Stream.of(composite.shape())
                                : Stream.empty())
                        .toList())
                .nextToken(next)
                .build();
    }

    private static boolean hasAction(Alarm alarm, String prefix) {
        return Stream.of(StateValue.OK, StateValue.ALARM, StateValue.INSUFFICIENT_DATA)
                .flatMap(state -> alarm.actions(state).stream())
                .anyMatch(action -> action.startsWith(prefix));
    }

    /** What a composite alarm speaks of, or which speak of an alarm: only names and states. */
    private DescribeAlarmsResponse relatives(DescribeAlarmsRequest request) {
        if (request.childrenOfAlarmName() != null && request.parentsOfAlarmName() != null) {
            throw CloudWatchErrors.exclusive("ChildrenOfAlarmName", "ParentsOfAlarmName");
        }
        String name =
                request.childrenOfAlarmName() != null ? request.childrenOfAlarmName() : request.parentsOfAlarmName();
        Alarm alarm = find(name).orElseThrow(() -> CloudWatchErrors.alarmNotFound("Unable to find alarm " + name));
        List<Alarm> found = request.childrenOfAlarmName() == null
                ? parents(alarm)
                : alarm instanceof Alarm.OnAlarms composite
                        ? AlarmRule.parse(composite.shape().alarmRule()).alarms().stream()
                                .flatMap(child -> find(child).stream())
                                .toList()
                        : List.of();
        List<Alarm> brief = found.stream().map(Alarms::brief).toList();
        return response(brief, null);
    }

    private static Alarm brief(Alarm alarm) {
        return switch (alarm) {
            case Alarm.OnMetric metric ->
                new Alarm.OnMetric(MetricAlarm.builder()
                        .alarmName(metric.name())
                        .alarmArn(metric.arn())
                        .stateValue(metric.state().value())
                        .stateUpdatedTimestamp(metric.state().updated())
                        .build());
            case Alarm.OnAlarms composite ->
                new Alarm.OnAlarms(CompositeAlarm.builder()
                        .alarmName(composite.name())
                        .alarmArn(composite.arn())
                        .stateValue(composite.state().value())
                        .stateUpdatedTimestamp(composite.state().updated())
                        .build());
        };
    }

    private List<Alarm> parents(Alarm alarm) {
        return store.all(alarm.account(), alarm.region()).stream()
                .filter(other -> other instanceof Alarm.OnAlarms composite
                        && AlarmRule.parse(composite.shape().alarmRule()).alarms().stream()
                                .anyMatch(name -> name.equals(alarm.name()) || name.equals(alarm.arn())))
                .filter(other -> !other.name().equals(alarm.name()))
                .toList();
    }

    DescribeAlarmsForMetricResponse describeForMetric(DescribeAlarmsForMetricRequest request) {
        CallContext context = CallContext.current();
        MetricKey wanted = MetricKey.of(
                context.account(), context.region(), request.namespace(), request.metricName(), request.dimensions());
        return DescribeAlarmsForMetricResponse.builder()
                .metricAlarms(store.all(context.account(), context.region()).stream()
                        .flatMap(alarm ->
                                alarm instanceof Alarm.OnMetric metric ? Stream.of(metric.shape()) : Stream.empty())
                        .filter(alarm -> alarm.metricName() != null
                                && wanted.equals(MetricKey.of(
                                        context.account(),
                                        context.region(),
                                        alarm.namespace(),
                                        alarm.metricName(),
                                        alarm.dimensions())))
                        .filter(alarm -> request.statistic() == null || request.statistic() == alarm.statistic())
                        .filter(alarm -> request.extendedStatistic() == null
                                || request.extendedStatistic().equals(alarm.extendedStatistic()))
                        .filter(alarm ->
                                request.period() == null || request.period().equals(alarm.period()))
                        .filter(alarm -> request.unit() == null || request.unit() == alarm.unit())
                        .sorted(Comparator.comparing(MetricAlarm::alarmName))
                        .toList())
                .build();
    }

    void setState(SetAlarmStateRequest request) {
        Alarm alarm = find(request.alarmName())
                .orElseThrow(() -> CloudWatchErrors.alarmNotFound("Unable to find alarm " + request.alarmName()));
        if (request.stateValue() == StateValue.UNKNOWN_TO_SDK_VERSION) {
            throw validation("The value " + request.stateValueAsString() + " for parameter StateValue is invalid.");
        }
        if (request.stateReasonData() != null && !Json.isObject(request.stateReasonData())) {
            throw InvalidFormatException.builder()
                    .message("StateReasonData is not valid JSON")
                    .build();
        }
        Alarm.State state = new Alarm.State(
                request.stateValue(), request.stateReason(), Optional.ofNullable(request.stateReasonData()), now());
        watch.set(alarm, state, false);
        watch.react();
    }

    void enableActions(List<String> names, boolean enabled) {
        CallContext context = CallContext.current();
        Instant now = now();
        for (String name : names) {
            store.change(
                    context.account(),
                    context.region(),
                    name,
                    now,
                    present -> present.filter(alarm -> alarm.actionsEnabled() != enabled)
                            .map(alarm -> alarm.withActionsEnabled(enabled))
                            .map(alarm -> new AlarmStore.Change(
                                    alarm, List.of(AlarmHistory.configured(alarm, now, "Update")), List.of())));
        }
    }

    void delete(DeleteAlarmsRequest request) {
        CallContext context = CallContext.current();
        Instant now = now();
        List<AlarmHistoryItem> last = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        for (String name : Set.copyOf(request.alarmNames())) {
            Optional<Alarm> alarm = store.find(context.account(), context.region(), name);
            if (alarm.isEmpty()) {
                absent.add(name);
            } else {
                List<String> parents =
                        parents(alarm.get()).stream().map(Alarm::name).sorted().toList();
                if (!parents.isEmpty()) {
                    throw validation("Alarm " + name + " cannot be deleted because the composite alarms " + parents
                            + " depend on it");
                }
                last.add(AlarmHistory.configured(alarm.get(), now, "Delete"));
            }
        }
        if (!absent.isEmpty()) {
            throw CloudWatchErrors.alarmNotFound("Unable to find alarms " + absent);
        }
        store.delete(context.account(), context.region(), last);
        last.forEach(item -> tags.removeAll(arn(item.alarmName())));
    }
}
