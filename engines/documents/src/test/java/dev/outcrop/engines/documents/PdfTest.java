package dev.outcrop.engines.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.documents.Block.Heading;
import dev.outcrop.engines.documents.Block.Item;
import dev.outcrop.engines.documents.Block.Listing;
import dev.outcrop.engines.documents.Block.Paragraph;
import dev.outcrop.engines.documents.Block.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

class PdfTest {
    private final DocumentParser parser = new DocumentParser(Limits.KNOWLEDGE_BASE);

    private Document read(Printed printed) {
        return parser.parse(printed.bytes(), FileFormat.PDF);
    }

    @Test
    void tellsHeadingsFromParagraphsBySizeAndWeight() {
        Document document = read(Printed.pages(1)
                .bold(1, 72, 80, 20, "Stones of the north")
                .lines(1, 72, 110, "Slate is a fine grained rock that splits into thin plates and", "covers roofs.")
                .bold(1, 72, 150, 14, "Granite")
                .lines(1, 72, 170, "Granite is coarse. It is quarried in blocks and lasts for a very", "long time.")
                .bold(1, 72, 210, 10, "Its colours")
                .lines(1, 72, 230, "They are grey, pink and black, as the feldspar in it happens to", "be."));

        assertThat(document.blocks())
                .containsExactly(
                        new Heading(1, "Stones of the north", 1),
                        new Paragraph("Slate is a fine grained rock that splits into thin plates and covers roofs.", 1),
                        new Heading(2, "Granite", 1),
                        new Paragraph("Granite is coarse. It is quarried in blocks and lasts for a very long time.", 1),
                        new Heading(3, "Its colours", 1),
                        new Paragraph("They are grey, pink and black, as the feldspar in it happens to be.", 1));
    }

    @Test
    void readsColumnsOneAfterTheOtherBelowATitleOverBoth() {
        Printed printed = Printed.pages(1).bold(1, 150, 80, 20, "A title that stands over both columns");
        for (int i = 0; i < 12; i++) {
            printed.text(1, 72, 120 + 12 * i, 10, "left words of line number " + i + " are all here");
            printed.text(1, 320, 123 + 12 * i, 10, "right words of line number " + i + " are all here");
        }

        String text = read(printed).text();

        assertThat(text).startsWith("A title that stands over both columns");
        assertThat(text.indexOf("left words of line number 11"))
                .isLessThan(text.indexOf("right words of line number 0"));
    }

    @Test
    void mendsWordsDividedAtTheEndOfALine() {
        Document document = read(Printed.pages(1)
                .lines(
                        1,
                        72,
                        100,
                        "The well-known quarry was opened when the rail-",
                        "way came, and all that followed was well-",
                        "known to those who had lived in the valley."));

        assertThat(document.text())
                .isEqualTo(
                        "The well-known quarry was opened when the railway came, and all that followed was well-known"
                                + " to those who had lived in the valley.");
    }

    @Test
    void readsTheCellsOfARuledTable() {
        Printed printed =
                Printed.pages(1).lines(1, 72, 80, "Prices of the year are in the table that stands below this.");
        for (int row = 0; row <= 3; row++) {
            printed.rule(1, 72, 100 + 20 * row, 372, 100 + 20 * row);
        }
        for (int column = 0; column <= 3; column++) {
            printed.rule(1, 72 + 100 * column, 100, 72 + 100 * column, 160);
        }
        String[][] cells = {{"Stone", "Price", "Weight"}, {"slate roof", "4.50", ""}, {"granite", "9", "2700"}};
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                if (!cells[row][column].isEmpty()) {
                    printed.text(1, 76 + 100 * column, 114 + 20 * row, 10, cells[row][column]);
                }
            }
        }

        assertThat(read(printed).blocks())
                .containsExactly(
                        new Paragraph("Prices of the year are in the table that stands below this.", 1),
                        new Table(
                                List.of(
                                        List.of("Stone", "Price", "Weight"),
                                        List.of("slate roof", "4.50", ""),
                                        List.of("granite", "9", "2700")),
                                1));
    }

    @Test
    void readsTheCellsOfATableThatIsOnlyAligned() {
        Printed printed =
                Printed.pages(1).lines(1, 72, 80, "Prices of the year are in the table that stands below this.");
        String[][] cells = {{"Stone", "Price", "Weight"}, {"slate", "4.50", "2800"}, {"granite", "9", "2700"}};
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                printed.text(1, 76 + 100 * column, 114 + 16 * row, 10, cells[row][column]);
            }
        }
        printed.lines(1, 72, 180, "What follows the table is a line of running text once more, and", "another.");

        assertThat(read(printed).markdown()).isEqualTo("""
                Prices of the year are in the table that stands below this.

                | Stone | Price | Weight |
                | --- | --- | --- |
                | slate | 4.50 | 2800 |
                | granite | 9 | 2700 |

                What follows the table is a line of running text once more, and another.""");
    }

    @Test
    void dropsRunningHeadersAndFootersAndKeepsPageNumbers() {
        Printed printed = Printed.pages(4);
        for (int page = 1; page <= 4; page++) {
            printed.text(page, 72, 40, 9, "The Quarry Handbook")
                    .text(page, 300, 770, 9, String.valueOf(page + 6))
                    .lines(
                            page,
                            72,
                            100,
                            "Page text of its own number " + "one two three four".split(" ")[page - 1] + ".");
        }

        assertThat(read(printed).blocks())
                .containsExactly(
                        new Paragraph("Page text of its own number one.", 1),
                        new Paragraph("Page text of its own number two.", 2),
                        new Paragraph("Page text of its own number three.", 3),
                        new Paragraph("Page text of its own number four.", 4));
    }

    @Test
    void goesOnWithAParagraphThatAPageEndsInTheMiddleOf() {
        Document document = read(Printed.pages(2)
                .lines(1, 72, 100, "The quarry was closed in the summer of the year in which the")
                .lines(2, 72, 100, "railway came to the valley."));

        assertThat(document.blocks())
                .containsExactly(new Paragraph(
                        "The quarry was closed in the summer of the year in which the railway came to the valley.", 1));
    }

    @Test
    void readsLists() {
        Document document = read(Printed.pages(1)
                .lines(1, 72, 100, "What is quarried in the north is sold in all of the country:")
                .lines(
                        1,
                        80,
                        120,
                        "\u2022 slate for roofs",
                        "\u2022 granite for bridges and for the",
                        "   quays of harbours")
                .lines(1, 80, 170, "1. first", "2. second"));

        assertThat(document.blocks())
                .containsExactly(
                        new Paragraph("What is quarried in the north is sold in all of the country:", 1),
                        new Listing(
                                List.of(
                                        new Item(0, "-", "slate for roofs"),
                                        new Item(0, "-", "granite for bridges and for the quays of harbours"),
                                        new Item(0, "1.", "first"),
                                        new Item(0, "2.", "second")),
                                1));
    }

    @Test
    void warnsOfAPageThatIsOnlyAnImage() {
        Document document = read(Printed.pages(2).lines(1, 72, 100, "Words.").image(2));

        assertThat(document.pages()).isEqualTo(2);
        assertThat(document.warnings())
                .containsExactly(new Document.Warning(2, "the page is an image without text, and was not read"));
        assertThat(document.text()).isEqualTo("Words.");
    }

    @Test
    void readsOneLetterOfThoseThatAreDrawnTwice() {
        Document document = read(Printed.pages(1).text(1, 72, 100, 10, "Bold").text(1, 72.3, 100, 10, "Bold"));

        assertThat(document.text()).isEqualTo("Bold");
    }
}
