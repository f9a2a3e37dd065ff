package dev.outcrop.engines.ocr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.ocr.LineReading.Gap;
import dev.outcrop.engines.ocr.LineReading.Glyph;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpaceRuleTest {
    private static final Gap NARROW = new Gap(1e-5, 0.35, 0.05, 0, 0);
    private static final Gap WIDE = new Gap(0.015, 0.62, 0.28, 0, 0);
    private static final Gap SURE = new Gap(0.95, 0.62, 0.28, 0, 0);

    @Test
    void findsSpacesThatTheRecogniserSwallowed() {
        assertThat(SpaceRule.spaces(
                        line("seasondue", true, NARROW, NARROW, NARROW, NARROW, NARROW, WIDE, NARROW, NARROW)))
                .containsExactly(false, false, false, false, false, true, false, false);
    }

    @Test
    void keepsSpacesThatItSaw() {
        assertThat(SpaceRule.spaces(line("ofit", true, NARROW, SURE, NARROW))).containsExactly(false, true, false);
    }

    @Test
    void setsNoneInWritingWithoutSpaces() {
        assertThat(SpaceRule.spaces(line("中文字", false, SURE, WIDE))).containsExactly(false, false);
    }

    @Test
    void takesALineOfOneCharacter() {
        assertThat(SpaceRule.spaces(line("x", true))).isEmpty();
    }

    private static LineReading line(String text, boolean spaced, Gap... gaps) {
        List<Glyph> glyphs = new ArrayList<>();
        text.codePoints().forEach(letter -> glyphs.add(new Glyph(Character.toString(letter), spaced, 0.9)));
        return new LineReading(glyphs, List.of(gaps), 0, 1, 0.9);
    }
}
