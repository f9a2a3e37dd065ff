package dev.outcrop.kernel.validation;

import dev.outcrop.kernel.validation.Violations.Path;
import dev.outcrop.shapes.ShapeModel;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkBytes;

/** The constraints of a text, a number or bytes. */
record ScalarCheck(List<Constraint> list, boolean sensitive) implements ConstraintPlan.ValueCheck {
    private static final Pattern INSTALLED_MODEL =
            Pattern.compile("(arn:aws:bedrock:[a-z0-9-]{1,20}::foundation-model/)[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    /** Values that S3 takes, too; the descriptions have them not. Apache Arrow writes the first in lower case. */
    private static final Map<String, Set<String>> UNDESCRIBED = Map.of(
            "ChecksumMode", Set.of("enabled"),
            "BucketCannedACL", Set.of("log-delivery-write"),
            "FilterRuleName", Set.of("Prefix", "Suffix"));

    /** One condition, in AWS's words. */
    record Constraint(String wording, Predicate<Object> holds) {}

    static ScalarCheck of(ShapeModel shape) {
        List<Constraint> constraints = new ArrayList<>();
        switch (shape) {
            case ShapeModel.Text text -> ofText(text, constraints);
            case ShapeModel.Numeric numeric -> ofNumeric(numeric, constraints);
            case ShapeModel.Blob blob -> {
                if (!blob.streaming()) {
                    lengths(blob.minimumLength(), blob.maximumLength(), constraints);
                }
            }
            case ShapeModel.Structure structure -> {}
            case ShapeModel.ListOf list -> {}
            case ShapeModel.MapOf map -> {}
            case ShapeModel.Bool bool -> {}
            case ShapeModel.Timestamp timestamp -> {}
        }
        return new ScalarCheck(List.copyOf(constraints), shape.sensitive());
    }

    @Override
    public boolean needed() {
        return !list.isEmpty();
    }

    boolean satisfies(Object value) {
        for (Constraint constraint : list) {
            if (!constraint.holds.test(value)) {
                return false;
            }
        }
        return true;
    }

    /** All conditions, as they are listed of the elements of a list or map. */
    String constraints() {
        return list.stream().map(Constraint::wording).toList().toString();
    }

    @Override
    public void check(Object value, Path path, Violations violations, int depth) {
        for (Constraint constraint : list) {
            if (!constraint.holds.test(value)) {
                violations.unsatisfied(path, value, sensitive, constraint.wording);
            }
        }
    }

    static String lengthAtLeast(long minimum) {
        return "Member must have length greater than or equal to " + minimum;
    }

    static String lengthAtMost(long maximum) {
        return "Member must have length less than or equal to " + maximum;
    }

    private static void ofText(ShapeModel.Text text, List<Constraint> constraints) {
        lengths(text.minimumLength(), text.maximumLength(), constraints);
        text.pattern()
                .flatMap(BoundedPattern::compile)
                .ifPresent(pattern -> constraints.add(new Constraint(
                        "Member must satisfy regular expression pattern: " + pattern.source(),
                        value -> pattern.matches(String.valueOf(value))
                                || pattern.matches(asPublished(String.valueOf(value))))));
        if (!text.values().isEmpty()) {
            Set<String> values = new HashSet<>(text.values());
            values.addAll(UNDESCRIBED.getOrDefault(text.name(), Set.of()));
            constraints.add(new Constraint(
                    "Member must satisfy enum value set: " + text.values(),
                    value -> values.contains(String.valueOf(value))));
        }
    }

    /** The ARN of a model with an id as AWS's models have them: installed ones are called as their makers call them. */
    private static String asPublished(String value) {
        Matcher installed = INSTALLED_MODEL.matcher(value);
        return installed.matches() ? installed.group(1) + "provider.model" : value;
    }

    private static void ofNumeric(ShapeModel.Numeric numeric, List<Constraint> constraints) {
        OptionalDouble minimum = numeric.minimum();
        if (minimum.isPresent()) {
            double least = minimum.getAsDouble();
            constraints.add(new Constraint(
                    "Member must have value greater than or equal to " + plain(least),
                    value -> ((Number) value).doubleValue() >= least));
        }
        OptionalDouble maximum = numeric.maximum();
        if (maximum.isPresent()) {
            double most = maximum.getAsDouble();
            constraints.add(new Constraint(
                    "Member must have value less than or equal to " + plain(most),
                    value -> ((Number) value).doubleValue() <= most));
        }
    }

    private static void lengths(OptionalLong minimum, OptionalLong maximum, List<Constraint> constraints) {
        if (minimum.isPresent() && minimum.getAsLong() > 0) {
            long least = minimum.getAsLong();
            constraints.add(new Constraint(lengthAtLeast(least), value -> length(value) >= least));
        }
        if (maximum.isPresent()) {
            long most = maximum.getAsLong();
            constraints.add(new Constraint(lengthAtMost(most), value -> length(value) <= most));
        }
    }

    private static long length(Object value) {
        return switch (value) {
            // Smithy counts Unicode scalar values, not UTF-16 units.
            case String text -> text.codePointCount(0, text.length());
            case SdkBytes bytes -> bytes.asByteArrayUnsafe().length;
            default -> throw new IllegalArgumentException(value.getClass() + " has no length");
        };
    }

    private static String plain(double number) {
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }
}
