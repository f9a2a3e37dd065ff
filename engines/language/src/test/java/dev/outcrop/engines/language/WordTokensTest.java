package dev.outcrop.engines.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordTokensTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "I don't think she'll come. | I do n't think she 'll come .",
                "Mr. Miller's dog (a big one) | Mr. Miller 's dog ( a big one )",
                "It cost $1,000.50 in the U.S. | It cost $ 1,000.50 in the U.S.",
                "We cannot go!!! | We can not go !!!",
                "well-known, see https://example.com/a?b=1. | well - known , see https://example.com/a?b=1 .",
                "mail jo.doe@example.com :-) | mail jo.doe@example.com :-)",
                "3.5% of 10km on 21st May | 3.5 % of 10 km on 21st May"
            })
    void cutsAsTreebanksDo(String text, String words) {
        assertThat(WordTokens.texts(text, WordTokens.of(text))).containsExactly(words.split(" "));
    }

    @Property(tries = 300)
    void losesNothingButWhiteSpace(@ForAll String text) {
        List<WordTokens.Token> tokens = WordTokens.of(text);

        int at = 0;
        for (WordTokens.Token token : tokens) {
            assertThat(text.substring(at, token.start())).isBlank();
            assertThat(token.end()).isGreaterThan(token.start());
            at = token.end();
        }
    }
}
