package dev.outcrop.engines.text.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.outcrop.engines.text.TextModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterTest {
    private static final String PROSE = """
            The river rises in the mountains of the north and flows through a wide valley to the sea. Its waters were \
            used by the people of the region for farming, for trade and for the mills that stood along its banks. \
            """;

    @TempDir
    Path folder;

    @Test
    void anAdapterChangesTheModelByItsScale() throws IOException {
        Path adapter = AdapterFile.write(folder.resolve("adapter.gguf"), 30, 576, 4, 0.15);

        double plain = perplexity(List.of());
        double without = perplexity(List.of(new LlamaSettings.Adapter(adapter, 0)));
        double whole = perplexity(List.of(new LlamaSettings.Adapter(adapter, 1)));

        assertThat(without).isCloseTo(plain, within(plain * 0.001));
        assertThat(Math.abs(whole - plain)).isGreaterThan(plain * 0.05);
    }

    @Test
    void saysThatAnAdapterIsForAnotherModel() throws IOException {
        Path narrow = AdapterFile.write(folder.resolve("narrow.gguf"), 2, 64, 4, 0.1);
        Path nonsense = Files.writeString(folder.resolve("nonsense.gguf"), "GGUF but not really");

        for (Path file : List.of(narrow, nonsense)) {
            TextModelException refused = catchThrowableOfType(
                    TextModelException.class, () -> perplexity(List.of(new LlamaSettings.Adapter(file, 1))));

            assertThat(refused).hasMessageContaining(file.getFileName().toString());
        }
    }

    private static double perplexity(List<LlamaSettings.Adapter> adapters) {
        LlamaSettings settings = LlamaSettings.of("adapted", SmallModel.requantized(), SmallModel.libraries())
                .withContextLength(512)
                .withAdapters(adapters);
        try (LlamaTextModel model = new LlamaTextModel(settings)) {
            return model.perplexity(PROSE, 32, Duration.ofMinutes(1));
        }
    }
}
