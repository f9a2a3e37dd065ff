package dev.outcrop.engines.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DimensionsTest {
    private static final List<String> TEXTS = List.of("a cat on a mat", "a dog in the fog");

    private static EmbeddingModel model;

    @BeforeAll
    static void open() {
        model = MiniLm.open();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static float[] vector(EmbeddingModel of, int text) {
        return of.embed(TEXTS).get(text).vector();
    }

    @Test
    void padsWithZerosWhichChangesNoCosine() {
        EmbeddingModel longer = Dimensions.of(model, 1024);

        assertThat(longer.description().dimension()).isEqualTo(1024);
        assertThat(Arrays.copyOf(vector(longer, 0), 384)).isEqualTo(vector(model, 0));
        assertThat(Reference.cosine(vector(longer, 0), vector(longer, 1)))
                .isEqualTo(Reference.cosine(vector(model, 0), vector(model, 1)));
    }

    @Test
    void shortensTo256LosingAtMostHalfAPercentOfRecallAt1AndReciprocalRank() throws IOException {
        Retrieval full = Retrieval.of(model);
        Retrieval shorter = Retrieval.of(Dimensions.of(model, 256));

        assertThat(shorter.recallAt1()).isGreaterThan(full.recallAt1() - 0.005);
        assertThat(shorter.recallAt5()).isGreaterThan(full.recallAt5() - 0.005);
        assertThat(shorter.meanReciprocalRank()).isGreaterThan(full.meanReciprocalRank() - 0.005);
    }

    @Test
    void givesShorterVectorsOfUnitLengthThatBeginTheLongerOnes() {
        float[] medium = vector(Dimensions.of(model, 256), 0);
        float[] small = vector(Dimensions.of(model, 64), 0);

        assertThat(small).hasSize(64);
        assertThat(Reference.cosine(small, Arrays.copyOf(medium, 64))).isCloseTo(1, within(1e-6));
        assertThat(Reference.cosine(small, small)).isCloseTo(1, within(1e-6));
    }

    @Test
    void readsItsDirectionsOnce() {
        EmbeddingModel.Description description = model.description();

        assertThat(Dimensions.directions(description).orElseThrow())
                .isSameAs(Dimensions.directions(description).orElseThrow());
    }

    @Test
    void isTheModelItselfAtItsOwnLength() {
        assertThat(Dimensions.of(model, 384)).isSameAs(model);
    }

    @Test
    void refusesLengthsThatNothingWasFittedFor() {
        for (int dimension : new int[] {0, -1, 300, 1 << 20}) {
            assertThatThrownBy(() -> Dimensions.of(model, dimension))
                    .isInstanceOf(EmbeddingException.class)
                    .hasMessageContaining("384 values, or more up to 16384, or 1 to 256, but not " + dimension);
        }
    }
}
