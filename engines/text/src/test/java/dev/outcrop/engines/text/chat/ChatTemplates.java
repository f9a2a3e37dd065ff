package dev.outcrop.engines.text.chat;

import dev.outcrop.engines.text.template.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** The chat templates of many models, as {@code TemplateReferenceTest} has them. */
final class ChatTemplates {
    private static final Map<?, ?> TEMPLATES = read();

    private ChatTemplates() {}

    private static Map<?, ?> read() {
        try (InputStream packed = ChatTemplates.class.getResourceAsStream(
                        "/dev/outcrop/engines/text/template/references.json.gz");
                InputStream plain = new GZIPInputStream(packed)) {
            String json = new String(plain.readAllBytes(), StandardCharsets.UTF_8);
            return (Map<?, ?>) ((Map<?, ?>) JsonText.readPlain(json)).get("templates");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> names() {
        List<String> names = new ArrayList<>();
        TEMPLATES.keySet().forEach(name -> names.add((String) name));
        return names;
    }

    static ChatFormat format(String name) {
        return ChatFormat.of(
                (String) TEMPLATES.get(name),
                "<s>",
                "</s>",
                Clock.fixed(Instant.parse("2026-03-07T14:05:09Z"), ZoneOffset.UTC));
    }
}
