package dev.outcrop.engines.ocr;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.graphics.image.PDImage;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.rendering.PageDrawer;
import org.apache.pdfbox.rendering.PageDrawerParameters;
import org.apache.pdfbox.util.Matrix;
import org.apache.pdfbox.util.Vector;

/** Draws pages of a PDF, looking at the clock at each operator and at each image's size before it is unpacked. */
final class PdfDrawing extends PDFRenderer {
    private static final Pattern SYMBOLS = Pattern.compile("ding|symbol", Pattern.CASE_INSENSITIVE);

    private final int side;
    private final Deadline deadline;
    private final boolean letters;

    /**
     * @param side    the longest side that an image may have
     * @param letters whether letters and digits are drawn, too, or only what stands around them
     */
    PdfDrawing(PDDocument document, int side, Deadline deadline, boolean letters) {
        super(document);
        this.side = side;
        this.deadline = deadline;
        this.letters = letters;
        setSubsamplingAllowed(true);
    }

    /**
     * How light each pixel of a page is, row after row.
     *
     * @param index from 0
     */
    byte[] grey(int index, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        PDPage page = document.getPage(index);
        boolean sideways = Math.floorMod(page.getRotation() / 90, 2) != 0;
        PDRectangle box = page.getCropBox();
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setBackground(Color.WHITE);
            graphics.clearRect(0, 0, width, height);
            renderPageToGraphics(
                    index,
                    graphics,
                    width / (sideways ? box.getHeight() : box.getWidth()),
                    height / (sideways ? box.getWidth() : box.getHeight()));
        } finally {
            graphics.dispose();
        }
        return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    }

    @Override
    protected PageDrawer createPageDrawer(PageDrawerParameters parameters) throws IOException {
        return new Watched(parameters);
    }

    /** Draws one page. */
    private final class Watched extends PageDrawer {
        Watched(PageDrawerParameters parameters) throws IOException {
            super(parameters);
        }

        @Override
        protected void processOperator(Operator operator, List<COSBase> operands) throws IOException {
            deadline.check();
            super.processOperator(operator, operands);
        }

        @Override
        protected void showGlyph(Matrix matrix, PDFont font, int code, Vector displacement) throws IOException {
            if (letters || !isLetter(font, code)) {
                super.showGlyph(matrix, font, code, displacement);
            }
        }

        @Override
        public void drawImage(PDImage image) throws IOException {
            ImageFile.check(image.getWidth(), image.getHeight(), side);
            super.drawImage(image);
        }
    }

    /** Fonts of symbols call a box to tick a letter. */
    private static boolean isLetter(PDFont font, int code) {
        String text = font.toUnicode(code);
        String name = font.getName();
        return text != null
                && text.codePoints().allMatch(Character::isLetterOrDigit)
                && (name == null || !SYMBOLS.matcher(name).find());
    }
}
