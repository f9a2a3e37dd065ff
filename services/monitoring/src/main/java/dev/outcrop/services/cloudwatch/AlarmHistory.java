package dev.outcrop.services.cloudwatch;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatch.model.AlarmHistoryItem;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmHistoryRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmHistoryResponse;
import software.amazon.awssdk.services.cloudwatch.model.HistoryItemType;
import software.amazon.awssdk.services.cloudwatch.model.InvalidNextTokenException;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;

/** What happened to alarms, for 30 days. */
final class AlarmHistory {
    private static final Duration KEPT = Duration.ofDays(30);
    private static final int MOST = 100;
    private static final int LONGEST_DATA = 4095;
    private static final int LONGEST_SUMMARY = 255;

    private final Records records;
    private final PageTokens tokens;
    private final InstantSource clock;

    AlarmHistory(Records records, PageTokens tokens, InstantSource clock) {
        this.records = records;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** Something that happened. */
    static AlarmHistoryItem item(Alarm alarm, Instant now, HistoryItemType type, String summary, String data) {
        return AlarmHistoryItem.builder()
                .alarmName(alarm.name())
                .alarmType(alarm instanceof Alarm.OnMetric ? AlarmType.METRIC_ALARM : AlarmType.COMPOSITE_ALARM)
                .timestamp(now)
                .historyItemType(type)
                .historySummary(summary.substring(0, Math.min(LONGEST_SUMMARY, summary.length())))
                .historyData(data.substring(0, Math.min(LONGEST_DATA, data.length())))
                .build();
    }

    /** That an alarm was made, changed or deleted. */
    static AlarmHistoryItem configured(Alarm alarm, Instant now, String what) {
        String done = what.equals("Create") ? "created" : what.equals("Update") ? "updated" : "deleted";
        return item(
                alarm,
                now,
                HistoryItemType.CONFIGURATION_UPDATE,
                "Alarm \"" + alarm.name() + "\" " + done,
                AlarmTexts.json(json -> {
                    json.writeStringField("version", "1.0");
                    json.writeStringField("type", what);
                    json.writeFieldName(done + "Alarm");
                    json.writeRawValue(new String(StoredShapes.write(alarm.shape()), UTF_8));
                }));
    }

    /** That an alarm has gone from one state to another. */
    static AlarmHistoryItem changed(Alarm alarm, Alarm.State before, Instant now) {
        return item(
                alarm,
                now,
                HistoryItemType.STATE_UPDATE,
                "Alarm updated from " + before.value() + " to " + alarm.state().value(),
                AlarmTexts.json(json -> {
                    json.writeStringField("version", "1.0");
                    for (boolean old : new boolean[] {true, false}) {
                        Alarm.State state = old ? before : alarm.state();
                        json.writeObjectFieldStart(old ? "oldState" : "newState");
                        json.writeStringField("stateValue", state.value().toString());
                        json.writeStringField("stateReason", state.reason());
                        if (state.reasonData().isPresent()) {
                            json.writeStringField(
                                    "stateReasonData", state.reasonData().get());
                        }
                        json.writeEndObject();
                    }
                }));
    }

    DescribeAlarmHistoryResponse describe(DescribeAlarmHistoryRequest request) {
        CallContext context = CallContext.current();
        int most = request.maxRecords() == null ? MOST : request.maxRecords();
        String list = "cloudwatch:history "
                + Fingerprint.of(request.toBuilder()
                        .nextToken(null)
                        .maxRecords(null)
                        .build()
                        .toString());
        Optional<RecordQuery.Cursor> after = place(list, request.nextToken());
        List<AlarmHistoryItem> found = new ArrayList<>();
        Optional<RecordQuery.Cursor> last = after;
        boolean more = true;
        while (more && found.size() < most) {
            List<StoredRecord> page = records.list(new RecordQuery(
                    AlarmStore.HISTORY,
                    Optional.of(context.account()),
                    Optional.of(context.region()),
                    Optional.ofNullable(request.alarmName()),
                    request.scanBy() == ScanBy.TIMESTAMP_ASCENDING
                            ? RecordQuery.Order.OLDEST_FIRST
                            : RecordQuery.Order.NEWEST_FIRST,
                    last,
                    Records.PAGE));
            more = page.size() == Records.PAGE;
            for (StoredRecord record : page) {
                if (found.size() == most) {
                    more = true;
                    break;
                }
                last = Optional.of(RecordQuery.Cursor.behind(record));
                AlarmHistoryItem item = StoredShapes.read(record.body(), AlarmHistoryItem::builder);
                if (matches(request, item)) {
                    found.add(item);
                }
            }
        }
        return DescribeAlarmHistoryResponse.builder()
                .alarmHistoryItems(found)
                .nextToken(more && last.isPresent() ? tokens.token(list, last.get()) : null)
                .build();
    }

    private static boolean matches(DescribeAlarmHistoryRequest request, AlarmHistoryItem item) {
        List<String> types = request.hasAlarmTypes() && !request.alarmTypes().isEmpty()
                ? request.alarmTypesAsStrings()
                : List.of(AlarmType.METRIC_ALARM.toString());
        // Whoever names an alarm means it, whatever it is.
        return (types.contains(item.alarmTypeAsString()) || (request.alarmName() != null && !request.hasAlarmTypes()))
                && (request.historyItemType() == null || request.historyItemType() == item.historyItemType())
                && (request.startDate() == null || !item.timestamp().isBefore(request.startDate()))
                && (request.endDate() == null || !item.timestamp().isAfter(request.endDate()));
    }

    private Optional<RecordQuery.Cursor> place(String list, String token) {
        if (token == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(tokens.place(list, token));
        } catch (AwsError foreign) {
            throw InvalidNextTokenException.builder()
                    .message("The provided next token is not valid.")
                    .build();
        }
    }

    /** Forgets what happened long ago, some of it at a time. */
    void dropOld() {
        Instant oldest = clock.instant().minus(KEPT);
        records.write(transaction -> transaction.deleteCreatedBefore(AlarmStore.HISTORY, oldest, Records.PAGE));
    }
}
