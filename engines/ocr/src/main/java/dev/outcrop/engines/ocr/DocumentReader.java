package dev.outcrop.engines.ocr;

import dev.outcrop.engines.ocr.UnreadableDocumentException.Category;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * Reads JPEG, PNG, TIFF and PDF to lines and words by PP-OCRv4 on ONNX Runtime.
 *
 * <p>Networks are opened when the first page must be read from its pixels, and shared by all callers; no more pages are
 * unpacked and read at the same time than the settings say, and further callers wait; pages of a PDF whose text is taken
 * need no network and take turns of their own, one thread each. Safe for concurrent use.
 */
public final class DocumentReader implements AutoCloseable {
    private final Supplier<ModelFiles> files;
    private final Settings settings;
    private final Turns turns;
    private final Turns textTurns;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile PageEngine engine;

    /**
     * How pages are read.
     *
     * @param pagesAtOnce    how many pages are read at the same time
     * @param threadsPerPage threads that share the work of one page
     * @param detectionSide  to how many pixels the longer side of a page is reduced at most to find lines; they are read
     *                       from the page as it is
     */
    public record Settings(int pagesAtOnce, int threadsPerPage, int detectionSide) {
        public Settings {
            if (pagesAtOnce < 1 || threadsPerPage < 1 || detectionSide < 320) {
                throw new IllegalArgumentException(
                        "pagesAtOnce and threadsPerPage must be at least 1, detectionSide at least 320, but they are "
                                + pagesAtOnce + ", " + threadsPerPage + " and " + detectionSide);
            }
        }

        /** One page for every two cores, of which each uses two. */
        public static Settings usual() {
            int cores = Runtime.getRuntime().availableProcessors();
            return new Settings(Math.max(1, cores / 2), Math.min(2, cores), 2_000);
        }
    }

    /**
     * Makes a reader with the usual settings; no file is opened yet.
     *
     * @param files where the model lies, asked when the first page must be read from its pixels; what it throws (such as
     *              that no model is installed) comes out of {@link #read}
     */
    public DocumentReader(Supplier<ModelFiles> files) {
        this(files, Settings.usual());
    }

    /** Makes a reader; no file is opened yet. */
    public DocumentReader(Supplier<ModelFiles> files, Settings settings) {
        this.files = files;
        this.settings = settings;
        this.turns = new Turns(settings.pagesAtOnce());
        this.textTurns = new Turns(settings.pagesAtOnce() * settings.threadsPerPage());
    }

    /**
     * Reads the pages of a document, one after the other.
     *
     * @param consumer is given each page as soon as it is read, in their order
     * @throws UnreadableDocumentException if the document is not what is read here; pages may have been given before
     */
    public void read(byte[] document, ReadingLimits limits, Consumer<Page> consumer) {
        read(document, limits, _ -> true, consumer);
    }

    /**
     * Reads some pages of a document, one after the other.
     *
     * @param wanted   which pages, counted from 1
     * @param consumer is given each page as soon as it is read, in their order
     * @throws UnreadableDocumentException if the document is not what is read here; pages may have been given before
     */
    public void read(byte[] document, ReadingLimits limits, IntPredicate wanted, Consumer<Page> consumer) {
        if (document.length == 0) {
            throw new UnreadableDocumentException(Category.DAMAGED, "the document is empty");
        }
        if (document.length > limits.bytes()) {
            throw new UnreadableDocumentException(
                    Category.TOO_LARGE,
                    "the document has " + document.length + " bytes, and may have " + limits.bytes());
        }
        DocumentFormat format = DocumentFormat.of(document)
                .orElseThrow(() -> new UnreadableDocumentException(
                        Category.UNSUPPORTED, "the document is neither JPEG, PNG, TIFF nor PDF"));
        Deadline deadline = Deadline.in(limits.time());
        if (format == DocumentFormat.PDF) {
            readPdf(document, limits, deadline, wanted, consumer);
        } else {
            ImageFile image = new ImageFile(document, format, limits);
            for (int page = 1; page <= image.pages(); page++) {
                int number = page;
                if (wanted.test(number)) {
                    consumer.accept(
                            turns.take(deadline, () -> fromPixels(number, image.pixels(number, deadline), deadline)));
                }
            }
        }
    }

    private void readPdf(
            byte[] document, ReadingLimits limits, Deadline deadline, IntPredicate wanted, Consumer<Page> consumer) {
        try (PdfPages pages = textTurns.take(deadline, () -> PdfPages.open(document, limits, deadline))) {
            for (int page = 1; page <= pages.pages(); page++) {
                int number = page;
                if (wanted.test(number)) {
                    Optional<Page> text = textTurns.take(deadline, () -> pages.text(number, textTurns));
                    consumer.accept(
                            text.isPresent()
                                    ? text.get()
                                    : turns.take(deadline, () -> fromPixels(number, pages.pixels(number), deadline)));
                }
            }
        }
    }

    private Page fromPixels(int number, ColorPixels pixels, Deadline deadline) {
        TextReader.Result result = engine().reader().read(pixels, deadline);
        ColorPixels upright = result.upright();
        return new Page(
                number,
                upright.width(),
                upright.height(),
                90.0 * result.quarters(),
                result.lines(),
                new PagePixels(upright.width(), upright.height(), upright::grey),
                Page.Origin.PIXELS);
    }

    private PageEngine engine() {
        PageEngine open = engine;
        if (open != null) {
            return open;
        }
        opening.lock();
        try {
            if (engine == null) {
                engine = PageEngine.open(files.get(), settings);
            }
            return engine;
        } finally {
            opening.unlock();
        }
    }

    /** Closes the networks; nobody may read any more. */
    @Override
    public void close() {
        textTurns.close();
        turns.close();
        opening.lock();
        try {
            if (engine != null) {
                engine.close();
                engine = null;
            }
        } finally {
            opening.unlock();
        }
    }
}
