package dev.outcrop.shapes.codec;

import java.nio.charset.StandardCharsets;

/**
 * Writes XML elements and escaped text into a buffer.
 *
 * <p>Characters that XML 1.0 has no place for are written as references, as Amazon S3 does: nothing is lost, though
 * strict parsers refuse them.
 */
final class XmlOutput {
    private static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    private final BodyBuffer out;

    XmlOutput(BodyBuffer out) {
        this.out = out;
    }

    void declaration() {
        out.write(DECLARATION);
    }

    void start(String name) {
        out.write('<');
        out.write(name);
        out.write('>');
    }

    void start(String name, String namespace) {
        startOpen(name);
        attribute("xmlns", namespace);
        startClose();
    }

    /** Begins a start tag that takes attributes; {@link #startClose} ends it. */
    void startOpen(String name) {
        out.write('<');
        out.write(name);
    }

    void attribute(String name, String value) {
        out.write(' ');
        out.write(name);
        out.write("=\"");
        escaped(value, true);
        out.write('"');
    }

    void startClose() {
        out.write('>');
    }

    void end(String name) {
        out.write("</");
        out.write(name);
        out.write('>');
    }

    void text(String value) {
        escaped(value, false);
    }

    void element(String name, String value) {
        start(name);
        text(value);
        end(name);
    }

    private void escaped(String value, boolean attribute) {
        int plain = 0;
        for (int i = 0; i < value.length(); i++) {
            String escape = escape(value.charAt(i), attribute);
            if (escape != null) {
                utf8(value, plain, i);
                out.write(escape);
                plain = i + 1;
            }
        }
        utf8(value, plain, value.length());
    }

    private static String escape(char c, boolean attribute) {
        return switch (c) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            // Parsers turn a bare one into a line feed.
            case '\r' -> "&#xD;";
            case '"' -> attribute ? "&quot;" : null;
            case '\n' -> attribute ? "&#xA;" : null;
            case '\t' -> attribute ? "&#x9;" : null;
            case '\uFFFE', '\uFFFF' -> "&#x" + Integer.toHexString(c) + ";";
            default -> c < ' ' ? "&#x" + Integer.toHexString(c) + ";" : null;
        };
    }

    private void utf8(String value, int from, int to) {
        if (from == 0 && to == value.length()) {
            out.write(value);
        } else if (from < to) {
            out.write(value.substring(from, to).getBytes(StandardCharsets.UTF_8));
        }
    }
}
