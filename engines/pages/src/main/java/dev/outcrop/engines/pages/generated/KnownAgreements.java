package dev.outcrop.engines.pages.generated;

import dev.outcrop.engines.pages.Box;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Draws agreements with sections, lists and signatures in one or two columns, and says what is on them. */
public final class KnownAgreements {
    private static final String[] WORDS =
            ("the tenant shall keep every room in good order and return all keys on the last day of the term while the owner"
                            + " pays for repairs that age or weather have made necessary unless both agree otherwise in writing")
                    .split(" ");
    private static final String[] TITLES = {
        "Residential Lease Agreement", "Service Agreement", "Statement of Work", "Equipment Rental Contract"
    };
    private static final String[] SECTIONS = {
        "Term of the Agreement", "Payments", "Duties of the Owner", "Repairs", "Notice", "Governing Law"
    };

    private final Random random;
    private final Canvas canvas = new Canvas();
    private final List<String> facts = new ArrayList<>();
    private final List<Box> signatures = new ArrayList<>();
    private final Map<String, String> questions = new TreeMap<>();

    private KnownAgreements(long seed) {
        random = new Random(seed * 4421 + 7);
    }

    /** A page of an agreement. */
    public static KnownPaper agreement(long seed) {
        return new KnownAgreements(seed).agreement();
    }

    private KnownPaper agreement() {
        try (canvas) {
            double size = 9 + random.nextInt(3);
            boolean columns = random.nextInt(3) == 0;
            boolean numbered = random.nextBoolean();
            String title = TITLES[random.nextInt(TITLES.length)];
            double titleSize = size + 7;
            canvas.bold((Canvas.WIDTH - canvas.width(title, titleSize)) / 2, 70, titleSize, title);
            facts.add("TITLE=" + title);
            double[] lefts = columns ? new double[] {60, 320} : new double[] {60};
            int perLine = columns ? 7 : 15;
            int section = random.nextInt(SECTIONS.length);
            double lowest = 0;
            for (double left : lefts) {
                double y = 110;
                for (int part = 0; part < 3; part++, section++) {
                    String heading = (numbered ? (section % 9 + 1) + ". " : "") + SECTIONS[section % SECTIONS.length];
                    canvas.bold(left, y, size + 2, heading);
                    facts.add("SECTION_HEADER=" + heading);
                    y = paragraph(left, y + 1.9 * size, size, perLine, 3 + random.nextInt(3));
                    if (part == 1 && random.nextBoolean()) {
                        y = list(left, y, size);
                    }
                    y += 0.9 * size;
                }
                lowest = Math.max(lowest, y);
            }
            sign(Math.max(lowest + 50, 600));
            String number = String.valueOf(1 + random.nextInt(20));
            String foot = random.nextBoolean() ? number : "Page " + number;
            canvas.text(300, 765, 9, foot);
            facts.add("PAGE_NUMBER=" + foot);
            return new KnownPaper(KnownPaper.Kind.AGREEMENT, canvas.pdf(), facts, questions, signatures);
        }
    }

    private String sentence(int count) {
        int from = random.nextInt(WORDS.length);
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < count; i++) {
            line.append(i == 0 ? "" : " ").append(WORDS[(from + i) % WORDS.length]);
        }
        return Character.toUpperCase(line.charAt(0)) + line.substring(1);
    }

    private double paragraph(double left, double top, double size, int perLine, int lines) {
        double y = top;
        for (int i = 0; i < lines; i++, y += 1.25 * size) {
            String line = sentence(i == lines - 1 ? perLine / 2 : perLine);
            canvas.text(left, y, size, line);
            if (i == 0) {
                facts.add("TEXT=" + line);
            }
        }
        return y;
    }

    private double list(double left, double top, double size) {
        double y = top + 0.6 * size;
        for (int i = 1; i <= 3; i++, y += 1.25 * size) {
            String line = "(" + (char) ('a' + i - 1) + ") " + sentence(4);
            canvas.text(left + 12, y, size, line);
            if (i == 1) {
                facts.add("LIST=" + line);
            }
        }
        return y;
    }

    private void sign(double y) {
        String[] parties = {"Owner", "Tenant"};
        boolean before = random.nextBoolean();
        for (int i = 0; i < 2; i++) {
            double x = 60 + 270 * i;
            String cue = before ? "Signature of " + parties[i] + ":" : parties[i] + "'s signature";
            double from = before ? x + canvas.width(cue, 10) + 6 : x;
            double to = x + 240;
            canvas.text(x, before ? y : y + 14, 10, cue);
            canvas.line(from, y + 2, to, y + 2);
            if (random.nextInt(3) > 0) {
                scribble(from + 12, y);
                signatures.add(new Box(from, y - 30, to, y + 8));
            }
        }
    }

    /** Loops and strokes as a pen makes them. */
    private void scribble(double left, double baseline) {
        double x = left;
        double y = baseline - 4;
        double reach = 60 + random.nextInt(30);
        for (double along = 0; along < reach; along += 2) {
            double nextX = left + along + 4 * Math.sin(along / 2.5);
            double nextY = baseline - 7 - 9 * Math.sin(along / 4 + random.nextDouble()) * (1 - along / (1.6 * reach));
            canvas.line(x, y, nextX, nextY);
            x = nextX;
            y = nextY;
        }
    }
}
