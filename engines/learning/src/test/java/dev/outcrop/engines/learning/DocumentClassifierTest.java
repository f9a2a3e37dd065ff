package dev.outcrop.engines.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.outcrop.engines.learning.DocumentClassifier.Mode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DocumentClassifierTest {
    private static List<LabelledText> examples() {
        List<LabelledText> examples = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            examples.add(new LabelledText("rain, wind and a storm of day " + i, "weather"));
            examples.add(new LabelledText("the team won match " + i + " by a late goal", "sport"));
            examples.add(new LabelledText("whisk flour, sugar and " + i + " eggs for the cake", "kitchen"));
        }
        return examples;
    }

    private static byte[] bytes(DocumentClassifier classifier) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        classifier.write(bytes);
        return bytes.toByteArray();
    }

    @Test
    void learnsClassesAndIsSureOfThem() {
        DocumentClassifier classifier = DocumentClassifier.train(Mode.MULTI_CLASS, examples(), Progress.UNHEARD);

        assertThat(classifier.classes()).containsExactly("kitchen", "sport", "weather");
        assertThat(classifier.classify("a goal in the last match").getFirst().name())
                .isEqualTo("sport");
        assertThat(classifier.classify("storm and rain").getFirst().score()).isGreaterThan(0.8);
        assertThat(classifier.classify("storm").stream()
                        .mapToDouble(DocumentClassifier.ScoredClass::score)
                        .sum())
                .isCloseTo(1, within(1e-5));
        assertThat(classifier.evaluate(examples()).accuracy()).isEqualTo(1);
    }

    @Test
    void givesTheSameBytesForTheSameExamplesAndReadsThemBack() throws IOException {
        byte[] first = bytes(DocumentClassifier.train(Mode.MULTI_CLASS, examples(), Progress.UNHEARD));
        byte[] second = bytes(DocumentClassifier.train(Mode.MULTI_CLASS, examples(), Progress.UNHEARD));

        assertThat(first).isEqualTo(second);
        DocumentClassifier read = DocumentClassifier.read(new ByteArrayInputStream(first));
        assertThat(read.classify("flour and sugar").getFirst().name()).isEqualTo("kitchen");
        assertThat(bytes(read)).isEqualTo(first);
    }

    @Test
    void givesSeveralLabels() {
        List<LabelledText> examples = new ArrayList<>(examples());
        for (int i = 0; i < 30; i++) {
            examples.add(new LabelledText("the match was stopped by rain and wind " + i, Set.of("sport", "weather")));
        }

        DocumentClassifier classifier = DocumentClassifier.train(Mode.MULTI_LABEL, examples, Progress.UNHEARD);

        assertThat(classifier.labels("rain and wind stopped the match")).containsExactly("sport", "weather");
        ClassifierEvaluation evaluation = classifier.evaluate(examples);
        assertThat(evaluation.microF1()).isGreaterThan(0.95);
        assertThat(evaluation.confusion()).hasSize(3);
    }

    @Test
    void canBeCancelled() {
        assertThatThrownBy(() -> DocumentClassifier.train(Mode.MULTI_CLASS, examples(), _ -> {
                    throw new IllegalStateException("cancelled");
                }))
                .hasMessage("cancelled");
    }

    @Test
    void refusesExamplesThatTeachNothing() {
        assertThatThrownBy(() -> DocumentClassifier.train(
                        Mode.MULTI_CLASS, List.of(new LabelledText("a", "b")), Progress.UNHEARD))
                .isInstanceOf(UntrainableException.class)
                .hasMessageContaining("2 to 1000 classes");
    }

    @Test
    void evaluatesAsTheMatricesSay() {
        ClassifierEvaluation evaluation = ClassifierEvaluation.of(
                Mode.MULTI_CLASS,
                List.of("a", "b"),
                List.of(Set.of("a"), Set.of("a"), Set.of("a"), Set.of("b")),
                List.of(Set.of("a"), Set.of("a"), Set.of("b"), Set.of("b")));

        assertThat(evaluation.accuracy()).isEqualTo(0.75);
        assertThat(evaluation.precision()).isEqualTo((1 + 0.5) / 2);
        assertThat(evaluation.recall()).isCloseTo((2.0 / 3 + 1) / 2, within(1e-9));
        assertThat(evaluation.microF1()).isEqualTo(0.75);
        assertThat(evaluation.hammingLoss()).isEqualTo(0.25);
        assertThat(evaluation.confusion().getFirst()).isDeepEqualTo(new int[][] {{2, 1}, {0, 1}});
    }

    @Test
    void readsNothingFromDamagedBytesButSaysSo() throws IOException {
        byte[] bytes = bytes(DocumentClassifier.train(Mode.MULTI_CLASS, examples(), Progress.UNHEARD));
        Random random = new Random(4);

        for (int i = 0; i < 200; i++) {
            byte[] damaged = i % 2 == 0 ? bytes.clone() : java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
            for (int flips = 0; flips < 3 && damaged.length > 0; flips++) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
            }
            try {
                DocumentClassifier.read(new ByteArrayInputStream(damaged)).classify("rain");
            } catch (DamagedModelException expected) {
                assertThat(expected.getMessage()).isNotBlank();
            }
        }
    }
}
