package dev.outcrop.engines.documents;

import dev.outcrop.engines.documents.DocumentException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads files into {@link Document}s. Safe for concurrent use.
 *
 * <p>Files are foreign: size, pages, nesting, text, time and what archives unfold to are limited, XML entities are never
 * followed, and pictures, attachments, macros and embedded files are not read. Each file is read on a thread of its own, of
 * which a parser has few, so that a hostile one holds up documents and nothing else.
 */
public final class DocumentParser {
    private static final int MOST_AT_ONCE = 4;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final long STACK_BYTES = 8L << 20;

    private final Limits limits;
    private final Duration longestWait;
    private final Semaphore atOnce = new Semaphore(MOST_AT_ONCE);

    /** A parser whose callers may wait ten minutes for their turn. */
    public DocumentParser(Limits limits) {
        this(limits, LONGEST_WAIT);
    }

    /**
     * A parser.
     *
     * @param longestWait how long a caller waits while four other documents are being read
     */
    public DocumentParser(Limits limits, Duration longestWait) {
        this.limits = limits;
        this.longestWait = longestWait;
    }

    /**
     * Reads a file.
     *
     * @throws DocumentException if it cannot be read, saying why
     */
    public Document parse(byte[] file, FileFormat format) {
        return parse(file, format, List.of());
    }

    /**
     * Reads a file of which somebody has read pages that are pictures.
     *
     * @param scanned what stands on those of {@link Document#pictures()} that were read
     * @throws DocumentException if it cannot be read, saying why
     */
    public Document parse(byte[] file, FileFormat format, List<ScannedPage> scanned) {
        if (file.length > limits.bytes()) {
            throw new DocumentException(
                    Reason.TOO_LARGE, "it has " + file.length + " bytes, and may have " + limits.bytes());
        }
        Deadline deadline = Deadline.in(limits.time());
        FutureTask<Document> reading = new FutureTask<>(() -> read(file, format, scanned, deadline));
        try {
            if (!atOnce.tryAcquire(longestWait.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new DocumentException(Reason.BUSY, MOST_AT_ONCE + " other documents are being read");
            }
            start(reading);
            return reading.get(limits.time().toMillis() + 50, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            reading.cancel(true);
            throw deadline.late();
        } catch (InterruptedException interruption) {
            reading.cancel(true);
            Thread.currentThread().interrupt();
            throw new DocumentException(Reason.TOO_SLOW, "reading it was interrupted", interruption);
        } catch (ExecutionException failure) {
            throw refusal(format, failure.getCause());
        }
    }

    /** Reads on a thread of its own, which gives its place back when it ends. */
    private void start(FutureTask<Document> reading) {
        boolean started = false;
        try {
            Thread.ofPlatform().daemon().name("document").stackSize(STACK_BYTES).start(() -> {
                try {
                    reading.run();
                } finally {
                    atOnce.release();
                }
            });
            started = true;
        } finally {
            if (!started) {
                atOnce.release();
            }
        }
    }

    /** The document that pages make which somebody has read from pictures. */
    public Document parse(List<ScannedPage> scanned) {
        return PdfReader.laidOut(
                scanned.stream().map(ScannedPage::text).toList(),
                scanned.size(),
                List.of(),
                Deadline.in(limits.time()));
    }

    private Document read(byte[] file, FileFormat format, List<ScannedPage> scanned, Deadline deadline)
            throws Exception {
        deadline.check();
        Document document = switch (format) {
            case PDF -> PdfReader.read(file, scanned, limits, deadline);
            case DOCX, DOC, XLSX, XLS, PPTX, PPT -> OfficeReader.read(file, format, limits, deadline);
            case HTML -> HtmlReader.read(file, limits, deadline);
            case MARKDOWN -> MarkdownReader.read(text(file, format));
            case CSV -> CsvReader.read(text(file, format), deadline);
            case TEXT -> TextReader.read(text(file, format));
        };
        deadline.check();
        return document;
    }

    private String text(byte[] file, FileFormat format) {
        String text = TextReader.decode(file);
        if (text.length() > limits.characters()) {
            throw new DocumentException(
                    Reason.TOO_LARGE, "it has " + text.length() + " characters, and may have " + limits.characters());
        }
        if (TextReader.isBinary(file, text)) {
            throw new DocumentException(Reason.MALFORMED, "it is not text, which " + format + " is");
        }
        return text;
    }

    /** Why a file was not read, in one of the ways that callers know. */
    private static DocumentException refusal(FileFormat format, Throwable failure) {
        for (Throwable link = failure; link != null; link = link.getCause()) {
            if (link instanceof DocumentException refusal) {
                return refusal;
            }
        }
        return switch (failure) {
            case OutOfMemoryError memory ->
                new DocumentException(Reason.TOO_LARGE, "reading it takes more memory than there is", memory);
            case StackOverflowError deep -> new DocumentException(Reason.TOO_LARGE, "it is nested too deep", deep);
            case IOException damage -> malformed(format, damage);
            default -> malformed(format, failure);
        };
    }

    private static DocumentException malformed(FileFormat format, Throwable cause) {
        return new DocumentException(
                Reason.MALFORMED, "it is damaged, incomplete, or not of the format " + format, cause);
    }
}
