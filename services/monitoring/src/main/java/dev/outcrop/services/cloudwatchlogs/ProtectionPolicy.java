package dev.outcrop.services.cloudwatchlogs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.services.cloudwatchlogs.DataIdentifiers.Finding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;

/**
 * A data protection policy: what is to be found in events, and where it is told that something was found.
 *
 * <p>Source: "Understanding data protection policies" and "Custom data identifiers" of the Amazon CloudWatch Logs user
 * guide.
 *
 * @param managed  the names of managed data identifiers
 * @param custom   the user's own, by their names
 * @param findings the log group that is told of findings, if one is
 */
record ProtectionPolicy(Set<String> managed, Map<String, Pattern> custom, Optional<String> findings) {
    private static final String VERSION = "2021-06-01";
    private static final int MOST_CUSTOM = 10;
    private static final int LONGEST_REGEX = 200;
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(20).build())
                    .build())
            .build();

    /**
     * Reads a policy.
     *
     * @throws InvalidParameterException if it is none
     * @throws AwsError                  {@code NotImplementedException} if it asks for what is not done here
     */
    static ProtectionPolicy parse(String document) {
        JsonNode policy;
        try {
            policy = JSON.readTree(document);
        } catch (JsonProcessingException malformed) {
            throw wrong("it is not valid JSON");
        }
        if (policy == null || !policy.isObject()) {
            throw wrong("it is not a JSON object");
        }
        if (policy.path("Name").asText().isEmpty()) {
            throw wrong("it has no Name");
        }
        if (!policy.path("Version").asText().equals(VERSION)) {
            throw wrong("its Version must be " + VERSION);
        }
        Optional<JsonNode> audit = Optional.empty();
        Optional<JsonNode> deidentify = Optional.empty();
        for (JsonNode statement : policy.path("Statement")) {
            JsonNode operation = statement.path("Operation");
            if (operation.path("Audit").path("FindingsDestination").isObject() && audit.isEmpty()) {
                audit = Optional.of(statement);
            } else if (operation.path("Deidentify").path("MaskConfig").isObject() && deidentify.isEmpty()) {
                deidentify = Optional.of(statement);
            } else {
                throw wrong("it must have one statement that audits and one that deidentifies");
            }
        }
        if (audit.isEmpty() || deidentify.isEmpty()) {
            throw wrong("it must have one statement that audits and one that deidentifies");
        }
        Set<String> names = names(audit.get());
        if (!names.equals(names(deidentify.get()))) {
            throw wrong("the data identifiers of its statements must be the same");
        }
        Map<String, Pattern> custom = custom(policy.path("Configuration").path("CustomDataIdentifier"));
        Set<String> managed = new LinkedHashSet<>();
        for (String name : names) {
            if (name.startsWith(DataIdentifiers.ARN)) {
                String identifier = name.substring(DataIdentifiers.ARN.length());
                DataIdentifiers.check(identifier);
                managed.add(identifier);
            } else if (!custom.containsKey(name)) {
                throw wrong("there is no data identifier " + name);
            }
        }
        custom.keySet().retainAll(names);
        return new ProtectionPolicy(managed, custom, findings(audit.get()));
    }

    private static InvalidParameterException wrong(String why) {
        return LogFailures.invalid("Invalid data protection policy: " + why + ".");
    }

    private static Set<String> names(JsonNode statement) {
        Set<String> names = new LinkedHashSet<>();
        statement.path("DataIdentifier").forEach(name -> names.add(name.asText()));
        if (names.isEmpty()) {
            throw wrong("a statement has no DataIdentifier");
        }
        return names;
    }

    private static Map<String, Pattern> custom(JsonNode identifiers) {
        Map<String, Pattern> custom = new LinkedHashMap<>();
        for (JsonNode identifier : identifiers) {
            String name = identifier.path("Name").asText();
            String regex = identifier.path("Regex").asText();
            if (!name.matches("[a-zA-Z0-9_-]{1,128}") || regex.isEmpty() || regex.length() > LONGEST_REGEX) {
                throw wrong(
                        "a custom data identifier needs a Name, and a Regex of up to " + LONGEST_REGEX + " characters");
            }
            try {
                custom.put(name, Pattern.compile(regex));
            } catch (PatternSyntaxException malformed) {
                throw wrong("the Regex of " + name + " is malformed");
            }
        }
        if (custom.size() > MOST_CUSTOM) {
            throw wrong("it has more than " + MOST_CUSTOM + " custom data identifiers");
        }
        return custom;
    }

    private static Optional<String> findings(JsonNode audit) {
        JsonNode destination = audit.path("Operation").path("Audit").path("FindingsDestination");
        for (String elsewhere : List.of("S3", "Firehose")) {
            if (destination.has(elsewhere)) {
                throw AwsError.notImplemented("logs", "audit findings to " + elsewhere);
            }
        }
        return Optional.ofNullable(
                destination.path("CloudWatchLogs").path("LogGroup").textValue());
    }

    /** What is found in a text. */
    List<Finding> find(String text) {
        List<Finding> found = new ArrayList<>(DataIdentifiers.find(text, managed));
        custom.forEach((name, pattern) -> found.addAll(DataIdentifiers.find(text, name, pattern)));
        return found;
    }

    /** A text with asterisks in the places of what is found. */
    String masked(String text) {
        List<Finding> found = find(text);
        if (found.isEmpty()) {
            return text;
        }
        char[] characters = text.toCharArray();
        found.forEach(finding -> Arrays.fill(characters, finding.start(), finding.end(), '*'));
        return new String(characters);
    }
}
