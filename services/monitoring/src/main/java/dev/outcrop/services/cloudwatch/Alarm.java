package dev.outcrop.services.cloudwatch;

import dev.outcrop.shapes.codec.StoredShapes;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudwatch.model.ActionsSuppressedBy;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/** An alarm with its state: one on a metric or expression, or one on other alarms. */
sealed interface Alarm {
    /** What a state is, and why. */
    record State(StateValue value, String reason, Optional<String> reasonData, Instant updated) {}

    String name();

    String arn();

    State state();

    /** When it last went from one state to another. */
    Instant transitioned();

    boolean actionsEnabled();

    /** What is to be done when it goes into a state. */
    List<String> actions(StateValue state);

    Optional<String> description();

    Instant configured();

    /** The alarm in another state, or in its own for another reason. */
    Alarm with(State state);

    Alarm withActionsEnabled(boolean enabled);

    /** The shape that clients see. */
    SdkPojo shape();

    default String region() {
        return arn().split(":", 6)[3];
    }

    default String account() {
        return arn().split(":", 6)[4];
    }

    /** It as it is kept. */
    default byte[] write() {
        byte[] json = StoredShapes.write(shape());
        byte[] body = new byte[json.length + 1];
        body[0] = (byte) (this instanceof OnMetric ? 'M' : 'C');
        System.arraycopy(json, 0, body, 1, json.length);
        return body;
    }

    /** The alarm that {@link #write} made {@code body} of. */
    static Alarm read(byte[] body) {
        byte[] json = Arrays.copyOfRange(body, 1, body.length);
        return body[0] == 'M'
                ? new OnMetric(StoredShapes.read(json, MetricAlarm::builder))
                : new OnAlarms(StoredShapes.read(json, CompositeAlarm::builder));
    }

    /** An alarm on a metric or an expression. */
    record OnMetric(MetricAlarm shape) implements Alarm {
        @Override
        public String name() {
            return shape.alarmName();
        }

        @Override
        public String arn() {
            return shape.alarmArn();
        }

        @Override
        public State state() {
            return new State(
                    shape.stateValue(),
                    shape.stateReason(),
                    Optional.ofNullable(shape.stateReasonData()),
                    shape.stateUpdatedTimestamp());
        }

        @Override
        public Instant transitioned() {
            return shape.stateTransitionedTimestamp();
        }

        @Override
        public boolean actionsEnabled() {
            return shape.actionsEnabled();
        }

        @Override
        public List<String> actions(StateValue state) {
            return switch (state) {
                case OK -> shape.okActions();
                case ALARM -> shape.alarmActions();
                case INSUFFICIENT_DATA, UNKNOWN_TO_SDK_VERSION -> shape.insufficientDataActions();
            };
        }

        @Override
        public Optional<String> description() {
            return Optional.ofNullable(shape.alarmDescription());
        }

        @Override
        public Instant configured() {
            return shape.alarmConfigurationUpdatedTimestamp();
        }

        @Override
        public Alarm with(State state) {
            return new OnMetric(shape.toBuilder()
                    .stateValue(state.value)
                    .stateReason(state.reason)
                    .stateReasonData(state.reasonData.orElse(null))
                    .stateUpdatedTimestamp(state.updated)
                    .stateTransitionedTimestamp(
                            state.value == shape.stateValue() ? shape.stateTransitionedTimestamp() : state.updated)
                    .build());
        }

        @Override
        public Alarm withActionsEnabled(boolean enabled) {
            return new OnMetric(shape.toBuilder().actionsEnabled(enabled).build());
        }
    }

    /** An alarm on other alarms. */
    record OnAlarms(CompositeAlarm shape) implements Alarm {
        @Override
        public String name() {
            return shape.alarmName();
        }

        @Override
        public String arn() {
            return shape.alarmArn();
        }

        @Override
        public State state() {
            return new State(
                    shape.stateValue(),
                    shape.stateReason(),
                    Optional.ofNullable(shape.stateReasonData()),
                    shape.stateUpdatedTimestamp());
        }

        @Override
        public Instant transitioned() {
            return shape.stateTransitionedTimestamp();
        }

        @Override
        public boolean actionsEnabled() {
            return shape.actionsEnabled();
        }

        @Override
        public List<String> actions(StateValue state) {
            return switch (state) {
                case OK -> shape.okActions();
                case ALARM -> shape.alarmActions();
                case INSUFFICIENT_DATA, UNKNOWN_TO_SDK_VERSION -> shape.insufficientDataActions();
            };
        }

        @Override
        public Optional<String> description() {
            return Optional.ofNullable(shape.alarmDescription());
        }

        @Override
        public Instant configured() {
            return shape.alarmConfigurationUpdatedTimestamp();
        }

        @Override
        public Alarm with(State state) {
            return new OnAlarms(shape.toBuilder()
                    .stateValue(state.value)
                    .stateReason(state.reason)
                    .stateReasonData(state.reasonData.orElse(null))
                    .stateUpdatedTimestamp(state.updated)
                    .stateTransitionedTimestamp(
                            state.value == shape.stateValue() ? shape.stateTransitionedTimestamp() : state.updated)
                    .build());
        }

        @Override
        public Alarm withActionsEnabled(boolean enabled) {
            return new OnAlarms(shape.toBuilder().actionsEnabled(enabled).build());
        }

        /** The alarm whose actions are kept back by something, or by nothing any more. */
        Alarm suppressed(Optional<ActionsSuppressedBy> by, String reason) {
            return new OnAlarms(shape.toBuilder()
                    .actionsSuppressedBy(by.orElse(null))
                    .actionsSuppressedReason(by.isPresent() ? reason : null)
                    .build());
        }
    }
}
