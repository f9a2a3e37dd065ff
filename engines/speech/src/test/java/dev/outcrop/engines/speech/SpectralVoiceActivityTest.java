package dev.outcrop.engines.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.outcrop.engines.speech.VoiceActivity.Span;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class SpectralVoiceActivityTest {
    private final VoiceActivity voice = new SpectralVoiceActivity();

    static Stream<Arguments> soundsWithoutSpeech() {
        float[] clicks = Sounds.noise(20, 0.001);
        for (int i = 4000; i + 40 < clicks.length; i += 9000) {
            System.arraycopy(Sounds.noise(0.01, 0.5), 0, clicks, i, 40);
        }
        float[] bursts = Sounds.noise(20, 0.001);
        for (int i = 8000; i + 8000 < bursts.length; i += 32000) {
            System.arraycopy(Sounds.noise(0.5, 0.2), 0, bursts, i, 8000);
        }
        float[] beeps = Sounds.noise(20, 0.001);
        for (int i = 8000; i + 8000 < beeps.length; i += 32000) {
            System.arraycopy(Sounds.tone(0.5, 440, 0.3), 0, beeps, i, 8000);
        }
        return Stream.of(
                Arguments.of("nothing", new float[0]),
                Arguments.of("silence", Sounds.silence(20)),
                Arguments.of("hiss", Sounds.noise(20, 0.1)),
                Arguments.of("loud hiss", Sounds.noise(60, 0.9)),
                Arguments.of("quiet hiss", Sounds.noise(20, 0.0005)),
                Arguments.of("rumble", Sounds.rumble(20, 0.1)),
                Arguments.of("hum", Sounds.mixed(Sounds.tone(20, 50, 0.3), Sounds.noise(20, 0.01))),
                Arguments.of("a tone", Sounds.tone(20, 1000, 0.5)),
                Arguments.of("beeps", beeps),
                Arguments.of("clicks", clicks),
                Arguments.of("bursts of noise", bursts));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("soundsWithoutSpeech")
    void hearsNobodyWhereNobodySpeaks(String what, float[] samples) {
        List<Span> spans = voice.find(samples);

        assertThat(spans).as(what).isEmpty();
    }

    @Test
    void findsSpeechBetweenSilences() throws Exception {
        float[] samples = Sounds.joined(Sounds.silence(5), Sounds.address(), Sounds.silence(5));

        List<Span> spans = voice.find(samples);

        // With 0.4 s on each side, so that nothing soft is cut off.
        assertThat(spans.getFirst().start()).isCloseTo(4.8, within(0.4));
        assertThat(spans.getLast().end()).isCloseTo(16.0, within(0.5));
    }

    @Test
    void findsSpeechInNoise() throws Exception {
        float[] samples = Sounds.mixed(
                Sounds.joined(Sounds.silence(5), Sounds.address(), Sounds.silence(5)), Sounds.noise(30, 0.01));

        List<Span> spans = voice.find(samples);

        assertThat(spans.stream().mapToDouble(Span::length).sum()).isBetween(6.0, 12.5);
        assertThat(spans.getFirst().start()).isGreaterThan(4.5);
        assertThat(spans.getLast().end()).isLessThan(16.8);
    }

    @Test
    void keepsSpansInOrderAndApart() throws Exception {
        float[] address = Sounds.address();
        float[] samples = Sounds.joined(address, Sounds.noise(3, 0.001), address, Sounds.silence(1), address);

        List<Span> spans = voice.find(samples);

        double[] edges = spans.stream()
                .flatMap(span -> Stream.of(span.start(), span.end()))
                .mapToDouble(Double::doubleValue)
                .toArray();
        assertThat(edges).isSorted().hasSizeGreaterThan(4);
        assertThat(edges[0]).isNotNegative();
        assertThat(edges[edges.length - 1]).isLessThanOrEqualTo(samples.length / 16_000.0);
    }

    @Test
    void bearsSamplesThatAreNoNumbers() throws Exception {
        float[] samples = Sounds.address();
        Arrays.fill(samples, 1000, 2000, Float.NaN);
        Arrays.fill(samples, 30_000, 31_000, Float.POSITIVE_INFINITY);

        List<Span> spans = voice.find(samples);

        assertThat(spans).isNotEmpty();
    }
}
