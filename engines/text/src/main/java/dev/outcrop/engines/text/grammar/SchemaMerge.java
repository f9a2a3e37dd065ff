package dev.outcrop.engines.text.grammar;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Follows references within a schema, and makes of schemas that hold together one that says as much. */
final class SchemaMerge {
    static final List<String> TYPES = List.of("object", "array", "string", "number", "boolean", "null");

    private static final int MAXIMUM_REFERENCES = 50;
    private static final int MAXIMUM_ALTERNATIVES = 200;
    private static final Set<String> COMBINATIONS = Set.of("allOf", "anyOf", "oneOf");
    private static final Set<String> GREATER_IS_TIGHTER =
            Set.of("minimum", "exclusiveMinimum", "minLength", "minItems");
    private static final Set<String> LESS_IS_TIGHTER = Set.of("maximum", "exclusiveMaximum", "maxLength", "maxItems");
    private static final Set<String> MEANINGLESS = Set.of(
            "title",
            "description",
            "default",
            "examples",
            "example",
            "$schema",
            "$id",
            "$comment",
            "$defs",
            "definitions",
            "deprecated",
            "discriminator");

    private final Object document;
    private int depth;

    SchemaMerge(Object document) {
        this.document = document;
    }

    /** The schema meant, with what stands beside a reference merged in. */
    Object resolved(Object schema, String place) {
        Object current = schema;
        for (int step = 0; step < MAXIMUM_REFERENCES; step++) {
            if (!(current instanceof Map<?, ?> map) || !map.containsKey("$ref")) {
                return current;
            }
            Object target = target(map.get("$ref"), place);
            Map<Object, Object> beside = new LinkedHashMap<>(map);
            beside.remove("$ref");
            beside.keySet().removeIf(MEANINGLESS::contains);
            if (beside.isEmpty()) {
                current = target;
            } else {
                return Map.of("allOf", List.of(target, beside));
            }
        }
        throw JsonSchemaException.at(place, "has a $ref that leads back to itself.");
    }

    private Object target(Object reference, String place) {
        if (!(reference instanceof String text) || !text.startsWith("#")) {
            throw JsonSchemaException.at(
                    place, "has the $ref " + reference + "; only places within it, as in #/$defs/name, are followed.");
        }
        Object target = document;
        for (String step : text.substring(1).split("/", -1)) {
            if (step.isEmpty()) {
                continue;
            }
            String key = decoded(step, place).replace("~1", "/").replace("~0", "~");
            target = target instanceof Map<?, ?> map
                    ? map.get(key)
                    : target instanceof List<?> list && key.matches("\\d{1,6}") && Integer.parseInt(key) < list.size()
                            ? list.get(Integer.parseInt(key))
                            : null;
            if (target == null) {
                throw JsonSchemaException.at(place, "has the $ref " + text + ", where nothing is.");
            }
        }
        return target;
    }

    private static String decoded(String step, String place) {
        try {
            return URLDecoder.decode(step.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw JsonSchemaException.at(place, "has a malformed $ref.");
        }
    }

    /** Schemas without allOf, anyOf, oneOf; a value is valid if it is for any of them. */
    List<Object> alternatives(Map<?, ?> schema, String place) {
        if (COMBINATIONS.stream().noneMatch(schema::containsKey)) {
            return List.of(schema);
        }
        Map<Object, Object> base = new LinkedHashMap<>(schema);
        base.keySet().removeIf(COMBINATIONS::contains);
        boolean alone = base.keySet().stream().allMatch(key -> MEANINGLESS.contains(key));
        if (alone && !schema.containsKey("allOf") && !(schema.containsKey("anyOf") && schema.containsKey("oneOf"))) {
            String keyword = schema.containsKey("anyOf") ? "anyOf" : "oneOf";
            return members(schema, keyword, place);
        }
        return expanded(base, schema, place);
    }

    private List<Object> expanded(Map<Object, Object> base, Map<?, ?> schema, String place) {
        if (++depth > MAXIMUM_REFERENCES) {
            throw JsonSchemaException.at(place, "combines schemas more than " + MAXIMUM_REFERENCES + " levels deep.");
        }
        List<Object> results = List.of(base);
        if (schema.containsKey("allOf")) {
            for (Object member : members(schema, "allOf", place)) {
                results = merged(results, List.of(member), place);
            }
        }
        for (String keyword : List.of("anyOf", "oneOf")) {
            if (schema.containsKey(keyword)) {
                results = merged(results, members(schema, keyword, place), place);
            }
        }
        depth--;
        return results;
    }

    private List<Object> merged(List<Object> left, List<Object> right, String place) {
        List<Object> results = new ArrayList<>();
        for (Object member : right) {
            Object schema = resolved(member, place);
            List<Object> choices = schema instanceof Map<?, ?> map ? expandedAlternatives(map, place) : List.of(schema);
            for (Object choice : choices) {
                for (Object one : left) {
                    merge(one, choice, place).ifPresent(results::add);
                }
            }
        }
        if (results.size() > MAXIMUM_ALTERNATIVES) {
            throw JsonSchemaException.at(
                    place, "has more than " + MAXIMUM_ALTERNATIVES + " combinations of alternatives.");
        }
        return results;
    }

    private List<Object> expandedAlternatives(Map<?, ?> schema, String place) {
        if (COMBINATIONS.stream().noneMatch(schema::containsKey)) {
            return List.of(schema);
        }
        Map<Object, Object> base = new LinkedHashMap<>(schema);
        base.keySet().removeIf(COMBINATIONS::contains);
        return expanded(base, schema, place);
    }

    private List<Object> members(Map<?, ?> schema, String keyword, String place) {
        if (!(schema.get(keyword) instanceof List<?> list) || list.isEmpty()) {
            throw JsonSchemaException.at(place, "has \"" + keyword + "\" that is no array of schemas.");
        }
        List<Object> members = new ArrayList<>(list);
        if (keyword.equals("oneOf")) {
            for (int one = 0; one < members.size(); one++) {
                for (int other = one + 1; other < members.size(); other++) {
                    if (!disjoint(resolved(members.get(one), place), resolved(members.get(other), place), place)) {
                        throw JsonSchemaException.at(
                                place,
                                "has the keyword \"oneOf\" with alternatives that may overlap; say anyOf, or tell them apart"
                                        + " by type or by a required property with a const.");
                    }
                }
            }
        }
        return members;
    }

    private boolean disjoint(Object left, Object right, String place) {
        if (!(left instanceof Map<?, ?> one) || !(right instanceof Map<?, ?> other)) {
            return false;
        }
        if (one.containsKey("$ref") || other.containsKey("$ref")) {
            return false;
        }
        Set<String> types = covered(one, place);
        if (types.stream().noneMatch(covered(other, place)::contains)) {
            return true;
        }
        if (hasValues(one) && hasValues(other)) {
            return values(one, place).stream().noneMatch(value -> contains(values(other, place), value));
        }
        List<String> both = new ArrayList<>(required(one, place));
        both.retainAll(required(other, place));
        return types.equals(Set.of("object"))
                && both.stream()
                        .anyMatch(name -> disjoint(
                                resolved(properties(one, place).getOrDefault(name, true), place),
                                resolved(properties(other, place).getOrDefault(name, true), place),
                                place));
    }

    private static Set<String> covered(Map<?, ?> schema, String place) {
        Set<String> covered = new HashSet<>();
        if (hasValues(schema)) {
            values(schema, place).forEach(value -> covered.add(typeOf(value)));
            return covered;
        }
        covered.addAll(types(schema, place).orElse(TYPES));
        if (covered.remove("integer")) {
            covered.add("number");
        }
        if (Boolean.TRUE.equals(schema.get("nullable"))) {
            covered.add("null");
        }
        return covered;
    }

    private static String typeOf(Object value) {
        return switch (value) {
            case null -> "null";
            case Boolean _ -> "boolean";
            case String _ -> "string";
            case Number _ -> "number";
            case List<?> _ -> "array";
            default -> "object";
        };
    }

    private static boolean hasValues(Map<?, ?> schema) {
        return schema.containsKey("const") || schema.containsKey("enum");
    }

    /** The schema that accepts what both accept; empty if that is nothing. */
    private Optional<Object> merge(Object left, Object right, String place) {
        if (left.equals(false) || right.equals(false)) {
            return Optional.empty();
        }
        if (!(left instanceof Map<?, ?> one)) {
            return Optional.of(right);
        }
        if (!(right instanceof Map<?, ?> other)) {
            return Optional.of(left);
        }
        Map<Object, Object> result = new LinkedHashMap<>(one);
        other.forEach((key, value) -> {
            if (!result.containsKey(key) || MEANINGLESS.contains(key)) {
                result.put(key, value);
            } else if (!List.of("type", "properties", "additionalProperties", "enum", "const")
                    .contains(key)) {
                result.put(key, both((String) key, result.get(key), value, place));
            }
        });
        Optional<List<String>> types = commonTypes(types(one, place), types(other, place));
        if (types.isPresent()) {
            if (types.get().isEmpty()) {
                return Optional.empty();
            }
            result.put("type", types.get());
        }
        if (hasValues(one) && hasValues(other)) {
            List<Object> values = new ArrayList<>(values(one, place));
            values.removeIf(value -> !contains(values(other, place), value));
            result.remove("const");
            result.put("enum", values);
            if (values.isEmpty()) {
                return Optional.empty();
            }
        }
        mergeProperties(one, other, result, place);
        return Optional.of(result);
    }

    private static void mergeProperties(Map<?, ?> one, Map<?, ?> other, Map<Object, Object> result, String place) {
        if (!one.containsKey("properties")
                && !other.containsKey("properties")
                && !(one.containsKey("additionalProperties") && other.containsKey("additionalProperties"))) {
            return;
        }
        Map<String, Object> left = properties(one, place);
        Map<String, Object> right = properties(other, place);
        Map<String, Object> properties = new LinkedHashMap<>();
        Set<String> names = new LinkedHashSet<>(left.keySet());
        names.addAll(right.keySet());
        for (String name : names) {
            Object first = left.containsKey(name) ? left.get(name) : one.get("additionalProperties");
            Object second = right.containsKey(name) ? right.get(name) : other.get("additionalProperties");
            properties.put(name, together(first, second));
        }
        if (!properties.isEmpty()) {
            result.put("properties", properties);
        }
        Object additional = together(one.get("additionalProperties"), other.get("additionalProperties"));
        if (one.containsKey("additionalProperties") || other.containsKey("additionalProperties")) {
            result.put("additionalProperties", additional);
        }
    }

    private static Object together(Object first, Object second) {
        if (first == null || first.equals(true)) {
            return second == null ? true : second;
        }
        if (second == null || second.equals(true) || first.equals(false)) {
            return first;
        }
        return second.equals(false) ? false : Map.of("allOf", List.of(first, second));
    }

    private static Object both(String keyword, Object left, Object right, String place) {
        if (left.equals(right)) {
            return left;
        }
        if (keyword.equals("required")) {
            Set<Object> names = new LinkedHashSet<>(required(Map.of("required", left), place));
            names.addAll(required(Map.of("required", right), place));
            return new ArrayList<>(names);
        }
        if (keyword.equals("items")) {
            return together(left, right);
        }
        if (keyword.equals("nullable")) {
            return false;
        }
        boolean greater = GREATER_IS_TIGHTER.contains(keyword);
        if (greater || LESS_IS_TIGHTER.contains(keyword)) {
            BigDecimal one = number(Map.of(keyword, left), keyword, place).orElseThrow();
            BigDecimal other = number(Map.of(keyword, right), keyword, place).orElseThrow();
            boolean leftIsTighter = greater ? one.compareTo(other) > 0 : one.compareTo(other) < 0;
            return leftIsTighter ? left : right;
        }
        throw JsonSchemaException.at(
                place, "combines two values of \"" + keyword + "\", which cannot be made one grammar.");
    }

    private static Optional<List<String>> commonTypes(Optional<List<String>> left, Optional<List<String>> right) {
        if (left.isEmpty() || right.isEmpty()) {
            return left.or(() -> right);
        }
        List<String> common = new ArrayList<>();
        for (String type : left.get()) {
            if (right.get().contains(type)
                    || (type.equals("integer") && right.get().contains("number"))) {
                common.add(type);
            } else if (type.equals("number") && right.get().contains("integer")) {
                common.add("integer");
            }
        }
        return Optional.of(common);
    }

    static Optional<List<String>> types(Map<?, ?> schema, String place) {
        Object type = schema.get("type");
        if (type == null) {
            return Optional.empty();
        }
        List<?> names = type instanceof List<?> list ? list : List.of(type);
        List<String> types = new ArrayList<>();
        for (Object name : names) {
            if (!TYPES.contains(name) && !name.equals("integer")) {
                throw JsonSchemaException.at(place, "has the unknown type \"" + name + "\".");
            }
            types.add((String) name);
        }
        return Optional.of(types);
    }

    static Map<String, Object> properties(Map<?, ?> schema, String place) {
        Object properties = schema.get("properties");
        Map<String, Object> result = new LinkedHashMap<>();
        if (properties instanceof Map<?, ?> map) {
            map.forEach((name, property) -> result.put((String) name, property));
        } else if (properties != null) {
            throw JsonSchemaException.at(place, "has properties that are no object.");
        }
        return result;
    }

    static List<String> required(Map<?, ?> schema, String place) {
        Object required = schema.get("required");
        if (required == null) {
            return List.of();
        }
        if (!(required instanceof List<?> list) || !list.stream().allMatch(String.class::isInstance)) {
            throw JsonSchemaException.at(place, "has \"required\" that is no array of names.");
        }
        return list.stream().map(String.class::cast).toList();
    }

    static Optional<BigDecimal> number(Map<?, ?> schema, String keyword, String place) {
        return switch (schema.get(keyword)) {
            case null -> Optional.empty();
            case Long value -> Optional.of(BigDecimal.valueOf(value));
            case BigInteger value -> Optional.of(new BigDecimal(value));
            case Double value
            when Double.isFinite(value) && Math.abs(value) < 1e30 -> Optional.of(new BigDecimal(value.toString()));
            default ->
                throw JsonSchemaException.at(place, "has \"" + keyword + "\" that is no number, or too large a one.");
        };
    }

    /** The values that const and enum leave. */
    static List<Object> values(Map<?, ?> schema, String place) {
        List<Object> values = new ArrayList<>();
        if (schema.containsKey("const")) {
            values.add(schema.get("const"));
        }
        if (schema.containsKey("enum")) {
            if (!(schema.get("enum") instanceof List<?> list)) {
                throw JsonSchemaException.at(place, "has \"enum\" that is no array.");
            }
            if (schema.containsKey("const")) {
                values.removeIf(value -> !contains(list, value));
            } else {
                values.addAll(list);
            }
        }
        return values;
    }

    private static boolean contains(List<?> values, Object value) {
        return values.stream().anyMatch(other -> same(other, value));
    }

    private static boolean same(Object left, Object right) {
        return (left instanceof Number one && right instanceof Number other)
                ? new BigDecimal(one.toString()).compareTo(new BigDecimal(other.toString())) == 0
                : Objects.equals(left, right);
    }

    /** Whether a value of const or enum is valid by the other keywords of its schema. */
    boolean accepts(Map<?, ?> schema, Object value, String place) {
        Optional<List<String>> types = types(schema, place);
        boolean whole = value instanceof Number number
                && new BigDecimal(number.toString()).stripTrailingZeros().scale() <= 0;
        if (types.isPresent()
                && !types.get().contains(typeOf(value))
                && !(whole && types.get().contains("integer"))
                && !(value == null && Boolean.TRUE.equals(schema.get("nullable")))) {
            return false;
        }
        return switch (value) {
            case Number number -> within(schema, new BigDecimal(number.toString()), place);
            case String text -> {
                int length = text.codePointCount(0, text.length());
                yield length
                                >= JsonSchemaGrammar.count(schema, "minLength", place)
                                        .orElse(0)
                        && length
                                <= JsonSchemaGrammar.count(schema, "maxLength", place)
                                        .orElse(Integer.MAX_VALUE)
                        && matches(schema.get("pattern"), text, place);
            }
            case Map<?, ?> _ -> unless(schema, Set.of("properties", "required", "additionalProperties"), place);
            case List<?> _ -> unless(schema, Set.of("items", "prefixItems", "minItems", "maxItems"), place);
            case null, default -> true;
        };
    }

    private static boolean unless(Map<?, ?> schema, Set<String> keywords, String place) {
        if (keywords.stream().anyMatch(schema::containsKey)) {
            throw JsonSchemaException.at(place, "has objects or arrays in enum or const beside keywords about them.");
        }
        return true;
    }

    private static boolean matches(Object pattern, String text, String place) {
        try {
            return pattern == null
                    || Pattern.compile(pattern.toString()).matcher(text).find();
        } catch (PatternSyntaxException e) {
            throw JsonSchemaException.at(place, "has a malformed pattern.");
        }
    }

    private static boolean within(Map<?, ?> schema, BigDecimal value, String place) {
        return number(schema, "minimum", place)
                        .filter(bound -> value.compareTo(bound) < 0)
                        .isEmpty()
                && number(schema, "maximum", place)
                        .filter(bound -> value.compareTo(bound) > 0)
                        .isEmpty()
                && number(schema, "exclusiveMinimum", place)
                        .filter(bound -> value.compareTo(bound) <= 0)
                        .isEmpty()
                && number(schema, "exclusiveMaximum", place)
                        .filter(bound -> value.compareTo(bound) >= 0)
                        .isEmpty();
    }
}
