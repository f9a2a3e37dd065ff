package dev.outcrop.engines.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnigramPiecesTest {
    private static final Map<String, Tokenizer> TOKENIZERS = new HashMap<>();

    @TempDir
    private static Path folder;

    @BeforeAll
    static void read() throws IOException {
        for (String name : new String[] {"xlm-roberta", "bytes"}) {
            TOKENIZERS.put(name, Tokenizer.read(UnigramReference.write(name, folder)));
        }
    }

    @Test
    void givesTheTokensThatTheReferenceGives() {
        for (UnigramReference.Case one : UnigramReference.cases()) {
            assertThat(TOKENIZERS.get(one.tokenizer()).encode(one.text()))
                    .as("%s of %s", one.tokenizer(), one.text())
                    .isEqualTo(one.ids());
        }
    }

    @Test
    void writesBytesForWhatHasNoPiece() {
        int[] ids = TOKENIZERS.get("bytes").encode("\uD83D\uDC7E");

        // ▁, then F0 9F 91 BE, whose tokens follow <unk>, <s> and </s>.
        assertThat(ids).containsSequence(3 + 0xF0, 3 + 0x9F, 3 + 0x91, 3 + 0xBE);
    }

    @Test
    void cutsAHundredThousandCharactersWithoutAPause() {
        assertThat(TOKENIZERS.get("xlm-roberta").encode("a".repeat(100_000))).hasSizeGreaterThan(10_000);
    }

    @Test
    void refusesANormalizerThatIsNotKnown() throws IOException {
        Path file = Files.writeString(
                folder.resolve("odd.json"),
                "{\"model\": {\"type\": \"Unigram\", \"unk_id\": 0, \"vocab\": [[\"a\", -1.0]]}, "
                        + "\"normalizer\": {\"type\": \"Nmt\"}}");

        assertThatThrownBy(() -> Tokenizer.read(file))
                .isInstanceOf(EmbeddingException.class)
                .hasMessageContaining("has a normalizer of type Nmt; only Precompiled,");
    }

    @Test
    void refusesAMapOfCharactersThatIsCutOff() {
        assertThatThrownBy(() -> new PrecompiledCharacters(new byte[] {4, 0, 0, 0, 1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("its trie cannot have 4 bytes");
    }

    @Test
    void readsMapsWhoseTrieLeadsNowhere() {
        byte[] map = {4, 0, 0, 0, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F, 'x'};

        assertThat(new PrecompiledCharacters(map).normalize("any text é")).isEqualTo("any text é");
    }
}
