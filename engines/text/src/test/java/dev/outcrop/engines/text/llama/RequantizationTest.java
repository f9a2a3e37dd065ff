package dev.outcrop.engines.text.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.outcrop.engines.text.TextModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequantizationTest {
    private static final String PROSE = """
            The river rises in the mountains of the north and flows through a wide valley to the sea. Its waters were \
            used by the people of the region for farming, for trade and for the mills that stood along its banks. In \
            the nineteenth century a railway was built beside it, and the small towns grew quickly. The harbour at its \
            mouth was deepened several times, until ships of any size could enter it. During the war most of the \
            bridges were destroyed; they were rebuilt in the ten years after it, some of them in a different place. \
            Today the river is known above all for its birds. Every autumn, great numbers of geese and ducks rest in \
            the marshes near the coast before they fly on to the south. The government has made a large part of these \
            marshes a national park, which is visited by many people from all parts of the country. The water is \
            cleaner than it has been for a hundred years, and fish that had disappeared have come back. \
            """;

    @TempDir
    Path folder;

    @Test
    void writesQ8AndKeepsItWherePerplexityStaysWithinOnePercent() throws Exception {
        Path output = folder.resolve("q8.gguf");
        Requantization requantization = new Requantization(SmallModel.libraries(), 2, Duration.ofMinutes(3), 128);
        Requantization.Outcome outcome =
                requantization.requantize(SmallModel.file(), Requantization.Type.Q8_0, output, PROSE);

        assertThat(outcome.after() / outcome.before()).isBetween(0.97, 1.03);
        assertThat(outcome.kept()).isEqualTo(outcome.after() <= outcome.before() * Requantization.TOLERANCE);
        assertThat(Files.exists(output)).isEqualTo(outcome.kept());
        assertThat(folder.toFile().list()).hasSize(outcome.kept() ? 1 : 0);
    }

    @Test
    void saysWhatIsNoModelAndLeavesNothingBehind() throws Exception {
        Path nonsense = Files.writeString(folder.resolve("nonsense.gguf"), "GGUF but not really");
        Requantization requantization = new Requantization(SmallModel.libraries(), 1, Duration.ofMinutes(1));

        TextModelException refused = catchThrowableOfType(
                TextModelException.class,
                () -> requantization.write(nonsense, Requantization.Type.Q8_0, folder.resolve("out.gguf")));

        assertThat(refused.category()).isEqualTo(TextModelException.Category.INVALID);
        assertThat(folder.toFile().list()).containsExactly("nonsense.gguf");
    }
}
