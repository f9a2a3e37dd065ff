package dev.outcrop.kernel.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What sort of event CloudTrail makes of a call. The exceptions are in {@code events.table}: lines of {@code data SERVICE
 * RESOURCE-TYPE OPERATION,…} and {@code read SERVICE OPERATION,…}; all else is a management event, and reads if its name
 * says so. {@code answer SERVICE OPERATION,…} names what only reads and has its answer told all the same.
 */
public final class EventKinds {
    private static final List<String> READING = List.of(
            "Get", "List", "Describe", "Head", "BatchGet", "Search", "Query", "Scan", "Lookup", "Count", "Detect");

    private final Map<String, String> dataTypes = new HashMap<>();
    private final Set<String> reading = new HashSet<>();
    private final Set<String> answering = new HashSet<>();

    /** The kinds as AWS has them. */
    public EventKinds() {
        lines("data", "read", "answer").forEach(this::read);
    }

    /** The lines of the table whose first field is one of {@code sorts}, in fields. */
    static Stream<String[]> lines(String... sorts) {
        Set<String> wanted = Set.of(sorts);
        try (InputStream table = EventKinds.class.getResourceAsStream("events.table")) {
            return new String(table.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" +"))
                    .filter(fields -> wanted.contains(fields[0]));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void read(String[] fields) {
        for (String operation : fields[fields.length - 1].split(",")) {
            String call = call(fields[1], operation);
            switch (fields[0]) {
                case "data" -> dataTypes.put(call, fields[2]);
                case "read" -> reading.add(call);
                default -> answering.add(call);
            }
        }
    }

    /** The resource type of CloudTrail's selectors if the call is a data event, such as {@code AWS::S3::Object}. */
    public Optional<String> dataType(String service, String operation) {
        return Optional.ofNullable(dataTypes.get(call(service, operation)));
    }

    /** Whether a call changes nothing. */
    public boolean isReadOnly(String service, String operation) {
        return reading.contains(call(service, operation)) || READING.stream().anyMatch(operation::startsWith);
    }

    /** Whether an event says what the call was answered: if it changed something, and in a few cases besides. */
    boolean tellsAnswer(String service, String operation) {
        return !isReadOnly(service, operation) || answering.contains(call(service, operation));
    }

    /** The calls that lines name, as {@code service:operation}. */
    Set<String> named() {
        Set<String> named = new HashSet<>(reading);
        named.addAll(answering);
        named.addAll(dataTypes.keySet());
        return named;
    }

    private static String call(String service, String operation) {
        return service + ":" + operation;
    }
}
