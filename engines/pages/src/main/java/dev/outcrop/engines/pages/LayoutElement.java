package dev.outcrop.engines.pages;

import java.util.List;

/**
 * A part of a page.
 *
 * @param lines      its lines in the order of reading; of a list, those of all its items
 * @param items      of a list, its items
 * @param confidence 0 to 1
 */
public record LayoutElement(Kind kind, Box box, List<PlacedLine> lines, List<LayoutElement> items, double confidence) {
    public LayoutElement {
        lines = List.copyOf(lines);
        items = List.copyOf(items);
    }

    /** What a part of a page is. */
    public enum Kind {
        TITLE,
        HEADER,
        FOOTER,
        SECTION_HEADER,
        PAGE_NUMBER,
        LIST,
        FIGURE,
        TABLE,
        KEY_VALUE,
        TEXT
    }
}
