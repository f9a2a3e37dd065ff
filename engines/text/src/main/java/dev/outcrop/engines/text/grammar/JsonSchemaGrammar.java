package dev.outcrop.engines.text.grammar;

import dev.outcrop.engines.text.template.JsonText;
import dev.outcrop.engines.text.template.TemplateException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * JSON Schema (draft 2020-12) as a grammar of the JSON that it accepts.
 *
 * <p>Every text of the grammar is valid; not every valid text is in the grammar: properties come in the order declared,
 * objects have no properties beyond those declared unless {@code additionalProperties} is a schema or nothing is
 * declared, integers have no exponent, and blanks are few. Knows type, enum, const, properties, required,
 * additionalProperties, items, prefixItems, minItems, maxItems, minLength, maxLength, pattern (see
 * {@link PatternGrammar}), minimum, maximum, exclusiveMinimum, exclusiveMaximum, anyOf, oneOf (where its alternatives
 * cannot overlap), allOf, $ref within the schema, format (date, time, date-time, uuid, email, ipv4, uri), and OpenAPI's
 * nullable. Annotations are passed over. Any other keyword is refused by name, never ignored.
 *
 * <p>Source: JSON Schema, "A Media Type for Describing JSON Documents" and "Validation", draft 2020-12.
 */
public final class JsonSchemaGrammar {
    private static final int MAXIMUM_DEPTH = 64;
    private static final int MAXIMUM_RULES = 20_000;
    private static final int MAXIMUM_COUNT = 1_000_000;
    private static final Set<String> ANNOTATIONS = Set.of(
            "title",
            "description",
            "default",
            "examples",
            "example",
            "deprecated",
            "readOnly",
            "writeOnly",
            "$schema",
            "$id",
            "$comment",
            "$anchor",
            "$defs",
            "definitions",
            "contentEncoding",
            "contentMediaType",
            "nullable",
            "discriminator",
            "externalDocs",
            "xml");
    private static final Set<String> KEYWORDS = Set.of(
            "type",
            "enum",
            "const",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "prefixItems",
            "minItems",
            "maxItems",
            "minLength",
            "maxLength",
            "pattern",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "anyOf",
            "oneOf",
            "allOf",
            "$ref",
            "format");
    private static final List<String> OBJECT_KEYWORDS = List.of("properties", "required", "additionalProperties");
    private static final List<String> ARRAY_KEYWORDS = List.of("items", "prefixItems", "minItems", "maxItems");
    private static final List<String> STRING_KEYWORDS = List.of("minLength", "maxLength", "pattern", "format");
    private static final List<String> NUMBER_KEYWORDS =
            List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");

    private final GrammarRules rules;
    private final SchemaMerge merge;
    private final Map<Object, String> written = new LinkedHashMap<>();
    private final Set<Object> open = new LinkedHashSet<>();
    private int depth;

    private JsonSchemaGrammar(Object document, GrammarRules rules) {
        this.rules = rules;
        merge = new SchemaMerge(document);
    }

    /**
     * The grammar, in llama.cpp's GBNF, of the JSON that {@code jsonSchema} accepts.
     *
     * @throws JsonSchemaException if it is no JSON Schema, has a keyword that is not known here, accepts nothing, or is
     *     too large
     */
    public static String of(String jsonSchema) {
        GrammarRules rules = new GrammarRules();
        rules.add("root", ruleFor(jsonSchema, rules));
        return rules.text();
    }

    /**
     * Adds the rules for {@code jsonSchema} to a grammar, and returns the name of its first.
     *
     * @throws JsonSchemaException as {@link #of(String)} does
     */
    public static String ruleFor(String jsonSchema, GrammarRules rules) {
        Object document = read(jsonSchema);
        JsonSchemaGrammar grammar = new JsonSchemaGrammar(document, rules);
        String name = grammar.rule(document, "#");
        grammar.refuseEndless();
        return name;
    }

    /**
     * A property of an object that is not written as JSON.
     *
     * @param rule the rule of its value, written as {@code form} says
     */
    public record Property(String name, String rule, Form form, boolean required) {}

    /** How the value of a property is written. */
    public enum Form {
        /** As JSON. */
        JSON,
        /** As one of some texts, without quotes. */
        TEXT,
        /** As any text, without quotes; the rule is of no use. */
        ANY_TEXT
    }

    /**
     * Adds the rules for the properties of {@code jsonSchema}, which must be of an object that allows no others.
     *
     * @throws JsonSchemaException as {@link #of(String)} does
     */
    public static List<Property> properties(String jsonSchema, GrammarRules rules) {
        Object document = read(jsonSchema);
        JsonSchemaGrammar grammar = new JsonSchemaGrammar(document, rules);
        Object schema = grammar.merge.resolved(document, "#");
        if (!(schema instanceof Map<?, ?> keywords)) {
            throw JsonSchemaException.at("#", "must be of an object.");
        }
        grammar.rule(schema, "#"); // Refuses what the properties alone do not show.
        List<String> required = SchemaMerge.required(keywords, "#");
        List<Property> properties = new ArrayList<>();
        SchemaMerge.properties(keywords, "#").forEach((name, property) -> {
            Object resolved = grammar.merge.resolved(property, "#/properties/" + name);
            String place = "#/properties/" + name;
            Form form = resolved instanceof Map<?, ?> map ? form(map, place) : Form.JSON;
            String rule = form == Form.TEXT
                    ? rules.add(SchemaMerge.values((Map<?, ?>) resolved, place).stream()
                            .map(value -> GrammarRules.literal((String) value))
                            .collect(Collectors.joining(" | ")))
                    : grammar.rule(property, place);
            properties.add(new Property(name, rule, form, required.contains(name)));
        });
        grammar.refuseEndless();
        return properties;
    }

    /** A model that began such a value could never end it. */
    private void refuseEndless() {
        FiniteValues finite = new FiniteValues(merge);
        for (Object schema : written.keySet()) {
            if (!finite.exist(schema)) {
                throw JsonSchemaException.at("#", "has a part that no finite value fulfils: " + schema);
            }
        }
    }

    private static Form form(Map<?, ?> schema, String place) {
        Set<Object> keywords = new LinkedHashSet<>(schema.keySet());
        keywords.removeIf(ANNOTATIONS::contains);
        boolean string = "string".equals(schema.get("type"));
        if (string && keywords.equals(Set.of("type"))) {
            return Form.ANY_TEXT;
        }
        keywords.removeAll(Set.of("type", "enum", "const"));
        List<Object> values = SchemaMerge.values(schema, place);
        boolean texts = !values.isEmpty() && values.stream().allMatch(String.class::isInstance);
        return texts && keywords.isEmpty() && (string || !schema.containsKey("type")) ? Form.TEXT : Form.JSON;
    }

    private static Object read(String jsonSchema) {
        try {
            return JsonText.readPlain(jsonSchema);
        } catch (TemplateException e) {
            throw new JsonSchemaException("The JSON Schema is " + e.getMessage());
        }
    }

    /** The name of the rule for a schema. */
    private String rule(Object schema, String place) {
        if (++depth > MAXIMUM_DEPTH) {
            throw JsonSchemaException.at(place, "is nested more than " + MAXIMUM_DEPTH + " levels deep.");
        }
        if (written.size() > MAXIMUM_RULES) {
            throw JsonSchemaException.at("#", "makes more than " + MAXIMUM_RULES + " rules.");
        }
        try {
            Object resolved = merge.resolved(schema, place);
            String known = written.get(resolved);
            if (known != null) {
                if (open.contains(resolved)) {
                    throw JsonSchemaException.at(place, "refers to itself without an object or array between.");
                }
                return known;
            }
            String name = rules.reserve();
            written.put(resolved, name);
            open.add(resolved);
            String body = body(resolved, place);
            open.remove(resolved);
            rules.add(name, body);
            return name;
        } finally {
            depth--;
        }
    }

    /** The rule for a schema within an object or array: what is around may be referred to again. */
    private String inner(Object schema, String place) {
        List<Object> around = new ArrayList<>(open);
        open.clear();
        String name = rule(schema, place);
        open.addAll(around);
        return name;
    }

    private String body(Object schema, String place) {
        if (schema.equals(true)) {
            return anyValue();
        }
        if (!(schema instanceof Map<?, ?> keywords)) {
            throw JsonSchemaException.at(place, "must be an object or true, but is " + schema + ".");
        }
        for (Object keyword : keywords.keySet()) {
            if (!KEYWORDS.contains(keyword)
                    && !ANNOTATIONS.contains(keyword)
                    && !keyword.toString().startsWith("x-")) {
                throw JsonSchemaException.at(
                        place, "has the keyword \"" + keyword + "\", which cannot be made a grammar.");
            }
        }
        List<Object> alternatives = new ArrayList<>(merge.alternatives(keywords, place));
        if (alternatives.size() == 1 && alternatives.getFirst().equals(keywords)) {
            return plain(keywords, place);
        }
        if (alternatives.isEmpty()) {
            throw JsonSchemaException.at(place, "accepts nothing.");
        }
        List<String> names = new ArrayList<>();
        alternatives.forEach(alternative -> names.add(rule(alternative, place)));
        return String.join(" | ", names);
    }

    private String plain(Map<?, ?> schema, String place) {
        List<String> parts = new ArrayList<>();
        if (schema.containsKey("const") || schema.containsKey("enum")) {
            for (Object value : SchemaMerge.values(schema, place)) {
                if (merge.accepts(schema, value, place)) {
                    parts.add(GrammarRules.literal(json(value)));
                }
            }
        } else {
            for (String type : types(schema, place)) {
                parts.add(typed(type, schema, place));
            }
        }
        if (parts.isEmpty()) {
            throw JsonSchemaException.at(place, "accepts nothing.");
        }
        return String.join(" | ", parts);
    }

    private static String json(Object value) {
        return JsonText.write(JsonText.fromJava(value)).value();
    }

    /** The types wanted; without {@code type} those that the other keywords are about. */
    private static List<String> types(Map<?, ?> schema, String place) {
        List<String> types = new ArrayList<>(SchemaMerge.types(schema, place).orElseGet(() -> implied(schema)));
        if (Boolean.TRUE.equals(schema.get("nullable")) && !types.contains("null")) {
            types.add("null");
        }
        if (types.contains("number")) {
            types.remove("integer");
        }
        return types;
    }

    private static List<String> implied(Map<?, ?> schema) {
        if (OBJECT_KEYWORDS.stream().anyMatch(schema::containsKey)) {
            return List.of("object");
        }
        if (ARRAY_KEYWORDS.stream().anyMatch(schema::containsKey)) {
            return List.of("array");
        }
        if (STRING_KEYWORDS.stream().anyMatch(schema::containsKey)) {
            return List.of("string");
        }
        if (NUMBER_KEYWORDS.stream().anyMatch(schema::containsKey)) {
            return List.of("number");
        }
        return SchemaMerge.TYPES;
    }

    private String typed(String type, Map<?, ?> schema, String place) {
        return switch (type) {
            case "null" -> "\"null\"";
            case "boolean" -> "\"true\" | \"false\"";
            case "string" -> new StringGrammar(rules).of(schema, place);
            case "integer", "number" -> number(schema, type.equals("integer"), place);
            case "object" -> object(schema, place);
            case "array" -> array(schema, place);
            default -> throw JsonSchemaException.at(place, "has the unknown type \"" + type + "\".");
        };
    }

    private String number(Map<?, ?> schema, boolean whole, String place) {
        Optional<NumberRange.Bound> least = bound(schema, "minimum", "exclusiveMinimum", 1, place);
        Optional<NumberRange.Bound> most = bound(schema, "maximum", "exclusiveMaximum", -1, place);
        if (least.isEmpty() && most.isEmpty()) {
            String digits = "\"-\"? ( \"0\" | [1-9] [0-9]{0,15} )";
            return whole ? digits : digits + " ( \".\" [0-9]{1,16} )? ( [eE] [-+]? [0-9]{1,2} )?";
        }
        List<String> alternatives = whole
                ? NumberRange.integers(
                        least.map(NumberRange.Bound::leastInteger), most.map(NumberRange.Bound::mostInteger))
                : NumberRange.numbers(least, most);
        if (alternatives.isEmpty()) {
            throw JsonSchemaException.at(place, "accepts no number between its minimum and maximum.");
        }
        return String.join(" | ", alternatives);
    }

    private static Optional<NumberRange.Bound> bound(
            Map<?, ?> schema, String inclusive, String exclusive, int tighter, String place) {
        Optional<BigDecimal> in = SchemaMerge.number(schema, inclusive, place);
        Optional<BigDecimal> out = SchemaMerge.number(schema, exclusive, place);
        if (out.isPresent() && (in.isEmpty() || Integer.signum(out.get().compareTo(in.get())) != -tighter)) {
            return Optional.of(new NumberRange.Bound(out.get(), true));
        }
        return in.map(value -> new NumberRange.Bound(value, false));
    }

    private String blank() {
        if (!rules.has("blank")) {
            rules.add("blank", "( \" \" | \"\\n\" [ ]{0,20} )?");
        }
        return "blank";
    }

    private String anyValue() {
        String any = "value";
        if (!rules.has(any)) {
            rules.add(any, "");
            String string = new StringGrammar(rules).any();
            String number = number(Map.of(), false, "#");
            String blank = blank();
            rules.add(
                    "members",
                    string + " \":\" " + blank + " value " + blank + " ( \",\" " + blank + " " + string + " \":\" "
                            + blank + " value " + blank + " )*");
            rules.add("elements", "value " + blank + " ( \",\" " + blank + " value " + blank + " )*");
            rules.add(
                    any,
                    "\"{\" " + blank + " members? \"}\" | \"[\" " + blank + " elements? \"]\" | " + string + " | "
                            + number + " | \"true\" | \"false\" | \"null\"");
        }
        return any;
    }

    private String object(Map<?, ?> schema, String place) {
        Map<String, Object> properties = SchemaMerge.properties(schema, place);
        List<String> required = SchemaMerge.required(schema, place);
        Object additional = schema.get("additionalProperties");
        for (String name : required) {
            if (properties.containsKey(name)) {
                continue;
            }
            if (Boolean.FALSE.equals(additional)) {
                throw JsonSchemaException.at(place, "requires \"" + name + "\", which it does not allow.");
            }
            properties.put(name, additional == null ? true : additional);
        }
        List<String> members = new ArrayList<>();
        List<Boolean> needed = new ArrayList<>();
        properties.forEach((name, property) -> {
            if (Boolean.FALSE.equals(property)) {
                if (required.contains(name)) {
                    throw JsonSchemaException.at(place, "requires \"" + name + "\", which it does not allow.");
                }
                return;
            }
            String value = inner(property, place + "/properties/" + name);
            members.add(rules.add(GrammarRules.literal(json(name) + ":") + " " + blank() + " " + value));
            needed.add(required.contains(name));
        });
        boolean others = additional instanceof Map<?, ?> || (properties.isEmpty() && !Boolean.FALSE.equals(additional));
        Optional<String> other = others
                ? Optional.of(rules.add(new StringGrammar(rules).except(properties.keySet()) + " \":\" " + blank() + " "
                        + inner(additional == null ? true : additional, place + "/additionalProperties")))
                : Optional.empty();
        return "\"{\" " + blank() + " " + members(members, needed, other) + " \"}\"";
    }

    /** The members in order, with commas between those that are there. */
    private String members(List<String> members, List<Boolean> needed, Optional<String> other) {
        String comma = "\",\" " + blank() + " ";
        String end =
                other.map(rule -> "( " + comma + rule + " " + blank() + " )*").orElse("");
        String first = other.map(rule -> "( " + rule + " " + blank() + " " + end + " )?")
                .orElse("\"\"");
        String rest = end;
        for (int index = members.size() - 1; index >= 0; index--) {
            String one = members.get(index) + " " + blank();
            String after = rules.add(rest.isEmpty() ? "\"\"" : rest);
            String begun = one + " " + after;
            first = needed.get(index) ? begun : "( " + begun + " | " + rules.add(first) + " )";
            rest = needed.get(index) ? comma + begun : "( " + comma + one + " )? " + after;
        }
        return first;
    }

    private String array(Map<?, ?> schema, String place) {
        int least = count(schema, "minItems", place).orElse(0);
        int most = count(schema, "maxItems", place).orElse(-1);
        if (most >= 0 && most < least) {
            throw JsonSchemaException.at(place, "has minItems above maxItems.");
        }
        List<String> prefix = new ArrayList<>();
        if (schema.get("prefixItems") instanceof List<?> items) {
            for (int index = 0; index < items.size() && (most < 0 || index < most); index++) {
                prefix.add(inner(items.get(index), place + "/prefixItems/" + index));
            }
        } else if (schema.containsKey("prefixItems")) {
            throw JsonSchemaException.at(place, "has prefixItems that are no array.");
        }
        Object items = schema.get("items") == null ? true : schema.get("items");
        if (items instanceof List<?>) {
            throw JsonSchemaException.at(
                    place, "has the keyword \"items\" with an array, which draft 2020-12 calls prefixItems.");
        }
        boolean more = !Boolean.FALSE.equals(items)
                && (most < 0 || most > prefix.size())
                && !(items.equals(true) && !prefix.isEmpty() && least <= prefix.size());
        if (!more && least > prefix.size()) {
            throw JsonSchemaException.at(place, "accepts no array as long as minItems.");
        }
        String comma = "\",\" " + blank() + " ";
        String rest = "";
        if (more) {
            String item = inner(items, place + "/items") + " " + blank();
            int restLeast = Math.max(0, least - prefix.size());
            int restMost = most < 0 ? -1 : most - prefix.size();
            String following = rules.add(comma + item);
            if (!prefix.isEmpty()) {
                rest = rules.repeated(following, restLeast, restMost);
            } else {
                String list = item + " "
                        + rules.repeated(following, Math.max(0, restLeast - 1), restMost < 0 ? -1 : restMost - 1);
                return "\"[\" " + blank() + " " + (restLeast == 0 ? "( " + list + " )?" : list) + " \"]\"";
            }
        }
        for (int index = prefix.size() - 1; index >= 0; index--) {
            String one = (index == 0 ? "" : comma) + prefix.get(index) + " " + blank() + " " + rest;
            rest = index < least ? one : "( " + one + " )?";
        }
        return "\"[\" " + blank() + " " + rest + " \"]\"";
    }

    static Optional<Integer> count(Map<?, ?> schema, String keyword, String place) {
        Optional<BigDecimal> number = SchemaMerge.number(schema, keyword, place);
        if (number.isEmpty()) {
            return Optional.empty();
        }
        BigDecimal value = number.get();
        if (value.signum() < 0 || value.stripTrailingZeros().scale() > 0) {
            throw JsonSchemaException.at(
                    place, "has \"" + keyword + "\" " + value + ", which must be a whole number from 0.");
        }
        if (value.compareTo(BigDecimal.valueOf(MAXIMUM_COUNT)) > 0) {
            throw JsonSchemaException.at(
                    place, "has \"" + keyword + "\" " + value + ", which must be at most " + MAXIMUM_COUNT + ".");
        }
        return Optional.of(
                value.toBigInteger().min(BigInteger.valueOf(MAXIMUM_COUNT)).intValue());
    }
}
