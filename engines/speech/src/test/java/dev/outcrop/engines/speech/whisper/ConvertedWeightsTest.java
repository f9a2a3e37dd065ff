package dev.outcrop.engines.speech.whisper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.speech.SpeechException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConvertedWeightsTest {
    @TempDir
    private Path folder;

    /** A file of two variables and an alias. */
    private static byte[] file() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        integer(out, 6);
        text(out, "WhisperSpec");
        integer(out, 3);
        integer(out, 2);
        text(out, "numbers");
        out.writeByte(2);
        integer(out, 2);
        integer(out, 3);
        out.writeByte(4);
        integer(out, 12);
        for (float value : new float[] {1, -2, 0.5f, 0, 3, 65504}) {
            short half = Float.floatToFloat16(value);
            out.writeShort(Short.reverseBytes(half));
        }
        text(out, "one");
        out.writeByte(1);
        integer(out, 1);
        out.writeByte(0);
        integer(out, 4);
        integer(out, Float.floatToIntBits(7));
        integer(out, 1);
        text(out, "another name");
        text(out, "numbers");
        return bytes.toByteArray();
    }

    private static void integer(DataOutputStream out, int value) throws IOException {
        out.writeInt(Integer.reverseBytes(value));
    }

    private static void text(DataOutputStream out, String value) throws IOException {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        out.writeShort(Short.reverseBytes((short) (bytes.length + 1)));
        out.write(bytes);
        out.writeByte(0);
    }

    private Path written(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("model.bin"), bytes);
    }

    @Test
    void readsVariablesOfBothPrecisionsAndByTheirOtherNames() throws Exception {
        try (ConvertedWeights weights = ConvertedWeights.open(written(file()))) {
            assertThat(weights.values("numbers", 2, 3)).containsExactly(1, -2, 0.5f, 0, 3, 65504);
            assertThat(weights.values("another name", 2, 3)).hasSize(6);
            assertThat(weights.values("one", 1)).containsExactly(7);
            assertThat(weights.shape("numbers")).containsExactly(2, 3);
        }
    }

    @Test
    void refusesAVariableOfAnotherShape() throws Exception {
        try (ConvertedWeights weights = ConvertedWeights.open(written(file()))) {
            assertThatThrownBy(() -> weights.values("numbers", 3, 2))
                    .isInstanceOf(SpeechException.class)
                    .hasMessageContaining("numbers must be of shape [3, 2], but is of [2, 3]");
            assertThatThrownBy(() -> weights.values("none", 1)).hasMessageContaining("it has no none");
        }
    }

    @Test
    void refusesWhatIsNoModel() throws Exception {
        byte[] other = file();
        other[0] = 5;

        assertThatThrownBy(() -> ConvertedWeights.open(written(other)))
                .hasMessageContaining("its format must be version 6, but is 5");
        assertThatThrownBy(() -> ConvertedWeights.open(written(new byte[0]))).isInstanceOf(SpeechException.class);
        assertThatThrownBy(() -> ConvertedWeights.open(folder.resolve("absent")))
                .isInstanceOf(SpeechException.class);
    }

    @Test
    void mutatedFilesAreReadOrRefusedAndNothingElse() throws Exception {
        byte[] whole = file();
        Random random = new Random(11);
        for (int round = 0; round < 2000; round++) {
            byte[] mutated =
                    Arrays.copyOf(whole, random.nextInt(10) == 0 ? random.nextInt(whole.length) : whole.length);
            for (int change = random.nextInt(4); change >= 0 && mutated.length > 0; change--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            }
            try (ConvertedWeights weights = ConvertedWeights.open(written(mutated))) {
                weights.values("numbers", 2, 3);
                Dimensions.of(weights);
            } catch (SpeechException e) {
                assertThat(e.category()).isEqualTo(SpeechException.Category.MODEL);
            }
        }
    }
}
