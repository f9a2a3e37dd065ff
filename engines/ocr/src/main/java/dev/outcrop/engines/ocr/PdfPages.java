package dev.outcrop.engines.ocr;

import dev.outcrop.engines.documents.DocumentException;
import dev.outcrop.engines.documents.PdfFile;
import dev.outcrop.engines.ocr.UnreadableDocumentException.Category;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.rendering.ImageType;

/** The pages of a PDF: their text where it can be trusted, else what they look like. Not safe for concurrent use. */
final class PdfPages implements AutoCloseable {
    private static final double POINTS_PER_INCH = 72;
    private static final double LONGEST_SIDE = 2_400;
    private static final double MOST_DOTS_PER_INCH = 300;
    private static final double SHOWN_DOTS_PER_INCH = 150;

    private final PDDocument document;
    private final ReadingLimits limits;
    private final Deadline deadline;

    private PdfPages(PDDocument document, ReadingLimits limits, Deadline deadline) {
        this.document = document;
        this.limits = limits;
        this.deadline = deadline;
    }

    static PdfPages open(byte[] file, ReadingLimits limits, Deadline deadline) {
        PDDocument document = guarded(() -> PdfFile.open(file, Duration.ofNanos(Math.max(0, deadline.leftNanos()))));
        if (document.getNumberOfPages() > limits.pages()) {
            int count = document.getNumberOfPages();
            close(document);
            throw new UnreadableDocumentException(
                    Category.TOO_MANY_PAGES, "the PDF has " + count + " pages, and may have " + limits.pages());
        }
        return new PdfPages(document, limits, deadline);
    }

    int pages() {
        return document.getNumberOfPages();
    }

    /**
     * The words that a page, counted from 1, says it shows, if they can be trusted. Its pixels are what stands around
     * letters and digits, drawn smaller than for reading.
     */
    Optional<Page> text(int number, Turns turns) {
        return guarded(() -> {
            PDPage page = page(number);
            PdfTextLayer layer = PdfTextLayer.of(page, limits.side(), deadline);
            if (!layer.trustworthy()) {
                return Optional.empty();
            }
            float scale = (float) (dotsPerInch(page, SHOWN_DOTS_PER_INCH) / POINTS_PER_INCH);
            int quarters = layer.quarters();
            boolean sideways = (page.getRotation() / 90 + quarters) % 2 != 0;
            int width = pixels(
                    sideways ? page.getCropBox().getHeight() : page.getCropBox().getWidth(), scale);
            int height = pixels(
                    sideways ? page.getCropBox().getWidth() : page.getCropBox().getHeight(), scale);
            return Optional.of(new Page(
                    number,
                    width,
                    height,
                    90.0 * quarters,
                    layer.lines(),
                    new PagePixels(
                            width,
                            height,
                            () -> turns.take(
                                    deadline, () -> guarded(() -> surroundings(number, quarters, width, height)))),
                    Page.Origin.TEXT_LAYER));
        });
    }

    /** What stands around letters and digits on a page that is turned upright, in grey. */
    private byte[] surroundings(int number, int quarters, int width, int height) throws IOException {
        boolean sideways = quarters % 2 != 0;
        int shownWidth = sideways ? height : width;
        byte[] shown = new PdfDrawing(document, limits.side(), deadline, false)
                .grey(number - 1, shownWidth, sideways ? width : height);
        if (quarters == 0) {
            return shown;
        }
        byte[] upright = new byte[shown.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = switch (quarters) {
                    case 1 -> x * shownWidth + shownWidth - 1 - y;
                    case 2 -> shown.length - 1 - (y * width + x);
                    default -> (width - 1 - x) * shownWidth + y;
                };
                upright[y * width + x] = shown[at];
            }
        }
        return upright;
    }

    private static int pixels(float points, float scale) {
        return Math.max(1, Math.round(points * scale));
    }

    /** What a page, counted from 1, looks like, large enough to be read. */
    ColorPixels pixels(int number) {
        return guarded(() -> drawn(number, (float) (dotsPerInch(page(number), MOST_DOTS_PER_INCH) / POINTS_PER_INCH)));
    }

    private PDPage page(int number) {
        PDPage page = document.getPage(number - 1);
        PDRectangle box = page.getCropBox();
        double longer = Math.max(box.getWidth(), box.getHeight()) / POINTS_PER_INCH;
        if (!(box.getWidth() > 0) || !(box.getHeight() > 0)) {
            throw new UnreadableDocumentException(Category.DAMAGED, "page " + number + " of the PDF has no size");
        }
        if (longer > limits.inches()) {
            throw new UnreadableDocumentException(
                    Category.TOO_LARGE,
                    "page " + number + " of the PDF is " + Math.round(longer) + " inches long, and may be "
                            + limits.inches());
        }
        return page;
    }

    private static double dotsPerInch(PDPage page, double most) {
        double longer = Math.max(page.getCropBox().getWidth(), page.getCropBox().getHeight()) / POINTS_PER_INCH;
        return Math.min(most, LONGEST_SIDE / longer);
    }

    private ColorPixels drawn(int number, float scale) throws IOException {
        BufferedImage image =
                new PdfDrawing(document, limits.side(), deadline, true).renderImage(number - 1, scale, ImageType.RGB);
        return ImageFile.pixels(image);
    }

    /** Does what PDFBox may fail at, of which every way means damage, but for those that are known. */
    private static <T> T guarded(Callable<T> work) {
        try {
            return work.call();
        } catch (UnreadableDocumentException refusal) {
            throw refusal;
        } catch (DocumentException refusal) {
            throw new UnreadableDocumentException(
                    switch (refusal.reason()) {
                        case TOO_LARGE -> Category.TOO_LARGE;
                        case TOO_SLOW, BUSY -> Category.TOO_SLOW;
                        case ENCRYPTED -> Category.ENCRYPTED;
                        case MALFORMED -> Category.DAMAGED;
                        case UNSUPPORTED -> Category.UNSUPPORTED;
                    },
                    "the PDF cannot be read: " + refusal.getMessage(),
                    refusal);
        } catch (Exception damage) {
            for (Throwable cause = damage.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof UnreadableDocumentException refusal) {
                    throw refusal;
                }
            }
            throw new UnreadableDocumentException(
                    Category.DAMAGED, "the PDF cannot be read: " + damage.getMessage(), damage);
        }
    }

    @Override
    public void close() {
        close(document);
    }

    private static void close(PDDocument document) {
        guarded(() -> {
            document.close();
            return Optional.empty();
        });
    }
}
