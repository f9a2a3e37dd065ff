package dev.outcrop.kernel.authorization;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.shapes.OperationModel;
import dev.outcrop.shapes.OperationModel.Authentication;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ServiceSummary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the operations of one service ask of IAM. An operation that no line names needs the action of its own name, on
 * {@code *}. The tables lie beside this class, one a service, with lines of three kinds:
 *
 * <pre>
 * type NAME TEMPLATE [when MEMBER[=PATTERN|…]] [unless …]
 * key NAME TEMPLATE [for OPERATION,…] [when …]
 * OPERATION,… ACTION,… RESOURCE,… [when …]
 * </pre>
 *
 * <p>A type is a sort of resource; of several lines the first whose conditions hold counts. A key is one of the service's
 * own condition keys that stands in the request; a name that ends in {@code *} takes its rest from a map. All lines of an
 * operation count whose conditions hold. The action {@code =} is named as the operation; {@code -} says that IAM is not
 * asked at all. A resource is {@code *}, a type, or a {@link ResourceTemplate}.
 */
public final class AuthorizationTable {
    private static final String OWN_NAME = "=";
    private static final String NONE = "-";
    private static final String ANY = "*";

    private final String prefix;
    private final Map<String, List<ResourceType>> types = new HashMap<>();
    private final List<ConditionKey> keys = new ArrayList<>();
    private final Map<String, List<Rule>> rules = new HashMap<>();

    private AuthorizationTable(String prefix) {
        this.prefix = prefix;
    }

    /** The table of {@code service}; an empty one where there is none yet. */
    public static AuthorizationTable of(ServiceModel service) {
        AuthorizationTable table = new AuthorizationTable(prefix(service.summary()));
        int number = 0;
        for (String text : lines(service.summary().id())) {
            number++;
            String line = text.startsWith("#") ? "" : text.strip();
            try {
                if (!line.isEmpty()) {
                    table.read(line.split("\\s+"));
                }
            } catch (RuntimeException unreadable) {
                throw new IllegalStateException(
                        "line " + number + " of " + service.summary().id() + ".table: " + unreadable.getMessage(),
                        unreadable);
            }
        }
        return table;
    }

    /** The prefix of the actions of {@code service}. */
    public static String prefix(ServiceSummary service) {
        for (String line : lines("prefixes")) {
            String[] fields = line.split("\\s+");
            if (fields[0].equals(service.id())) {
                return fields[1];
            }
        }
        return service.signingName();
    }

    private static List<String> lines(String name) {
        try (InputStream table = AuthorizationTable.class.getResourceAsStream(name + ".table")) {
            return table == null
                    ? List.of()
                    : new String(table.readAllBytes(), UTF_8).lines().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void read(String[] fields) {
        if (fields.length < 2) {
            throw new IllegalArgumentException("too few fields");
        }
        switch (fields[0]) {
            case "type" ->
                types.computeIfAbsent(fields[1], name -> new ArrayList<>())
                        .add(new ResourceType(ResourceTemplate.parse(fields[2]), Requirement.parse(fields, 3)));
            case "key" -> {
                boolean some = fields.length > 3 && fields[3].equals("for");
                keys.add(new ConditionKey(
                        fields[1].toLowerCase(Locale.ROOT),
                        ResourceTemplate.parse(fields[2]),
                        some ? Set.of(fields[4].split(",")) : Set.of(),
                        Requirement.parse(fields, some ? 5 : 3)));
            }
            default -> {
                for (String operation : fields[0].split(",")) {
                    rules.computeIfAbsent(operation, name -> new ArrayList<>()).add(rule(operation, fields));
                }
            }
        }
    }

    private Rule rule(String operation, String[] fields) {
        if (fields[1].equals(NONE)) {
            return new Rule(List.of(), List.of(), List.of());
        }
        List<String> actions = new ArrayList<>();
        for (String action : fields[1].split(",")) {
            actions.add(action.equals(OWN_NAME) ? prefix + ":" + operation : action);
        }
        List<List<ResourceType>> resources = new ArrayList<>();
        for (String resource : fields[2].split(",")) {
            resources.add(resource(resource));
        }
        return new Rule(List.copyOf(actions), List.copyOf(resources), Requirement.parse(fields, 3));
    }

    private List<ResourceType> resource(String text) {
        if (text.equals(ANY) || text.contains("{")) {
            return List.of(new ResourceType(ResourceTemplate.parse(text), List.of()));
        }
        List<ResourceType> alternatives = types.get(text);
        if (alternatives == null) {
            throw new IllegalArgumentException("there is no type " + text);
        }
        return List.copyOf(alternatives);
    }

    /** The lines, by the operations that they name. */
    Map<String, List<Rule>> rules() {
        return Map.copyOf(rules);
    }

    /** The service's own condition keys. */
    List<ConditionKey> keys() {
        return List.copyOf(keys);
    }

    /** The prefix of the service's actions, such as {@code bedrock}. */
    public String prefix() {
        return prefix;
    }

    /** What {@code operation} asks. */
    public OperationAccess operation(OperationModel operation) {
        List<Rule> own = rules.get(operation.name());
        boolean free = own == null
                ? operation.authentication().equals(List.of(Authentication.NONE))
                : own.stream().allMatch(rule -> rule.actions.isEmpty());
        Rule usual = new Rule(
                List.of(prefix + ":" + operation.name()),
                List.of(List.of(new ResourceType(ResourceTemplate.parse(ANY), List.of()))),
                List.of());
        return new OperationAccess(
                operation.name(),
                prefix,
                free,
                own == null ? List.of(usual) : List.copyOf(own),
                usual,
                keys.stream().filter(key -> key.isFor(operation.name())).toList());
    }

    /** A sort of resource under conditions. */
    record ResourceType(ResourceTemplate template, List<Requirement> requirements) {}

    /** Actions on resources, each given by its alternatives, under conditions. */
    record Rule(List<String> actions, List<List<ResourceType>> resources, List<Requirement> requirements) {}

    /** A condition key of the service's own, its name in lower case. */
    record ConditionKey(
            String name, ResourceTemplate template, Set<String> operations, List<Requirement> requirements) {
        boolean isFor(String operation) {
            return operations.isEmpty() || operations.contains(operation);
        }

        /** The rest of {@code key} where this key takes its rest from a map. */
        Optional<String> entry(String key) {
            return name.endsWith(ANY) && key.startsWith(name.substring(0, name.length() - 1))
                    ? Optional.of(key.substring(name.length() - 1))
                    : Optional.empty();
        }
    }
}
