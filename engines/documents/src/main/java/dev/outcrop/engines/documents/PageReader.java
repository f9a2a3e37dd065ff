package dev.outcrop.engines.documents;

import dev.outcrop.engines.documents.PageText.Rule;
import dev.outcrop.engines.documents.PageText.Segment;
import dev.outcrop.engines.documents.PageText.Word;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.contentstream.operator.OperatorProcessor;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSNumber;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDFontDescriptor;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;

/**
 * Reads the words and ruling lines of a page of a PDF.
 *
 * <p>Letters become words where the file draws them one after the other on one baseline with no gap, words become segments
 * up to a gap of about the letters' size. What is drawn in another direction than most of the page is left out. Not safe
 * for concurrent use.
 */
final class PageReader extends PDFTextStripper {
    /** Gaps in multiples of the letters' size. */
    private static final double WORD_GAP = 0.17;

    private static final double SEGMENT_GAP = 0.7;
    private static final double SPACED_SEGMENT_GAP = 1.6;
    private static final double BUCKET = 4;
    private static final double THICKEST_RULE = 3;
    private static final int MOST_RULES = 20_000;

    private final Deadline deadline;
    private final int mostLetters;
    private final IdentityHashMap<PDFont, Boolean> boldFonts = new IdentityHashMap<>();

    private final Map<Float, List<List<Word>>> fragments = new HashMap<>();
    private final Map<Float, Integer> lettersByDirection = new HashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private final List<Rule> path = new ArrayList<>();
    private double penX;
    private double penY;
    private double startX;
    private double startY;
    private double originX;
    private double top;
    private boolean upright;
    private int letters;

    private final StringBuilder word = new StringBuilder();
    private float direction;
    private double wordX0;
    private double wordX1;
    private double baseline;
    private double size;
    private boolean bold;
    private boolean space;
    private double lastX = Double.NaN;
    private String lastLetter = "";

    /**
     * Makes a reader.
     *
     * @param mostLetters how many letters all pages together may have
     */
    PageReader(Deadline deadline, int mostLetters) {
        this.deadline = deadline;
        this.mostLetters = mostLetters;
        setStartPage(0);
        addOperator(new PathOperator("m", 2));
        addOperator(new PathOperator("l", 2));
        addOperator(new PathOperator("re", 4));
        addOperator(new PathOperator("h", 0));
        for (String paint : List.of("S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "n")) {
            addOperator(new PathOperator(paint, 0));
        }
    }

    /** What stands on {@code page}. */
    PageText read(PDPage page, int number) throws IOException {
        fragments.clear();
        lettersByDirection.clear();
        rules.clear();
        path.clear();
        PDRectangle box = page.getCropBox();
        upright = page.getRotation() == 0;
        originX = box.getLowerLeftX();
        top = box.getUpperRightY();
        processPage(page);
        endWord();
        float main = 0;
        for (Map.Entry<Float, Integer> entry : lettersByDirection.entrySet()) {
            if (entry.getValue() > lettersByDirection.getOrDefault(main, 0)) {
                main = entry.getKey();
            }
        }
        boolean turned = (page.getRotation() % 180 != 0) != (main % 180 != 0);
        List<Segment> segments = segments(fragments.getOrDefault(main, List.of()));
        return new PageText(
                number,
                turned ? box.getHeight() : box.getWidth(),
                turned ? box.getWidth() : box.getHeight(),
                segments,
                upright && main == 0 ? List.copyOf(rules) : List.of(),
                segments.isEmpty() && hasImage(page.getResources()));
    }

    private static boolean hasImage(PDResources resources) throws IOException {
        if (resources == null) {
            return false;
        }
        for (COSName name : resources.getXObjectNames()) {
            if (resources.isImageXObject(name)) {
                return true;
            }
        }
        return false;
    }

    @Override
    protected void startPage(PDPage page) {
        // Nothing is written.
    }

    @Override
    protected void endPage(PDPage page) {
        // Nothing is written.
    }

    @Override
    protected void writePage() {
        // What was found is asked for instead.
    }

    @Override
    protected void processTextPosition(TextPosition letter) {
        deadline.check();
        String text = letter.getUnicode();
        if (text == null || text.isEmpty()) {
            return;
        }
        if (text.isBlank()) {
            space = true;
            return;
        }
        if (++letters > mostLetters) {
            throw new DocumentException(
                    DocumentException.Reason.TOO_LARGE, "it has more than " + mostLetters + " characters");
        }
        double x0 = letter.getXDirAdj();
        double y = letter.getYDirAdj();
        double x1 = x0 + letter.getWidthDirAdj();
        double height = Math.abs(letter.getYScale());
        if (!(height > 0.5) || !(height < 2000)) {
            height = Math.max(1, letter.getHeightDir());
        }
        if (!Double.isFinite(x0) || !Double.isFinite(x1) || !Double.isFinite(y)) {
            return;
        }
        boolean sameLine = letter.getDir() == direction && Math.abs(y - baseline) <= 0.2 * height;
        if (sameLine && text.equals(lastLetter) && Math.abs(x0 - lastX) < 0.25 * (x1 - x0)) {
            // Drawn twice to look bold.
            bold = true;
            return;
        }
        double gap = x0 - wordX1;
        boolean sameSize = Math.abs(height - size) <= 0.15 * size;
        if (word.isEmpty() || !sameLine || !sameSize || space || gap > WORD_GAP * height || gap < -0.5 * height) {
            boolean goesOn = !word.isEmpty()
                    && sameLine
                    && gap > -0.5 * height
                    && gap <= (space ? SPACED_SEGMENT_GAP : SEGMENT_GAP) * height;
            endWord();
            direction = letter.getDir();
            List<List<Word>> all = fragments.computeIfAbsent(direction, key -> new ArrayList<>());
            if (!goesOn || all.isEmpty()) {
                all.add(new ArrayList<>());
            }
            wordX0 = x0;
            baseline = y;
            size = height;
            bold = boldFonts.computeIfAbsent(letter.getFont(), PageReader::isBold);
        }
        lettersByDirection.merge(direction, 1, Integer::sum);
        word.append(text);
        wordX1 = x1;
        lastX = x0;
        lastLetter = text;
        space = false;
    }

    private void endWord() {
        if (!word.isEmpty()) {
            fragments
                    .get(direction)
                    .getLast()
                    .add(new Word(word.toString(), wordX0, Math.max(wordX0, wordX1), baseline, size, bold));
            word.setLength(0);
        }
        lastLetter = "";
    }

    private static boolean isBold(PDFont font) {
        String name = font.getName() == null ? "" : font.getName().toLowerCase(Locale.ROOT);
        PDFontDescriptor descriptor = font.getFontDescriptor();
        return name.contains("bold")
                || name.contains("black")
                || name.contains("heavy")
                || name.contains("demi")
                || (descriptor != null && (descriptor.isForceBold() || descriptor.getFontWeight() >= 600));
    }

    /** Joins what is drawn side by side on one line, in whatever order it was drawn. */
    private static List<Segment> segments(List<List<Word>> fragments) {
        List<List<Word>> sorted = new ArrayList<>(fragments);
        sorted.removeIf(List::isEmpty);
        sorted.sort(Comparator.comparingDouble(words -> words.getFirst().x0()));
        Map<String, Word> drawn = new HashMap<>();
        Map<Long, List<Growing>> byBaseline = new HashMap<>();
        List<Growing> all = new ArrayList<>();
        for (List<Word> fragment : sorted) {
            Word first = fragment.getFirst();
            Word before = drawn.put(fragment.size() + first.text() + Math.round(first.baseline()), first);
            if (before != null && first.x0() - before.x0() < 0.1 * first.size()) {
                // Drawn twice to look bold.
                continue;
            }
            Growing best = null;
            long bucket = Math.round(first.baseline() / BUCKET);
            long reach = Math.min(16, 1 + (long) (0.6 * first.size() / BUCKET));
            for (long near = bucket - reach; near <= bucket + reach; near++) {
                for (Growing candidate : byBaseline.getOrDefault(near, List.of())) {
                    if (candidate.takes(first) && (best == null || candidate.x1 > best.x1)) {
                        best = candidate;
                    }
                }
            }
            if (best == null) {
                best = new Growing(first);
                all.add(best);
                byBaseline.computeIfAbsent(bucket, key -> new ArrayList<>()).add(best);
            }
            best.add(fragment);
        }
        return all.stream().map(growing -> Segment.of(growing.words)).toList();
    }

    /** A segment to whose right more may come. */
    private static final class Growing {
        private final List<Word> words = new ArrayList<>();
        private double x1;
        private double baseline;
        private double size;

        Growing(Word first) {
            x1 = first.x0();
            baseline = first.baseline();
            size = first.size();
        }

        boolean takes(Word next) {
            double larger = Math.max(size, next.size());
            double gap = next.x0() - x1;
            double off = Math.abs(next.baseline() - baseline);
            boolean script = Math.min(size, next.size()) < 0.8 * larger;
            return script
                    ? off < 0.6 * larger && gap > -0.3 * larger && gap < 0.3 * larger
                    : off < 0.25 * larger && gap > -0.3 * larger && gap <= SEGMENT_GAP * larger;
        }

        void add(List<Word> fragment) {
            for (Word next : fragment) {
                boolean again = !words.isEmpty()
                        && words.getLast().text().equals(next.text())
                        && Math.abs(words.getLast().x0() - next.x0()) < 0.1 * next.size();
                if (!again) {
                    words.add(next);
                    x1 = Math.max(x1, next.x1());
                    if (next.size() > size) {
                        size = next.size();
                        baseline = next.baseline();
                    }
                }
            }
        }
    }

    /** One operator that makes or paints a path, of which only lines along the axes are kept. */
    private final class PathOperator extends OperatorProcessor {
        private final String name;
        private final int operands;

        PathOperator(String name, int operands) {
            super(PageReader.this);
            this.name = name;
            this.operands = operands;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public void process(Operator operator, List<COSBase> given) {
            deadline.check();
            double[] values = new double[operands];
            if (given.size() < operands) {
                return;
            }
            for (int i = 0; i < operands; i++) {
                if (!(given.get(i) instanceof COSNumber number)) {
                    return;
                }
                values[i] = number.floatValue();
            }
            switch (name) {
                case "m" -> {
                    penX = startX = values[0];
                    penY = startY = values[1];
                }
                case "l" -> {
                    line(penX, penY, values[0], values[1]);
                    penX = values[0];
                    penY = values[1];
                }
                case "h" -> line(penX, penY, startX, startY);
                case "re" -> rectangle(values[0], values[1], values[0] + values[2], values[1] + values[3]);
                case "n" -> path.clear();
                default -> {
                    if (rules.size() + path.size() <= MOST_RULES) {
                        rules.addAll(path);
                    }
                    path.clear();
                }
            }
        }

        private void rectangle(double x0, double y0, double x1, double y1) {
            line(x0, y0, x1, y0);
            line(x0, y1, x1, y1);
            line(x0, y0, x0, y1);
            line(x1, y0, x1, y1);
        }

        private void line(double fromX, double fromY, double toX, double toY) {
            if (!upright || path.size() > MOST_RULES) {
                return;
            }
            var from = transformedPoint((float) fromX, (float) fromY);
            var to = transformedPoint((float) toX, (float) toY);
            double x0 = Math.min(from.x, to.x) - originX;
            double x1 = Math.max(from.x, to.x) - originX;
            double y0 = top - Math.max(from.y, to.y);
            double y1 = top - Math.min(from.y, to.y);
            if (y1 - y0 < 1 && x1 - x0 > THICKEST_RULE) {
                path.add(new Rule(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2));
            } else if (x1 - x0 < 1 && y1 - y0 > THICKEST_RULE) {
                path.add(new Rule((x0 + x1) / 2, y0, (x0 + x1) / 2, y1));
            }
        }
    }
}
