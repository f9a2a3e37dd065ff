package dev.outcrop.engines.documents;

import dev.outcrop.engines.documents.DocumentException.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Makes blocks of the elements of HTML as they begin and end; also of the XHTML that Tika makes of other formats. What is in
 * a table is text of its cells, also lists and further tables.
 */
final class MarkupBlocks extends DefaultHandler {
    private static final Pattern BULLET =
            Pattern.compile("[•◦▪●■○‣⁃·\uF0B7\uF0A7o-][\\s\\u00A0]+(\\S.*)", Pattern.DOTALL);
    private static final Pattern NUMBER =
            Pattern.compile("(\\d{1,3}[.)]|[a-z][.)])[\\s\\u00A0]+(\\S.*)", Pattern.DOTALL);
    private static final int WIDEST_SPAN = 50;

    private final Limits limits;
    private final Deadline deadline;
    private final List<Block> blocks = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final Deque<Integer> lists = new ArrayDeque<>();
    private final List<Block.Item> items = new ArrayList<>();
    private int depth;
    private int characters;
    private int skipping;
    private int preformatted;
    private int tables;
    private TableRows rows = new TableRows();
    private List<String> row = new ArrayList<>();
    private int span = 1;
    private boolean inItem;
    private String marker = "-";
    private boolean listed;
    private int slide;

    MarkupBlocks(Limits limits, Deadline deadline) {
        this.limits = limits;
        this.deadline = deadline;
    }

    /** What was made of all that was told. */
    Document document() {
        endText();
        endList();
        return new Document(blocks, slide, List.of());
    }

    @Override
    public void startElement(String uri, String localName, String qName, Attributes attributes) {
        deadline.check();
        if (++depth > limits.depth()) {
            throw new DocumentException(
                    Reason.TOO_LARGE, "its elements are nested more than " + limits.depth() + " deep");
        }
        begin(localName.toLowerCase(Locale.ROOT), attributes);
    }

    /** An element begins. */
    private void begin(String name, Attributes attributes) {
        String kind = attributes.getValue("class") == null ? "" : attributes.getValue("class");
        switch (name) {
            case "script", "style", "head", "template" -> skipping++;
            case "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "article", "dt", "dd", "figcaption" ->
                boundary();
            case "p" -> {
                boundary();
                listed = kind.toLowerCase(Locale.ROOT).contains("list");
            }
            case "div" -> {
                boundary();
                if (kind.equals("slide-content") || kind.equals("slide")) {
                    endList();
                    slide++;
                }
            }
            case "br" -> text.append('\n');
            case "ul", "ol" -> {
                boundary();
                lists.push(name.equals("ol") ? 1 : 0);
            }
            case "li" -> {
                boundary();
                inItem = true;
                int next = lists.isEmpty() ? 0 : lists.pop();
                marker = next == 0 ? "-" : next + ".";
                lists.push(next == 0 ? 0 : next + 1);
            }
            case "pre" -> {
                boundary();
                preformatted++;
            }
            case "table" -> {
                if (tables++ == 0) {
                    endText();
                    endList();
                    rows = new TableRows();
                    row = new ArrayList<>();
                }
            }
            case "tr" -> {
                if (tables == 1) {
                    row = new ArrayList<>();
                }
            }
            case "td", "th" -> {
                if (tables == 1) {
                    text.setLength(0);
                    span = span(attributes.getValue("colspan"));
                } else {
                    text.append(' ');
                }
            }
            default -> {
                // Marks inside a line.
            }
        }
    }

    private static int span(String value) {
        return value != null && value.matches("\\d{1,3}") ? Math.clamp(Integer.parseInt(value), 1, WIDEST_SPAN) : 1;
    }

    @Override
    public void characters(char[] letters, int start, int length) {
        deadline.check();
        if (skipping > 0) {
            return;
        }
        characters += length;
        if (characters > limits.characters()) {
            throw new DocumentException(Reason.TOO_LARGE, "it has more than " + limits.characters() + " characters");
        }
        text.append(letters, start, length);
    }

    @Override
    public void ignorableWhitespace(char[] letters, int start, int length) {
        characters(letters, start, length);
    }

    @Override
    public void endElement(String uri, String localName, String qName) {
        depth--;
        switch (localName.toLowerCase(Locale.ROOT)) {
            case "script", "style", "head", "template" -> skipping--;
            case "h1" -> heading(1);
            case "h2" -> heading(2);
            case "h3" -> heading(3);
            case "h4" -> heading(4);
            case "h5" -> heading(5);
            case "h6" -> heading(6);
            case "p", "div", "blockquote", "section", "article", "dt", "dd", "figcaption" -> boundary();
            case "li" -> {
                boundary();
                inItem = false;
            }
            case "ul", "ol" -> {
                boundary();
                if (!lists.isEmpty()) {
                    lists.pop();
                }
                if (lists.isEmpty()) {
                    endList();
                }
            }
            case "pre" -> {
                if (tables == 0 && !inItem && !text.toString().isBlank()) {
                    endList();
                    blocks.add(new Block.Preformatted(text.toString().stripTrailing(), slide));
                    text.setLength(0);
                }
                boundary();
                preformatted--;
            }
            case "td", "th" -> {
                if (tables == 1) {
                    row.add(line());
                    for (int i = 1; i < span; i++) {
                        row.add("");
                    }
                    text.setLength(0);
                }
            }
            case "tr" -> {
                if (tables == 1) {
                    rows.add(row);
                }
            }
            case "table" -> {
                if (--tables == 0) {
                    blocks.addAll(rows.blocks(slide));
                    text.setLength(0);
                }
            }
            default -> {
                // Marks inside a line.
            }
        }
    }

    private void heading(int level) {
        if (tables > 0) {
            text.append(' ');
            return;
        }
        endList();
        String line = line();
        if (!line.isEmpty()) {
            blocks.add(new Block.Heading(level, line, slide));
        }
        text.setLength(0);
    }

    /** What was told until here is a block of its own. */
    private void boundary() {
        if (tables > 0) {
            text.append(' ');
        } else {
            endText();
        }
    }

    private void endText() {
        String line = line();
        text.setLength(0);
        boolean inList = listed;
        listed = false;
        if (line.isEmpty()) {
            return;
        }
        if (inItem || !lists.isEmpty()) {
            if (inItem) {
                items.add(new Block.Item(Math.max(0, lists.size() - 1), marker, line));
                inItem = false;
            } else if (!items.isEmpty()) {
                Block.Item last = items.removeLast();
                items.add(new Block.Item(last.depth(), last.marker(), last.text() + " " + line));
            } else {
                blocks.add(new Block.Paragraph(line, slide));
            }
            return;
        }
        Matcher bullet = BULLET.matcher(line);
        Matcher number = NUMBER.matcher(line);
        if (bullet.matches() && (inList || "o-".indexOf(line.charAt(0)) < 0)) {
            items.add(new Block.Item(0, "-", bullet.group(1)));
        } else if (inList && number.matches()) {
            items.add(new Block.Item(0, number.group(1), number.group(2)));
        } else {
            endList();
            blocks.add(new Block.Paragraph(line, slide));
        }
    }

    private void endList() {
        if (!items.isEmpty()) {
            blocks.add(new Block.Listing(items, slide));
            items.clear();
        }
    }

    private String line() {
        return preformatted > 0 && tables == 0
                ? text.toString().strip()
                : text.toString().replace('\u00A0', ' ').strip().replaceAll("\\s+", " ");
    }
}
