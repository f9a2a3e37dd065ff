package dev.outcrop.services.cloudwatch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.Clients;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.cloudwatch.model.AlarmHistoryItem;
import software.amazon.awssdk.services.cloudwatch.model.HistoryItemType;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * Does what alarms ask for: tells topics of SNS, and starts functions of Lambda. What is to be done is written with the
 * change that asks for it and taken away when it is done, so that a crash may have it done twice, but never not at all.
 * What fails is tried for some minutes. Actions of other kinds fail, and the alarm's history says so.
 */
final class AlarmActions {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TRIED_FOR = Duration.ofMinutes(5);
    private static final int AT_ONCE = 1000;
    private static final int LONGEST_REASON = 900;

    private final Records records;
    private final AlarmStore alarms;
    private final Supplier<Clients> clients;
    private final InstantSource clock;
    private final ReentrantLock running = new ReentrantLock();

    AlarmActions(Records records, AlarmStore alarms, Supplier<Clients> clients, InstantSource clock) {
        this.records = records;
        this.alarms = alarms;
        this.clients = clients;
        this.clock = clock;
    }

    /** The actions that a change of an alarm asks for. */
    static List<byte[]> of(Alarm alarm, Alarm.State before) {
        if (!alarm.actionsEnabled()) {
            return List.of();
        }
        List<byte[]> actions = new ArrayList<>();
        for (String arn : alarm.actions(alarm.state().value())) {
            actions.add(AlarmTexts.json(json -> {
                        json.writeStringField("action", arn);
                        json.writeStringField("subject", AlarmTexts.subject(alarm));
                        json.writeStringField("message", AlarmTexts.message(alarm, before));
                        json.writeStringField("detail", AlarmTexts.detail(alarm, before));
                        json.writeStringField("alarm", new String(alarm.write(), UTF_8));
                    })
                    .getBytes(UTF_8));
        }
        return actions;
    }

    /** Does what is written, as far as it can be done. */
    void run(BooleanSupplier ending) {
        running.lock();
        try {
            runWaiting(ending);
        } finally {
            running.unlock();
        }
    }

    private void runWaiting(BooleanSupplier ending) {
        List<StoredRecord> waiting = records.list(new RecordQuery(
                AlarmStore.ACTION,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                RecordQuery.Order.OLDEST_FIRST,
                Optional.empty(),
                AT_ONCE));
        for (StoredRecord action : waiting) {
            if (ending.getAsBoolean()) {
                return;
            }
            run(action.key(), action.createdAt(), action.body());
        }
    }

    private void run(RecordKey key, Instant since, byte[] body) {
        JsonNode action = read(body);
        Alarm alarm = Alarm.read(action.get("alarm").asText().getBytes(UTF_8));
        String arn = action.get("action").asText();
        Instant now = clock.instant();
        try {
            run(alarm, arn, action);
            alarms.done(key, item(alarm, now, arn, Optional.empty()));
        } catch (RuntimeException failure) {
            // A server that is not there yet may be soon; what is not known at all never will.
            boolean hopeless = failure instanceof IllegalArgumentException;
            if (hopeless || Duration.between(since, now).compareTo(TRIED_FOR) > 0) {
                alarms.done(key, item(alarm, now, arn, Optional.of(String.valueOf(failure.getMessage()))));
            }
        }
    }

    private void run(Alarm alarm, String arn, JsonNode action) {
        String[] parts = arn.split(":", 6);
        switch (parts.length == 6 ? parts[2] : "") {
            case "sns" ->
                OwnCalls.call(
                        OwnCalls.NAME,
                        alarm,
                        () -> clients.get()
                                .of(SnsClient.class)
                                .publish(request -> request.topicArn(arn)
                                        .subject(action.get("subject").asText())
                                        .message(action.get("message").asText())));
            case "lambda" ->
                OwnCalls.call(
                        "lambda.alarms.cloudwatch.amazonaws.com",
                        alarm,
                        () -> clients.get()
                                .of(LambdaClient.class)
                                .invoke(request -> request.functionName(arn)
                                        .invocationType(InvocationType.EVENT)
                                        .payload(SdkBytes.fromUtf8String(payload(alarm, action)))));
            default -> throw new IllegalArgumentException("Actions such as " + arn + " cannot be executed here.");
        }
    }

    private static String payload(Alarm alarm, JsonNode action) {
        return AlarmTexts.json(json -> {
            json.writeStringField("source", "aws.cloudwatch");
            json.writeStringField("alarmArn", alarm.arn());
            json.writeStringField("accountId", alarm.account());
            json.writeStringField("time", AlarmTexts.time(alarm.state().updated()));
            json.writeStringField("region", alarm.region());
            json.writeFieldName("alarmData");
            json.writeRawValue(action.get("detail").asText());
        });
    }

    private static AlarmHistoryItem item(Alarm alarm, Instant now, String arn, Optional<String> failure) {
        String summary = failure.isEmpty() ? "Successfully executed action " + arn : "Failed to execute action " + arn;
        return AlarmHistory.item(alarm, now, HistoryItemType.ACTION, summary, AlarmTexts.json(json -> {
            json.writeStringField("actionState", failure.isEmpty() ? "Succeeded" : "Failed");
            json.writeStringField("notificationResource", arn);
            json.writeStringField(
                    "stateUpdateTimestamp", AlarmTexts.time(alarm.state().updated()));
            if (failure.isPresent()) {
                String reason = failure.get();
                json.writeStringField("error", reason.substring(0, Math.min(LONGEST_REASON, reason.length())));
            }
        }));
    }

    private static JsonNode read(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException damaged) {
            throw new UncheckedIOException("an action of an alarm cannot be read", damaged);
        }
    }
}
