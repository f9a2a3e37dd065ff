package dev.outcrop.engines.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.pages.generated.Canvas;
import java.time.LocalDate;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RandomPagesTest {
    private static final String[] WORDS = {
        "Total",
        "Name:",
        "12.50",
        "$3",
        "[ ]",
        "P<UTO",
        "Signature",
        "DOB",
        "8",
        "|",
        ":",
        "a",
        "Invoice",
        "Qty",
        "Description",
        "Price",
        "-",
        "1.",
        "CA 90210",
        "wide".repeat(6),
        "4b",
        "EXP",
        "01/02/2003",
        "Bill To:"
    };

    /** Whatever words, lines and blots a page is covered with, something is found, and nothing fails. */
    @Test
    void everyPageHasAStructure() {
        for (int seed = 0; seed < 15; seed++) {
            Random random = new Random(seed);
            try (Canvas canvas = new Canvas()) {
                canvas.text(50, 50, 10, "A page of words, lines and blots that mean nothing at all to anybody.");
                for (int i = random.nextInt(120); i > 0; i--) {
                    double x = random.nextInt(600);
                    double y = random.nextInt(790);
                    switch (random.nextInt(4)) {
                        case 0 -> canvas.line(x, y, random.nextInt(600), random.nextInt(790));
                        case 1 -> canvas.frame(x, y, random.nextInt(90), random.nextInt(60));
                        case 2 -> canvas.checkBox(x, y, 4 + random.nextInt(30), random.nextBoolean());
                        default -> {
                            String word = WORDS[random.nextInt(WORDS.length)];
                            double size = 5 + random.nextInt(20);
                            double room = Math.max(1, 570 - canvas.width(word, size));
                            canvas.text(20 + random.nextDouble() * room, 40 + random.nextInt(720), size, word);
                        }
                    }
                }
                PageStructure page = ReadPages.structure(canvas.pdf());

                assertThat(page.layout()).as("layout of seed " + seed).isNotEmpty();
                assertThat(new Questions(java.util.List.of(page)).answer("What is the total price?"))
                        .isNotNull();
                assertThat(Expenses.read(page)).isNotNull();
                assertThat(IdentityPapers.read(page.sheet(), LocalDate.of(2026, 1, 1)))
                        .hasSize(IdentityPapers.TYPES.size());
                assertThat(page.tables())
                        .allSatisfy(table -> assertThat(table.cells()).hasSize(table.rows() * table.columns()));
            }
        }
    }
}
