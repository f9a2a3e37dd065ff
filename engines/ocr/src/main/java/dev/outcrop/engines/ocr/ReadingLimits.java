package dev.outcrop.engines.ocr;

import java.time.Duration;

/**
 * What reading a document may cost.
 *
 * @param bytes  the longest file
 * @param pages  the most pages
 * @param side   the longest side of an image, in pixels; also of images inside a PDF
 * @param inches the longest side of a page of a PDF
 * @param time   how long all pages together may take
 */
public record ReadingLimits(long bytes, int pages, int side, double inches, Duration time) {
    /** Textract's for synchronous calls: 10 MB, one page, 10,000 pixels, 40 inches; two minutes. */
    public static final ReadingLimits SYNCHRONOUS = new ReadingLimits(10L << 20, 1, 10_000, 40, Duration.ofMinutes(2));

    /** Textract's for jobs: 500 MB, 3,000 pages, 10,000 pixels, 40 inches; six hours. */
    public static final ReadingLimits ASYNCHRONOUS =
            new ReadingLimits(500L << 20, 3_000, 10_000, 40, Duration.ofHours(6));
}
