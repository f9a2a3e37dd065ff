package dev.outcrop.engines.documents;

import dev.outcrop.engines.documents.DocumentException.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.MemoryUsageSetting;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;

/** Reads PDFs with their layout. */
final class PdfReader {
    private static final long MOST_SCRATCH = 512L << 20;
    private static final int HEADER_WITHIN = 1024;

    private PdfReader() {}

    static Document read(byte[] file, Limits limits, Deadline deadline) throws IOException {
        if (!Signatures.contains(file, HEADER_WITHIN, "%PDF-")) {
            throw new DocumentException(Reason.MALFORMED, "it is not a PDF");
        }
        PdfStreams.check(file, deadline);
        var memory = MemoryUsageSetting.setupMixed(64L << 20, MOST_SCRATCH).streamCache;
        try (PDDocument document = Loader.loadPDF(file, "", null, null, memory)) {
            int count = document.getNumberOfPages();
            if (count > limits.pages()) {
                throw new DocumentException(
                        Reason.TOO_LARGE, "it has " + count + " pages, and may have " + limits.pages());
            }
            if (count == 0) {
                throw new DocumentException(Reason.MALFORMED, "it has no pages");
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
            return new Document(PdfBlocks.of(laidOut), count, warnings);
        } catch (InvalidPasswordException locked) {
            throw new DocumentException(Reason.ENCRYPTED, "it is encrypted and needs a password", locked);
        }
    }
}
