package dev.outcrop.engines.pages.generated;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.apache.pdfbox.rendering.ImageType;
import org.apache.pdfbox.rendering.PDFRenderer;

/** A PDF to draw on: letter pages, in points, counted from the upper left corner. */
public final class Canvas implements AutoCloseable {
    /** The width of a page. */
    public static final float WIDTH = 612;

    /** The height of a page. */
    public static final float HEIGHT = 792;

    private final PDDocument document = new PDDocument();
    private final PDFont plain = new PDType1Font(FontName.HELVETICA);
    private final PDFont bold = new PDType1Font(FontName.HELVETICA_BOLD);
    private final PDFont typed = new PDType1Font(FontName.COURIER);
    private PDPageContentStream content;

    /** A document with its first page. */
    public Canvas() {
        page();
    }

    /** Goes on with another page. */
    public Canvas page() {
        try {
            if (content != null) {
                content.close();
            }
            PDPage page = new PDPage(PDRectangle.LETTER);
            document.addPage(page);
            content = new PDPageContentStream(document, page);
            content.setLineWidth(0.8f);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return this;
    }

    /** Text whose baseline begins at a place. */
    public Canvas text(double x, double y, double size, String text) {
        return text(plain, x, y, size, text);
    }

    public Canvas bold(double x, double y, double size, String text) {
        return text(bold, x, y, size, text);
    }

    /** Text in a font whose letters are all of one width. */
    public Canvas typed(double x, double y, double size, String text) {
        return text(typed, x, y, size, text);
    }

    /** Text that ends at {@code right}. */
    public Canvas textTo(double right, double y, double size, String text) {
        return text(plain, right - width(text, size), y, size, text);
    }

    private Canvas text(PDFont font, double x, double y, double size, String text) {
        try {
            content.beginText();
            content.setFont(font, (float) size);
            content.newLineAtOffset((float) x, (float) (HEIGHT - y));
            content.showText(text);
            content.endText();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return this;
    }

    /** How wide text is. */
    public double width(String text, double size) {
        try {
            return plain.getStringWidth(text) / 1000 * size;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A straight line. */
    public Canvas line(double fromX, double fromY, double toX, double toY) {
        try {
            content.moveTo((float) fromX, (float) (HEIGHT - fromY));
            content.lineTo((float) toX, (float) (HEIGHT - toY));
            content.stroke();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return this;
    }

    /** The frame of a rectangle. */
    public Canvas frame(double left, double top, double width, double height) {
        line(left, top, left + width, top);
        line(left, top + height, left + width, top + height);
        line(left, top, left, top + height);
        return line(left + width, top, left + width, top + height);
    }

    /** A filled rectangle. */
    public Canvas filled(double left, double top, double width, double height, Color color) {
        try {
            content.setNonStrokingColor(color);
            content.addRect((float) left, (float) (HEIGHT - top - height), (float) width, (float) height);
            content.fill();
            content.setNonStrokingColor(Color.BLACK);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return this;
    }

    /** A box to tick. */
    public Canvas checkBox(double left, double top, double side, boolean ticked) {
        frame(left, top, side, side);
        if (ticked) {
            line(left + 0.2 * side, top + 0.2 * side, left + 0.8 * side, top + 0.8 * side);
            line(left + 0.8 * side, top + 0.2 * side, left + 0.2 * side, top + 0.8 * side);
        }
        return this;
    }

    /** What was drawn, as a PDF; nothing can be drawn any more. */
    public byte[] pdf() {
        try {
            content.close();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            document.save(bytes);
            return bytes.toByteArray();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The first page of a PDF as a PNG of {@code resolution} dots an inch. */
    public static byte[] png(byte[] pdf, int resolution) {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            BufferedImage image = new PDFRenderer(document).renderImageWithDPI(0, resolution, ImageType.GRAY);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageIO.write(image, "png", bytes);
            return bytes.toByteArray();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        try {
            document.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
