package dev.outcrop.engines.documents;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Reads comma-separated values as RFC 4180 has them, with commas, semicolons, tabulators or bars: whichever parts the first
 * lines into the most cells of one number.
 */
final class CsvReader {
    private static final String SEPARATORS = ",;\t|";
    private static final int LINES_TO_GUESS = 20;
    private static final int LETTERS_TO_GUESS = 1 << 16;

    private final String text;
    private final char separator;
    private int at;

    private CsvReader(String text, char separator) {
        this.text = text;
        this.separator = separator;
    }

    static Document read(String text, Deadline deadline) {
        TableRows table = new TableRows();
        new CsvReader(text, separator(text)).rows(row -> {
            deadline.check();
            table.add(row);
            return true;
        });
        return new Document(table.blocks(0), 0, List.of());
    }

    private static char separator(String text) {
        String sample = text.substring(0, Math.min(text.length(), LETTERS_TO_GUESS));
        char best = ',';
        int most = 0;
        for (int i = 0; i < SEPARATORS.length(); i++) {
            char separator = SEPARATORS.charAt(i);
            List<Integer> counts = new ArrayList<>();
            new CsvReader(sample, separator).rows(row -> {
                if (row.size() > 1 || !row.getFirst().isEmpty()) {
                    counts.add(row.size());
                }
                return counts.size() < LINES_TO_GUESS;
            });
            int cells = counts.stream().mapToInt(Integer::intValue).min().orElse(0);
            if (cells > most) {
                most = cells;
                best = separator;
            }
        }
        return best;
    }

    /** Gives each row to {@code row} until that has enough. */
    private void rows(Predicate<List<String>> row) {
        boolean more = true;
        while (more && at < text.length()) {
            List<String> cells = new ArrayList<>();
            boolean ended = false;
            while (!ended) {
                cells.add(cell());
                ended = at >= text.length() || text.charAt(at) != separator;
                if (!ended) {
                    at++;
                }
            }
            if (at < text.length() && text.charAt(at) == '\r') {
                at++;
            }
            if (at < text.length() && text.charAt(at) == '\n') {
                at++;
            }
            more = row.test(cells);
        }
    }

    private String cell() {
        StringBuilder cell = new StringBuilder();
        if (at < text.length() && text.charAt(at) == '"') {
            at++;
            while (at < text.length()) {
                char sign = text.charAt(at++);
                if (sign == '"' && (at >= text.length() || text.charAt(at) != '"')) {
                    break;
                }
                if (sign == '"') {
                    at++;
                }
                cell.append(sign);
            }
        }
        while (at < text.length()
                && text.charAt(at) != separator
                && text.charAt(at) != '\n'
                && text.charAt(at) != '\r') {
            cell.append(text.charAt(at++));
        }
        return cell.toString().strip();
    }
}
