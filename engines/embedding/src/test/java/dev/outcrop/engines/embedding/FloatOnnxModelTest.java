package dev.outcrop.engines.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.outcrop.engines.embedding.EmbeddingModel.Embedding;
import dev.outcrop.engines.embedding.EmbeddingQueue.Wanted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model whose weights are in floating point, which runs texts of several callers together. */
class FloatOnnxModelTest {
    @TempDir
    private static Path folder;

    private static OnnxEmbeddingModel model;

    @BeforeAll
    static void open() throws IOException {
        Path weights = folder.resolve("float.onnx");
        try (InputStream resource = FloatOnnxModelTest.class.getResourceAsStream("float.onnx")) {
            Files.copy(resource, weights);
        }
        model = OnnxEmbeddingModel.open(
                "float",
                weights,
                UnigramReference.write("xlm-roberta", folder),
                OnnxEmbeddingModel.Settings.usual(Pooling.MEAN, 1_024));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void givesTheVectorsOfTheReferenceForTextsThatRunTogether() {
        List<UnigramReference.Case> cases = UnigramReference.cases().stream()
                .filter(one -> one.vector().length > 0)
                .toList();

        List<Embedding> embeddings =
                model.embed(cases.stream().map(UnigramReference.Case::text).toList(), Truncation.NONE);

        assertThat(cases).hasSizeGreaterThan(10);
        for (int i = 0; i < cases.size(); i++) {
            float[] vector = embeddings.get(i).vector();
            assertThat(vector).hasSameSizeAs(cases.get(i).vector());
            for (int place = 0; place < vector.length; place++) {
                assertThat((double) vector[place])
                        .as(cases.get(i).text())
                        .isCloseTo(cases.get(i).vector()[place], within(1e-5));
            }
        }
    }

    @Test
    void leavesPaddingOutOfWhatItReads() {
        Tokenizer tokenizer = Tokenizer.read(folder.resolve("xlm-roberta.json"));
        int[] shorter = tokenizer.encode("Where does the river rise?");
        int[] longer = tokenizer.encode("Where does the river rise that flows through the old town and the new one?");

        float[] together = model.run(List.of(shorter, longer), Wanted.TEXT)[0];

        assertThat(together).containsExactly(model.run(List.of(shorter), Wanted.TEXT)[0], within(1e-6f));
    }
}
