package dev.outcrop.engines.text.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSchemaGrammarTest {
    private static final SchemaRegistry VALIDATORS =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private static void assertWalksAreValid(String schema, long seed, int walks) {
        Gbnf grammar = Gbnf.parse(JsonSchemaGrammar.of(schema));
        Schema validator = VALIDATORS.getSchema(schema);
        Random random = new Random(seed);
        for (int walk = 0; walk < walks; walk++) {
            String json = grammar.walk(random);
            assertThat(validator.validate(
                            json,
                            InputFormat.JSON,
                            execution -> execution.executionConfig(config -> config.formatAssertionsEnabled(true))))
                    .as("%s by %s", json, schema)
                    .isEmpty();
            assertThat(grammar.matches(json)).as(json).isTrue();
        }
    }

    @Property(tries = 300)
    void whatTheGrammarMakesIsValid(@ForAll("schemas") String schema, @ForAll long seed) {
        assertWalksAreValid(schema, seed, 4);
    }

    @Provide
    Arbitrary<String> schemas() {
        return schemas(3);
    }

    private static Arbitrary<String> schemas(int depth) {
        Arbitrary<String> leaves = Arbitraries.oneOf(
                Arbitraries.of(
                        "{\"type\":\"string\"}",
                        "{\"type\":\"boolean\"}",
                        "{\"type\":\"null\"}",
                        "{\"type\":\"integer\"}",
                        "{\"type\":\"number\"}",
                        "{\"type\":[\"string\",\"null\"]}",
                        "{\"enum\":[\"a\",1,null,true,{\"k\":[1.5]}]}",
                        "{\"const\":\"line\\n\\\"quoted\\\" ü\"}",
                        "{\"type\":\"string\",\"pattern\":\"^[A-Z]{2}-\\\\d{3,5}(x|yz)?$\"}",
                        "{\"type\":\"string\",\"pattern\":\"[\\\"a]+b\"}",
                        "{\"type\":\"string\",\"format\":\"date\"}",
                        "{\"type\":\"string\",\"format\":\"time\"}",
                        "{\"type\":\"string\",\"format\":\"date-time\"}",
                        "{\"type\":\"string\",\"format\":\"uuid\"}",
                        "{\"type\":\"string\",\"format\":\"ipv4\"}",
                        "{\"type\":\"string\",\"format\":\"uri\"}",
                        "{\"type\":\"object\"}",
                        "{\"type\":\"array\"}",
                        "{}",
                        "true"),
                Combinators.combine(
                                Arbitraries.integers().between(0, 5),
                                Arbitraries.integers().between(0, 7))
                        .as((least, more) -> "{\"type\":\"string\",\"minLength\":" + least + ",\"maxLength\":"
                                + (least + more) + "}"),
                Combinators.combine(
                                Arbitraries.of("integer", "number"),
                                Arbitraries.longs().between(-20_000, 20_000),
                                Arbitraries.longs().between(0, 30_000),
                                Arbitraries.of("minimum", "exclusiveMinimum"))
                        .as((type, least, more, keyword) -> "{\"type\":\"" + type + "\",\"" + keyword + "\":" + least
                                + ",\"maximum\":" + (least + more + 2) + "}"),
                Combinators.combine(
                                Arbitraries.doubles().between(-50, 50).ofScale(2),
                                Arbitraries.doubles().between(0.1, 20).ofScale(1),
                                Arbitraries.of("maximum", "exclusiveMaximum"))
                        .as((least, more, keyword) -> "{\"type\":\"number\",\"minimum\":" + least + ",\"" + keyword
                                + "\":" + Math.round((least + more) * 100) / 100.0 + "}"));
        if (depth == 0) {
            return leaves;
        }
        Arbitrary<String> inner = schemas(depth - 1);
        Arbitrary<String> objects = Combinators.combine(
                        inner.list().ofMaxSize(4),
                        Arbitraries.integers().between(0, 15),
                        Arbitraries.of(
                                "",
                                ",\"additionalProperties\":false",
                                ",\"additionalProperties\":{\"type\":\"integer\"}"))
                .as((properties, mask, additional) -> {
                    List<String> names = new ArrayList<>();
                    List<String> required = new ArrayList<>();
                    for (int index = 0; index < properties.size(); index++) {
                        names.add("\"p" + index + "\":" + properties.get(index));
                        if ((mask >> index & 1) == 1) {
                            required.add("\"p" + index + "\"");
                        }
                    }
                    return "{\"type\":\"object\",\"properties\":{" + String.join(",", names) + "},\"required\":["
                            + String.join(",", required) + "]" + additional + "}";
                });
        Arbitrary<String> arrays = Combinators.combine(
                        inner,
                        inner.list().ofMaxSize(2),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(0, 3))
                .as((items, prefix, least, more) -> "{\"type\":\"array\",\"items\":" + items
                        + (prefix.isEmpty() ? "" : ",\"prefixItems\":[" + String.join(",", prefix) + "]")
                        + ",\"minItems\":" + least + ",\"maxItems\":" + (least + more) + "}");
        Arbitrary<String> choices = inner.list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(members -> "{\"anyOf\":[" + String.join(",", members) + "]}");
        return Arbitraries.oneOf(leaves, objects, arrays, choices);
    }

    @ParameterizedTest
    @ValueSource(strings = {"""
                {"$defs":{"node":{"type":"object","properties":{"value":{"type":"integer"},"next":{"anyOf":[
                  {"$ref":"#/$defs/node"},{"type":"null"}]}},"required":["value","next"]}},"$ref":"#/$defs/node"}""", """
                {"type":"object","properties":{"children":{"type":"array","items":{"$ref":"#"}},"name":{"type":"string"}},
                 "required":["name"],"additionalProperties":false}""", """
                {"allOf":[{"type":"object","properties":{"a":{"type":"integer","minimum":3}},"required":["a"]},
                  {"properties":{"a":{"maximum":9},"b":{"type":"string"}},"required":["b"]}]}""", """
                {"type":"object","properties":{"kind":{"type":"string"}},"required":["kind"],"anyOf":[
                  {"properties":{"kind":{"const":"circle"},"radius":{"type":"number","exclusiveMinimum":0}},"required":["radius"]},
                  {"properties":{"kind":{"const":"square"},"side":{"type":"number","exclusiveMinimum":0}},"required":["side"]}]}""", """
                {"oneOf":[{"type":"object","properties":{"type":{"const":"a"},"x":{"type":"integer"}},"required":["type","x"]},
                  {"type":"object","properties":{"type":{"const":"b"}},"required":["type"]},{"type":"string"}]}""", """
                {"type":"integer","nullable":false,"enum":[1,2,300],"maximum":200}""", """
                {"type":"number","minimum":0.1,"maximum":0.9}""", """
                {"type":"number","exclusiveMinimum":-1.5,"exclusiveMaximum":1.25}""", """
                {"type":"integer","minimum":-1234567890123456789012,"maximum":-5}""", """
                {"type":"string","minLength":1500,"maxLength":4321}""", """
                {"$ref":"#/definitions/b","description":"an alias","definitions":{"b":{"type":"array","items":{"type":"boolean"},"minItems":2}}}"""})
    void whatTheGrammarOfAWellKnownShapeMakesIsValid(String schema) {
        assertWalksAreValid(schema, 7, 50);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{\"type\":\"string\"}},\"required\":[\"b\"]} | {\"b\": \"x\"} | true",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{\"type\":\"string\"}},\"required\":[\"b\"]} | {\"a\":-5,\"b\":\"x\\u00fc\\n\"} | true",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{\"type\":\"string\"}},\"required\":[\"b\"]} | {\"a\":1} | false",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{\"type\":\"string\"}},\"required\":[\"b\"]} | {\"a\":1.5,\"b\":\"\"} | false",
                "{\"type\":\"object\",\"properties\":{\"ab\":{}},\"additionalProperties\":{\"type\":\"null\"}} | {\"a\":null,\"abc\":null,\"b\":null} | true",
                "{\"type\":\"object\",\"properties\":{\"ab\":{\"type\":\"null\"}},\"additionalProperties\":{\"type\":\"integer\"}} | {\"ab\":1} | false",
                "{\"type\":\"array\",\"items\":{\"type\":\"integer\",\"minimum\":7,\"maximum\":112},\"maxItems\":2} | [7, 112] | true",
                "{\"type\":\"array\",\"items\":{\"type\":\"integer\",\"minimum\":7,\"maximum\":112},\"maxItems\":2} | [6] | false",
                "{\"type\":\"array\",\"items\":{\"type\":\"integer\",\"minimum\":7,\"maximum\":112},\"maxItems\":2} | [113] | false",
                "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"maxItems\":2} | [1,2,3] | false",
                "{\"type\":\"string\",\"pattern\":\"^(\\\\+1)?[2-9]\\\\d{2}$\"} | \"+1555\" | true",
                "{\"type\":\"string\",\"pattern\":\"^(\\\\+1)?[2-9]\\\\d{2}$\"} | \"155\" | false",
                "{} | {\"any\": [1, {\"thing\": null}], \"x\": -1.5e10} | true",
                "{\"type\":\"string\",\"format\":\"email\"} | \"a.b+c@mail.example.de\" | true",
                "{\"type\":\"string\",\"format\":\"email\"} | \"nobody\" | false",
                "{} | [1,] | false"
            })
    void acceptsValidAndRefusesInvalid(String schema, String json, boolean valid) {
        Gbnf grammar = Gbnf.parse(JsonSchemaGrammar.of(schema));

        boolean accepted = grammar.matches(json);

        assertThat(accepted).isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"not\":{\"type\":\"string\"}} | \"not\"",
                "{\"type\":\"object\",\"patternProperties\":{}} | patternProperties",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"array\",\"uniqueItems\":true}}} | uniqueItems",
                "{\"type\":\"integer\",\"multipleOf\":3} | multipleOf",
                "{\"if\":{},\"then\":{}} | \"if\"",
                "{\"type\":\"string\",\"format\":\"hostname\"} | hostname",
                "{\"type\":\"string\",\"pattern\":\"(?=a)b\"} | (?",
                "{\"type\":\"string\",\"pattern\":\"\\\\bword\"} | \\b",
                "{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"number\"}]} | oneOf",
                "{\"type\":\"strin\"} | strin",
                "{\"$ref\":\"http://example.com/schema\"} | $ref",
                "{\"$ref\":\"#\"} | $ref",
                "{\"anyOf\":[{\"$ref\":\"#\"},{\"type\":\"null\"}]} | refers to itself",
                "{\"type\":\"integer\",\"minimum\":5,\"maximum\":4} | accepts no number",
                "{\"type\":\"array\",\"minItems\":3,\"maxItems\":2} | minItems",
                "{\"type\":\"array\",\"maxItems\":99999999999} | maxItems",
                "{\"type\":\"string\",\"minLength\":-1} | minLength",
                "{\"type\":\"object\",\"required\":[\"a\"],\"additionalProperties\":false} | requires \"a\"",
                "false | false",
                "nonsense | not JSON"
            })
    void refusesByNameWhatItCannotSay(String schema, String named) {
        assertThatThrownBy(() -> JsonSchemaGrammar.of(schema))
                .isInstanceOf(JsonSchemaException.class)
                .hasMessageContaining(named);
    }

    @Test
    void refusesSchemasThatNestTooDeep() {
        String schema = "{\"items\":".repeat(100) + "{}" + "}".repeat(100);

        assertThatThrownBy(() -> JsonSchemaGrammar.of(schema))
                .isInstanceOf(JsonSchemaException.class)
                .hasMessageContaining("levels deep");
    }

    @Test
    void refusesSchemasThatMakeHugeGrammars() {
        String values = String.join(
                ",",
                IntStream.range(0, 100_000)
                        .mapToObj(value -> "\"value-" + value + "\"")
                        .toList());

        assertThatThrownBy(() -> JsonSchemaGrammar.of("{\"enum\":[" + values + "]}"))
                .isInstanceOf(JsonSchemaException.class)
                .hasMessageContaining("characters");
    }

    @Test
    void refusesSchemasThatNoFiniteValueFulfils() {
        String schema = "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#\"}},\"required\":[\"a\"]}";

        assertThatThrownBy(() -> JsonSchemaGrammar.of(schema))
                .isInstanceOf(JsonSchemaException.class)
                .hasMessageContaining("no finite value");
    }
}
