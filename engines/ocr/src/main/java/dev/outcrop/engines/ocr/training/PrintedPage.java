package dev.outcrop.engines.ocr.training;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;

/**
 * A printed page whose words are known: letters, tables, forms and receipts of English words by chance, words that there
 * are not, numbers, dates, sums and codes.
 *
 * @param lines what was drawn as one line, in the order of drawing
 */
public record PrintedPage(BufferedImage image, List<String> lines) {
    private static final String[] SYLLABLES = {
        "ba", "con", "der", "el", "fi", "gra", "hu", "in", "ju", "ka", "lor", "mi", "nov", "o", "per", "qui", "ra",
        "sti", "tem", "ur", "vi", "wen", "xa", "yo", "zin", "ing", "tion", "ly", "ed", "th", "sh", "ch", "ness", "ment",
        "ill"
    };
    private static final List<String> WORDS = vocabulary();
    private static final String[] GOODS = {
        "COFFEE",
        "TEA",
        "BREAD",
        "MILK 1L",
        "ORANGE JUICE",
        "RICE 5KG",
        "Chicken Soup",
        "Garden Salad",
        "USB Cable",
        "Notebook A5",
        "PENCIL HB",
        "Battery AA x4",
        "LIGHT BULB",
        "Bath Towel",
        "SHAMPOO 250ML",
        "EGGS 12",
        "Olive Oil",
        "GLUE STICK",
        "Paper Cups",
        "NASI LEMAK",
        "Car Wash",
        "Hammer 16oz",
        "SCREWS 50PC",
        "Tomato kg",
        "SUGAR 1KG"
    };

    /** What a page looks like. */
    public enum Kind {
        LETTER(0),
        TABLE(1),
        FORM(2),
        RECEIPT(3);

        /** Keeps the pages of kinds apart. */
        private final int seed;

        Kind(int seed) {
            this.seed = seed;
        }
    }

    public PrintedPage {
        lines = List.copyOf(lines);
    }

    private static List<String> vocabulary() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(PrintedPage.class.getResourceAsStream("words.txt"), "words.txt"),
                StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All words, in the order of drawing. */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        lines.forEach(line -> words.addAll(List.of(line.split(" "))));
        return words;
    }

    /** A page of a kind, in one of {@code fonts}, the same for the same seed. */
    public static PrintedPage of(Kind kind, List<Font> fonts, long seed) {
        return new Printer(kind, fonts, new Random(seed * 31 + kind.seed)).print();
    }

    /** Draws one page. */
    private static final class Printer {
        private final Kind kind;
        private final Random random;
        private final Font font;
        private final BufferedImage image;
        private final Graphics2D graphics;
        private final List<String> lines = new ArrayList<>();
        private final float size;
        private final int margin;
        private int y;

        Printer(Kind kind, List<Font> fonts, Random random) {
            this.kind = kind;
            this.random = random;
            boolean receipt = kind == Kind.RECEIPT;
            size = receipt ? 17 + random.nextInt(14) : 19 + random.nextInt(17);
            font = fonts.get(random.nextInt(fonts.size())).deriveFont(size);
            int width = receipt ? (int) (size * (20 + random.nextInt(8))) : 1240 + random.nextInt(3) * 200;
            int height = receipt ? (int) (size * (44 + random.nextInt(16))) : (int) (width * 1.414);
            margin = (int) (receipt ? size * (0.6 + random.nextDouble()) : 80 + random.nextInt(60));
            image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            graphics = image.createGraphics();
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
            int paper = 225 + random.nextInt(31);
            graphics.setColor(new Color(paper, paper, Math.max(0, paper - random.nextInt(20))));
            graphics.fillRect(0, 0, width, height);
            int ink = random.nextInt(70);
            graphics.setColor(new Color(ink, ink, ink));
            y = margin;
        }

        PrintedPage print() {
            switch (kind) {
                case LETTER -> letter();
                case TABLE -> table();
                case FORM -> form();
                case RECEIPT -> receipt();
            }
            graphics.dispose();
            return new PrintedPage(image, lines);
        }

        private void letter() {
            graphics.setFont(font.deriveFont(size * 1.6f));
            draw(capital(word()) + " " + capital(word()) + " " + word(), margin);
            while (room()) {
                graphics.setFont(font);
                paragraph(2 + random.nextInt(6));
                y += (int) (size * 0.8);
            }
        }

        private void table() {
            letterhead();
            while (room()) {
                int columns = 3 + random.nextInt(3);
                int rows = 4 + random.nextInt(8);
                int cell = (image.getWidth() - 2 * margin) / columns;
                int height = (int) (size * (1.6 + random.nextDouble()));
                boolean ruled = random.nextBoolean();
                int top = y;
                for (int row = 0; row < rows && room(); row++) {
                    for (int column = 0; column < columns; column++) {
                        String text = row == 0
                                ? capital(word())
                                : column == 0 ? entry() : random.nextInt(4) == 0 ? code() : sum();
                        drawAt(text, margin + column * cell + 10, top + row * height + (int) (height * 0.7), cell - 20);
                    }
                    y = top + (row + 1) * height;
                    if (ruled) {
                        graphics.drawRect(margin, top + row * height, columns * cell, height);
                    }
                }
                if (ruled) {
                    for (int column = 1; column < columns; column++) {
                        graphics.drawLine(margin + column * cell, top, margin + column * cell, y);
                    }
                }
                y += (int) (size * 1.5);
                paragraph(2);
                y += (int) (size * 0.8);
            }
        }

        private void form() {
            letterhead();
            while (room()) {
                String key = capital(word()) + (random.nextBoolean() ? " " + word() : "") + ":";
                int half = image.getWidth() / 2;
                int at = margin;
                draw(key, at);
                y -= line();
                int indent = graphics.getFontMetrics().stringWidth(key) + (int) (size * (0.4 + random.nextDouble()));
                drawAt(entry(), at + indent, y + ascent(), half - at - indent);
                if (random.nextBoolean()) {
                    drawAt(capital(word()) + ":", half + 30, y + ascent(), half / 3);
                    drawAt(random.nextBoolean() ? date() : code(), half + half / 3 + 60, y + ascent(), half / 2);
                }
                y += (int) (size * (1.6 + random.nextDouble()));
            }
        }

        private void receipt() {
            graphics.setFont(font.deriveFont(size * 1.2f));
            center(word().toUpperCase(Locale.ROOT) + " " + word().toUpperCase(Locale.ROOT) + " "
                    + pick("LTD", "SDN BHD", "INC", "MART"));
            graphics.setFont(font);
            center((1 + random.nextInt(300)) + " " + capital(word()) + " Street, " + capital(word()));
            center("Tel: " + digits(3) + "-" + digits(7));
            center(pick("TAX INVOICE", "RECEIPT", "Cash Sale", "INVOICE"));
            sides("Date: " + date(), digits(2) + ":" + digits(2));
            sides("No. " + code(), pick("Cashier: ", "Table ", "Till ") + random.nextInt(20));
            rule();
            int items = 4 + random.nextInt(10);
            for (int i = 0; i < items; i++) {
                String goods = GOODS[random.nextInt(GOODS.length)];
                if (random.nextInt(3) == 0) {
                    draw(goods, margin);
                    sides("  " + (1 + random.nextInt(9)) + " x " + sum(), sum());
                } else {
                    sides((random.nextBoolean() ? (1 + random.nextInt(9)) + " " : "") + goods, sum());
                }
            }
            rule();
            sides("Subtotal", sum());
            sides(pick("GST 6%", "VAT 20%", "Tax", "Service 10%"), sum());
            sides("TOTAL", pick("$", "RM ", "USD ", "") + sum());
            sides(pick("CASH", "VISA ****" + digits(4), "Card"), sum());
            sides("Change", sum());
            rule();
            center("Thank you, please come again!");
            center(pick("www.", "info@") + word() + pick(".com", ".org", ".co.uk"));
        }

        private void letterhead() {
            graphics.setFont(font.deriveFont(size * 1.5f));
            draw(capital(word()) + " " + capital(word()), margin);
            y += (int) size;
            graphics.setFont(font);
        }

        private void rule() {
            y += (int) (size * 0.5);
            if (random.nextBoolean()) {
                graphics.drawLine(margin, y, image.getWidth() - margin, y);
            }
            y += (int) (size * 0.3);
        }

        private void paragraph(int most) {
            StringBuilder text = new StringBuilder();
            int drawn = 0;
            FontMetrics metrics = graphics.getFontMetrics();
            while (drawn < most && room()) {
                String word = token();
                String longer = text.isEmpty() ? word : text + " " + word;
                if (metrics.stringWidth(longer) > image.getWidth() - 2 * margin) {
                    draw(text.toString(), margin);
                    text = new StringBuilder(word);
                    drawn++;
                } else {
                    text = new StringBuilder(longer);
                }
            }
        }

        private boolean room() {
            return y < image.getHeight() - margin - 3 * size;
        }

        private int ascent() {
            return graphics.getFontMetrics().getAscent();
        }

        private int line() {
            return (int) (graphics.getFont().getSize2D() * 1.35);
        }

        private void draw(String text, int x) {
            drawAt(text, x, y + ascent(), image.getWidth() - margin - x + (int) size);
            y += line();
        }

        private void center(String text) {
            draw(
                    text,
                    Math.max(
                            margin / 2,
                            (image.getWidth() - graphics.getFontMetrics().stringWidth(text)) / 2));
        }

        private void sides(String left, String right) {
            FontMetrics metrics = graphics.getFontMetrics();
            int x = image.getWidth() - margin - metrics.stringWidth(right);
            drawAt(
                    left.strip(),
                    margin + (left.startsWith(" ") ? (int) size : 0),
                    y + ascent(),
                    x - margin - (int) (1.5 * size));
            drawAt(right, x, y + ascent(), image.getWidth());
            y += line();
        }

        /** Draws as many words of a text as fit. */
        private void drawAt(String text, int x, int baseline, int room) {
            String fitting = text;
            while (graphics.getFontMetrics().stringWidth(fitting) > room) {
                int space = fitting.lastIndexOf(' ');
                if (space < 0) {
                    return;
                }
                fitting = fitting.substring(0, space);
            }
            if (baseline < image.getHeight() - 4) {
                graphics.drawString(fitting, x, baseline);
                lines.add(fitting);
            }
        }

        private String entry() {
            return switch (random.nextInt(5)) {
                case 0 -> date();
                case 1 -> capital(word()) + " " + capital(word());
                case 2 -> (1 + random.nextInt(999)) + " " + capital(word()) + " Road";
                case 3 -> code();
                default -> capital(word()) + " " + word() + " " + word();
            };
        }

        private String token() {
            String word = word();
            return switch (random.nextInt(24)) {
                case 0 -> sum();
                case 1 -> date();
                case 2 -> code();
                case 3, 4 -> word + ".";
                case 5, 6 -> word + ",";
                case 7 -> "(" + word + ")";
                case 8 -> capital(word) + "'s";
                case 9 -> "\"" + word + "\"";
                case 10 -> word + "-" + word();
                case 11 -> word + ":";
                case 12 -> word.toUpperCase(Locale.ROOT);
                case 13, 14 -> capital(word);
                case 15 -> String.valueOf(random.nextInt(1000));
                case 16 -> word + "?";
                default -> word;
            };
        }

        /** Mostly a word that there is, sometimes one that no dictionary has. */
        private String word() {
            if (random.nextInt(6) > 0) {
                return WORDS.get(random.nextInt(WORDS.size()));
            }
            StringBuilder word = new StringBuilder();
            int syllables = 2 + random.nextInt(3);
            for (int i = 0; i < syllables; i++) {
                word.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
            }
            return word.toString();
        }

        private String sum() {
            int whole = random.nextInt(random.nextInt(4) == 0 ? 100_000 : 200);
            return String.format(Locale.ROOT, whole > 999 ? "%,d.%02d" : "%d.%02d", whole, random.nextInt(100));
        }

        private String date() {
            int day = 1 + random.nextInt(28);
            int month = 1 + random.nextInt(12);
            int year = 1990 + random.nextInt(40);
            return switch (random.nextInt(3)) {
                case 0 -> String.format(Locale.ROOT, "%02d/%02d/%d", day, month, year);
                case 1 -> String.format(Locale.ROOT, "%d-%02d-%02d", year, month, day);
                default -> day + " " + pick("January", "March", "June", "August", "December") + " " + year;
            };
        }

        private String code() {
            return pick("INV", "A", "REF-", "#", "NO") + digits(3 + random.nextInt(5));
        }

        private String digits(int count) {
            StringBuilder digits = new StringBuilder();
            for (int i = 0; i < count; i++) {
                digits.append(random.nextInt(10));
            }
            return digits.toString();
        }

        private String pick(String... choices) {
            return choices[random.nextInt(choices.length)];
        }

        private static String capital(String word) {
            return Character.toUpperCase(word.charAt(0)) + word.substring(1);
        }
    }
}
