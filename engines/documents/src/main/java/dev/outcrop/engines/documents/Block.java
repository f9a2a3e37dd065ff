package dev.outcrop.engines.documents;

import java.util.List;

/** A piece of a document, in reading order. */
public sealed interface Block {
    /** The page it begins on, from 1; 0 where the format has no pages. */
    int page();

    /** It as Markdown, without a line break at its end. */
    String markdown();

    /** It as plain text. */
    String text();

    /**
     * A heading.
     *
     * @param level 1 (the document's title) to 6
     */
    record Heading(int level, String text, int page) implements Block {
        public Heading {
            if (level < 1 || level > 6) {
                throw new IllegalArgumentException("level must be 1 to 6, but is " + level);
            }
        }

        @Override
        public String markdown() {
            return "#".repeat(level) + " " + text;
        }
    }

    /** A paragraph. */
    record Paragraph(String text, int page) implements Block {
        @Override
        public String markdown() {
            return text;
        }
    }

    /** Text whose spaces and line breaks count, such as code. */
    record Preformatted(String text, int page) implements Block {
        @Override
        public String markdown() {
            return "```\n" + text + "\n```";
        }
    }

    /** A list; numbered, bulleted, or both. */
    record Listing(List<Item> items, int page) implements Block {
        public Listing {
            items = List.copyOf(items);
        }

        @Override
        public String markdown() {
            StringBuilder lines = new StringBuilder();
            for (Item item : items) {
                lines.append(lines.isEmpty() ? "" : "\n").append(item.markdown());
            }
            return lines.toString();
        }

        @Override
        public String text() {
            return markdown();
        }
    }

    /**
     * One item of a list.
     *
     * @param depth  how many items it lies in; 0 for an outermost one
     * @param marker what stands before it: "-" or its number, such as "3."
     */
    record Item(int depth, String marker, String text) {
        /** The line that it is in Markdown. */
        public String markdown() {
            return "  ".repeat(depth) + marker + " " + text;
        }
    }

    /**
     * A table; every row has the same number of cells, and the first row is its header.
     *
     * @param rows at least one
     */
    record Table(List<List<String>> rows, int page) implements Block {
        public Table {
            rows = rows.stream().map(List::copyOf).toList();
            if (rows.isEmpty()) {
                throw new IllegalArgumentException("a table has at least one row");
            }
        }

        /** The lines that a part of the table begins with in Markdown: the first row and the rule below it. */
        public String markdownHeader() {
            return markdownRow(0) + "\n|" + " --- |".repeat(rows.getFirst().size());
        }

        /** A row as a line of Markdown. */
        public String markdownRow(int row) {
            StringBuilder line = new StringBuilder("|");
            for (String cell : rows.get(row)) {
                line.append(' ')
                        .append(cell.replace("|", "\\|").replaceAll("\\s*\\R\\s*", " "))
                        .append(" |");
            }
            return line.toString();
        }

        @Override
        public String markdown() {
            StringBuilder lines = new StringBuilder(markdownHeader());
            for (int row = 1; row < rows.size(); row++) {
                lines.append('\n').append(markdownRow(row));
            }
            return lines.toString();
        }

        @Override
        public String text() {
            StringBuilder lines = new StringBuilder();
            for (List<String> row : rows) {
                lines.append(lines.isEmpty() ? "" : "\n").append(String.join("\t", row));
            }
            return lines.toString();
        }
    }
}
