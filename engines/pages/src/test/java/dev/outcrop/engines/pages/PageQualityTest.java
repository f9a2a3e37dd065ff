package dev.outcrop.engines.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.pages.generated.KnownDocument;
import dev.outcrop.engines.pages.generated.KnownPaper;
import dev.outcrop.engines.pages.generated.PaperScores;
import dev.outcrop.engines.pages.generated.Scores;
import org.junit.jupiter.api.Test;

/** Figures on pages that no rule was made on: seeds from 1,000 on. */
class PageQualityTest {
    private static final int PAGES = 12;
    private static final int PAPERS = 4;

    @Test
    void findsTheCellsOfTables() {
        Scores scores = new Scores();

        for (long seed = 1000; seed < 1000 + PAGES; seed++) {
            KnownDocument document = KnownDocument.table(seed);
            scores.add(Scores.cells(ReadPages.structure(document.pdf())), document.cells());
        }

        assertThat(scores.f1()).as("F1 of cells").isGreaterThan(0.9);
    }

    @Test
    void findsLabelsWithTheirValues() {
        Scores scores = new Scores();

        for (long seed = 1000; seed < 1000 + PAGES; seed++) {
            KnownDocument document = KnownDocument.form(seed);
            scores.add(
                    Scores.pairs(ReadPages.structure(document.pdf())),
                    document.pairs().stream()
                            .map(pair -> pair.getKey() + "=" + pair.getValue())
                            .toList());
        }

        assertThat(scores.f1()).as("F1 of labels with values").isGreaterThan(0.9);
    }

    @Test
    void findsWhatPapersOfEveryKindSay() {
        PaperScores scores = new PaperScores();

        for (long seed = 1000; seed < 1000 + PAPERS; seed++) {
            for (KnownPaper paper : PaperScores.papers(seed)) {
                scores.add(paper, ReadPages.structure(paper.pdf()));
            }
        }

        assertThat(scores.figures())
                .allSatisfy((what, value) -> assertThat(value).as(what).isGreaterThan(0.8));
    }
}
