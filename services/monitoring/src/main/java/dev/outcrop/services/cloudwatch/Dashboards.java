package dev.outcrop.services.cloudwatch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Pages;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.cloudwatch.model.DashboardEntry;
import software.amazon.awssdk.services.cloudwatch.model.DashboardInvalidInputErrorException;
import software.amazon.awssdk.services.cloudwatch.model.DashboardNotFoundErrorException;
import software.amazon.awssdk.services.cloudwatch.model.DashboardValidationMessage;
import software.amazon.awssdk.services.cloudwatch.model.GetDashboardResponse;
import software.amazon.awssdk.services.cloudwatch.model.ListDashboardsRequest;
import software.amazon.awssdk.services.cloudwatch.model.ListDashboardsResponse;
import software.amazon.awssdk.services.cloudwatch.model.PutDashboardRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutDashboardResponse;

/**
 * Dashboards, which belong to an account and are the same in all its regions.
 *
 * <p>Source: PutDashboard and "Dashboard body structure and syntax" of the Amazon CloudWatch API reference.
 */
final class Dashboards {
    private static final String TYPE = "cloudwatch:dashboard";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,255}");
    private static final int MOST_WIDGETS = 500;
    private static final int LONGEST = 1 << 20;
    private static final int MOST_TOLD = 1000;
    private static final int WIDEST = 24;
    private static final int TALLEST = 1000;
    private static final Set<String> WIDGETS =
            Set.of("metric", "text", "log", "alarm", "explorer", "custom", "alarmstatus");

    private final Records records;
    private final Pages pages;
    private final InstantSource clock;

    Dashboards(Records records, Pages pages, InstantSource clock) {
        this.records = records;
        this.pages = pages;
        this.clock = clock;
    }

    PutDashboardResponse put(PutDashboardRequest request) {
        if (!NAME.matcher(request.dashboardName()).matches()) {
            throw CloudWatchErrors.invalid("DashboardName", request.dashboardName());
        }
        List<DashboardValidationMessage> warnings = checked(request.dashboardBody());
        RecordKey key = key(request.dashboardName());
        byte[] body = request.dashboardBody().getBytes(UTF_8);
        records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(key);
            if (present.isEmpty()) {
                transaction.insert(key, "", Optional.empty(), clock.instant(), body);
            } else {
                transaction.update(key, present.get().version(), Optional.empty(), clock.instant(), body);
            }
            return null;
        });
        return PutDashboardResponse.builder()
                .dashboardValidationMessages(warnings)
                .build();
    }

    /** What a body lacks that can be done without; what cannot refuses it. */
    private static List<DashboardValidationMessage> checked(String body) {
        if (body.length() > LONGEST) {
            throw refused(List.of(message("/", "The dashboard body must not be longer than " + LONGEST + ".")));
        }
        JsonNode tree = Json.read(body)
                .filter(JsonNode::isObject)
                .orElseThrow(
                        () -> refused(List.of(message("", "The field DashboardBody must be a valid JSON object"))));
        List<DashboardValidationMessage> errors = new ArrayList<>();
        List<DashboardValidationMessage> warnings = new ArrayList<>();
        JsonNode widgets = tree.path("widgets");
        if (!widgets.isArray()) {
            throw refused(List.of(message("/widgets", "Should have required property 'widgets'")));
        }
        if (widgets.size() > MOST_WIDGETS) {
            errors.add(message("/widgets", "Should NOT have more than " + MOST_WIDGETS + " items"));
        }
        for (int index = 0; index < widgets.size(); index++) {
            check(widgets.get(index), "/widgets/" + index, errors, warnings);
        }
        tree.fieldNames().forEachRemaining(name -> {
            if (!Set.of("widgets", "start", "end", "periodOverride", "variables")
                    .contains(name)) {
                warnings.add(message("/" + name, "Should NOT have additional properties"));
            }
        });
        if (!errors.isEmpty()) {
            throw refused(errors);
        }
        return warnings;
    }

    private static void check(
            JsonNode widget,
            String path,
            List<DashboardValidationMessage> errors,
            List<DashboardValidationMessage> warnings) {
        if (!widget.isObject()) {
            errors.add(message(path, "Should be object"));
            return;
        }
        String type = widget.path("type").asText();
        if (!widget.path("type").isTextual()) {
            errors.add(message(path, "Should have required property 'type'"));
        } else if (!WIDGETS.contains(type)) {
            errors.add(message(path + "/type", "Should be equal to one of the allowed values"));
        }
        if (!widget.path("properties").isObject()) {
            errors.add(message(path, "Should have required property 'properties'"));
        } else if (type.equals("text")
                && !widget.path("properties").path("markdown").isTextual()) {
            errors.add(message(path + "/properties", "Should have required property 'markdown'"));
        } else if (type.equals("metric")) {
            JsonNode metrics = widget.path("properties").path("metrics");
            if (!metrics.isMissingNode() && !metrics.isArray()) {
                errors.add(message(path + "/properties/metrics", "Should be array"));
            } else if (metrics.isMissingNode()
                    && widget.path("properties").path("annotations").isMissingNode()) {
                errors.add(message(path + "/properties", "Should have required property 'metrics'"));
            }
            if (!widget.path("properties").path("region").isTextual()) {
                warnings.add(message(path + "/properties", "Should have required property 'region'"));
            }
        }
        check(widget, "width", 1, WIDEST, path, errors);
        check(widget, "height", 1, TALLEST, path, errors);
        check(widget, "x", 0, WIDEST - 1, path, errors);
        check(widget, "y", 0, Integer.MAX_VALUE, path, errors);
    }

    private static void check(
            JsonNode widget, String member, int least, int most, String path, List<DashboardValidationMessage> errors) {
        JsonNode value = widget.path(member);
        if (!value.isMissingNode() && (!value.isIntegralNumber() || value.asLong() < least || value.asLong() > most)) {
            errors.add(message(path + "/" + member, "Should be an integer from " + least + " to " + most));
        }
    }

    private static DashboardValidationMessage message(String path, String text) {
        return DashboardValidationMessage.builder().dataPath(path).message(text).build();
    }

    private static DashboardInvalidInputErrorException refused(List<DashboardValidationMessage> errors) {
        return DashboardInvalidInputErrorException.builder()
                .message("The dashboard body is invalid, there are " + errors.size() + " validation errors: " + errors)
                .dashboardValidationMessages(errors)
                .build();
    }

    GetDashboardResponse get(String name) {
        StoredRecord found = records.get(key(name)).orElseThrow(() -> unknown(List.of(name)));
        return GetDashboardResponse.builder()
                .dashboardName(name)
                .dashboardArn(arn(name))
                .dashboardBody(new String(found.body(), UTF_8))
                .build();
    }

    ListDashboardsResponse list(ListDashboardsRequest request) {
        String prefix = request.dashboardNamePrefix() == null ? "" : request.dashboardNamePrefix();
        List<StoredRecord> found = records.all(
                        TYPE, Optional.of(CallContext.current().account()))
                .filter(record -> record.key().id().startsWith(prefix))
                .toList();
        Pages.Slice<StoredRecord> page = pages.of("dashboards " + prefix, found, MOST_TOLD, request.nextToken());
        return ListDashboardsResponse.builder()
                .dashboardEntries(page.items().stream()
                        .map(record -> DashboardEntry.builder()
                                .dashboardName(record.key().id())
                                .dashboardArn(arn(record.key().id()))
                                .lastModified(record.updatedAt())
                                .size((long) record.body().length)
                                .build())
                        .toList())
                .nextToken(page.next())
                .build();
    }

    /** Deletes all of them, or none. */
    void delete(List<String> names) {
        List<RecordKey> keys = names.stream().distinct().map(Dashboards::key).toList();
        records.write(transaction -> {
            List<String> absent = keys.stream()
                    .filter(key -> !transaction.delete(key))
                    .map(RecordKey::id)
                    .toList();
            if (!absent.isEmpty()) {
                throw unknown(absent);
            }
            return null;
        });
    }

    private static DashboardNotFoundErrorException unknown(List<String> names) {
        return DashboardNotFoundErrorException.builder()
                .message("Dashboard(s) " + String.join(", ", names) + " does not exist")
                .build();
    }

    private static RecordKey key(String name) {
        return new RecordKey(TYPE, CallContext.current().account(), "", name);
    }

    private static String arn(String name) {
        return "arn:aws:cloudwatch::" + CallContext.current().account() + ":dashboard/" + name;
    }
}
