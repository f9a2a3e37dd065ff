package dev.outcrop.engines.documents;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;

/** PDFs for tests, written line by line. Points from a letter page's upper left corner. */
final class Printed {
    private final List<List<Mark>> pages = new ArrayList<>();

    private record Mark(String text, double x, double y, double size, boolean bold, double x1, double y1) {}

    static Printed pages(int count) {
        Printed printed = new Printed();
        for (int i = 0; i < count; i++) {
            printed.pages.add(new ArrayList<>());
        }
        return printed;
    }

    Printed text(int page, double x, double y, double size, String text) {
        pages.get(page - 1).add(new Mark(text, x, y, size, false, 0, 0));
        return this;
    }

    Printed bold(int page, double x, double y, double size, String text) {
        pages.get(page - 1).add(new Mark(text, x, y, size, true, 0, 0));
        return this;
    }

    /** Lines of 10 points, 12 apart. */
    Printed lines(int page, double x, double y, String... lines) {
        for (int i = 0; i < lines.length; i++) {
            text(page, x, y + 12 * i, 10, lines[i]);
        }
        return this;
    }

    Printed rule(int page, double x0, double y0, double x1, double y1) {
        pages.get(page - 1).add(new Mark("", x0, y0, 0, false, x1, y1));
        return this;
    }

    Printed image(int page) {
        pages.get(page - 1).add(new Mark("image", 0, 0, -1, false, 0, 0));
        return this;
    }

    byte[] bytes() {
        return bytes("");
    }

    byte[] bytes(String password) {
        try (PDDocument document = new PDDocument();
                ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            for (List<Mark> marks : pages) {
                PDPage page = new PDPage();
                document.addPage(page);
                try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                    for (Mark mark : marks) {
                        write(document, content, mark);
                    }
                }
            }
            if (!password.isEmpty()) {
                document.protect(new StandardProtectionPolicy(password, password, new AccessPermission()));
            }
            document.save(bytes);
            return bytes.toByteArray();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void write(PDDocument document, PDPageContentStream content, Mark mark) throws IOException {
        if (mark.size() < 0) {
            BufferedImage image = new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB);
            content.drawImage(LosslessFactory.createFromImage(document, image), 50, 50, 500, 600);
        } else if (mark.text().isEmpty()) {
            content.moveTo((float) mark.x(), (float) (792 - mark.y()));
            content.lineTo((float) mark.x1(), (float) (792 - mark.y1()));
            content.stroke();
        } else {
            content.beginText();
            content.setFont(
                    new PDType1Font(mark.bold() ? FontName.HELVETICA_BOLD : FontName.HELVETICA), (float) mark.size());
            content.newLineAtOffset((float) mark.x(), (float) (792 - mark.y()));
            content.showText(mark.text());
            content.endText();
        }
    }
}
