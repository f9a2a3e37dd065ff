package dev.outcrop.services.cloudtrail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The resources by whose type and name an event is found: those that it names itself, and those that its parameters name,
 * by lines of {@code referenced-resources.table}: {@code SOURCE TYPE PARAMETER,…}.
 *
 * <p>Source: "Resource types supported by CloudTrail event history", AWS CloudTrail user guide; the type names are those of
 * AWS CloudFormation and AWS Config.
 */
final class ReferencedResources {
    private record Line(String type, List<String> parameters) {}

    private final Map<String, Set<Line>> bySource = new HashMap<>();

    ReferencedResources() {
        try (InputStream table = ReferencedResources.class.getResourceAsStream("referenced-resources.table")) {
            new String(table.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" +"))
                    .forEach(fields -> bySource.computeIfAbsent(
                                    fields[0] + ".amazonaws.com", _ -> new LinkedHashSet<>())
                            .add(new Line(fields[1], List.of(fields[2].split(",")))));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What {@code event} is about, each once. */
    Set<AuditEvent.Resource> of(AuditEvent event) {
        Set<AuditEvent.Resource> resources = new LinkedHashSet<>(event.resources());
        for (Line line : bySource.getOrDefault(event.source(), Set.of())) {
            for (String parameter : line.parameters) {
                String name = event.parameters().get(parameter);
                if (name != null && !name.isEmpty()) {
                    resources.add(new AuditEvent.Resource(line.type, name));
                }
            }
        }
        return resources;
    }
}
