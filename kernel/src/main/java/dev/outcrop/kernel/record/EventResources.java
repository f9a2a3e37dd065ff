package dev.outcrop.kernel.record;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.authorization.ResourceTemplate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.SdkPojo;

/**
 * The resources that an event names, by the lines {@code resource SERVICE TYPE TEMPLATE OPERATION,…} and {@code prefix …}
 * of {@code events.table}. What the answer names counts before what the request does: it knows a key by its ARN.
 */
final class EventResources {
    /** As many as a batch may hold; what names more is told without them. */
    private static final int MOST = 100;

    private static final int ACCOUNT_LENGTH = 12;

    private final Map<String, List<Line>> byService = new HashMap<>();

    EventResources() {
        EventKinds.lines("resource", "prefix")
                .forEach(fields -> byService
                        .computeIfAbsent(fields[1], _ -> new ArrayList<>())
                        .add(new Line(
                                fields[0].equals("prefix"),
                                fields[2],
                                ResourceTemplate.parse(fields[3]),
                                Set.of(fields[4].split(",")))));
    }

    private record Line(boolean prefix, String type, ResourceTemplate template, Set<String> operations) {
        boolean isFor(String operation) {
            return operations.contains("*") || operations.contains(operation);
        }
    }

    /**
     * A resource.
     *
     * @param prefix whether {@code arn} is only the beginning of one
     */
    record Resource(boolean prefix, String type, String arn) {
        /** The account in the ARN, where it says one. */
        Optional<String> account() {
            String[] parts = arn.split(":", 6);
            boolean account = parts.length == 6
                    && parts[4].length() == ACCOUNT_LENGTH
                    && parts[4].chars().allMatch(c -> c >= '0' && c <= '9');
            return account ? Optional.of(parts[4]) : Optional.empty();
        }
    }

    /** What a call was about. */
    List<Resource> of(CallRecord call) {
        List<Line> lines = byService.get(call.service());
        if (lines == null) {
            return List.of();
        }
        List<Resource> resources = new ArrayList<>();
        for (Line line : lines) {
            if (line.isFor(call.operation())) {
                for (String arn : arns(line, call)) {
                    if (arn.startsWith("arn:")) {
                        resources.add(new Resource(line.prefix, line.type, arn));
                    }
                }
            }
        }
        return resources.size() > MOST ? List.of() : resources;
    }

    private static List<String> arns(Line line, CallRecord call) {
        Optional<? extends SdkPojo> answered = call.response();
        return answered.flatMap(shape -> line.template.complete(call.context(), shape))
                .or(() -> call.request().flatMap(shape -> line.template.complete(call.context(), shape)))
                .orElse(List.of());
    }

    /** Writes the field {@code resources} of {@code event}, where there are any. */
    void write(JsonGenerator event, CallRecord call, List<Resource> resources) throws IOException {
        if (resources.isEmpty()) {
            return;
        }
        event.writeArrayFieldStart("resources");
        for (Resource resource : resources) {
            event.writeStartObject();
            if (!resource.type.equals("AWS::S3::Object")) {
                event.writeStringField(
                        "accountId", resource.account().orElse(call.context().account()));
            }
            event.writeStringField("type", resource.type);
            event.writeStringField(resource.prefix ? "ARNPrefix" : "ARN", resource.arn);
            event.writeEndObject();
        }
        event.writeEndArray();
    }
}
