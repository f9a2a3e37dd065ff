package dev.outcrop.wire.form;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.policy.MalformedPolicyException;
import dev.outcrop.kernel.policy.PolicyJson;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The policy that whoever made a form has signed: until when it is good, what its fields must say, and how long its file
 * may be.
 *
 * <p>Source: "Creating a POST policy", Amazon S3 API reference.
 */
public final class UploadPolicy {
    private static final Set<String> UNCOVERED =
            Set.of("file", "policy", "signature", "x-amz-signature", "awsaccesskeyid");
    private static final String IGNORED = "x-ignore-";

    private final List<Condition> conditions;
    private final Optional<Range> length;

    private UploadPolicy(List<Condition> conditions, Optional<Range> length) {
        this.conditions = List.copyOf(conditions);
        this.length = length;
    }

    /** What a field must be, or begin with. */
    private record Condition(String field, String value, boolean prefix) {
        boolean holds(String given) {
            if (!prefix) {
                return given.equals(value);
            }
            // A list of types is good if all of them are.
            return field.equals("content-type")
                    ? Stream.of(given.split(",")).allMatch(type -> type.strip().startsWith(value))
                    : given.startsWith(value);
        }

        @Override
        public String toString() {
            return "[\"" + (prefix ? "starts-with" : "eq") + "\", \"$" + field + "\", \"" + value + "\"]";
        }
    }

    /** How long a file may be, in bytes. */
    public record Range(long least, long most) {}

    /**
     * Reads a policy.
     *
     * @param encoded in base64
     * @throws AwsError if it is none, or its time is over
     */
    public static UploadPolicy read(String encoded, Instant now) {
        Map<?, ?> document = document(encoded);
        Object expiration = document.get("expiration");
        if (expiration == null) {
            throw invalid("Policy missing expiration.");
        }
        if (!(document.get("conditions") instanceof List<?> listed)) {
            throw invalid(
                    document.containsKey("conditions")
                            ? "Invalid 'conditions' value: must be a List."
                            : "Policy missing conditions.");
        }
        if (!instant(expiration).isAfter(now)) {
            throw refused("Policy expired.");
        }
        List<Condition> conditions = new ArrayList<>();
        Optional<Range> length = Optional.empty();
        for (Object each : listed) {
            switch (each) {
                case Map<?, ?> simple -> conditions.add(simple(simple));
                case List<?> test
                when operator(test).equals("content-length-range") -> length = Optional.of(range(test));
                case List<?> test -> conditions.add(condition(test));
                default -> throw invalid("Invalid condition test: must be a List or Object.");
            }
        }
        return new UploadPolicy(conditions, length);
    }

    private static Map<?, ?> document(String encoded) {
        byte[] json;
        try {
            json = Base64.getMimeDecoder().decode(encoded);
        } catch (IllegalArgumentException notBase64) {
            throw invalid("Invalid Base64 encoding.");
        }
        try {
            if (PolicyJson.read(new String(json, StandardCharsets.UTF_8)) instanceof Map<?, ?> document) {
                return document;
            }
        } catch (MalformedPolicyException noJson) {
            throw invalid("Invalid JSON.");
        }
        throw invalid("Invalid JSON.");
    }

    private static Instant instant(Object expiration) {
        try {
            return OffsetDateTime.parse(String.valueOf(expiration)).toInstant();
        } catch (DateTimeException noDate) {
            throw invalid("Invalid 'expiration' value: '" + expiration + "'");
        }
    }

    private static Condition simple(Map<?, ?> condition) {
        if (condition.size() != 1) {
            throw invalid("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.");
        }
        Map.Entry<?, ?> only = condition.entrySet().iterator().next();
        if (!(only.getValue() instanceof String value)) {
            throw invalid("Invalid Simple-Condition: value must be a string.");
        }
        return new Condition(lower(only.getKey()), value, false);
    }

    private static String operator(List<?> test) {
        if (test.isEmpty()) {
            throw invalid("Invalid Condition: missing operation identifier.");
        }
        return lower(test.getFirst());
    }

    private static Condition condition(List<?> test) {
        String operator = operator(test);
        if (!operator.equals("eq") && !operator.equals("starts-with")) {
            throw invalid("Invalid Condition: unknown operation '" + operator + "'.");
        }
        if (test.size() != 3) {
            throw invalid("Invalid " + operator + ": wrong number of arguments.");
        }
        if (!(test.get(1) instanceof String field && field.startsWith("$") && field.length() > 1)
                || !(test.get(2) instanceof String value)) {
            throw refused("Policy Condition failed: " + test);
        }
        return new Condition(lower(field.substring(1)), value, operator.equals("starts-with"));
    }

    private static Range range(List<?> test) {
        if (test.size() != 3) {
            throw invalid("Invalid content-length-range: wrong number of arguments.");
        }
        return new Range(bound(test.get(1)), bound(test.get(2)));
    }

    private static long bound(Object given) {
        String text = String.valueOf(given);
        if (!text.matches("[0-9]{1,18}")) {
            throw invalid("Invalid content-length-range: '" + text + "' is no length.");
        }
        return Long.parseLong(text);
    }

    private static String lower(Object name) {
        return String.valueOf(name).toLowerCase(Locale.ROOT);
    }

    /**
     * Makes sure that a form is as the policy wants it.
     *
     * @param bucket that it is sent to
     * @param fields by their names in lower case
     * @throws AwsError if it is not
     */
    public void check(String bucket, Map<String, String> fields) {
        Set<String> covered = new HashSet<>();
        for (Condition condition : conditions) {
            covered.add(condition.field());
            Optional<String> given = condition.field().equals("bucket")
                    ? Optional.of(bucket)
                    : Optional.ofNullable(fields.get(condition.field()));
            if (given.filter(condition::holds).isEmpty()) {
                throw refused("Policy Condition failed: " + condition);
            }
        }
        if (!covered.contains("bucket")) {
            throw refused("Extra input fields: bucket");
        }
        for (String field : fields.keySet()) {
            if (!covered.contains(field) && !UNCOVERED.contains(field) && !field.startsWith(IGNORED)) {
                throw refused("Extra input fields: " + field);
            }
        }
    }

    /** How long the file may be, where the policy says it. */
    public Optional<Range> length() {
        return length;
    }

    private static AwsError invalid(String problem) {
        return new AwsError("InvalidPolicyDocument", 400, "Invalid Policy: " + problem);
    }

    private static AwsError refused(String problem) {
        return new AwsError("AccessDenied", 403, "Invalid according to Policy: " + problem);
    }
}
