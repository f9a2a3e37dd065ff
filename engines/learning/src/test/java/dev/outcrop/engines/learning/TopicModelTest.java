package dev.outcrop.engines.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TopicModelTest {
    private static final List<String> WEATHER = List.of("rain", "wind", "storm", "cloud", "thunder", "snow");
    private static final List<String> KITCHEN = List.of("flour", "butter", "sugar", "oven", "dough", "cream");

    private static TopicModel.Corpus corpus() {
        Random random = new Random(2);
        TopicModel.Corpus corpus = new TopicModel.Corpus();
        for (int i = 0; i < 80; i++) {
            List<String> words = i % 2 == 0 ? WEATHER : KITCHEN;
            StringBuilder text = new StringBuilder("The ");
            for (int word = 0; word < 10; word++) {
                text.append(words.get(random.nextInt(words.size()))).append(" and ");
            }
            corpus.add(text.toString());
        }
        return corpus;
    }

    @Test
    void tellsTopicsApart() {
        TopicModel model = TopicModel.fit(corpus(), 2, Progress.UNHEARD);

        List<String> terms =
                model.terms(0, 6).stream().map(TopicModel.WeightedTerm::term).toList();
        assertThat(terms.contains("rain") ? WEATHER : KITCHEN).containsExactlyInAnyOrderElementsOf(terms);
        assertThat(Arrays.stream(model.proportions(0)).sum()).isCloseTo(1, within(1e-9));
        assertThat(Arrays.stream(model.proportions(0)).max().orElseThrow()).isGreaterThan(0.9);
        assertThat(model.proportions(0)[0] > 0.5).isNotEqualTo(model.proportions(1)[0] > 0.5);
    }

    @Test
    void findsTheSameAgain() {
        TopicModel first = TopicModel.fit(corpus(), 3, Progress.UNHEARD);
        TopicModel second = TopicModel.fit(corpus(), 3, Progress.UNHEARD);

        assertThat(first.terms(0, 10)).isEqualTo(second.terms(0, 10));
    }

    @Test
    void refusesTextsThatTellNothing() {
        TopicModel.Corpus corpus = new TopicModel.Corpus();
        corpus.add("the and of 12 34");

        assertThatThrownBy(() -> TopicModel.fit(corpus, 2, Progress.UNHEARD)).isInstanceOf(UntrainableException.class);
    }
}
