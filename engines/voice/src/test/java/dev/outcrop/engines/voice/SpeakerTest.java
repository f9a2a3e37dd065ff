package dev.outcrop.engines.voice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.voice.Speaker.Spoken;
import dev.outcrop.engines.voice.SpeechMark.Kind;
import dev.outcrop.engines.voice.markup.Lexicon;
import dev.outcrop.engines.voice.markup.Speech;
import dev.outcrop.engines.voice.markup.Ssml;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpeakerTest {
    private static List<Spoken> speak(Speech speech, Lexicon... lexicons) {
        List<Spoken> sentences = new ArrayList<>();
        Joe.speaker().speak(speech, List.of(lexicons)).forEachRemaining(sentences::add);
        return sentences;
    }

    private static List<Spoken> ssml(String document) {
        return speak(Ssml.read(document, EnumSet.allOf(Ssml.Feature.class)));
    }

    private static List<SpeechMark> marks(List<Spoken> spoken, Kind kind) {
        return spoken.stream()
                .flatMap(sentence -> sentence.marks().stream())
                .filter(mark -> mark.kind() == kind)
                .toList();
    }

    private static double seconds(List<Spoken> spoken) {
        return spoken.stream().mapToInt(sentence -> sentence.samples().length).sum()
                / (double) Joe.voice().sampleRate();
    }

    private static double loudness(List<Spoken> spoken) {
        double sum = 0;
        long count = 0;
        for (Spoken sentence : spoken) {
            for (float sample : sentence.samples()) {
                sum += sample * sample;
                count++;
            }
        }
        return Math.sqrt(sum / count);
    }

    @Test
    void marksSentencesWordsAndMouthsWhereTheyAreHeard() {
        List<Spoken> spoken = speak(Speech.of("Mary had a little lamb."));

        assertThat(marks(spoken, Kind.SENTENCE))
                .containsExactly(new SpeechMark(Kind.SENTENCE, 0, 0, 23, "Mary had a little lamb."));
        List<SpeechMark> words = marks(spoken, Kind.WORD);
        assertThat(words).extracting(SpeechMark::value).containsExactly("Mary", "had", "a", "little", "lamb");
        assertThat(words).extracting(SpeechMark::start).containsExactly(0, 5, 9, 11, 18);
        assertThat(words).extracting(SpeechMark::end).containsExactly(4, 8, 10, 17, 22);
        assertThat(words).extracting(SpeechMark::millis).isSorted().allMatch(millis -> millis < 2500);
        assertThat(marks(spoken, Kind.VISEME))
                .extracting(SpeechMark::value)
                .startsWith("p", "E", "r", "i", "k")
                .endsWith("p", "sil");
        assertThat(seconds(spoken)).isBetween(1.0, 4.0);
        assertThat(loudness(spoken)).isGreaterThan(.01);
    }

    @Test
    void speaksTheSameEachTime() {
        List<Spoken> once = speak(Speech.of("Once more."));
        List<Spoken> again = speak(Speech.of("Once more."));

        assertThat(once.getFirst().samples()).isEqualTo(again.getFirst().samples());
    }

    @Test
    void speaksSentenceBySentence() {
        List<Spoken> spoken = speak(Speech.of("Dr. Smith is here. Is he?\n\nYes"));

        assertThat(marks(spoken, Kind.SENTENCE))
                .extracting(SpeechMark::value)
                .containsExactly("Dr. Smith is here.", "Is he?", "Yes");
        assertThat(spoken).hasSize(3);
        long second = marks(spoken, Kind.SENTENCE).get(1).millis();
        assertThat(second)
                .isEqualTo(
                        spoken.getFirst().samples().length * 1000L / Joe.voice().sampleRate());
    }

    @Test
    void followsTheMarkupAndMarksItsPlaces() {
        String document = "<speak><prosody volume=\"+20dB\">Mary had <break time=\"300ms\"/>a little "
                + "<mark name=\"animal\"/>lamb</prosody></speak>";

        List<Spoken> spoken = ssml(document);

        assertThat(marks(spoken, Kind.SENTENCE).getFirst().value())
                .isEqualTo("Mary had <break time=\"300ms\"/>a little <mark name=\"animal\"/>lamb");
        assertThat(marks(spoken, Kind.WORD))
                .extracting(SpeechMark::value)
                .containsExactly("Mary", "had", "<break time=\"300ms\"/>", "a", "little", "lamb");
        SpeechMark bookmark = marks(spoken, Kind.BOOKMARK).getFirst();
        assertThat(bookmark.value()).isEqualTo("animal");
        assertThat(bookmark.millis())
                .isEqualTo(marks(spoken, Kind.WORD).getLast().millis());
        assertThat(document.substring(bookmark.start(), bookmark.end())).isEqualTo("<mark name=\"animal\"/>");
    }

    @Test
    void speaksSlowerAndSofterAndHigherWhenToldTo() {
        String text = "This is a sentence of some length.";
        List<Spoken> usual = speak(Speech.of(text));

        List<Spoken> slow = ssml("<speak><prosody rate=\"50%\">" + text + "</prosody></speak>");
        List<Spoken> soft = ssml("<speak><prosody volume=\"-12dB\">" + text + "</prosody></speak>");
        List<Spoken> high = ssml("<speak><prosody pitch=\"+30%\">" + text + "</prosody></speak>");
        List<Spoken> whispered = ssml("<speak><amazon:effect name=\"whispered\">" + text + "</amazon:effect></speak>");

        assertThat(seconds(slow)).isGreaterThan(1.6 * seconds(usual) - .5);
        assertThat(loudness(soft) / loudness(usual)).isBetween(.2, .3);
        assertThat(seconds(high) / seconds(usual)).isBetween(.85, 1.15);
        assertThat(pitch(high) / pitch(usual)).isBetween(1.15, 1.45);
        assertThat(voiced(whispered)).isLessThan(.75 * voiced(usual));
    }

    /** The strongest period of the whole, as a frequency. */
    private static double pitch(List<Spoken> spoken) {
        float[] samples = spoken.getFirst().samples();
        int rate = Joe.voice().sampleRate();
        List<Double> pitches = new ArrayList<>();
        for (int at = 0; at + 2048 < samples.length; at += 512) {
            double[] strength = strength(samples, at, rate);
            if (strength[1] > .6) {
                pitches.add(strength[0]);
            }
        }
        Collections.sort(pitches);
        return pitches.get(pitches.size() / 2);
    }

    /** How periodic the sound is where it is loud. */
    private static double voiced(List<Spoken> spoken) {
        float[] samples = spoken.getFirst().samples();
        int rate = Joe.voice().sampleRate();
        List<Double> all = new ArrayList<>();
        for (int at = 0; at + 2048 < samples.length; at += 512) {
            all.add(strength(samples, at, rate)[1]);
        }
        return all.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    private static double[] strength(float[] samples, int at, int rate) {
        double best = 0;
        int lag = 1;
        for (int candidate = rate / 300; candidate < rate / 60; candidate++) {
            double cross = 0;
            double own = 1e-9;
            double other = 1e-9;
            for (int i = at; i < at + 1024; i++) {
                cross += samples[i] * samples[i + candidate];
                own += samples[i] * samples[i];
                other += samples[i + candidate] * samples[i + candidate];
            }
            double value = cross / Math.sqrt(own * other);
            if (value > best) {
                best = value;
                lag = candidate;
            }
        }
        return new double[] {rate / (double) lag, best};
    }

    @Test
    void saysWhatLexiconsAndSoundsTellItTo() {
        Lexicon lexicon = Lexicon.read("<lexicon version=\"1.0\" xml:lang=\"en-US\" alphabet=\"ipa\">"
                + "<lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme></lexicon>");

        List<Spoken> plain = speak(Speech.of("The W3C met."));
        List<Spoken> alias = speak(Speech.of("The W3C met."), lexicon);
        List<Spoken> same = speak(Speech.of("The World Wide Web Consortium met."));

        assertThat(marks(alias, Kind.WORD)).extracting(SpeechMark::value).containsExactly("The", "W3C", "met");
        assertThat(marks(alias, Kind.VISEME))
                .extracting(SpeechMark::value)
                .containsExactlyElementsOf(
                        marks(same, Kind.VISEME).stream().map(SpeechMark::value).toList());
        assertThat(seconds(alias)).isNotEqualTo(seconds(plain));
        String ipa = "<speak><phoneme alphabet=\"ipa\" ph=\"pɪˈkɑːn\">pecan</phoneme></speak>";
        String sampa = "<speak><phoneme alphabet='x-sampa' ph='pI\"kA:n'>pecan</phoneme></speak>";
        assertThat(Arrays.equals(
                        ssml(ipa).getFirst().samples(), ssml(sampa).getFirst().samples()))
                .isTrue();
    }

    @Test
    void speaksLongTextsWithoutPunctuationInBreaths() {
        List<Spoken> spoken = speak(Speech.of("word and word ".repeat(60)));

        assertThat(marks(spoken, Kind.WORD)).hasSize(180);
        assertThat(marks(spoken, Kind.WORD)).extracting(SpeechMark::millis).isSorted();
    }

    @Test
    void isSilentWhereNothingCanBeSaid() {
        assertThat(speak(Speech.of(" \n "))).isEmpty();
        assertThat(marks(speak(Speech.of("你好 ...")), Kind.VISEME))
                .extracting(SpeechMark::value)
                .containsOnly("sil");
    }
}
