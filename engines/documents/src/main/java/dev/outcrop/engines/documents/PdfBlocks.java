package dev.outcrop.engines.documents;

import dev.outcrop.engines.documents.PageLayout.Flow;
import dev.outcrop.engines.documents.PageLayout.Line;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes headings, paragraphs, lists and tables of the lines of all pages.
 *
 * <p>The size in which most letters are set is the text's; short groups of larger or bolder lines are headings, whose
 * levels are the order of their sizes. A paragraph ends at a wider gap, another size, an indented line, or a line that ends
 * early with a full stop; one that a column or page ends in the middle of goes on in the next. A hyphen at a line's end is
 * dropped, unless the document writes the word with it elsewhere.
 */
final class PdfBlocks {
    private static final Pattern BULLET = Pattern.compile("([•◦▪●■○‣⁃–*·-])\\s+(\\S.*)");
    private static final Pattern NUMBERED = Pattern.compile("(\\(?(?:\\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])\\s+(\\S.*)");
    private static final Pattern HYPHENATED = Pattern.compile("\\p{L}+(?:-\\p{L}+)+");
    private static final int LONGEST_HEADING = 200;

    private final List<Block> blocks = new ArrayList<>();
    private final Set<String> hyphenated = new HashSet<>();
    private final TreeSet<Double> headingSizes = new TreeSet<>();
    private double bodySize;
    private boolean bodyBold;

    private PdfBlocks() {}

    /** The flows of one page. */
    record Page(int number, List<Flow> flows) {}

    /** Lines that belong together. */
    private record Group(List<Line> lines, int page, boolean afterGap) {
        double size() {
            return lines.getFirst().size();
        }

        boolean bold() {
            return lines.getFirst().bold();
        }
    }

    /** The blocks of a document. */
    static List<Block> of(List<Page> pages) {
        PdfBlocks made = new PdfBlocks();
        made.survey(pages);
        List<Object> pieces = new ArrayList<>();
        for (Page page : pages) {
            for (Flow flow : page.flows()) {
                switch (flow) {
                    case PageLayout.Grid grid -> pieces.add(new Block.Table(cleaned(grid.rows()), page.number()));
                    case PageLayout.Lines lines -> pieces.addAll(made.groups(lines.lines(), page.number()));
                }
            }
        }
        for (Object piece : pieces) {
            if (piece instanceof Group group && made.isHeading(group)) {
                made.headingSizes.add(made.styleSize(group));
            }
        }
        for (Object piece : pieces) {
            switch (piece) {
                case Block block -> made.blocks.add(block);
                case Group group -> made.add(group);
                default -> throw new IllegalStateException("unreachable");
            }
        }
        return made.blocks;
    }

    private static List<List<String>> cleaned(List<List<String>> rows) {
        return rows.stream()
                .map(row -> row.stream().map(PdfBlocks::clean).toList())
                .toList();
    }

    /** What size most letters are set in, and which words are written with hyphens. */
    private void survey(List<Page> pages) {
        Map<Double, Integer> letters = new HashMap<>();
        int bold = 0;
        int all = 0;
        for (Page page : pages) {
            for (Flow flow : page.flows()) {
                if (flow instanceof PageLayout.Lines lines) {
                    for (Line line : lines.lines()) {
                        int length = line.text().length();
                        letters.merge(rounded(line.size()), length, Integer::sum);
                        all += length;
                        bold += line.bold() ? length : 0;
                        Matcher words = HYPHENATED.matcher(line.text());
                        while (words.find()) {
                            if (words.end() < line.text().length()) {
                                hyphenated.add(words.group().toLowerCase(Locale.ROOT));
                            }
                        }
                    }
                }
            }
        }
        bodySize = letters.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(10.0);
        bodyBold = bold * 2 > all;
    }

    private static double rounded(double size) {
        return Math.round(size * 2) / 2.0;
    }

    private List<Group> groups(List<Line> lines, int page) {
        double right = lines.stream().mapToDouble(Line::x1).max().orElseThrow();
        double pitch = pitch(lines);
        List<Group> groups = new ArrayList<>();
        List<Line> group = new ArrayList<>();
        boolean afterGap = true;
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            if (!group.isEmpty() && begins(group, line, right, pitch)) {
                groups.add(new Group(group, page, afterGap));
                afterGap = line.baseline() - group.getLast().baseline() > 1.2 * Math.max(pitch, line.size());
                group = new ArrayList<>();
            }
            group.add(line);
        }
        groups.add(new Group(group, page, afterGap));
        return groups;
    }

    /** The usual distance of baselines. */
    private static double pitch(List<Line> lines) {
        Map<Double, Integer> counts = new HashMap<>();
        for (int i = 1; i < lines.size(); i++) {
            double distance = lines.get(i).baseline() - lines.get(i - 1).baseline();
            if (distance > 0) {
                counts.merge(rounded(distance), 1, Integer::sum);
            }
        }
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue() > 1)
                .max(Map.Entry.<Double, Integer>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(java.util.Comparator.reverseOrder())))
                .map(Map.Entry::getKey)
                .orElse(lines.getFirst().size() * 1.25);
    }

    /** Whether {@code line} begins another paragraph than {@code group}. */
    private static boolean begins(List<Line> group, Line line, double right, double pitch) {
        Line last = group.getLast();
        double distance = line.baseline() - last.baseline();
        double size = last.size();
        if (distance > 1.35 * Math.max(pitch, size) || distance < -size) {
            return true;
        }
        if (Math.abs(line.size() - size) > 0.08 * size || line.bold() != last.bold()) {
            return true;
        }
        if (isItem(line.text())) {
            return isItem(group.getFirst().text())
                    || endsEarly(last, right)
                    || BULLET.matcher(line.text()).matches();
        }
        boolean item = isItem(group.getFirst().text());
        double left = group.size() > 1 || item ? last.x0() : group.getFirst().x0();
        boolean indented = line.x0() > left + 0.8 * size && !item;
        boolean outdented = line.x0() < left - 0.8 * size && (group.size() > 1 || item);
        if (indented || (outdented && item)) {
            return true;
        }
        return endsEarly(last, right)
                && ".!?:".indexOf(last.text().charAt(last.text().length() - 1)) >= 0;
    }

    private static boolean isItem(String text) {
        return BULLET.matcher(text).matches() || NUMBERED.matcher(text).matches();
    }

    private static boolean endsEarly(Line line, double right) {
        return line.x1() < right - 0.15 * (right - line.x0());
    }

    private boolean isHeading(Group group) {
        String text = joined(group.lines());
        if (group.lines().size() > 3
                || text.length() > LONGEST_HEADING
                || text.codePoints().noneMatch(Character::isLetter)) {
            return false;
        }
        char last = text.charAt(text.length() - 1);
        boolean larger = group.size() >= bodySize * 1.15;
        boolean bolder = group.bold() && !bodyBold && group.size() >= bodySize * 0.97;
        if (BULLET.matcher(text).matches()) {
            return false;
        }
        return larger ? ".;,".indexOf(last) < 0 || group.size() >= bodySize * 1.4 : bolder && ".;,:".indexOf(last) < 0;
    }

    /** What headings are ordered by: the size, a little more where they are bold. */
    private double styleSize(Group group) {
        return rounded(group.size()) + (group.bold() ? 0.2 : 0);
    }

    private void add(Group group) {
        String text = clean(joined(group.lines()));
        if (text.isEmpty()) {
            return;
        }
        if (isHeading(group)) {
            int level =
                    Math.min(6, headingSizes.tailSet(styleSize(group), false).size() + 1);
            blocks.add(new Block.Heading(level, text, group.page()));
            return;
        }
        Matcher bullet = BULLET.matcher(text);
        Matcher number = NUMBERED.matcher(text);
        if (bullet.matches()) {
            addItem(new Block.Item(0, "-", bullet.group(2)), group.page());
        } else if (number.matches() && text.length() < 2_000 && inList(number.group(1))) {
            addItem(new Block.Item(0, number.group(1), number.group(2)), group.page());
        } else if (goesOn(text)) {
            Block.Paragraph before = (Block.Paragraph) blocks.removeLast();
            blocks.add(new Block.Paragraph(join(before.text(), text), before.page()));
        } else {
            blocks.add(new Block.Paragraph(text, group.page()));
        }
    }

    /** Whether a number begins or continues a list: not every line that begins with "A." does. */
    private boolean inList(String marker) {
        String sign = marker.replaceAll("[().]", "");
        return sign.equals("1")
                || sign.equals("a")
                || sign.equals("i")
                || (!blocks.isEmpty() && blocks.getLast() instanceof Block.Listing);
    }

    private void addItem(Block.Item item, int page) {
        if (!blocks.isEmpty() && blocks.getLast() instanceof Block.Listing list) {
            blocks.removeLast();
            List<Block.Item> items = new ArrayList<>(list.items());
            items.add(item);
            blocks.add(new Block.Listing(items, list.page()));
        } else {
            blocks.add(new Block.Listing(List.of(item), page));
        }
    }

    /** Whether {@code text} goes on with the paragraph before, which a column or a page ended. */
    private boolean goesOn(String text) {
        if (blocks.isEmpty() || !(blocks.getLast() instanceof Block.Paragraph before)) {
            return false;
        }
        char last = before.text().charAt(before.text().length() - 1);
        return Character.isLowerCase(text.codePointAt(0))
                && (Character.isLetterOrDigit(last) || last == ',' || last == '-');
    }

    private String joined(List<Line> lines) {
        String text = "";
        for (Line line : lines) {
            text = text.isEmpty() ? line.text() : join(text, line.text());
        }
        return text;
    }

    /** Two lines of one paragraph, a word that was divided between them mended. */
    private String join(String before, String after) {
        char last = before.charAt(before.length() - 1);
        boolean divided = (last == '-' || last == '\u2010' || last == '\u00AD')
                && before.length() > 1
                && Character.isLetter(before.charAt(before.length() - 2))
                && Character.isLowerCase(after.codePointAt(0));
        if (!divided) {
            return before + (last == '\u00AD' ? "" : " ") + after;
        }
        int begin = before.length() - 1;
        while (begin > 0 && (Character.isLetter(before.charAt(begin - 1)) || before.charAt(begin - 1) == '-')) {
            begin--;
        }
        int end = 0;
        while (end < after.length() && Character.isLetter(after.charAt(end))) {
            end++;
        }
        String written = before.substring(begin, before.length() - 1) + "-" + after.substring(0, end);
        boolean keeps = last == '-' && hyphenated.contains(written.toLowerCase(Locale.ROOT));
        return before.substring(0, before.length() - 1) + (keeps ? "-" : "") + after;
    }

    /** Ligatures and other forms for print as the letters that they stand for. */
    private static String clean(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints().forEach(letter -> {
            if (letter >= 0xFB00 && letter <= 0xFB06) {
                plain.append(Normalizer.normalize(Character.toString(letter), Normalizer.Form.NFKC));
            } else if (letter != 0xAD && !Character.isISOControl(letter) && Character.isDefined(letter)) {
                plain.appendCodePoint(letter);
            }
        });
        return Normalizer.normalize(plain, Normalizer.Form.NFC).strip();
    }
}
