package dev.outcrop.engines.documents;

/**
 * Reads files into {@link Document}s. Safe for concurrent use.
 *
 * <p>Files are foreign: size, pages, nesting, text, time and what archives unfold to are limited, XML entities are never
 * followed, and pictures, attachments, macros and embedded files are not read.
 */
public final class DocumentParser {
    private final Limits limits;

    public DocumentParser(Limits limits) {
        this.limits = limits;
    }

    /**
     * Reads a file.
     *
     * @throws DocumentException if it cannot be read, saying why
     */
    public Document parse(byte[] file, FileFormat format) {
        throw new DocumentException(
                DocumentException.Reason.UNSUPPORTED, format + " is not read yet within " + limits.time());
    }
}
