package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The fields of one JSON object of a request body. Reading never fails: what is wrong is noted, a harmless value stands
 * in, and {@link #check()} throws once all of the body has been read, so that one error names every fault.
 */
public final class JsonFields {
    /** Deep enough for the JSON Schemas of tools, shallow enough for the stack. */
    private static final int MAXIMUM_DEPTH = 200;

    /** The largest body that AWS takes. */
    private static final int MAXIMUM_BYTES = 25_000_000;

    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAXIMUM_DEPTH)
                            .maxDocumentLength(MAXIMUM_BYTES)
                            .maxStringLength(MAXIMUM_BYTES)
                            .maxNumberLength(100)
                            .maxNameLength(10_000)
                            .build())
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final ObjectNode node;
    private final JsonPointer place;
    private final Notes notes;
    private final Set<String> read = new HashSet<>();

    private JsonFields(ObjectNode node, JsonPointer place, Notes notes) {
        this.node = node;
        this.place = place;
        this.notes = notes;
    }

    /** What has been found so far, shared by all objects of one body. */
    private record Notes(boolean nullIsAbsent, List<Violation> violations) {}

    /**
     * The fields of a body in which null is a value, and mostly one of the wrong type.
     *
     * @throws BodyException if the body is not a JSON object, or is larger or deeper than what is read
     */
    static JsonFields strict(byte[] body) {
        return new JsonFields(parse(body), JsonPointer.empty(), new Notes(false, new ArrayList<>()));
    }

    /**
     * The fields of a body in which null says the same as leaving the key out.
     *
     * @throws BodyException if the body is not a JSON object, or is larger or deeper than what is read
     */
    public static JsonFields lenient(byte[] body) {
        return new JsonFields(parse(body), JsonPointer.empty(), new Notes(true, new ArrayList<>()));
    }

    private static ObjectNode parse(byte[] body) {
        try {
            if (MAPPER.readTree(body) instanceof ObjectNode object && isUnicode(object)) {
                return object;
            }
        } catch (IOException invalid) {
            throw BodyException.unreadable();
        }
        throw BodyException.unreadable();
    }

    /** Whether the key is there. Does not count as reading it. */
    public boolean has(String key) {
        JsonNode value = node.path(key);
        return !value.isMissingNode() && !(value.isNull() && notes.nullIsAbsent());
    }

    /** Whether all texts are Unicode: JSON can escape half a surrogate pair, which no encoding can write. */
    private static boolean isUnicode(JsonNode node) {
        if (node.isTextual()) {
            return isUnicode(node.textValue());
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!isUnicode(entry.getKey())) {
                return false;
            }
        }
        for (JsonNode child : node) {
            if (!isUnicode(child)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (Character.charCount(text.codePointAt(i)) == 1) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    /** Whether no key is there at all. */
    boolean isEmpty() {
        return node.isEmpty();
    }

    /** The type of a field that is there. */
    public JsonType type(String key) {
        return JsonType.of(node.path(key));
    }

    /** Where the field is or should be. */
    JsonPointer place(String key) {
        return place.appendProperty(key);
    }

    /** Any value. */
    Optional<JsonNode> value(String key) {
        read.add(key);
        return has(key) ? Optional.of(node.get(key)) : Optional.empty();
    }

    private Optional<JsonNode> value(String key, JsonType expected) {
        Optional<JsonNode> value = value(key);
        if (value.isPresent()) {
            JsonType found = JsonType.of(value.get());
            boolean fits = found == expected || (expected == JsonType.NUMBER && found == JsonType.INTEGER);
            if (!fits) {
                note(key, new Violation.Fault.WrongType(expected, found));
                return Optional.empty();
            }
        }
        return value;
    }

    public Optional<String> string(String key) {
        return value(key, JsonType.STRING).map(JsonNode::textValue);
    }

    String requiredString(String key) {
        require(key);
        return string(key).orElse("");
    }

    /** A required text with at least one character. */
    public String requiredText(String key) {
        String text = requiredString(key);
        if (text.isEmpty() && has(key) && type(key) == JsonType.STRING) {
            note(key, new Violation.Fault.TooShort(1, 0));
        }
        return text;
    }

    /** One of the texts allowed. */
    public Optional<String> choice(String key, List<String> allowed) {
        Optional<String> value = string(key);
        if (value.isPresent() && !allowed.contains(value.get())) {
            note(key, new Violation.Fault.NotOneOf(value.get(), allowed));
            return Optional.empty();
        }
        return value;
    }

    /** A required text, one of those allowed; the first of them stands in. */
    String requiredChoice(String key, List<String> allowed) {
        require(key);
        return choice(key, allowed).orElse(allowed.getFirst());
    }

    public Optional<Boolean> flag(String key) {
        return value(key, JsonType.BOOLEAN).map(JsonNode::booleanValue);
    }

    OptionalDouble number(String key, double minimum, double maximum) {
        Optional<JsonNode> value = value(key, JsonType.NUMBER);
        return value.isPresent() && within(key, value.get(), BigDecimal.valueOf(minimum), BigDecimal.valueOf(maximum))
                ? OptionalDouble.of(value.get().doubleValue())
                : OptionalDouble.empty();
    }

    public OptionalInt integer(String key, int minimum, int maximum) {
        OptionalLong value = longInteger(key, minimum, maximum);
        return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
    }

    OptionalLong longInteger(String key, long minimum, long maximum) {
        Optional<JsonNode> value = value(key, JsonType.INTEGER);
        return value.isPresent() && within(key, value.get(), BigDecimal.valueOf(minimum), BigDecimal.valueOf(maximum))
                ? OptionalLong.of(value.get().longValue())
                : OptionalLong.empty();
    }

    int requiredInteger(String key, int minimum, int maximum) {
        require(key);
        return integer(key, minimum, maximum).orElse(minimum);
    }

    private boolean within(String key, JsonNode value, BigDecimal minimum, BigDecimal maximum) {
        // A double that is too large for a double reads as infinity, which has no decimal value.
        BigDecimal number = value.isDouble() && !Double.isFinite(value.doubleValue())
                ? BigDecimal.valueOf(Math.copySign(Double.MAX_VALUE, value.doubleValue()))
                : value.decimalValue();
        if (number.compareTo(minimum) < 0) {
            note(key, new Violation.Fault.BelowMinimum(number, shortest(minimum)));
            return false;
        }
        if (number.compareTo(maximum) > 0) {
            note(key, new Violation.Fault.AboveMaximum(number, shortest(maximum)));
            return false;
        }
        return true;
    }

    /** 1 rather than 1.0: limits are mostly whole numbers. */
    private static BigDecimal shortest(BigDecimal limit) {
        BigDecimal stripped = limit.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /** An array of texts; absent is empty. */
    public List<String> strings(String key, int maximumItems) {
        List<String> strings = new ArrayList<>();
        JsonPointer array = place(key);
        int index = 0;
        for (JsonNode item : items(key, 0, maximumItems)) {
            if (item.isTextual()) {
                strings.add(item.textValue());
            } else {
                notes.violations()
                        .add(new Violation(
                                array.appendIndex(index),
                                new Violation.Fault.WrongType(JsonType.STRING, JsonType.of(item))));
            }
            index++;
        }
        return strings;
    }

    /** An array of texts, each one of those allowed. */
    List<String> choices(String key, List<String> allowed) {
        List<String> choices = strings(key, Integer.MAX_VALUE);
        for (int i = 0; i < choices.size(); i++) {
            if (!allowed.contains(choices.get(i))) {
                noteItem(key, i, new Violation.Fault.NotOneOf(choices.get(i), allowed));
            }
        }
        return choices;
    }

    /** An array of texts, or one text alone. */
    public List<String> stringOrStrings(String key, int maximumItems) {
        return has(key) && type(key) == JsonType.STRING ? List.of(requiredString(key)) : strings(key, maximumItems);
    }

    Optional<JsonFields> object(String key) {
        return value(key, JsonType.OBJECT).map(object -> new JsonFields((ObjectNode) object, place(key), notes));
    }

    JsonFields requiredObject(String key) {
        require(key);
        return object(key)
                .orElseGet(() -> new JsonFields(
                        MAPPER.createObjectNode(), place(key), new Notes(notes.nullIsAbsent(), new ArrayList<>())));
    }

    /** An array of objects; absent is empty. */
    List<JsonFields> objects(String key) {
        return objects(key, 0, Integer.MAX_VALUE);
    }

    List<JsonFields> objects(String key, int minimumItems, int maximumItems) {
        List<JsonFields> objects = new ArrayList<>();
        JsonPointer array = place(key);
        int index = 0;
        for (JsonNode item : items(key, minimumItems, maximumItems)) {
            if (item instanceof ObjectNode object) {
                objects.add(new JsonFields(object, array.appendIndex(index), notes));
            } else {
                notes.violations()
                        .add(new Violation(
                                array.appendIndex(index),
                                new Violation.Fault.WrongType(JsonType.OBJECT, JsonType.of(item))));
            }
            index++;
        }
        return objects;
    }

    /** A required array of objects, of at least one. */
    List<JsonFields> requiredObjects(String key) {
        require(key);
        return objects(key, 1, Integer.MAX_VALUE);
    }

    private List<JsonNode> items(String key, int minimum, int maximum) {
        Optional<JsonNode> array = value(key, JsonType.ARRAY);
        if (array.isEmpty()) {
            return List.of();
        }
        int size = array.get().size();
        if (size < minimum) {
            note(key, new Violation.Fault.TooFewItems(minimum, size));
        }
        if (size > maximum) {
            note(key, new Violation.Fault.TooManyItems(maximum, size));
            return List.of();
        }
        List<JsonNode> items = new ArrayList<>(size);
        array.get().forEach(items::add);
        return items;
    }

    /** All fields, those that are not texts as their JSON. */
    void eachText(BiConsumer<String, String> reader) {
        node.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            reader.accept(entry.getKey(), value.isTextual() ? value.textValue() : value.toString());
        });
    }

    /** All fields, which have to be objects. */
    void eachObject(BiConsumer<String, JsonFields> reader) {
        node.fieldNames().forEachRemaining(key -> object(key).ifPresent(object -> reader.accept(key, object)));
    }

    /** The object as it is. */
    ObjectNode tree() {
        return node.deepCopy();
    }

    /** An object as its JSON text, for what is passed on as it is, such as a JSON Schema. */
    Optional<String> json(String key) {
        return value(key, JsonType.OBJECT).map(JsonNode::toString);
    }

    String requiredJson(String key) {
        require(key);
        return json(key).orElse("{}");
    }

    /** Notes a required key that is not there. */
    public void require(String key) {
        if (!has(key)) {
            notes.violations().add(new Violation(place, new Violation.Fault.Missing(key)));
        }
    }

    /** Notes a fault of a field. */
    public void note(String key, Violation.Fault fault) {
        notes.violations().add(new Violation(place(key), fault));
    }

    /** Notes a fault of an item of an array. */
    public void noteItem(String key, int index, Violation.Fault fault) {
        notes.violations().add(new Violation(place(key).appendIndex(index), fault));
    }

    /** Notes a fault of a field that no general rule has a name for. */
    public void note(String key, String message) {
        note(key, new Violation.Fault.Other(message));
    }

    /** Notes a fault of this object. */
    void note(String message) {
        notes.violations().add(new Violation(place, new Violation.Fault.Other(message)));
    }

    /** Reads these keys, whose values change nothing here. */
    public void ignore(String... keys) {
        read.addAll(List.of(keys));
    }

    /** Notes every key that has not been read. */
    public void nothingElse() {
        node.fieldNames().forEachRemaining(key -> {
            if (!read.contains(key)) {
                notes.violations().add(new Violation(place, new Violation.Fault.Unexpected(key)));
            }
        });
    }

    /**
     * Ends reading.
     *
     * @throws BodyException if anything was noted
     */
    public void check() {
        if (!notes.violations().isEmpty()) {
            throw BodyException.of(notes.violations());
        }
    }
}
