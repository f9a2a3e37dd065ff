package dev.outcrop.engines.pages;

import dev.outcrop.engines.ocr.DocumentReader;
import dev.outcrop.engines.ocr.ReadingLimits;
import java.util.ArrayList;
import java.util.List;

/** Reads PDFs whose text layer is good, so that no model is needed. */
final class ReadPages {
    private ReadPages() {}

    /** The structure of the first page. */
    static PageStructure structure(byte[] pdf) {
        return structures(pdf).getFirst();
    }

    /** The structure of all pages. */
    static List<PageStructure> structures(byte[] pdf) {
        List<PageStructure> structures = new ArrayList<>();
        try (DocumentReader reader = new DocumentReader(() -> {
            throw new IllegalStateException("the text layer was not trusted");
        })) {
            reader.read(pdf, ReadingLimits.ASYNCHRONOUS, page -> structures.add(PageStructure.of(page)));
        }
        return structures;
    }
}
