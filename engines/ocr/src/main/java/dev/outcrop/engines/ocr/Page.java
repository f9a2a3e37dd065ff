package dev.outcrop.engines.ocr;

import java.util.List;

/**
 * What stands on a page.
 *
 * <p>All polygons are of the upright page: the page as given (after the orientation that a photograph's EXIF block or a
 * PDF's page asks for) turned back by {@code rotationDegrees}. Textract gives polygons of the page as given, their first
 * point the upper left corner of the text as it is read, so that {@code amazon-textract-response-parser} computes the
 * page's orientation from the first two points; {@link #asGiven} makes those.
 *
 * @param number          from 1
 * @param width           of the upright page, in pixels (a PDF's as if drawn for reading)
 * @param height          likewise
 * @param rotationDegrees how far the text of the page as given is turned clockwise: 0, 90, 180 or 270
 * @param lines           in the order of reading
 * @param pixels          the upright page in grey, for ruling lines; where the words are a PDF's own, without letters and digits
 * @param origin          where the words come from
 */
public record Page(
        int number, int width, int height, double rotationDegrees, List<Line> lines, PagePixels pixels, Origin origin) {
    /** Where words come from. */
    public enum Origin {
        /** Read from pixels. */
        PIXELS,
        /** Taken from the text of a PDF. */
        TEXT_LAYER
    }

    public Page {
        lines = List.copyOf(lines);
    }

    /** The place on the page as given of a place on the upright page. */
    public Point asGiven(Point upright) {
        return switch ((int) Math.round(rotationDegrees)) {
            case 90 -> new Point(1 - upright.y(), upright.x());
            case 180 -> new Point(1 - upright.x(), 1 - upright.y());
            case 270 -> new Point(upright.y(), 1 - upright.x());
            default -> upright;
        };
    }
}
