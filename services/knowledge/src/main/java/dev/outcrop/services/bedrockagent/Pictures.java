package dev.outcrop.services.bedrockagent;

import dev.outcrop.engines.documents.ScannedPage;
import dev.outcrop.engines.ocr.DocumentReader;
import dev.outcrop.engines.ocr.Line;
import dev.outcrop.engines.ocr.Page;
import dev.outcrop.engines.ocr.Point;
import dev.outcrop.engines.ocr.ReadingLimits;
import dev.outcrop.engines.ocr.UnreadableDocumentException;
import dev.outcrop.engines.ocr.Word;
import dev.outcrop.kernel.AwsError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/** Reads pages that are pictures, and files that are, by the model that is installed for it. */
final class Pictures {
    private static final ReadingLimits LIMITS =
            new ReadingLimits(50_000_000, 5_000, 10_000, 40, Duration.ofMinutes(30));
    private static final Set<String> EXTENSIONS = Set.of("jpg", "jpeg", "png", "tif", "tiff");
    private static final Set<String> MEDIA_TYPES = Set.of("image/jpeg", "image/png", "image/tiff");

    private final Supplier<DocumentReader> reader;

    /** @param reader opened when the first picture must be read */
    Pictures(Supplier<DocumentReader> reader) {
        this.reader = reader;
    }

    /** Whether a document is a picture that can be read. */
    static boolean isPicture(FoundDocument found) {
        String name = found.name();
        return MEDIA_TYPES.contains(found.mediaType().split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                || EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    /**
     * What stands on pages.
     *
     * @param wanted which pages, counted from 1
     * @throws DocumentFailure if they cannot be read, or no model is installed
     */
    List<ScannedPage> read(byte[] content, IntPredicate wanted) {
        List<ScannedPage> pages = new ArrayList<>();
        try {
            reader.get().read(content, LIMITS, wanted, page -> pages.add(scanned(page)));
        } catch (UnreadableDocumentException unreadable) {
            throw DocumentFailure.failed(unreadable.getMessage() + ".");
        } catch (AwsError missing) {
            throw DocumentFailure.failed(missing.getMessage());
        }
        return pages;
    }

    private static ScannedPage scanned(Page page) {
        return new ScannedPage(
                page.number(),
                page.width(),
                page.height(),
                page.lines().stream().map(line -> words(page, line)).toList());
    }

    private static List<ScannedPage.Word> words(Page page, Line line) {
        return line.words().stream().map(word -> word(page, word)).toList();
    }

    private static ScannedPage.Word word(Page page, Word word) {
        double left = 1;
        double right = 0;
        double top = 1;
        double bottom = 0;
        for (Point corner : word.polygon()) {
            left = Math.min(left, corner.x());
            right = Math.max(right, corner.x());
            top = Math.min(top, corner.y());
            bottom = Math.max(bottom, corner.y());
        }
        return new ScannedPage.Word(
                word.text(), left * page.width(), right * page.width(), top * page.height(), bottom * page.height());
    }
}
