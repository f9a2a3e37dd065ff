package dev.outcrop.engines.documents;

import dev.outcrop.engines.documents.DocumentException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.MemoryUsageSetting;
import org.apache.pdfbox.io.RandomAccessStreamCache.StreamCacheCreateFunction;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;

/** Opens PDFs of strangers: what their streams unfold to is looked at first. */
public final class PdfFile {
    private static final long MOST_MEMORY = 64L << 20;
    private static final long MOST_SCRATCH = 512L << 20;
    private static final int HEADER_WITHIN = 1024;

    private PdfFile() {}

    /**
     * Opens a PDF that needs no password.
     *
     * @param limit how long looking at it may take
     * @throws DocumentException {@code MALFORMED} if it is no PDF or has no pages, {@code ENCRYPTED}, {@code TOO_LARGE} if a
     *                           stream unfolds to more than 256 MB, or {@code TOO_SLOW}
     * @throws IOException       if it is damaged
     */
    public static PDDocument open(byte[] file, Duration limit) throws IOException {
        return open(file, Deadline.in(limit));
    }

    static PDDocument open(byte[] file, Deadline deadline) throws IOException {
        if (!Signatures.contains(file, HEADER_WITHIN, "%PDF-")) {
            throw new DocumentException(Reason.MALFORMED, "it is not a PDF");
        }
        PdfStreams.check(file, deadline);
        PDDocument document = load(file);
        try {
            if (document.isEncrypted()) {
                // What is encrypted could not be looked at.
                ByteArrayOutputStream open = new ByteArrayOutputStream();
                document.setAllSecurityToBeRemoved(true);
                document.save(open);
                document.close();
                PdfStreams.check(open.toByteArray(), deadline);
                document = load(open.toByteArray());
            }
            if (document.getNumberOfPages() == 0) {
                throw new DocumentException(Reason.MALFORMED, "it has no pages");
            }
            return document;
        } catch (IOException | RuntimeException failure) {
            document.close();
            throw failure;
        }
    }

    private static PDDocument load(byte[] file) throws IOException {
        StreamCacheCreateFunction memory = MemoryUsageSetting.setupMixed(MOST_MEMORY, MOST_SCRATCH).streamCache;
        try {
            return Loader.loadPDF(file, "", null, null, memory);
        } catch (InvalidPasswordException locked) {
            throw new DocumentException(Reason.ENCRYPTED, "it is encrypted and needs a password", locked);
        }
    }
}
