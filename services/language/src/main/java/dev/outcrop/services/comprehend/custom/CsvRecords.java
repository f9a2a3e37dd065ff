package dev.outcrop.services.comprehend.custom;

import dev.outcrop.kernel.AwsError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The records of a file of values separated by commas, in UTF-8. Values in quotes may hold commas, line ends and doubled
 * quotes. Blank lines are left out.
 *
 * <p>Source: RFC 4180.
 */
final class CsvRecords implements AutoCloseable {
    private static final int LONGEST_VALUE = 10 << 20;
    private static final int MOST_VALUES = 1000;
    private static final int BYTE_ORDER_MARK = 0xFEFF;

    private final Reader content;
    private final String name;
    private int line = 1;
    private int ahead;

    /** @param name of the file, for messages */
    CsvRecords(InputStream content, String name) throws IOException {
        this.content = new BufferedReader(new InputStreamReader(content, StandardCharsets.UTF_8.newDecoder()), 1 << 16);
        this.name = name;
        ahead = read();
        if (ahead == BYTE_ORDER_MARK) {
            ahead = read();
        }
    }

    /** The next record; empty at the end. */
    Optional<List<String>> next() throws IOException {
        while (ahead >= 0) {
            List<String> values = new ArrayList<>();
            boolean more = true;
            while (more) {
                values.add(value());
                more = ahead == ',';
                if (more) {
                    ahead = read();
                }
                if (values.size() > MOST_VALUES) {
                    throw wrong("has more than " + MOST_VALUES + " columns");
                }
            }
            endLine();
            if (values.size() > 1 || !values.getFirst().isBlank()) {
                return Optional.of(values);
            }
        }
        return Optional.empty();
    }

    /** In which line the last record ended. */
    int line() {
        return line - 1;
    }

    private String value() throws IOException {
        StringBuilder value = new StringBuilder();
        if (ahead != '"') {
            while (ahead >= 0 && ahead != ',' && ahead != '\n' && ahead != '\r') {
                add(value);
            }
            return value.toString();
        }
        ahead = read();
        while (true) {
            if (ahead < 0) {
                throw wrong("has a quote that is never closed");
            }
            if (ahead == '"') {
                ahead = read();
                if (ahead != '"') {
                    break;
                }
            }
            line += ahead == '\n' ? 1 : 0;
            add(value);
        }
        while (ahead == ' ') {
            ahead = read();
        }
        if (ahead >= 0 && ahead != ',' && ahead != '\n' && ahead != '\r') {
            throw wrong("has text behind a closing quote");
        }
        return value.toString();
    }

    private void add(StringBuilder value) throws IOException {
        if (value.length() >= LONGEST_VALUE) {
            throw wrong("has a value of more than " + LONGEST_VALUE + " characters");
        }
        value.append((char) ahead);
        ahead = read();
    }

    private void endLine() throws IOException {
        if (ahead == '\r') {
            ahead = read();
        }
        if (ahead == '\n') {
            ahead = read();
        }
        line++;
    }

    private int read() throws IOException {
        try {
            return content.read();
        } catch (CharacterCodingException notUtf8) {
            throw wrong("is not in UTF-8");
        }
    }

    private AwsError wrong(String what) {
        return AwsError.validation("The file " + name + " is not valid: line " + line + " " + what + ".");
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
