package dev.outcrop.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class DocumentsQualityTest {
    @Test
    void readsPrintedDocumentsAsWellAsStated() throws IOException {
        ReadingScores scores = DocumentsBenchmark.outcrop(DocumentsBenchmark.documents());

        assertThat(scores.wordRecall()).as("words recalled").isGreaterThan(0.99);
        assertThat(scores.wordF1()).as("words F1").isGreaterThan(0.99);
        assertThat(scores.readingOrder()).as("reading order").isGreaterThan(0.98);
        assertThat(scores.cellF1()).as("cells F1").isGreaterThan(0.95);
        assertThat(scores.headingF1()).as("headings F1").isGreaterThan(0.95);
    }
}
