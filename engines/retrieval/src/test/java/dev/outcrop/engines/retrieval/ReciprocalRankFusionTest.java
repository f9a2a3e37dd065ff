package dev.outcrop.engines.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.outcrop.engines.retrieval.ReciprocalRankFusion.Fused;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReciprocalRankFusionTest {
    @Test
    void putsWhatComesFarUpInBothRankingsBeforeWhatComesFirstInOne() {
        List<Fused<String>> fused = ReciprocalRankFusion.fuse(List.of(List.of("a", "b", "c"), List.of("d", "b", "e")));

        assertThat(fused).extracting(Fused::item).containsExactly("b", "a", "d", "c", "e");
    }

    @Test
    void scoresByTheSumOfTheReciprocalPlaces() {
        List<Fused<String>> fused = ReciprocalRankFusion.fuse(List.of(List.of("a", "b"), List.of("a")));

        assertThat(fused.get(0).score()).isCloseTo(1, within(1e-9));
        assertThat(fused.get(1).score()).isCloseTo(61.0 / 62 / 2, within(1e-9));
    }

    @Test
    void countsWhatStandsTwiceInARankingOnce() {
        assertThat(ReciprocalRankFusion.fuse(List.of(List.of("a", "b", "a"))))
                .extracting(Fused::item)
                .containsExactly("a", "b");
        assertThat(ReciprocalRankFusion.fuse(List.<List<String>>of())).isEmpty();
    }
}
