package dev.outcrop.engines.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Renders the chat templates of 70 models like Python's jinja2, byte for byte; {@code src/test/templates/refresh.py}
 * made what is expected.
 */
class TemplateReferenceTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-07T14:05:09Z"), ZoneOffset.UTC);

    @TestFactory
    Stream<DynamicTest> rendersLikeTheReference() throws IOException {
        Map<?, ?> references = references();
        Map<?, ?> templates = (Map<?, ?>) references.get(Text.of("templates"));
        Map<?, ?> cases = (Map<?, ?>) references.get(Text.of("cases"));
        Map<?, ?> renderings = (Map<?, ?>) references.get(Text.of("renderings"));

        return templates.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey().toString(),
                        () -> rendersLikeTheReference(
                                entry.getValue().toString(), cases, (Map<?, ?>) renderings.get(entry.getKey()))));
    }

    private static void rendersLikeTheReference(String source, Map<?, ?> cases, Map<?, ?> renderings) {
        Template template = Template.parse(source);

        cases.forEach((name, variables) -> {
            Map<String, Object> named = new LinkedHashMap<>();
            ((Map<?, ?>) variables).forEach((key, value) -> named.put(key.toString(), value));
            Map<?, ?> expected = (Map<?, ?>) renderings.get(name);
            if (isOurs(expected.toString())) {
                assertThat(template.render(named, CLOCK).value())
                        .as(name.toString())
                        .isNotEmpty();
            } else if (expected.containsKey(Text.of("text"))) {
                assertThat(template.render(named, CLOCK).value())
                        .as(name.toString())
                        .isEqualTo(expected.get(Text.of("text")).toString());
            } else if (expected.containsKey(Text.of("refused"))) {
                assertThat(catchThrowable(() -> template.render(named, CLOCK)))
                        .as(name.toString())
                        .isInstanceOf(TemplateException.class)
                        .hasMessage(expected.get(Text.of("refused")).toString());
            } else {
                assertThat(catchThrowable(() -> template.render(named, CLOCK)))
                        .as("%s, where the reference says %s", name, expected)
                        .isInstanceOf(TemplateException.class);
            }
        });
    }

    /**
     * Where we do as llama.cpp does: the reference has no {@code from_json}, no {@code append} or {@code pop} and no JSON of lazy
     * sequences, and it escapes for HTML what is added to a text marked safe.
     */
    private static boolean isOurs(String failure) {
        return failure.contains("No filter named 'from_json'")
                || failure.contains("type generator is not JSON serializable")
                || failure.contains("'pop' of 'list' object is unsafe")
                || failure.contains("'append' of 'list' object is unsafe")
                || failure.contains("{&#34;name&#34;: ");
    }

    private static Map<?, ?> references() throws IOException {
        try (InputStream packed = TemplateReferenceTest.class.getResourceAsStream("references.json.gz");
                InputStream plain = new GZIPInputStream(packed)) {
            return (Map<?, ?>) JsonText.read(new String(plain.readAllBytes(), StandardCharsets.UTF_8), Text.TEMPLATE);
        }
    }
}
