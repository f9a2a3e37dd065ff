package dev.outcrop.engines.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.outcrop.engines.embedding.EmbeddingException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxCrossEncoderTest {
    private static final Tokenizer BERT = Tokenizer.read(MiniLm.installed().file("tokenizer.json"));

    @TempDir
    Path folder;

    @Test
    void readsEachPassageTogetherWithTheQuery() throws IOException {
        try (OnnxCrossEncoder model = TinyCrossEncoder.open(folder, 32)) {
            double[] logits = model.logits("ten twenty", List.of("forty", "hundred ten", ""));

            // [CLS] 10 20 [SEP] 40 [SEP] and so on: what belongs to the passage over the whole.
            assertThat(logits).containsExactly(new double[] {43.0 / 78, 113.0 / 148, 3.0 / 38}, within(1e-6));
        }
    }

    @Test
    void givesEachOfManyPassagesTheScoreThatItHasAlone() throws IOException {
        try (OnnxCrossEncoder model = TinyCrossEncoder.open(folder, 600)) {
            Random random = new Random(3);
            List<String> passages = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                passages.add("forty ".repeat(random.nextInt(300)));
            }

            double[] together = model.logits("ten", passages);

            for (int i = 0; i < passages.size(); i += 17) {
                assertThat(together[i])
                        .as("passage %d", i)
                        .isCloseTo(model.logits("ten", List.of(passages.get(i)))[0], within(1e-6));
            }
            assertThat(model.logits("ten", List.of())).isEmpty();
        }
    }

    @Test
    void cutsTheEndOfThePassageWhereItIsLongerThanTheModelReads() throws IOException {
        try (OnnxCrossEncoder model = TinyCrossEncoder.open(folder, 6)) {
            double[] logits = model.logits("ten", List.of("twenty thirty forty hundred"));

            assertThat(logits).containsExactly(new double[] {53.0 / 68}, within(1e-6));
        }
    }

    @Test
    void framesPairsAsBertDoes() {
        TokenPair pair = BERT.pair(BERT.plain("a"), BERT.plain("b a"), 512);

        assertThat(pair.ids()).containsExactly(101, 1037, 102, 1038, 1037, 102);
        assertThat(pair.types()).containsExactly(0, 0, 0, 1, 1, 1);
    }

    @Property(tries = 200)
    void fillsWhatTheModelReadsAndCutsTheLongerTextFirst(
            @ForAll @Size(max = 40) int[] first,
            @ForAll @Size(max = 40) int[] second,
            @ForAll @IntRange(min = 3, max = 90) int most) {
        TokenPair pair = BERT.pair(first, second, most);

        assertThat(pair.ids()).hasSize(Math.min(most, first.length + second.length + 3));
        int kept = 0;
        for (int type : pair.types()) {
            kept += type;
        }
        int ofSecond = kept - 1;
        int ofFirst = pair.ids().length - 3 - ofSecond;
        if (ofFirst < first.length) {
            assertThat(ofFirst).isGreaterThanOrEqualTo(ofSecond - 1);
        }
        if (ofSecond < second.length) {
            assertThat(ofSecond).isGreaterThanOrEqualTo(ofFirst - 1);
        }
    }

    @Test
    void refusesAModelThatGivesNoScore() throws IOException {
        Path weights = Files.write(folder.resolve("model.onnx"), TinyCrossEncoder.model("read", 2));
        Path tokenizer = Files.writeString(folder.resolve("tokenizer.json"), TinyCrossEncoder.TOKENIZER);

        assertThatThrownBy(() -> OnnxCrossEncoder.open("tiny", weights, tokenizer, 32, Duration.ofSeconds(1)))
                .isInstanceOfSatisfying(
                        EmbeddingException.class, e -> assertThat(e.category()).isEqualTo(Category.INVALID))
                .hasMessageContaining("must be of shape [pairs, 1]");
    }

    @Test
    void refusesATokenizerThatKnowsNoPairs() throws IOException {
        Path weights = Files.write(folder.resolve("model.onnx"), TinyCrossEncoder.weights());
        Path tokenizer = Files.writeString(
                folder.resolve("tokenizer.json"), TinyCrossEncoder.TOKENIZER.replace("\"pair\"", "\"pairs\""));

        assertThatThrownBy(() -> OnnxCrossEncoder.open("tiny", weights, tokenizer, 32, Duration.ofSeconds(1)))
                .isInstanceOf(EmbeddingException.class)
                .hasMessageContaining("does not say how two texts stand together");
    }

    @Test
    void answersNobodyOnceItIsClosed() throws IOException {
        OnnxCrossEncoder model = TinyCrossEncoder.open(folder, 32);
        model.close();

        assertThatThrownBy(() -> model.logits("ten", List.of("forty")))
                .isInstanceOfSatisfying(
                        EmbeddingException.class, e -> assertThat(e.category()).isEqualTo(Category.UNAVAILABLE));
    }
}
