package dev.outcrop.engines.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.pages.LayoutElement.Kind;
import dev.outcrop.engines.pages.generated.Canvas;
import java.awt.Color;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayoutTest {
    private static List<LayoutElement> layout(Canvas canvas) {
        return ReadPages.structure(canvas.pdf()).layout();
    }

    @Test
    void partsAreNamedInTheOrderOfReading() {
        try (Canvas canvas = new Canvas()) {
            canvas.text(60, 30, 9, "Quarterly Review 12");
            canvas.bold(60, 100, 22, "Ships and Harbors");
            canvas.bold(60, 150, 13, "1. Arrivals");
            for (int row = 0; row < 4; row++) {
                canvas.text(
                        60, 175 + 13 * row, 10, "The ships that came from the north were late in all of the months");
            }
            canvas.text(60, 260, 10, "- first the coal");
            canvas.text(60, 275, 10, "- then the grain");
            canvas.text(300, 770, 9, "Page 4 of 9");

            List<LayoutElement> layout = layout(canvas);

            assertThat(layout)
                    .extracting(LayoutElement::kind)
                    .containsExactly(
                            Kind.HEADER, Kind.TITLE, Kind.SECTION_HEADER, Kind.TEXT, Kind.LIST, Kind.PAGE_NUMBER);
            assertThat(layout.get(4).items()).hasSize(2);
        }
    }

    @Test
    void columnsAreReadOneAfterTheOther() {
        try (Canvas canvas = new Canvas()) {
            canvas.bold(60, 60, 20, "Two Columns");
            for (int row = 0; row < 24; row++) {
                // A gap between paragraphs at the same height of both columns.
                double y = 100 + 13 * row + (row > 11 ? 14 : 0);
                canvas.text(60, y, 10, "left words that go on and on in line " + row);
                canvas.text(330, y, 10, "right words that go on and on in line " + row);
            }

            List<String> beginnings = layout(canvas).stream()
                    .filter(part -> part.kind() == Kind.TEXT)
                    .map(part -> part.lines().getFirst().text().split(" ")[0])
                    .toList();

            assertThat(beginnings).containsExactly("left", "left", "right", "right");
        }
    }

    @Test
    void picturesAreFigures() {
        try (Canvas canvas = new Canvas()) {
            canvas.text(60, 80, 11, "A picture of nothing in particular follows here.");
            canvas.filled(100, 200, 200, 150, Color.DARK_GRAY);

            assertThat(layout(canvas)).extracting(LayoutElement::kind).contains(Kind.FIGURE);
        }
    }

    @Test
    void aSignatureIsFoundOnlyWhereThereIsInkThatIsNoText() {
        try (Canvas signed = new Canvas();
                Canvas unsigned = new Canvas()) {
            for (Canvas canvas : List.of(signed, unsigned)) {
                canvas.text(60, 80, 11, "I have read the terms above and agree to all of them.");
                canvas.text(60, 300, 11, "Signature:");
                canvas.line(130, 303, 330, 303);
            }
            for (int i = 0; i < 12; i++) {
                signed.line(140 + 8 * i, 298 - (i % 3) * 7, 148 + 8 * i, 285 + (i % 2) * 9);
            }

            assertThat(ReadPages.structure(signed.pdf()).signatures()).hasSize(1);
            assertThat(ReadPages.structure(unsigned.pdf()).signatures()).isEmpty();
        }
    }
}
