package dev.outcrop.services.guardrails;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class VisibleTextTest {
    @Test
    void whatNobodySeesIsLeftOut() {
        VisibleText text = VisibleText.of("a\u200Bb\uFE0Fc\uDB40\uDC41d\u00ADe");

        assertThat(text.text()).isEqualTo("abcde");
        assertThat(text.original(1, 3)).isEqualTo("b\uFE0Fc");
        assertThat(text.start(4)).isEqualTo(9);
        assertThat(text.end(5)).isEqualTo(10);
    }

    @Property(tries = 200)
    void everyVisiblePlaceIsOneOfTheOriginal(@ForAll String original) {
        VisibleText text = VisibleText.of(original);

        for (int i = 0; i < text.text().length(); i++) {
            assertThat(original.charAt(text.start(i))).isEqualTo(text.text().charAt(i));
        }
    }
}
