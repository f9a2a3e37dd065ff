package dev.outcrop.engines.text.llama.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** The parts of the decoding loop that need no model. */
class DecodingPartsTest {
    @Property(tries = 200)
    void charactersComeWholeHoweverTheirBytesAreCut(@ForAll @IntRange(min = 1, max = 5) int step) {
        String text = "aß€😀 日本 🐈‍⬛ end";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        WholeCharacters characters = new WholeCharacters();
        StringBuilder received = new StringBuilder();

        for (int from = 0; from < bytes.length; from += step) {
            String part = characters.accept(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + step)));
            assertThat(part).doesNotContain("\ufffd");
            received.append(part);
        }

        assertThat(received + characters.finish()).isEqualTo(text);
    }

    @Test
    void bytesThatAreNoTextBecomeReplacementCharacters() {
        WholeCharacters characters = new WholeCharacters();

        String text = characters.accept(new byte[] {'a', (byte) 0xff, 'b', (byte) 0xe2, (byte) 0x82});

        assertThat(text).isEqualTo("a\ufffdb");
        assertThat(characters.finish()).isEqualTo("\ufffd");
    }

    @Property(tries = 300)
    void stopSequencesAreFoundHoweverTheTextIsCut(
            @ForAll @StringLength(max = 12) @CharRange(from = 'a', to = 'c') String text,
            @ForAll @StringLength(min = 1, max = 3) @CharRange(from = 'a', to = 'c') String sequence,
            @ForAll @IntRange(min = 1, max = 4) int step) {
        StopSequences stops = new StopSequences(List.of(sequence));
        StringBuilder released = new StringBuilder();

        for (int from = 0; from < text.length() && stops.met().isEmpty(); from += step) {
            released.append(stops.accept(text.substring(from, Math.min(text.length(), from + step))));
        }
        released.append(stops.finish());

        int place = text.indexOf(sequence);
        assertThat(released.toString()).isEqualTo(place < 0 ? text : text.substring(0, place));
        assertThat(stops.met()).isEqualTo(place < 0 ? Optional.empty() : Optional.of(sequence));
    }

    @Test
    void drawsInProportionToTheProbabilities() {
        float[] logits = {(float) Math.log(6), (float) Math.log(3), (float) Math.log(1), -1000};

        int[] drawn = draw(logits, new SamplingSettings(1, 0, 1, 0, 0, 0, 1, 5), 20_000);

        assertThat(drawn[0] / 20_000.0).isCloseTo(0.6, within(0.02));
        assertThat(drawn[1] / 20_000.0).isCloseTo(0.3, within(0.02));
        assertThat(drawn[2] / 20_000.0).isCloseTo(0.1, within(0.02));
        assertThat(drawn[3]).isZero();
    }

    @Test
    void topKTopPAndMinPLeaveTheLikeliestOnly() {
        float[] logits = {(float) Math.log(5), (float) Math.log(3), (float) Math.log(1.5), (float) Math.log(0.5)};

        assertThat(draw(logits, new SamplingSettings(1, 2, 1, 0, 0, 0, 1, 5), 2000))
                .endsWith(0, 0);
        assertThat(draw(logits, new SamplingSettings(1, 0, 0.79, 0, 0, 0, 1, 5), 2000))
                .endsWith(0, 0);
        assertThat(draw(logits, new SamplingSettings(1, 0, 1, 0.5, 0, 0, 1, 5), 2000))
                .endsWith(0, 0);
        assertThat(draw(logits, new SamplingSettings(1, 0, 0.4, 0, 0, 0, 1, 5), 100)[0])
                .isEqualTo(100);
        // Top-p counts on what top-k has left: 5/8 of two tokens is above .6, so the first alone is enough.
        assertThat(draw(logits, new SamplingSettings(1, 2, 0.6, 0, 0, 0, 1, 5), 100)[0])
                .isEqualTo(100);
    }

    @Property(tries = 50)
    void aNucleusOfTheTopKHasNoTokenMoreOrLessThanItsDefinition(
            @ForAll @IntRange(min = 1, max = 60) int topK,
            @ForAll @IntRange(min = 1, max = 10) int tenths,
            @ForAll @IntRange(min = 0, max = 1000) int seed) {
        Random random = new Random(seed);
        float[] logits = new float[50];
        for (int token = 0; token < logits.length; token++) {
            logits[token] = (float) random.nextGaussian() * 2;
        }
        double temperature = 0.5 + random.nextDouble();
        List<Integer> likeliestFirst = IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble(token -> -logits[token]))
                .limit(topK)
                .toList();
        double total = likeliestFirst.stream()
                .mapToDouble(token -> Math.exp(logits[token] / temperature))
                .sum();
        Set<Integer> nucleus = new HashSet<>();
        double mass = 0;
        for (int place = 0; place < likeliestFirst.size() && (tenths == 10 || mass < tenths / 10.0 - 1e-5); place++) {
            nucleus.add(likeliestFirst.get(place));
            mass += Math.exp(logits[likeliestFirst.get(place)] / temperature) / total;
        }

        int[] drawn = draw(logits, new SamplingSettings(temperature, topK, tenths / 10.0, 0, 0, 0, 1, seed), 3000);

        double weight = Math.exp(logits[likeliestFirst.getFirst()] / temperature) / total / mass;
        assertThat(drawn[likeliestFirst.getFirst()] / 3000.0).isCloseTo(weight, within(0.06));
        assertThat(IntStream.range(0, logits.length).filter(token -> drawn[token] > 0))
                .isSubsetOf(nucleus);
    }

    @Test
    void penaltiesLowerWhatWasWritten() {
        TokenSampler sampler = new TokenSampler(
                new SamplingSettings(0, 0, 1, 0, 0.5, 0.25, 2, 0), new int[] {2}, new TokenSampler.Scratch(4));
        sampler.accept(0);
        sampler.accept(0);
        float[] logits = {4, 1, -1, 3};

        sampler.penalize(logits);

        assertThat(logits).containsExactly(4 / 2f - 2 * 0.5f - 0.25f, 1, -2, 3);
        assertThat(sampler.sample(logits)).isEqualTo(3);
    }

    @Test
    void logProbabilitiesAreThoseOfTheSoftmax() {
        ScoredToken scored = ScoredToken.of(1, new float[] {2, 1, 0}, 2);

        double sum = Math.exp(2) + Math.exp(1) + 1;
        assertThat(scored.logProbability()).isCloseTo(1 - Math.log(sum), within(1e-6));
        assertThat(scored.alternatives()).extracting(ScoredToken::token).containsExactly(0, 1);
    }

    @Test
    void keepsTheSequenceThatSharesMostAndGivesUpTheOneUnusedLongest() {
        KeptPrefixes prefixes = new KeptPrefixes(3, 1000);
        int first = prefixes.takeFree().orElseThrow();
        int second = prefixes.takeFree().orElseThrow();
        prefixes.keep(first, tokens(1, 40), false);
        prefixes.keep(second, tokens(7, 40), false);

        Optional<KeptPrefixes.Match> match = prefixes.longest(new TokenSequence(tokens(1, 30)), 29);

        assertThat(match.orElseThrow().kept().sequence()).isEqualTo(first);
        assertThat(match.orElseThrow().length()).isEqualTo(29);
        assertThat(prefixes.giveUpOne()).contains(second);
    }

    @Test
    void aLongerSequenceReplacesTheOneThatItBeginsWith() {
        KeptPrefixes prefixes = new KeptPrefixes(3, 1000);
        int first = prefixes.takeFree().orElseThrow();
        int second = prefixes.takeFree().orElseThrow();
        prefixes.keep(first, tokens(1, 40), true);

        assertThat(prefixes.keep(second, tokens(1, 60), false)).containsExactly(first);
        assertThat(prefixes.size()).isEqualTo(1);
    }

    @Test
    void takesFewerThreadsWhileTheMachineIsBusyAndTriesAgainEverLessOften() {
        ThreadGovernor governor = new ThreadGovernor(2);
        long second = 1_000_000_000L;

        assertThat(governor.decide(0.6, 10 * second)).isTrue();
        assertThat(governor.threads()).isEqualTo(1);
        assertThat(governor.decide(1, 10 * second + second / 2)).isFalse();
        assertThat(governor.decide(1, 12 * second)).isTrue();
        assertThat(governor.threads()).isEqualTo(2);
        assertThat(governor.decide(0.6, 13 * second)).isTrue();
        assertThat(governor.decide(1, 14 * second + second / 2)).isFalse();
        assertThat(governor.decide(1, 16 * second)).isTrue();
        assertThat(governor.decide(1, 17 * second)).isFalse();
        assertThat(governor.threads()).isEqualTo(2);
    }

    @Test
    void beginsAfterARestWithAsManyThreadsAsOthersLeaveCores() {
        ThreadGovernor governor = new ThreadGovernor(4);

        assertThat(governor.resume(2.9, 4, 1)).isTrue();
        assertThat(governor.threads()).isEqualTo(1);
        assertThat(governor.resume(0.4, 4, 2)).isTrue();
        assertThat(governor.threads()).isEqualTo(4);
    }

    private static int[] draw(float[] logits, SamplingSettings settings, int times) {
        TokenSampler sampler = new TokenSampler(settings, new int[0], new TokenSampler.Scratch(logits.length));
        int[] drawn = new int[logits.length];
        for (int i = 0; i < times; i++) {
            drawn[sampler.sample(logits.clone())]++;
        }
        return drawn;
    }

    private static int[] tokens(int seed, int count) {
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++) {
            tokens[i] = seed * 1000 + i;
        }
        return tokens;
    }
}
