package dev.outcrop.services.bedrockagent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** Rows of comma-separated values in UTF-8, as RFC 4180 has them. */
final class CsvRows {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final String text;
    private int at;

    private CsvRows(String text) {
        this.text = text;
        at = text.indexOf(BYTE_ORDER_MARK) == 0 ? 1 : 0;
    }

    /**
     * All rows; empty lines are passed over.
     *
     * @throws DocumentFailure if a quote is not closed
     */
    static List<List<String>> read(byte[] file) {
        CsvRows reader = new CsvRows(new String(file, UTF_8));
        List<List<String>> rows = new ArrayList<>();
        while (reader.at < reader.text.length()) {
            List<String> row = reader.row();
            if (row.size() > 1 || !row.getFirst().isEmpty()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private List<String> row() {
        List<String> fields = new ArrayList<>();
        while (true) {
            fields.add(field());
            if (at >= text.length()) {
                return fields;
            }
            char end = text.charAt(at++);
            if (end != ',') {
                if (end == '\r' && at < text.length() && text.charAt(at) == '\n') {
                    at++;
                }
                return fields;
            }
        }
    }

    private String field() {
        StringBuilder field = new StringBuilder();
        if (at < text.length() && text.charAt(at) == '"') {
            at++;
            quoted(field);
        }
        while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
            field.append(text.charAt(at++));
        }
        return field.toString();
    }

    private void quoted(StringBuilder field) {
        while (at < text.length()) {
            char next = text.charAt(at++);
            if (next != '"') {
                field.append(next);
            } else if (at < text.length() && text.charAt(at) == '"') {
                field.append('"');
                at++;
            } else {
                return;
            }
        }
        throw DocumentFailure.failed("A quote in the file is not closed.");
    }
}
