package dev.outcrop.engines.ocr;

import java.io.IOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pdfbox.contentstream.operator.DrawObject;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.contentstream.operator.OperatorName;
import org.apache.pdfbox.contentstream.operator.OperatorProcessor;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.graphics.state.RenderingMode;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;
import org.apache.pdfbox.util.Matrix;
import org.apache.pdfbox.util.Vector;

/**
 * The glyphs that a page of a PDF draws, and whether they are all that stands on it.
 *
 * <p>They are believed when nearly all of them have a Unicode character, are visible and lie on the page, and images cover
 * next to nothing of it: else something may stand in the image that no glyph tells, or the glyphs are the invisible layer
 * that another recogniser laid over a scan.
 */
final class PdfTextLayer extends PDFTextStripper {
    private static final int FEWEST = 1;
    private static final double MOST_UNTRUSTED = 0.02;
    private static final double MOST_IMAGES = 0.05;
    private static final int MOST_GLYPHS = 200_000;

    private final int side;
    private final Deadline deadline;
    private final double width;
    private final double height;
    private final int turned;
    private final Map<Integer, List<TextGlyph>> byDirection = new TreeMap<>();
    private int glyphs;
    private int unreadable;
    private int invisible;
    private int outside;
    private double images;

    private PdfTextLayer(PDPage page, int side, Deadline deadline) {
        this.side = side;
        this.deadline = deadline;
        this.width = page.getCropBox().getWidth();
        this.height = page.getCropBox().getHeight();
        this.turned = Math.floorMod(page.getRotation() / 90, 4);
        addOperator(new Images());
        addOperator(new InlineImages());
    }

    /**
     * Reads a page.
     *
     * @param side the longest side that an image may have
     */
    static PdfTextLayer of(PDPage page, int side, Deadline deadline) throws IOException {
        PdfTextLayer layer = new PdfTextLayer(page, side, deadline);
        layer.processPage(page);
        return layer;
    }

    boolean trustworthy() {
        return glyphs - invisible >= FEWEST
                && unreadable + invisible + outside <= MOST_UNTRUSTED * glyphs
                && images <= MOST_IMAGES * width * height;
    }

    /** By how many quarter turns clockwise most of the text is turned on the page as it is shown. */
    int quarters() {
        int[] counts = new int[4];
        byDirection.forEach((degrees, some) -> counts[Math.floorMod(Math.round(degrees / 90f), 4)] += some.size());
        int most = 0;
        for (int i = 1; i < 4; i++) {
            if (counts[i] > counts[most]) {
                most = i;
            }
        }
        return most;
    }

    /** The lines of the upright page, in the order of reading. */
    List<Line> lines() {
        int quarters = quarters();
        boolean sideways = (turned + quarters) % 2 != 0;
        double across = sideways ? height : width;
        double down = sideways ? width : height;
        List<ReadingOrder.Placed<Line>> lines = new ArrayList<>();
        byDirection.forEach((degrees, some) ->
                TextGlyph.lines(upright(some, quarters), degrees - 90.0 * quarters, across, down, lines));
        return ReadingOrder.sorted(lines);
    }

    /** Glyphs of the page as it is shown, on the upright page. */
    private List<TextGlyph> upright(List<TextGlyph> shown, int quarters) {
        double shownWidth = turned % 2 != 0 ? height : width;
        double shownHeight = turned % 2 != 0 ? width : height;
        return shown.stream()
                .map(glyph -> switch (quarters) {
                    case 1 -> glyph.at(glyph.y(), shownWidth - glyph.x());
                    case 2 -> glyph.at(shownWidth - glyph.x(), shownHeight - glyph.y());
                    case 3 -> glyph.at(shownHeight - glyph.y(), glyph.x());
                    default -> glyph;
                })
                .toList();
    }

    @Override
    protected void processOperator(Operator operator, List<COSBase> operands) throws IOException {
        deadline.check();
        super.processOperator(operator, operands);
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
    protected void showGlyph(Matrix matrix, PDFont font, int code, Vector displacement) throws IOException {
        String text = font.toUnicode(code);
        glyphs++;
        if (glyphs > MOST_GLYPHS) {
            throw new UnreadableDocumentException(
                    UnreadableDocumentException.Category.TOO_LARGE,
                    "a page of the PDF has more than " + MOST_GLYPHS + " characters");
        }
        if (text == null || text.isEmpty() || text.chars().anyMatch(PdfTextLayer::meaningless)) {
            unreadable++;
        }
        RenderingMode mode = getGraphicsState().getTextState().getRenderingMode();
        if (mode == RenderingMode.NEITHER || mode == RenderingMode.NEITHER_CLIP) {
            invisible++;
        } else {
            super.showGlyph(matrix, font, code, displacement);
        }
    }

    private static boolean meaningless(int letter) {
        return letter == 0xFFFD
                || (letter >= 0xE000 && letter <= 0xF8FF)
                || (letter < 0x20 && letter != '\t' && letter != '\n' && letter != '\r');
    }

    @Override
    protected void processTextPosition(TextPosition position) {
        String text = position.getUnicode();
        Matrix matrix = position.getTextMatrix();
        double size = Math.hypot(matrix.getValue(1, 0), matrix.getValue(1, 1));
        double dx = matrix.getValue(0, 0);
        double dy = matrix.getValue(0, 1);
        double length =
                Math.hypot(position.getEndX() - matrix.getTranslateX(), position.getEndY() - matrix.getTranslateY());
        if (text == null
                || text.isEmpty()
                || !(size > 0.1)
                || !Double.isFinite(size + length)
                || !(dx * dx + dy * dy > 0)) {
            return;
        }
        double x = matrix.getTranslateX();
        double y = matrix.getTranslateY();
        double shownX;
        double shownY;
        switch (turned) {
            case 1 -> {
                shownX = y;
                shownY = x;
            }
            case 2 -> {
                shownX = width - x;
                shownY = y;
            }
            case 3 -> {
                shownX = height - y;
                shownY = width - x;
            }
            default -> {
                shownX = x;
                shownY = height - y;
            }
        }
        boolean sideways = turned % 2 != 0;
        if (shownX < -size
                || shownY < -size
                || shownX > (sideways ? height : width) + size
                || shownY > (sideways ? width : height) + size) {
            outside++;
            return;
        }
        // Clockwise on the page as it is shown.
        int degrees = Math.floorMod(Math.round(90L * turned - Math.toDegrees(Math.atan2(dy, dx))), 360);
        byDirection
                .computeIfAbsent(degrees, key -> new ArrayList<>())
                .add(new TextGlyph(Normalizer.normalize(text, Normalizer.Form.NFKC), shownX, shownY, length, size));
    }

    private void image(int imageWidth, int imageHeight) {
        ImageFile.check(imageWidth, imageHeight, side);
        Matrix matrix = getGraphicsState().getCurrentTransformationMatrix();
        images +=
                Math.abs(matrix.getValue(0, 0) * matrix.getValue(1, 1) - matrix.getValue(0, 1) * matrix.getValue(1, 0));
    }

    /** Images that a page draws by name. */
    private final class Images extends DrawObject {
        Images() {
            super(PdfTextLayer.this);
        }

        @Override
        public void process(Operator operator, List<COSBase> operands) throws IOException {
            PDResources resources = getResources();
            if (resources != null
                    && !operands.isEmpty()
                    && operands.getFirst() instanceof COSName name
                    && resources.isImageXObject(name)) {
                COSBase objects = resources.getCOSObject().getDictionaryObject(COSName.XOBJECT);
                if (objects instanceof COSDictionary dictionary
                        && dictionary.getDictionaryObject(name) instanceof COSDictionary image) {
                    image(image.getInt(COSName.WIDTH), image.getInt(COSName.HEIGHT));
                }
                return;
            }
            super.process(operator, operands);
        }
    }

    /** Images that stand among the operators. */
    private final class InlineImages extends OperatorProcessor {
        InlineImages() {
            super(PdfTextLayer.this);
        }

        @Override
        public String getName() {
            return OperatorName.BEGIN_INLINE_IMAGE;
        }

        @Override
        public void process(Operator operator, List<COSBase> operands) {
            COSDictionary image = operator.getImageParameters();
            if (image != null) {
                image(image.getInt(COSName.W, COSName.WIDTH, -1), image.getInt(COSName.H, COSName.HEIGHT, -1));
            }
        }
    }
}
