package dev.outcrop.engines.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * How a text is parted into words before they are cut into pieces: at white space, and by SentencePiece's mark (▁) that
 * stands for a space.
 *
 * @param steps in their order
 */
record WordSplit(List<Step> steps) {
    /** A step. */
    sealed interface Step {
        /** Parts at white space, which is dropped. */
        record AtSpaces() implements Step {}

        /**
         * Writes a mark for each space.
         *
         * @param prefix where a mark is put before a text that has none
         * @param split  whether the text is parted before each mark
         */
        record Marks(String mark, Prefix prefix, boolean split) implements Step {}
    }

    /** Where a mark is put before a text. */
    enum Prefix {
        NEVER,
        FIRST,
        ALWAYS
    }

    WordSplit {
        steps = List.copyOf(steps);
    }

    /**
     * The steps of a {@code pre_tokenizer}.
     *
     * @throws EmbeddingException {@code INVALID} if one is not known here
     */
    static WordSplit of(JsonNode node, Path file) {
        List<Step> steps = new ArrayList<>();
        add(node, file, steps);
        return new WordSplit(steps);
    }

    private static void add(JsonNode node, Path file, List<Step> steps) {
        switch (node.path("type").asText()) {
            case "" -> {
                // The text as it is.
            }
            case "Sequence" -> node.path("pretokenizers").forEach(step -> add(step, file, steps));
            case "WhitespaceSplit" -> steps.add(new Step.AtSpaces());
            case "Metaspace" ->
                steps.add(new Step.Marks(
                        node.path("replacement").asText("▁"),
                        prefix(node),
                        node.path("split").asBoolean(true)));
            default ->
                throw Tokenizer.unsupported(
                        file, "pre_tokenizer", node.path("type").asText(), "Metaspace and WhitespaceSplit are");
        }
    }

    private static Prefix prefix(JsonNode node) {
        return switch (node.path("prepend_scheme").asText()) {
            case "always" -> Prefix.ALWAYS;
            case "first" -> Prefix.FIRST;
            case "never" -> Prefix.NEVER;
            default -> node.path("add_prefix_space").asBoolean(true) ? Prefix.ALWAYS : Prefix.NEVER;
        };
    }

    /**
     * Gives the words of {@code text} in their order.
     *
     * @param first whether nothing stands before the text
     */
    void words(String text, boolean first, Consumer<String> words) {
        words(text, first, 0, words);
    }

    private void words(String text, boolean first, int step, Consumer<String> words) {
        if (text.isEmpty()) {
            return;
        }
        if (step == steps.size()) {
            words.accept(text);
            return;
        }
        switch (steps.get(step)) {
            case Step.AtSpaces _ -> {
                int start = 0;
                for (int at = 0; at <= text.length(); at++) {
                    if (at == text.length() || TextNormalizer.isWhitespace(text.charAt(at))) {
                        words(text.substring(start, at), first && start == 0, step + 1, words);
                        start = at + 1;
                    }
                }
            }
            case Step.Marks(String mark, Prefix prefix, boolean split) -> {
                String marked = text.replace(" ", mark);
                boolean wanted = prefix == Prefix.ALWAYS || (prefix == Prefix.FIRST && first);
                if (wanted && !marked.startsWith(mark)) {
                    marked = mark + marked;
                }
                int start = 0;
                while (split && start < marked.length()) {
                    int next = marked.indexOf(mark, start + 1);
                    if (next < 0) {
                        break;
                    }
                    words(marked.substring(start, next), first && start == 0, step + 1, words);
                    start = next;
                }
                words(marked.substring(start), first && start == 0, step + 1, words);
            }
        }
    }
}
