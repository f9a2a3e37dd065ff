package dev.outcrop.engines.speech.speakers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpeakerPartitionTest {
    private static final int WIDTH = 64;
    private final Random random = new Random(9);

    /** Voices of a person, a window every 0.4 seconds; the direction says who it is, and noise that nobody speaks twice alike. */
    private List<VoicePrint> speaking(int who, double from, double to) {
        List<VoicePrint> prints = new ArrayList<>();
        for (double start = from; start + 1.6 <= to + 1e-6; start += 0.4) {
            float[] vector = new float[WIDTH];
            vector[who] = 1;
            double square = 0;
            for (int i = 0; i < WIDTH; i++) {
                vector[i] += (float) (0.05 * random.nextGaussian());
                square += vector[i] * vector[i];
            }
            for (int i = 0; i < WIDTH; i++) {
                vector[i] /= (float) Math.sqrt(square);
            }
            prints.add(new VoicePrint(start, start + 1.6, vector));
        }
        return prints;
    }

    private static List<SpokenSpan> words(double from, double to) {
        List<SpokenSpan> words = new ArrayList<>();
        for (double start = from; start + 0.4 <= to + 1e-6; start += 0.4) {
            words.add(new SpokenSpan(start, start + 0.4));
        }
        return words;
    }

    @Test
    void turnsGoToTheOneWhoSpeaks() {
        List<VoicePrint> prints = new ArrayList<>(speaking(7, 0, 8));
        prints.addAll(speaking(3, 8.5, 14.5));
        prints.addAll(speaking(7, 15, 19));
        List<SpokenSpan> words = new ArrayList<>(words(0, 8));
        words.addAll(words(8.5, 14.5));
        words.addAll(words(15, 19));

        SpeakerPartition partition = SpeakerPartition.of(prints, 10);
        int[] spoken = partition.of(words);

        assertThat(partition.speakers()).isEqualTo(2);
        int[] expected = new int[words.size()];
        Arrays.fill(expected, 20, 35, 1);
        assertThat(spoken).containsExactly(expected);
    }

    @Test
    void noMoreSpeakersAreToldApartThanAllowed() {
        List<VoicePrint> prints = new ArrayList<>();
        for (int who = 0; who < 6; who++) {
            prints.addAll(speaking(who, 10 * who, 10 * who + 8));
        }

        assertThat(SpeakerPartition.of(prints, 30).speakers()).isEqualTo(6);
        assertThat(SpeakerPartition.of(prints, 4).speakers()).isEqualTo(4);
    }

    @Test
    void aMomentThatSoundsLikeNobodyIsNoSpeaker() {
        List<VoicePrint> prints = new ArrayList<>(speaking(1, 0, 20));
        prints.addAll(speaking(2, 30, 50));
        prints.add(speaking(5, 25, 26.6).getFirst());

        assertThat(SpeakerPartition.of(prints, 10).speakers()).isEqualTo(2);
    }

    @Test
    void whereNoVoiceWasHeardAllIsOneSpeakers() {
        SpeakerPartition partition = SpeakerPartition.of(List.of(), 5);

        assertThat(partition.of(words(0, 2))).containsOnly(0);
    }

    @Test
    void ofHoursOfVoicesSomeAreClusteredAndTheOthersCompared() {
        List<VoicePrint> prints = new ArrayList<>();
        for (int turn = 0; turn < 400; turn++) {
            prints.addAll(speaking(turn % 3, 10 * turn, 10 * turn + 9));
        }

        SpeakerPartition partition = SpeakerPartition.of(prints, 10);

        assertThat(prints).hasSizeGreaterThan(5_000);
        assertThat(partition.speakers()).isEqualTo(3);
        assertThat(partition.of(List.of(new SpokenSpan(1, 1.5), new SpokenSpan(3_992, 3_992.5))))
                .containsExactly(0, 0);
    }
}
