package dev.outcrop.engines.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockTest {
    private static List<String> told(Block block, long from, long to) {
        List<String> told = new ArrayList<>();
        block.forEach(from, to, (summary, slot) -> told.add(slot + "=" + summary.sum() + "/" + summary.count()));
        return told;
    }

    @Test
    void slotsMayComeInAnyOrderAndAddUp() {
        Block block = new Block();
        List<Integer> slots = new ArrayList<>();
        for (int slot = 0; slot < 100; slot++) {
            slots.add(slot);
            slots.add(slot);
        }
        Collections.shuffle(slots, new Random(1));

        slots.forEach(slot -> block.add(slot, Summary.of(slot)));

        assertThat(block.size()).isEqualTo(100);
        assertThat(told(block, 98, 200)).containsExactly("98=196.0/2.0", "99=198.0/2.0");
        assertThat(told(block, 10, 11)).containsExactly("10=20.0/2.0");
    }

    @Test
    void everyKindOfSummaryIsReadBackAsItWas() {
        Block block = new Block();
        block.add(3, Summary.of(1.5));
        block.add(5, Summary.of(new double[] {2, 2}, new double[] {1, 3}));
        block.add(9, Summary.of(10, 55, 1, 10));
        block.add(12, Summary.of(new double[] {1, 2, 3}, new double[] {1, 0, 2}));
        double[] many = new Random(2).doubles(140, -5, 1e6).toArray();
        double[] weights = new double[many.length];
        Arrays.fill(weights, 1);
        block.add(4000, Summary.of(many, weights));
        block.add(4001, Summary.of(1, 7, 7, 7));

        Block read = Block.decode(block.encode());

        assertThat(read.size()).isEqualTo(6);
        List<Summary> before = new ArrayList<>();
        List<Summary> after = new ArrayList<>();
        block.forEach(0, 5000, (summary, slot) -> before.add(summary));
        read.forEach(0, 5000, (summary, slot) -> after.add(summary));
        for (int index = 0; index < before.size(); index++) {
            assertThat(after.get(index).sum()).isEqualTo(before.get(index).sum());
            assertThat(after.get(index).count()).isEqualTo(before.get(index).count());
            assertThat(after.get(index).minimum()).isEqualTo(before.get(index).minimum());
            assertThat(after.get(index).maximum()).isEqualTo(before.get(index).maximum());
            assertThat(after.get(index).distribution().map(known -> known.quantile(0.9)))
                    .isEqualTo(before.get(index).distribution().map(known -> known.quantile(0.9)));
        }
        assertThat(after.get(2).distribution()).isEmpty();
        assertThat(after.get(3).distribution()).isPresent();
    }

    @Test
    void aSteadySeriesTakesFewBytes() {
        Block block = new Block();
        for (int slot = 0; slot < 1000; slot++) {
            block.add(slot, Summary.of(slot % 7));
        }

        assertThat(block.encode().length).isLessThan(1000);
    }

    @Test
    void damageIsNoticed() {
        byte[] bytes = new Block().encode();
        bytes[0] = 9;

        assertThatThrownBy(() -> Block.decode(bytes)).isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> Block.decode(new byte[] {1, 2, 3})).isInstanceOf(UncheckedIOException.class);
    }
}
