package dev.outcrop.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;

/**
 * A PDF of made-up words, set by rules of its own, together with what it says: so that what is read of it can be scored.
 *
 * @param bytes    the PDF
 * @param words    what stands in it in reading order, without running headers and footers, divided words whole
 * @param headings the texts of its headings
 * @param tables   the cells of its tables
 */
record PrintedDocument(
        byte[] bytes, int pages, List<String> words, List<String> headings, List<List<List<String>>> tables) {

    /**
     * How a document is set.
     *
     * @param columns    1 or 2
     * @param ruled      whether tables have lines
     * @param justified  whether lines end at the margin
     * @param hyphenates whether words are divided at the ends of lines
     */
    record Style(int columns, boolean ruled, boolean justified, boolean hyphenates, boolean serif) {}

    /** A document of {@code pages} pages, the same for the same seed. */
    static PrintedDocument of(int pages, Style style, long seed) throws IOException {
        return new Press(pages, style, new Random(seed)).print();
    }

    /** Sets and prints one document. */
    private static final class Press {
        private static final String[] SYLLABLES =
                ("ka lo mi ten sar ve du nor pli gan tus ro bel fi cor han zu wes tam dri qua"
                                + " mon les por gri una sto cha vin del")
                        .split(" ");
        private static final double MARGIN = 64;
        private static final double GUTTER = 22;
        private static final double TEXT = 10;
        private static final double LEADING = 12.2;

        private final int pages;
        private final Style style;
        private final Random random;
        private final PDFont plain;
        private final PDFont bold;
        private final List<String> words = new ArrayList<>();
        private final List<String> headings = new ArrayList<>();
        private final List<List<List<String>>> tables = new ArrayList<>();
        private final PDRectangle paper = PDRectangle.A4;
        private final String running;
        private PDDocument document;
        private PDPageContentStream content;
        private double left;
        private double width;
        private double y;

        Press(int pages, Style style, Random random) {
            this.pages = pages;
            this.style = style;
            this.random = random;
            plain = new PDType1Font(style.serif() ? FontName.TIMES_ROMAN : FontName.HELVETICA);
            bold = new PDType1Font(style.serif() ? FontName.TIMES_BOLD : FontName.HELVETICA_BOLD);
            running = title(4);
        }

        PrintedDocument print() throws IOException {
            try (PDDocument opened = new PDDocument();
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
                document = opened;
                for (int page = 1; page <= pages; page++) {
                    page(page);
                }
                opened.save(bytes);
                return new PrintedDocument(bytes.toByteArray(), pages, words, headings, tables);
            }
        }

        private void page(int number) throws IOException {
            PDPage page = new PDPage(paper);
            document.addPage(page);
            try (PDPageContentStream stream = new PDPageContentStream(document, page)) {
                content = stream;
                write(running, MARGIN, 36, 8.5, plain);
                write(String.valueOf(number), paper.getWidth() / 2, paper.getHeight() - 30, 8.5, plain);
                double top = 70;
                left = MARGIN;
                width = paper.getWidth() - 2 * MARGIN;
                y = top;
                if (number == 1) {
                    heading(title(5), 19);
                    y += 8;
                    top = y;
                }
                if (style.columns() == 2) {
                    width = (width - GUTTER) / 2;
                }
                for (int column = 0; column < style.columns(); column++) {
                    left = MARGIN + column * (width + GUTTER);
                    y = top;
                    column();
                }
            }
        }

        private void column() throws IOException {
            boolean first = true;
            while (room() > 9 * LEADING) {
                int kind = random.nextInt(10);
                if (kind == 0 && !first && room() > 14 * LEADING) {
                    heading(title(3 + random.nextInt(3)), 14);
                    paragraph();
                } else if (kind == 1 && !first && room() > 14 * LEADING) {
                    heading(title(2 + random.nextInt(3)), 11.5);
                    paragraph();
                } else if ((kind == 2 || kind == 3) && !first && room() > 16 * LEADING) {
                    table();
                    paragraph();
                } else {
                    paragraph();
                }
                first = false;
            }
        }

        private double room() {
            return paper.getHeight() - 70 - y;
        }

        private void heading(String text, double size) throws IOException {
            y += size;
            for (String line : lines(List.of(text.split(" ")), size, bold, false)) {
                write(line, left, y, size, bold);
                y += size * 1.2;
            }
            headings.add(text);
            words.addAll(List.of(text.split(" ")));
            y += 4;
        }

        private void paragraph() throws IOException {
            int most = (int) Math.min(9, room() / LEADING - 1);
            List<String> text = new ArrayList<>();
            int sentences = 1 + random.nextInt(Math.max(1, most / 2));
            for (int sentence = 0; sentence < sentences; sentence++) {
                int length = 5 + random.nextInt(9);
                for (int i = 0; i < length; i++) {
                    String word = word();
                    text.add((i == 0 ? capital(word) : word) + (i == length - 1 ? "." : ""));
                }
            }
            List<String> lines = lines(text, TEXT, plain, style.hyphenates());
            while (lines.size() * LEADING > room()) {
                text.removeLast();
                lines = lines(text, TEXT, plain, style.hyphenates());
            }
            y += LEADING;
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (style.justified() && i < lines.size() - 1 && line.indexOf(' ') > 0) {
                    double space = (width - width(line, TEXT, plain))
                            / line.chars().filter(letter -> letter == ' ').count();
                    content.setWordSpacing((float) space);
                    write(line, left, y, TEXT, plain);
                    content.setWordSpacing(0);
                } else {
                    write(line, left, y, TEXT, plain);
                }
                y += LEADING;
            }
            words.addAll(text);
        }

        private void table() throws IOException {
            int columns = style.columns() == 2 ? 3 : 3 + random.nextInt(3);
            int rows = 3 + random.nextInt(4);
            double cell = width / columns;
            double height = 16;
            double top = y + 6;
            List<List<String>> cells = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                List<String> texts = new ArrayList<>();
                for (int column = 0; column < columns; column++) {
                    String text = row == 0
                            ? capital(word())
                            : column == 0 ? word() : String.valueOf(random.nextInt(100_000) / 10.0);
                    texts.add(text);
                    words.add(text);
                    write(text, left + column * cell + 4, top + row * height + 11.5, 9, row == 0 ? bold : plain);
                }
                cells.add(texts);
            }
            if (style.ruled()) {
                content.setLineWidth(0.6f);
                for (int row = 0; row <= rows; row++) {
                    line(left, top + row * height, left + width, top + row * height);
                }
                for (int column = 0; column <= columns; column++) {
                    line(left + column * cell, top, left + column * cell, top + rows * height);
                }
            }
            tables.add(cells);
            y = top + rows * height + 6;
        }

        private void line(double x0, double y0, double x1, double y1) throws IOException {
            content.moveTo((float) x0, (float) (paper.getHeight() - y0));
            content.lineTo((float) x1, (float) (paper.getHeight() - y1));
            content.stroke();
        }

        private void write(String text, double x, double top, double size, PDFont font) throws IOException {
            content.beginText();
            content.setFont(font, (float) size);
            content.newLineAtOffset((float) x, (float) (paper.getHeight() - top));
            content.showText(text);
            content.endText();
        }

        private List<String> lines(List<String> text, double size, PDFont font, boolean divides) throws IOException {
            List<String> lines = new ArrayList<>();
            StringBuilder line = new StringBuilder();
            for (String word : text) {
                String space = line.isEmpty() ? "" : " ";
                if (width(line + space + word, size, font) <= width) {
                    line.append(space).append(word);
                    continue;
                }
                int half = word.length() / 2;
                if (divides && half >= 3 && width(line + space + word.substring(0, half) + "-", size, font) <= width) {
                    lines.add(line + space + word.substring(0, half) + "-");
                    line = new StringBuilder(word.substring(half));
                } else {
                    lines.add(line.toString());
                    line = new StringBuilder(word);
                }
            }
            lines.add(line.toString());
            return lines;
        }

        private static double width(String text, double size, PDFont font) throws IOException {
            return font.getStringWidth(text) / 1000 * size;
        }

        private String title(int length) {
            List<String> title = new ArrayList<>();
            for (int i = 0; i < length; i++) {
                title.add(i == 0 ? capital(word()) : word());
            }
            return String.join(" ", title);
        }

        private String word() {
            StringBuilder word = new StringBuilder();
            int syllables = 1 + random.nextInt(4);
            for (int i = 0; i < syllables; i++) {
                word.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
            }
            return word.toString();
        }

        private static String capital(String word) {
            return Character.toUpperCase(word.charAt(0)) + word.substring(1);
        }
    }
}
