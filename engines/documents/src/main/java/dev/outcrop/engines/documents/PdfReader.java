package dev.outcrop.engines.documents;

import dev.outcrop.engines.documents.DocumentException.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;

/** Reads PDFs with their layout. */
final class PdfReader {
    private PdfReader() {}

    static Document read(byte[] file, Limits limits, Deadline deadline) throws IOException {
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
                if (text.segments().isEmpty() && text.image()) {
                    warnings.add(new Document.Warning(page, "the page is an image without text, and was not read"));
                }
                pages.add(text);
            }
            List<PdfBlocks.Page> laidOut = new ArrayList<>();
            for (PageText page : RunningLines.removed(pages)) {
                deadline.check();
                laidOut.add(new PdfBlocks.Page(page.number(), PageLayout.of(page)));
            }
            return new Document(PdfBlocks.of(laidOut, deadline), count, warnings);
        }
    }
}
