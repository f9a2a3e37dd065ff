package dev.outcrop.services.bedrockruntime.families;

import dev.outcrop.engines.text.Prompt;
import java.util.List;

/** Prompts written in a family's own template, read back into turns. */
final class TemplatePrompts {
    private TemplatePrompts() {}

    static Prompt plain(String text) {
        return Prompt.Chat.of(List.of(Prompt.Message.of(Prompt.Role.USER, text)));
    }

    static Prompt llama(String text) {
        return plain(text);
    }

    static Prompt titan(String text) {
        return plain(text);
    }

    static Prompt claude(String text) {
        return plain(text);
    }

    static Prompt mistral(String text) {
        return plain(text);
    }

    static Prompt deepSeek(String text) {
        return plain(text);
    }
}
