package dev.outcrop.engines.speech.whisper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.speech.RecognitionOptions.BoostedPhrase;
import dev.outcrop.engines.speech.SpeechException;
import dev.outcrop.engines.speech.Transcript.RecognizedWord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class WhisperTokenizerTest {
    private static final WhisperTokenizer TOKENIZER =
            WhisperTokenizer.read(Whisper.installed().file("tokenizer.json"));

    /** Expected tokens: Hugging Face's tokenizers 0.23.3 with the same file. */
    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of(" Hello, world! It's 2026.", new int[] {2425, 11, 1002, 0, 467, 311, 945, 10880, 13}),
                Arguments.of(
                        "naïve café – 東京 👍", new int[] {629, 15487, 303, 25118, 1662, 220, 18413, 31375, 36276, 235}),
                Arguments.of("  two  spaces\n", new int[] {220, 220, 20534, 220, 7673, 198}),
                Arguments.of("don't", new int[] {13966, 380}),
                Arguments.of(" Outcrop Pryzbylewski", new int[] {5925, 66, 1513, 430, 627, 89, 65, 2072, 14358, 2984}));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void splitsAsTheReferenceDoesAndJoinsAgain(String text, int[] tokens) {
        assertThat(TOKENIZER.encode(text)).containsExactly(tokens);
        assertThat(TOKENIZER.decode(tokens)).isEqualTo(text);
    }

    @Test
    void suppressesTheTokensThatTheModelsAuthorsSuppress() {
        int[] some = {1, 2, 7, 8, 9, 10, 14, 25, 503, 10428, 50254, 50258, 50358, 50359, 50360, 50361, 50362};

        assertThat(TOKENIZER.suppressed()).contains(some).doesNotContain(0, 11, 13, 30, 220, 50257, 50364);
    }

    @Test
    void givesWordsTheirPunctuationAndTimes() {
        int[] tokens = TOKENIZER.encode(" \"Stop!\" said Mr. O'Neill.");
        double[] starts = new double[tokens.length + 1];
        Arrays.setAll(starts, i -> i);

        List<RecognizedWord> words = new Words(TOKENIZER, "en").of(tokens, new float[tokens.length], starts);

        assertThat(words).extracting(RecognizedWord::text).containsExactly("\"Stop!\"", "said", "Mr.", "O'Neill.");
        assertThat(words).extracting(RecognizedWord::start).isSorted();
        assertThat(words).allMatch(word -> word.end() >= word.start() && word.confidence() == 1);
    }

    @Test
    void splitsLanguagesWithoutSpacesByCharacters() {
        int[] tokens = TOKENIZER.encode("東京へ。");

        List<RecognizedWord> words =
                new Words(TOKENIZER, "ja").of(tokens, new float[tokens.length], new double[tokens.length + 1]);

        assertThat(String.join("", words.stream().map(RecognizedWord::text).toList()))
                .isEqualTo("東京へ。");
        assertThat(words).hasSizeGreaterThan(1).noneMatch(RecognizedWord::spaced);
    }

    @Test
    void prefersWholePhrasesAndTakesBackWhatBegunOnesGained() {
        PhraseBias bias = new PhraseBias(List.of(new BoostedPhrase("Pryzbylewski", 2)), TOKENIZER);
        int[] tokens = TOKENIZER.encode(" Pryzbylewski");
        PhraseBias.Place place = bias.start();
        double gained = 0;

        for (int token : tokens) {
            PhraseBias.Move move = bias.after(place, token);
            gained += move.gain();
            place = move.place();
        }
        PhraseBias.Move begun = bias.after(bias.start(), tokens[0]);
        PhraseBias.Move broken = bias.after(begun.place(), TOKENIZER.encode(" and")[0]);

        assertThat(gained).isEqualTo(2.0 * tokens.length);
        assertThat(place.owed()).isZero();
        assertThat(begun.gain() + broken.gain()).isZero();
    }

    @Test
    void mutatedFilesAreReadOrRefusedAndNothingElse(@TempDir Path folder) throws Exception {
        String whole = "{\"added_tokens\": [{\"id\": 3, \"content\": \"<|endoftext|>\"},"
                + " {\"id\": 4, \"content\": \"<|startoftranscript|>\"}, {\"id\": 5, \"content\": \"<|en|>\"},"
                + " {\"id\": 6, \"content\": \"<|transcribe|>\"}, {\"id\": 7, \"content\": \"<|startofprev|>\"},"
                + " {\"id\": 8, \"content\": \"<|notimestamps|>\"}],"
                + " \"model\": {\"vocab\": {\"a\": 0, \"b\": 1, \"ab\": 2}, \"merges\": [\"a b\"]}}";
        Random random = new Random(3);
        for (int round = 0; round < 500; round++) {
            byte[] mutated = whole.getBytes(StandardCharsets.UTF_8);
            for (int change = random.nextInt(3); change >= 0; change--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(128);
            }
            Path file = Files.write(folder.resolve("tokenizer.json"), mutated);
            try {
                WhisperTokenizer.read(file);
            } catch (SpeechException e) {
                assertThat(e.category()).isEqualTo(SpeechException.Category.MODEL);
            }
        }
        assertThatThrownBy(() -> WhisperTokenizer.read(folder.resolve("absent")))
                .isInstanceOf(SpeechException.class);
    }
}
