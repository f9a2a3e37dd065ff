package dev.outcrop.services.comprehend;

/** Turns places in UTF-16 units into places in code points, for places that ascend: a text is walked once. */
final class CodePoints {
    private final String text;
    private int units;
    private int points;

    CodePoints(String text) {
        this.text = text;
    }

    /** How many code points stand before a place; places asked for in ascending order cost least. */
    int before(int place) {
        if (place < units) {
            units = 0;
            points = 0;
        }
        points += text.codePointCount(units, place);
        units = place;
        return points;
    }
}
