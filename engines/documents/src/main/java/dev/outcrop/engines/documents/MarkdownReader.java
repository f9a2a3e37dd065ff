package dev.outcrop.engines.documents;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the blocks of Markdown: headings of both kinds, paragraphs, lists, fenced code and tables, as CommonMark and GitHub
 * have them. What is marked inside a line stays as it is.
 */
final class MarkdownReader {
    private static final Pattern HEADING = Pattern.compile(" {0,3}(#{1,6})(?:[ \\t]+(.*?))?(?:[ \\t]+#+)?[ \\t]*");
    private static final Pattern UNDERLINE = Pattern.compile(" {0,3}(=+|-{2,})[ \\t]*");
    private static final Pattern FENCE = Pattern.compile(" {0,3}(`{3,}|~{3,}).*");
    private static final Pattern ITEM = Pattern.compile("([ \\t]*)([-*+]|\\d{1,9}[.)])[ \\t]+(\\S.*)");
    private static final Pattern RULE =
            Pattern.compile(" {0,3}(?:(?:\\*[ \\t]*){3,}|(?:-[ \\t]*){3,}|(?:_[ \\t]*){3,})");
    private static final Pattern TABLE_RULE =
            Pattern.compile("[ \\t]*\\|?[ \\t]*:?-+:?[ \\t]*(?:\\|[ \\t]*:?-+:?[ \\t]*)*\\|?[ \\t]*");
    private static final int LONGEST_RULE = 2_000;

    private final List<String> lines;
    private final List<Block> blocks = new ArrayList<>();
    private final List<String> paragraph = new ArrayList<>();
    private final List<Block.Item> items = new ArrayList<>();
    private int at;

    private MarkdownReader(String text) {
        this.lines = text.lines().toList();
    }

    static Document read(String text) {
        MarkdownReader reader = new MarkdownReader(text);
        while (reader.at < reader.lines.size()) {
            reader.line();
        }
        reader.end();
        return new Document(reader.blocks, 0, List.of());
    }

    private void line() {
        String line = lines.get(at);
        Matcher heading = HEADING.matcher(line);
        Matcher item = ITEM.matcher(line);
        Matcher fence = FENCE.matcher(line);
        boolean rule = line.length() < LONGEST_RULE && RULE.matcher(line).matches();
        if (line.isBlank()) {
            end();
        } else if (heading.matches()) {
            end();
            String text = heading.group(2) == null ? "" : heading.group(2).strip();
            if (!text.isEmpty()) {
                blocks.add(new Block.Heading(heading.group(1).length(), text, 0));
            }
        } else if (!paragraph.isEmpty()
                && items.isEmpty()
                && UNDERLINE.matcher(line).matches()) {
            int level = line.strip().startsWith("=") ? 1 : 2;
            String text = String.join(" ", paragraph);
            paragraph.clear();
            blocks.add(new Block.Heading(level, text, 0));
        } else if (fence.matches()) {
            code(fence.group(1));
        } else if (rule) {
            end();
        } else if (isTable()) {
            table();
        } else if (item.matches()) {
            endParagraph();
            int depth = item.group(1).replace("\t", "    ").length() / 2;
            String marker = "*+".contains(item.group(2)) ? "-" : item.group(2);
            items.add(new Block.Item(Math.min(depth, 9), marker, item.group(3).strip()));
        } else if (!items.isEmpty() && paragraph.isEmpty()) {
            Block.Item last = items.removeLast();
            items.add(new Block.Item(last.depth(), last.marker(), last.text() + " " + line.strip()));
        } else {
            paragraph.add(line.strip());
        }
        at++;
    }

    private void code(String fence) {
        end();
        List<String> code = new ArrayList<>();
        for (at++; at < lines.size() && !lines.get(at).strip().startsWith(fence); at++) {
            code.add(lines.get(at));
        }
        if (!code.isEmpty()) {
            blocks.add(new Block.Preformatted(String.join("\n", code), 0));
        }
    }

    private boolean isTable() {
        return lines.get(at).indexOf('|') >= 0
                && at + 1 < lines.size()
                && lines.get(at + 1).indexOf('-') >= 0
                && lines.get(at + 1).length() < LONGEST_RULE
                && TABLE_RULE.matcher(lines.get(at + 1)).matches();
    }

    private void table() {
        end();
        TableRows rows = new TableRows();
        rows.add(cells(lines.get(at)));
        for (at += 2; at < lines.size() && lines.get(at).indexOf('|') >= 0; at++) {
            rows.add(cells(lines.get(at)));
        }
        at--;
        blocks.addAll(rows.blocks(0));
    }

    private static List<String> cells(String line) {
        String row = line.strip();
        row = row.startsWith("|") ? row.substring(1) : row;
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        for (int i = 0; i < row.length(); i++) {
            char sign = row.charAt(i);
            if (sign == '\\' && i + 1 < row.length() && row.charAt(i + 1) == '|') {
                cell.append('|');
                i++;
            } else if (sign == '|') {
                cells.add(cell.toString().strip());
                cell.setLength(0);
            } else {
                cell.append(sign);
            }
        }
        if (!cell.toString().isBlank()) {
            cells.add(cell.toString().strip());
        }
        return cells;
    }

    private void end() {
        endParagraph();
        if (!items.isEmpty()) {
            blocks.add(new Block.Listing(items, 0));
            items.clear();
        }
    }

    private void endParagraph() {
        if (!paragraph.isEmpty()) {
            blocks.add(new Block.Paragraph(String.join("\n", paragraph), 0));
            paragraph.clear();
        }
    }
}
