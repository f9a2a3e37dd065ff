package dev.outcrop.engines.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.speech.RecognitionOptions.BoostedPhrase;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DomainPhrasesTest {
    private static final Set<String> ENGLISH =
            Set.of("the", "server", "runs", "on", "and", "is", "fast", "ask", "voss", "about", "a", "market", "in");

    private static List<String> phrases(String text, int most) {
        DomainPhrases domain = new DomainPhrases(ENGLISH::contains);
        domain.read(text);
        return domain.phrases(most).stream().map(BoostedPhrase::text).toList();
    }

    @Test
    void wordsThatTheLanguageHasNotArePreferredTheMostFrequentFirst() {
        List<String> found = phrases("The server runs on Graviton. Graviton is fast. Servers and atorvastatin.", 10);

        assertThat(found).containsExactly("Graviton", "atorvastatin");
    }

    @Test
    void namesThatFollowEachOtherAreAPhrase() {
        assertThat(phrases("Ask about Anneliese Voss in the market.", 10))
                .containsExactly("Anneliese", "Voss", "Anneliese Voss");
    }

    @Test
    void aWordThatIsAlsoWrittenSmallIsNoName() {
        assertThat(phrases("The Market in the market.\nMarket is fast.", 10)).isEmpty();
    }

    @Test
    void noMoreAreToldThanAreWanted() {
        assertThat(phrases("Qdrant and Qdrant and Kubernetes.", 1)).containsExactly("Qdrant");
    }
}
