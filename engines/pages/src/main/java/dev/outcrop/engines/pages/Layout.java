package dev.outcrop.engines.pages;

import dev.outcrop.engines.pages.LayoutElement.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The parts of a page in the order in which they are read: lines are grouped to paragraphs, paragraphs, tables and figures are
 * ordered by recursive cuts along free columns and rows, and each is named by its place, its height and how it begins.
 *
 * <p>Source of the cuts: Nagy, Seth and Viswanathan, "A prototype document image analysis system for technical journals", 1992;
 * columns are kept together over paragraphs that happen to begin at one height.
 */
final class Layout {
    private static final Pattern PAGE_NUMBER = Pattern.compile(
            "(page\\s*)?[-–—(]?\\s*(\\d{1,4}|[ivxlc]{1,6})\\s*[-–—)]?((\\s*(of|/)\\s*)\\d{1,4})?",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern BULLET =
            Pattern.compile("([•◦▪‣●○■·*–—-]|\\(?[0-9]{1,2}[.)]|\\(?[a-z][.)]|\\([ivx]{1,4}\\))\\s+\\S.*");
    private static final Pattern NUMBERED = Pattern.compile("\\d{1,2}(\\.\\d{1,2})*\\.?\\s+\\p{Lu}.*");
    private static final double EDGE = 0.08;

    private final Sheet sheet;
    private final List<Table> tables;
    private final List<KeyValue> pairs;
    private final double bodyHeight;

    Layout(Sheet sheet, List<Table> tables, List<KeyValue> pairs) {
        this.sheet = sheet;
        this.tables = tables;
        this.pairs = pairs;
        List<Double> heights = sheet.lines().stream()
                .flatMap(line ->
                        Collections.nCopies(line.words().size(), line.box().height()).stream())
                .sorted()
                .toList();
        bodyHeight = heights.isEmpty() ? sheet.wordHeight() : heights.get(heights.size() / 2);
    }

    List<LayoutElement> find(List<Box> figures) {
        List<LayoutElement> parts = new ArrayList<>();
        Set<PlacedLine> taken = new HashSet<>();
        for (Table table : tables) {
            List<PlacedLine> lines = linesIn(table.box(), taken);
            parts.add(new LayoutElement(Kind.TABLE, table.box(), lines, List.of(), table.confidence()));
        }
        for (Box figure : figures) {
            parts.add(new LayoutElement(Kind.FIGURE, figure, linesIn(figure, taken), List.of(), 0.8));
        }
        List<LayoutElement> edges = edges(taken);
        List<PlacedLine> rest =
                sheet.lines().stream().filter(line -> !taken.contains(line)).toList();
        parts.addAll(keyValues(paragraphs(rest)));
        List<LayoutElement> ordered = new ArrayList<>();
        order(parts, ordered);
        List<LayoutElement> named = lists(named(ordered));
        List<LayoutElement> all = new ArrayList<>(edges.stream()
                .filter(edge -> edge.box().middleY() < sheet.height() / 2)
                .toList());
        all.addAll(named);
        all.addAll(edges.stream()
                .filter(edge -> edge.box().middleY() >= sheet.height() / 2)
                .toList());
        return all;
    }

    private List<PlacedLine> linesIn(Box box, Set<PlacedLine> taken) {
        List<PlacedLine> lines = sheet.lines().stream()
                .filter(line -> box.holds(line.box()) && !taken.contains(line))
                .toList();
        taken.addAll(lines);
        return lines;
    }

    /** Page numbers, running headers and footers: what stands alone at the upper and lower edge. */
    private List<LayoutElement> edges(Set<PlacedLine> taken) {
        List<LayoutElement> edges = new ArrayList<>();
        for (PlacedLine line : sheet.lines()) {
            boolean above = line.box().middleY() < EDGE * sheet.height();
            boolean below = line.box().middleY() > (1 - EDGE) * sheet.height();
            if (taken.contains(line) || (!above && !below)) {
                continue;
            }
            if (PAGE_NUMBER.matcher(line.text()).matches()) {
                edges.add(single(Kind.PAGE_NUMBER, line, 0.95));
                taken.add(line);
                continue;
            }
            double gap = sheet.lines().stream()
                    .filter(other -> !other.box().onRowOf(line.box()))
                    .mapToDouble(other -> above
                            ? other.box().top() - line.box().bottom()
                            : line.box().top() - other.box().bottom())
                    .filter(distance -> distance > -0.3 * line.box().height())
                    .min()
                    .orElse(0);
            if (line.box().height() <= 1.15 * bodyHeight
                    && gap > 1.5 * bodyHeight
                    && line.words().size() < 15) {
                edges.add(single(above ? Kind.HEADER : Kind.FOOTER, line, 0.85));
                taken.add(line);
            }
        }
        return edges;
    }

    private static LayoutElement single(Kind kind, PlacedLine line, double confidence) {
        return new LayoutElement(kind, line.box(), List.of(line), List.of(), confidence);
    }

    private List<List<PlacedLine>> paragraphs(List<PlacedLine> lines) {
        List<PlacedLine> sorted = lines.stream()
                .sorted(Comparator.comparingDouble(line -> line.box().top()))
                .toList();
        List<List<PlacedLine>> paragraphs = new ArrayList<>();
        for (PlacedLine line : sorted) {
            List<PlacedLine> best = null;
            double nearest = Double.MAX_VALUE;
            for (List<PlacedLine> paragraph : paragraphs) {
                PlacedLine last = paragraph.getLast();
                double gap = line.box().top() - last.box().bottom();
                if (gap < nearest && goesOn(last, line, gap)) {
                    best = paragraph;
                    nearest = gap;
                }
            }
            if (best == null
                    || BULLET.matcher(line.text()).matches()
                    || NUMBERED.matcher(line.text()).matches()) {
                paragraphs.add(new ArrayList<>(List.of(line)));
            } else {
                best.add(line);
            }
        }
        return paragraphs;
    }

    private static boolean goesOn(PlacedLine last, PlacedLine line, double gap) {
        double small = Math.min(last.box().height(), line.box().height());
        double large = Math.max(last.box().height(), line.box().height());
        boolean under = line.box().overlapX(last.box())
                > 0.4 * Math.min(line.box().width(), last.box().width());
        return gap > -0.6 * small && gap < 0.75 * small && large < 1.28 * small && under;
    }

    /** Paragraphs that are mostly labels with values become one part with their neighbours of that kind. */
    private List<LayoutElement> keyValues(List<List<PlacedLine>> paragraphs) {
        Set<PlacedWord> words = Collections.newSetFromMap(new IdentityHashMap<>());
        pairs.forEach(pair -> {
            words.addAll(pair.key());
            words.addAll(pair.value());
        });
        List<LayoutElement> parts = new ArrayList<>();
        List<List<PlacedLine>> forms = new ArrayList<>();
        for (List<PlacedLine> paragraph : paragraphs) {
            long all = paragraph.stream().mapToLong(line -> line.words().size()).sum();
            long paired = paragraph.stream()
                    .flatMap(line -> line.words().stream())
                    .filter(words::contains)
                    .count();
            if (paired > 0.6 * all) {
                forms.add(new ArrayList<>(paragraph));
            } else {
                parts.add(new LayoutElement(Kind.TEXT, Box.ofLines(paragraph), paragraph, List.of(), 0.9));
            }
        }
        boolean again = true;
        while (again) {
            again = false;
            for (int i = 0; i < forms.size() && !again; i++) {
                for (int j = i + 1; j < forms.size() && !again; j++) {
                    Box both = Box.ofLines(forms.get(i)).union(Box.ofLines(forms.get(j)));
                    boolean near = Box.ofLines(forms.get(i))
                                    .grown(1.2 * sheet.wordHeight())
                                    .touches(Box.ofLines(forms.get(j)))
                            || Box.ofLines(forms.get(i)).onRowOf(Box.ofLines(forms.get(j)));
                    if (near && parts.stream().noneMatch(part -> part.box().touches(both))) {
                        forms.get(i).addAll(forms.remove(j));
                        again = true;
                    }
                }
            }
        }
        for (List<PlacedLine> form : forms) {
            form.sort(Comparator.comparingInt(PlacedLine::index));
            parts.add(new LayoutElement(Kind.KEY_VALUE, Box.ofLines(form), form, List.of(), 0.85));
        }
        return parts;
    }

    /** Puts parts in order: by columns where there are some, else by rows. */
    private void order(List<LayoutElement> parts, List<LayoutElement> ordered) {
        if (parts.size() < 2) {
            ordered.addAll(parts);
            return;
        }
        List<List<LayoutElement>> columns = cut(parts, false);
        if (columns.size() > 1) {
            columns.forEach(column -> order(column, ordered));
            return;
        }
        List<List<LayoutElement>> strips = cut(parts, true);
        if (strips.size() == 1) {
            parts.stream()
                    .sorted(Comparator.comparingDouble(
                                    (LayoutElement part) -> part.box().top())
                            .thenComparingDouble(part -> part.box().left()))
                    .forEach(ordered::add);
            return;
        }
        List<List<LayoutElement>> groups = new ArrayList<>();
        for (List<LayoutElement> strip : strips) {
            List<LayoutElement> together = new ArrayList<>(groups.isEmpty() ? List.of() : groups.getLast());
            together.addAll(strip);
            boolean columned = !groups.isEmpty()
                    && cut(groups.getLast(), false).size() > 1
                    && cut(strip, false).size() > 1
                    && cut(together, false).size() > 1;
            if (columned) {
                groups.getLast().addAll(strip);
            } else {
                groups.add(new ArrayList<>(strip));
            }
        }
        groups.forEach(group -> order(group, ordered));
    }

    /** The groups that free strips of some width part, from top to bottom or from left to right. */
    private List<List<LayoutElement>> cut(List<LayoutElement> parts, boolean rows) {
        List<LayoutElement> sorted = parts.stream()
                .sorted(Comparator.comparingDouble(part -> begin(part.box(), rows)))
                .toList();
        double least = rows ? 0 : 0.6 * sheet.wordHeight();
        List<List<LayoutElement>> groups = new ArrayList<>();
        double end = 0;
        for (LayoutElement part : sorted) {
            if (groups.isEmpty() || begin(part.box(), rows) - end > least) {
                groups.add(new ArrayList<>());
                end = 0;
            }
            groups.getLast().add(part);
            end = Math.max(end, rows ? part.box().bottom() : part.box().right());
        }
        return groups;
    }

    private static double begin(Box box, boolean rows) {
        return rows ? box.top() : box.left();
    }

    /** Tells titles and the headings of sections from text. */
    private List<LayoutElement> named(List<LayoutElement> ordered) {
        double largest = ordered.stream()
                .filter(part -> part.kind() == Kind.TEXT && part.box().top() < 0.4 * sheet.height())
                .mapToDouble(Layout::lineHeight)
                .max()
                .orElse(0);
        boolean titled = false;
        List<LayoutElement> named = new ArrayList<>();
        for (int i = 0; i < ordered.size(); i++) {
            LayoutElement part = ordered.get(i);
            Kind kind = part.kind();
            if (kind == Kind.TEXT) {
                double height = lineHeight(part);
                long words = part.lines().stream()
                        .mapToLong(line -> line.words().size())
                        .sum();
                if (!titled && height >= largest && height > 1.25 * bodyHeight && words <= 25) {
                    kind = Kind.TITLE;
                    titled = true;
                } else if (isHeading(part, height, words, i + 1 < ordered.size())) {
                    kind = Kind.SECTION_HEADER;
                }
            }
            named.add(new LayoutElement(kind, part.box(), part.lines(), part.items(), part.confidence()));
        }
        return named;
    }

    private static double lineHeight(LayoutElement part) {
        return part.lines().stream()
                .mapToDouble(line -> line.box().height())
                .average()
                .orElse(0);
    }

    private boolean isHeading(LayoutElement part, double height, long words, boolean followed) {
        String text = part.lines().getFirst().text();
        boolean shape = part.lines().size() <= 2
                && words <= 12
                && followed
                && !text.matches(".*[.,;:]$")
                && text.matches(".*\\p{L}{2}.*");
        boolean capitals = text.equals(text.toUpperCase(java.util.Locale.ROOT)) && text.matches(".*\\p{L}{4}.*");
        return shape && (height > 1.15 * bodyHeight || NUMBERED.matcher(text).matches() || capitals);
    }

    /** Items of lists that follow each other are one part. */
    private List<LayoutElement> lists(List<LayoutElement> parts) {
        List<LayoutElement> all = new ArrayList<>();
        List<LayoutElement> items = new ArrayList<>();
        for (LayoutElement part : parts) {
            boolean item = part.kind() == Kind.TEXT
                    && BULLET.matcher(part.lines().getFirst().text()).matches();
            if (!item) {
                close(items, all);
                all.add(part);
            } else {
                items.add(part);
            }
        }
        close(items, all);
        return all;
    }

    private static void close(List<LayoutElement> items, List<LayoutElement> all) {
        if (items.size() < 2) {
            all.addAll(items);
        } else {
            all.add(new LayoutElement(
                    Kind.LIST,
                    Box.around(items.stream().map(LayoutElement::box).toList()),
                    items.stream().flatMap(item -> item.lines().stream()).toList(),
                    items,
                    0.88));
        }
        items.clear();
    }
}
