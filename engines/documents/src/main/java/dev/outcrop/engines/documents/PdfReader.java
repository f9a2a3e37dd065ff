package dev.outcrop.engines.documents;

import dev.outcrop.engines.documents.DocumentException.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.pdfbox.pdmodel.PDDocument;

/** Reads PDFs with their layout; pages that are pictures as somebody else has read them. */
final class PdfReader {
    private PdfReader() {}

    static Document read(byte[] file, List<ScannedPage> scanned, Limits limits, Deadline deadline) throws IOException {
        Map<Integer, ScannedPage> pictures =
                scanned.stream().collect(Collectors.toMap(ScannedPage::number, Function.identity()));
        try (PDDocument document = PdfFile.open(file, deadline)) {
            int count = document.getNumberOfPages();
            if (count > limits.pages()) {
                throw new DocumentException(
                        Reason.TOO_LARGE, "it has " + count + " pages, and may have " + limits.pages());
            }
            List<PageText> pages = new ArrayList<>();
            List<Document.Warning> warnings = new ArrayList<>();
            PageReader reader = new PageReader(deadline, limits.characters());
            for (int page = 1; page <= count; page++) {
                deadline.check();
                PageText text = reader.read(document.getPage(page - 1), page);
                boolean picture = text.segments().isEmpty() && text.image();
                if (picture && pictures.containsKey(page)) {
                    pages.add(pictures.get(page).text());
                    continue;
                }
                if (picture) {
                    warnings.add(Document.Warning.picture(page));
                }
                pages.add(text);
            }
            return laidOut(pages, count, warnings, deadline);
        }
    }

    /** The document that pages make. */
    static Document laidOut(List<PageText> pages, int count, List<Document.Warning> warnings, Deadline deadline) {
        List<PdfBlocks.Page> laidOut = new ArrayList<>();
        for (PageText page : RunningLines.removed(pages)) {
            deadline.check();
            laidOut.add(new PdfBlocks.Page(page.number(), PageLayout.of(page)));
        }
        return new Document(PdfBlocks.of(laidOut, deadline), count, warnings);
    }
}
