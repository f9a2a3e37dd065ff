package dev.outcrop.services.s3.select;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads records of values that a delimiter separates. */
final class CsvReader implements RecordReader {
    private static final int MOST_COLUMNS = 10_000;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final Lines lines;
    private final Format format;
    private final Value.Header header;
    private final long last;

    /**
     * How it is written.
     *
     * @param comment begins lines that are none; empty if no lines are
     */
    record Format(String delimiter, char quote, char escape, Optional<Character> comment) {}

    /**
     * Behind the line that names the columns, if there is one.
     *
     * @param last where the last record may begin in the object
     */
    CsvReader(Lines lines, Format format, Value.Header header, long last) {
        this.lines = lines;
        this.format = format;
        this.header = header;
        this.last = last;
    }

    @Override
    public Optional<Value> next() throws IOException {
        Optional<String> line = line(lines, format, last);
        return line.map(text -> new Value.Columns(header, cells(text, format)));
    }

    private static Optional<String> line(Lines lines, Format format, long last) throws IOException {
        while (lines.position() <= last) {
            Optional<String> line = lines.next();
            if (line.isEmpty()) {
                return line;
            }
            String text = withoutReturn(line.get());
            boolean skipped = text.isEmpty()
                    || format.comment().filter(c -> text.charAt(0) == c).isPresent();
            if (!skipped) {
                return Optional.of(text);
            }
        }
        return Optional.empty();
    }

    /** What is written on Windows ends its lines with two characters. */
    private static String withoutReturn(String line) {
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    /** The names of the columns, which the first line tells. */
    static Value.Header header(Lines lines, Format format) throws IOException {
        return line(lines, format, Long.MAX_VALUE)
                .map(text -> text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text)
                .map(text -> new Value.Header(cells(text, format)))
                .orElse(Value.Header.NONE);
    }

    private static List<String> cells(String line, Format format) {
        List<String> cells = new ArrayList<>();
        int at = 0;
        boolean more = true;
        while (more) {
            StringBuilder cell = new StringBuilder();
            if (at < line.length() && line.charAt(at) == format.quote()) {
                at = quoted(line, at + 1, format, cell);
                // Whatever stands between the closing mark and the delimiter belongs to the value.
            }
            int end = line.indexOf(format.delimiter(), at);
            cell.append(line, at, end < 0 ? line.length() : end);
            cells.add(cell.toString());
            more = end >= 0;
            at = end + format.delimiter().length();
            if (cells.size() > MOST_COLUMNS) {
                throw SelectErrors.of(
                        "OverMaxColumn",
                        "The number of columns in the result is greater than the maximum"
                                + " allowable number of columns.");
            }
        }
        return cells;
    }

    /** Reads a value in quotation marks, and gives where it has ended. */
    private static int quoted(String line, int start, Format format, StringBuilder cell) {
        int at = start;
        while (at < line.length()) {
            char c = line.charAt(at);
            boolean escapes = c == format.escape()
                    && at + 1 < line.length()
                    && (line.charAt(at + 1) == format.quote() || line.charAt(at + 1) == format.escape());
            if (escapes && !(c == format.quote() && line.charAt(at + 1) != format.quote())) {
                cell.append(line.charAt(at + 1));
                at += 2;
            } else if (c == format.quote()) {
                return at + 1;
            } else {
                cell.append(c);
                at++;
            }
        }
        throw SelectErrors.of(
                "CSVParsingError",
                "Encountered an error parsing the CSV file: a quotation mark is not"
                        + " closed. Check the file and try again.");
    }
}
