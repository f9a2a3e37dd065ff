package dev.outcrop.engines.speech.whisper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class WordAlignmentTest {
    @Test
    void findsWhereEachTokenBegins() {
        float[][][] attention = new float[2][4][40];
        int[] begins = {0, 6, 20, 31, 40};
        for (float[][] head : attention) {
            for (int token = 0; token < 4; token++) {
                Arrays.fill(head[token], 0.001f);
                Arrays.fill(head[token], begins[token], begins[token + 1], 0.1f);
            }
        }

        int[] starts = WordAlignment.starts(attention, 40);

        assertThat(starts).containsExactly(0, 6, 20, 31);
    }

    @Test
    void bearsAttentionWithoutAnyContrast() {
        float[][][] attention = new float[1][3][5];

        int[] starts = WordAlignment.starts(attention, 5);

        assertThat(starts).isSorted().hasSize(3);
    }

    @Test
    void bearsMoreTokensThanPositions() {
        float[][][] attention = new float[1][9][2];

        int[] starts = WordAlignment.starts(attention, 2);

        assertThat(starts).isSorted().hasSize(9);
    }
}
