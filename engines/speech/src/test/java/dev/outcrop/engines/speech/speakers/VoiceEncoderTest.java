package dev.outcrop.engines.speech.speakers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import dev.outcrop.engines.speech.Sounds;
import dev.outcrop.engines.speech.SpeechException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VoiceEncoderTest {
    private static Path weights;
    private static VoiceEncoder encoder;

    @BeforeAll
    static void open() {
        weights = ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                .install(Catalog.builtIn().get("resemblyzer-voices"), Progress.NONE)
                .weights();
        encoder = VoiceEncoder.open(weights);
    }

    @AfterAll
    static void close() {
        encoder.close();
    }

    private static float product(VoicePrint one, VoicePrint other) {
        float sum = 0;
        for (int i = 0; i < one.vector().length; i++) {
            sum += one.vector()[i] * other.vector()[i];
        }
        return sum;
    }

    /** The same voice as if its tape ran faster: higher, and from a smaller mouth. */
    private static float[] higher(float[] samples) {
        float[] faster = new float[(int) (samples.length / 1.35)];
        for (int i = 0; i < faster.length; i++) {
            faster[i] = samples[(int) (i * 1.35)];
        }
        return faster;
    }

    @Test
    void aVoiceIsLikeItselfAndUnlikeAnother() throws IOException {
        float[] address = Sounds.address();

        List<VoicePrint> own = encoder.of(address, List.of(new SpokenSpan(0.3, 2.3), new SpokenSpan(7.5, 10.5)));
        List<VoicePrint> other = encoder.of(higher(address), List.of(new SpokenSpan(5.5, 7.8)));

        assertThat(own)
                .hasSizeGreaterThan(3)
                .allSatisfy(print -> assertThat(product(print, print)).isBetween(0.999f, 1.001f));
        assertThat(product(own.getFirst(), own.getLast())).isGreaterThan(0.65f);
        assertThat(product(own.getLast(), other.getLast())).isLessThan(0.6f);
        assertThat(own.getLast().end()).isBetween(10.45, 10.5);
    }

    @Test
    void twoVoicesInTurnsAreTwoSpeakers() throws IOException {
        float[] address = Sounds.address();
        float[] own = Arrays.copyOfRange(address, 4_000, 36_000);
        float[] other = higher(Arrays.copyOfRange(address, 120_000, 168_000));
        double change = own.length / 16_000.0;
        double end = change + other.length / 16_000.0;

        SpeakerPartition partition = SpeakerPartition.of(
                encoder.of(Sounds.joined(own, other), List.of(new SpokenSpan(0, change), new SpokenSpan(change, end))),
                5);
        int[] spoken = partition.of(List.of(
                new SpokenSpan(0.2, 0.6),
                new SpokenSpan(1, 1.4),
                new SpokenSpan(change + 0.3, change + 0.8),
                new SpokenSpan(change + 1, change + 1.5)));

        assertThat(partition.speakers()).isEqualTo(2);
        assertThat(spoken).containsExactly(0, 0, 1, 1);
    }

    @Test
    void filesThatAreNoModelAreRefused(@TempDir Path folder) throws IOException {
        byte[] whole = Files.readAllBytes(weights);
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            byte[] damaged = Arrays.copyOf(whole, random.nextInt(20_000));
            for (int change = 0; change < 3 && damaged.length > 0; change++) {
                damaged[random.nextInt(Math.min(6_000, damaged.length))] = (byte) random.nextInt(256);
            }
            Path file = Files.write(folder.resolve("damaged.pt"), damaged);

            assertThatThrownBy(() -> VoiceEncoder.open(file)).isInstanceOf(SpeechException.class);
        }
    }
}
