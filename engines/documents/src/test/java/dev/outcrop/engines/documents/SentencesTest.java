package dev.outcrop.engines.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The labelled sample has a paragraph a line, its sentences parted by {@code ¶}; half of it is written to be hard. */
class SentencesTest {
    private record Score(int right, int wrong, int missed) {
        double f1() {
            return 2.0 * right / (2 * right + wrong + missed);
        }
    }

    @Test
    void findsTheSentencesOfTheLabelledSample() throws IOException {
        Score ours = score(Sentences::split);
        Score platform = score(SentencesTest::platform);

        System.out.printf(
                "sentence boundaries: F1 %.3f %s; BreakIterator %.3f %s%n", ours.f1(), ours, platform.f1(), platform);
        assertThat(ours.f1()).as("F1 of boundaries: %s", ours).isGreaterThan(0.97);
        assertThat(ours.f1()).isGreaterThan(platform.f1());
    }

    @Test
    void keepsTitlesNumbersAndAbbreviationsTogether() {
        assertThat(Sentences.split("Dr. Smith paid 3.5 crowns, e.g. for slate. He left at 5 p.m. on Monday."))
                .containsExactly("Dr. Smith paid 3.5 crowns, e.g. for slate.", "He left at 5 p.m. on Monday.");
    }

    @Test
    void endsASentenceAtABlankLine() {
        assertThat(Sentences.split("A title\n\nA sentence. Another one"))
                .containsExactly("A title", "A sentence.", "Another one");
    }

    @Test
    void losesNothingOfAnyText() {
        String text = "... ?!. \"a.b\" (C.) . e.g. 。！ x";

        assertThat(String.join("", Sentences.split(text)).replace(" ", "")).isEqualTo(text.replace(" ", ""));
    }

    private static Score score(Function<String, List<String>> splitter) throws IOException {
        int right = 0;
        int wrong = 0;
        int missed = 0;
        try (InputStream in = SentencesTest.class.getResourceAsStream("sentences.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                List<String> wanted = List.of(line.split("\\s*¶\\s*"));
                String text = String.join(" ", wanted);
                Set<Integer> boundaries = boundaries(text, wanted);
                Set<Integer> found = boundaries(text, splitter.apply(text));
                for (int boundary : found) {
                    if (boundaries.contains(boundary)) {
                        right++;
                    } else {
                        wrong++;
                    }
                }
                for (int boundary : boundaries) {
                    missed += found.contains(boundary) ? 0 : 1;
                }
            }
        }
        return new Score(right, wrong, missed);
    }

    /** Where sentences end but for the last, which needs no finding. */
    private static Set<Integer> boundaries(String text, List<String> sentences) {
        Set<Integer> ends = new HashSet<>();
        int at = 0;
        for (String sentence : sentences) {
            at = text.indexOf(sentence, at) + sentence.length();
            ends.add(at);
        }
        ends.remove(text.length());
        return ends;
    }

    private static List<String> platform(String text) {
        BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ENGLISH);
        breaks.setText(text);
        List<String> sentences = new ArrayList<>();
        int from = 0;
        for (int to = breaks.next(); to != BreakIterator.DONE; to = breaks.next()) {
            sentences.add(text.substring(from, to).strip());
            from = to;
        }
        return sentences;
    }
}
