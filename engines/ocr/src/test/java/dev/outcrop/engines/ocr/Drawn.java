package dev.outcrop.engines.ocr;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.apache.pdfbox.pdmodel.graphics.state.RenderingMode;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.util.Matrix;

/** Pages of a few lines, as PDFs and as images, drawn without any font of the machine. */
final class Drawn {
    static final float WIDTH = 300;
    static final float HEIGHT = 200;
    static final List<String> LINES =
            List.of("Invoice number 20417", "Quiet streets of Geneva", "Total amount 1,284.50");

    private Drawn() {}

    /** A PDF that shows {@link #LINES}, the first one's baseline 40 points from the top, 24 points apart, and a line. */
    static byte[] pdf() {
        return pdf(0, RenderingMode.FILL);
    }

    /** The same turned, by the page's own rotation. */
    static byte[] pdf(int rotation, RenderingMode mode) {
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage(new PDRectangle(WIDTH, HEIGHT));
            page.setRotation(rotation);
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.setRenderingMode(mode);
                write(content, Matrix.getTranslateInstance(0, 0));
            }
            return bytes(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A page that itself stands upright, but whose text was written turned clockwise by a quarter. */
    static byte[] pdfWithTurnedText() {
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage(new PDRectangle(/* width= */ HEIGHT, /* height= */ WIDTH));
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                write(content, new Matrix(0, -1, 1, 0, 0, WIDTH));
            }
            return bytes(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A PDF whose page is an image, under an invisible text that says something else. */
    static byte[] scannedPdf(BufferedImage image) {
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage(new PDRectangle(WIDTH, HEIGHT));
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.drawImage(LosslessFactory.createFromImage(document, image), 0, 0, WIDTH, HEIGHT);
                content.setRenderingMode(RenderingMode.NEITHER);
                content.beginText();
                content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 14);
                content.newLineAtOffset(20, 100);
                content.showText("Some other recogniser was here");
                content.endText();
            }
            return bytes(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(PDPageContentStream content, Matrix matrix) throws IOException {
        content.transform(matrix);
        for (int i = 0; i < LINES.size(); i++) {
            content.beginText();
            content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 14);
            content.newLineAtOffset(20, HEIGHT - 40 - 24 * i);
            content.showText(LINES.get(i));
            content.endText();
        }
        // A line below them all.
        content.addRect(20, 30, 100, 3);
        content.fill();
    }

    private static byte[] bytes(PDDocument document) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        document.save(bytes);
        return bytes.toByteArray();
    }

    /** What {@link #pdf} looks like at 216 dots an inch: 900 × 600 pixels. */
    static BufferedImage image() {
        try (PDDocument document = Loader.loadPDF(pdf())) {
            return new PDFRenderer(document).renderImage(0, 3);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static BufferedImage turned(BufferedImage image, int quarters) {
        ColorPixels pixels = ImageFile.pixels(image).turned(quarters);
        BufferedImage turned = new BufferedImage(pixels.width(), pixels.height(), BufferedImage.TYPE_INT_RGB);
        turned.setRGB(0, 0, pixels.width(), pixels.height(), pixels.rgb(), 0, pixels.width());
        return turned;
    }

    static byte[] written(String format, BufferedImage... images) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(stream);
            if (images.length == 1) {
                writer.write(images[0]);
            } else {
                writer.prepareWriteSequence(null);
                for (BufferedImage image : images) {
                    writer.writeToSequence(new IIOImage(image, null, null), null);
                }
                writer.endWriteSequence();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** All pages of a document. */
    static List<Page> read(DocumentReader reader, byte[] document) {
        List<Page> pages = new ArrayList<>();
        reader.read(document, ReadingLimits.ASYNCHRONOUS, pages::add);
        return pages;
    }

    static List<String> lines(Page page) {
        return page.lines().stream().map(Line::text).toList();
    }
}
