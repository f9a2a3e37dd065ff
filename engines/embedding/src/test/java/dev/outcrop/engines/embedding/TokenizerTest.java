package dev.outcrop.engines.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
    private static final Tokenizer TOKENIZER = Tokenizer.read(MiniLm.installed().file("tokenizer.json"));

    @Test
    void givesTheTokensThatTheReferenceGives() throws IOException {
        for (Reference reference : Reference.all()) {
            assertThat(TOKENIZER.encode(reference.text())).as(reference.text()).isEqualTo(reference.ids());
        }
    }

    @Property(tries = 300)
    void framesWhateverText(@ForAll String text) {
        int[] ids = TOKENIZER.encode(text);

        assertThat(ids[0]).isEqualTo(101);
        assertThat(ids[ids.length - 1]).isEqualTo(102);
    }

    @Test
    void cutsTheEndButKeepsTheFrame() {
        int[] ids = TOKENIZER.encode("one two three four five six");

        assertThat(TOKENIZER.truncate(ids, 5, Truncation.END)).containsExactly(101, ids[1], ids[2], ids[3], 102);
        assertThat(TOKENIZER.truncate(ids, 5, Truncation.START)).containsExactly(101, ids[4], ids[5], ids[6], 102);
    }

    @Test
    void readsAMillionCharactersWithoutAPauseInLinearTime() {
        String text = "a".repeat(1_000_000);

        assertThat(TOKENIZER.encode(text)).containsExactly(101, 100, 102);
        assertThat(Arrays.stream(TOKENIZER.encode("a ".repeat(500_000))).count())
                .isEqualTo(500_002);
    }

    @Test
    void refusesATokenizerOfAnotherKindByName(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": {\"type\": \"BPE\"}}");

        assertThatThrownBy(() -> Tokenizer.read(file))
                .isInstanceOf(EmbeddingException.class)
                .hasMessageContaining("has a model of type BPE; only WordPiece and Unigram are supported");
    }

    @Test
    void refusesAFileThatIsNoJson(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), "not JSON");

        assertThatThrownBy(() -> Tokenizer.read(file))
                .isInstanceOf(EmbeddingException.class)
                .hasMessageContaining("cannot be read");
    }
}
