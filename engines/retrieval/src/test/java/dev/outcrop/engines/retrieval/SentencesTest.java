package dev.outcrop.engines.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class SentencesTest {
    private static List<String> sentences(String text) {
        return Sentences.of(text).stream().map(span -> span.of(text)).toList();
    }

    @Test
    void endsSentencesWhereReadersDo() {
        assertThat(sentences("It rains. Does it? Yes! \"Quite so.\" He left."))
                .containsExactly("It rains.", "Does it?", "Yes!", "\"Quite so.\"", "He left.");
    }

    @Test
    void doesNotEndThemAtAbbreviationsInitialsAndNumbers() {
        assertThat(sentences("Dr. J. Smith paid 3.50 euros, i.e. nothing. He left at 9 a.m. on foot."))
                .containsExactly("Dr. J. Smith paid 3.50 euros, i.e. nothing.", "He left at 9 a.m. on foot.");
    }

    @Test
    void takesTheItemsOfAListForSentences() {
        assertThat(sentences("You need:\n1. Water\n2. Salt\n\n- Bread"))
                .containsExactly("You need:", "1. Water", "2. Salt", "- Bread");
    }

    @Property(tries = 200)
    void losesNothingButWhiteSpace(@ForAll @StringLength(max = 200) String text) {
        StringBuilder seen = new StringBuilder();
        int before = 0;
        for (Sentences.Span span : Sentences.of(text)) {
            assertThat(span.start()).isGreaterThanOrEqualTo(before);
            before = span.end();
            seen.append(withoutWhiteSpace(span.of(text)));
        }

        assertThat(seen.toString()).isEqualTo(withoutWhiteSpace(text));
    }

    /** White space is Java's, which knows more than ASCII's. */
    private static String withoutWhiteSpace(String text) {
        return text.chars()
                .filter(letter -> !Character.isWhitespace(letter))
                .collect(StringBuilder::new, (kept, letter) -> kept.append((char) letter), StringBuilder::append)
                .toString();
    }
}
