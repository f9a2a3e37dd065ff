package dev.outcrop.engines.ocr;

import java.util.function.Consumer;
import java.util.function.Supplier;

/** Reads JPEG, PNG, TIFF and PDF to lines and words. Safe for concurrent use. */
public final class DocumentReader implements AutoCloseable {
    private final Supplier<ModelFiles> files;

    /**
     * Makes a reader; no file is opened yet.
     *
     * @param files where the model lies, asked when the first page must be read from its pixels; what it throws (such as
     *              that no model is installed) comes out of {@link #read}
     */
    public DocumentReader(Supplier<ModelFiles> files) {
        this.files = files;
    }

    /**
     * Reads the pages of a document, one after the other.
     *
     * @param consumer is given each page as soon as it is read, in their order
     * @throws UnreadableDocumentException if the document is not what is read here; pages may have been given before
     */
    public void read(byte[] document, ReadingLimits limits, Consumer<Page> consumer) {
        if (document.length == 0) {
            throw new UnreadableDocumentException(
                    UnreadableDocumentException.Category.DAMAGED, "the document is empty");
        }
        var _ = files.get();
    }

    @Override
    public void close() {
        // Nothing is open yet.
    }
}
