package dev.outcrop.engines.voice.markup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkupTest {
    private static final EnumSet<Ssml.Feature> ALL = EnumSet.allOf(Ssml.Feature.class);

    private static final String SSML = "<?xml version=\"1.0\"?><speak version=\"1.1\"><p><s>Hi &amp; <emphasis level=\"strong\">you"
            + "</emphasis></s></p><!-- no --><break strength=\"strong\"/><prosody rate=\"slow\" pitch='+10%' volume=\"x-loud\">a"
            + "</prosody><phoneme alphabet='x-sampa' ph='pI\"kA:n'>pecan</phoneme><say-as interpret-as=\"date\" format=\"mdy\">1/2"
            + "/2003</say-as><sub alias=\"Hg\">mercury</sub><w role=\"amazon:VB\">read</w><lang xml:lang=\"fr-FR\">oui</lang>"
            + "<mark name=\"m\"/><amazon:effect vocal-tract-length=\"+15%\">long</amazon:effect><![CDATA[<x>]]>&#x41;</speak>";

    private static final String PLS = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><lexicon version=\"1.0\" alphabet=\"ipa\" xml:lang=\"en-US\">"
            + "<lexeme><grapheme>pecan</grapheme><grapheme>Pecan</grapheme><phoneme>pɪˈkɑːn</phoneme></lexeme>"
            + "<lexeme><grapheme>W3C</grapheme><alias>Consortium</alias></lexeme></lexicon>";

    @Test
    void readsAllOfTheLanguage() {
        Speech speech = Ssml.read(SSML, ALL);

        assertThat(speech.parts()).hasSize(20 - 1).contains(new Speech.Bookmark(
                SSML.indexOf("<mark"), SSML.indexOf("<amazon"), "m"));
        Speech.Pause pause = speech.parts().stream()
                .filter(Speech.Pause.class::isInstance)
                .map(Speech.Pause.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(pause.length()).isEqualTo(Duration.ofMillis(500));
        assertThat(Ssml.spokenCharacters("<speak>a &amp; <b>c</b></speak>")).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "<speak>",
                "<speak></speak><speak/>",
                "<p>a</p>",
                "<speak><b>a</b></speak>",
                "<speak>a & b</speak>",
                "<speak>&nbsp;</speak>",
                "<speak>&#0;</speak>",
                "<!DOCTYPE speak [<!ENTITY a \"b\">]><speak>&a;</speak>",
                "<speak><break time=\"11s\"/></speak>",
                "<speak><break time=\"-1s\"/></speak>",
                "<speak><break strength=\"huge\"/></speak>",
                "<speak><mark/></speak>",
                "<speak><prosody>a</prosody></speak>",
                "<speak><prosody rate=\"10%\">a</prosody></speak>",
                "<speak><prosody volume=\"11\">a</prosody></speak>",
                "<speak><phoneme ph=\"§\">a</phoneme></speak>",
                "<speak><phoneme alphabet=\"arpabet\" ph=\"a\">a</phoneme></speak>",
                "<speak><say-as interpret-as=\"poem\">a</say-as></speak>",
                "<speak><sub>a</sub></speak>",
                "<speak><w role=\"amazon:XX\">a</w></speak>",
                "<speak><amazon:effect name=\"shouted\">a</amazon:effect></speak>",
                "<speak a='1' a='2'/>",
                "<speak a=1/>"
            })
    void refusesWhatIsNone(String document) {
        assertThatThrownBy(() -> Ssml.read(document, ALL))
                .isInstanceOfSatisfying(
                        MarkupException.class,
                        failure -> assertThat(failure.category()).isEqualTo(MarkupException.Category.INVALID));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<speak><emphasis>a</emphasis></speak>",
                "<speak><prosody pitch=\"high\">a</prosody></speak>",
                "<speak><amazon:effect name=\"whispered\">a</amazon:effect></speak>",
                "<speak><amazon:auto-breaths>a</amazon:auto-breaths></speak>",
                "<speak><amazon:domain name=\"news\">a</amazon:domain></speak>"
            })
    void saysWhatAVoiceCannotDo(String document) {
        assertThatThrownBy(() -> Ssml.read(document, EnumSet.noneOf(Ssml.Feature.class)))
                .isInstanceOfSatisfying(
                        MarkupException.class,
                        failure -> assertThat(failure.category()).isEqualTo(MarkupException.Category.UNSUPPORTED));
    }

    @Test
    void limitsDepth() {
        String deep = "<speak>" + "<p>".repeat(200) + "</p>".repeat(200) + "</speak>";

        assertThatThrownBy(() -> Ssml.read(deep, ALL)).isInstanceOf(MarkupException.class);
    }

    @Test
    void readsLexicons() {
        Lexicon lexicon = Lexicon.read(PLS);

        assertThat(lexicon.lexemes()).isEqualTo(2);
        assertThat(lexicon.entries()).containsOnlyKeys("pecan", "Pecan", "W3C");
        assertThat(lexicon.entries().get("W3C")).isEqualTo(new Lexicon.Alias("Consortium"));
    }

    /** Bytes changed, cut out and doubled: a document is read, or refused as none. */
    @Test
    void readsOrRefusesDamagedDocuments() {
        Random random = new Random(7);
        int refused = 0;
        for (int round = 0; round < 3000; round++) {
            String damaged = damaged(round % 2 == 0 ? SSML : PLS, random);
            try {
                if (round % 2 == 0) {
                    Ssml.read(damaged, ALL);
                    Ssml.spokenCharacters(damaged);
                } else {
                    Lexicon.read(damaged);
                }
            } catch (MarkupException none) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1000, 3000);
    }

    private static String damaged(String document, Random random) {
        StringBuilder text = new StringBuilder(document);
        for (int change = 0; change <= random.nextInt(3); change++) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + 1 + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(random.nextBoolean() ? 128 : 0xFFFF));
                case 1 -> text.delete(at, end);
                case 2 -> text.insert(at, text.substring(at, end));
                default -> text.insert(
                        at,
                        List.of("<", ">", "&", "\"", "<speak>", "</", "<!--", "<![CDATA[", "&#x110000;", "=")
                                .get(random.nextInt(10)));
            }
        }
        return text.toString();
    }
}
