package dev.outcrop.engines.pages.generated;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A page whose tables or labels and values are known. The same seed gives the same page. Those of a seed below 1,000 are for
 * making rules, the others only for measuring them.
 *
 * @param cells the cells of the page's table that hold something, as {@code row/column/text}, both from 1; of cells that are
 *     one, the first
 * @param pairs the labels of the page, without colons, and their values; a box to tick is {@code SELECTED} or
 *     {@code NOT_SELECTED}
 */
public record KnownDocument(byte[] pdf, List<String> cells, List<Map.Entry<String, String>> pairs) {
    private static final String[] THINGS = {
        "Hinge",
        "Bracket",
        "Copper pipe",
        "Valve",
        "Gasket",
        "Oak panel",
        "Sensor",
        "Cable",
        "Lamp",
        "Switch",
        "Filter",
        "Wall plug",
        "Steel bolt",
        "Motor",
        "Timer",
        "Spring",
        "Washer",
        "Relay",
        "Fuse",
        "Hose clamp"
    };
    private static final String[] PLACES = {
        "Oslo", "Lima", "Cairo", "Quito", "Perth", "Osaka", "Porto", "Turin", "Lagos", "Hanoi", "Accra", "Bergen"
    };
    private static final String[] HEADERS = {
        "Product", "Region", "Quantity", "Price", "Amount", "Supplier", "Status", "Stock", "Weight", "Rate"
    };
    private static final String[] LABELS = {
        "Full name",
        "Date of birth",
        "Policy number",
        "Street",
        "City",
        "Occupation",
        "Email",
        "Phone",
        "Employer",
        "Member since",
        "Branch",
        "Contact person",
        "Case number",
        "Agent",
        "Nationality",
        "Passport number",
        "Department",
        "Vehicle",
        "Invoice number",
        "Due date",
        "Amount due",
        "Country",
        "Reference",
        "Account"
    };
    private static final String[] PEOPLE = {
        "Ada Byron", "Juan Perez", "Mei Tanaka", "Olu Adeyemi", "Eva Novak", "Tom Baker", "Lea Koch", "Raj Patel"
    };
    private static final String[] PROSE = {
        "The following pages describe how deliveries were made during the past year and which of",
        "them arrived late. Every branch has counted its own stock, and differences were written off",
        "in the month in which they were found. Nothing in this report replaces the audited accounts."
    };

    public KnownDocument {
        cells = List.copyOf(cells);
        pairs = List.copyOf(pairs);
    }

    private static String pick(Random random, String[] from) {
        return from[random.nextInt(from.length)];
    }

    private static String money(Random random) {
        return String.format("%,d.%02d", random.nextInt(9000) + 1, random.nextInt(100));
    }

    /** A page with a table: ruled fully, only across, or not at all, some with headers over several columns. */
    public static KnownDocument table(long seed) {
        Random random = new Random(seed * 7919 + 17);
        int columns = 3 + random.nextInt(4);
        int rows = 4 + random.nextInt(10);
        int style = random.nextInt(3);
        boolean grouped = style == 0 && columns >= 4 && random.nextBoolean();
        boolean spanning = style == 0 && random.nextInt(3) == 0;
        double size = 8 + random.nextInt(4);
        double height = size * (1.6 + random.nextDouble() * 0.8);
        double left = 50 + random.nextInt(30);
        double width = 612 - 2 * left;
        double top = 170 + random.nextInt(60);
        List<String> cells = new ArrayList<>();
        try (Canvas canvas = new Canvas()) {
            canvas.bold(left, 70, 16, "Report " + (2000 + random.nextInt(30)));
            for (int i = 0; i < PROSE.length; i++) {
                canvas.text(left, 95 + i * 13, 10, PROSE[i]);
            }
            int headers = grouped ? 2 : 1;
            double[] xs = new double[columns + 1];
            double[] shares = new double[columns];
            double sum = 0;
            for (int i = 0; i < columns; i++) {
                shares[i] = i == 0 ? 1.6 : 0.9 + random.nextDouble() * 0.4;
                sum += shares[i];
            }
            xs[0] = left;
            for (int i = 0; i < columns; i++) {
                xs[i + 1] = xs[i] + width * shares[i] / sum;
            }
            boolean[] numeric = new boolean[columns];
            for (int i = 1; i < columns; i++) {
                numeric[i] = i == columns - 1 || random.nextBoolean();
            }
            int spannedFrom = spanning ? headers + 1 + random.nextInt(rows - 2) : -5;
            for (int row = 0; row < headers + rows; row++) {
                double y = top + row * height + height * 0.5 + size * 0.35;
                for (int column = 0; column < columns; column++) {
                    String text;
                    if (grouped && row == 0) {
                        text = column == 0 ? "" : column == 1 ? "Figures of the year" : "";
                    } else if (row < headers) {
                        text = HEADERS[Math.floorMod(seed + column * 3L, HEADERS.length)];
                    } else if (column == 0) {
                        text = row == spannedFrom + 1 ? "" : pick(random, THINGS);
                    } else {
                        text = numeric[column] ? money(random) : pick(random, PLACES);
                    }
                    boolean empty = row >= headers && column > 0 && random.nextInt(14) == 0;
                    if (!text.isEmpty() && !empty) {
                        cells.add((row + 1) + "/" + (column + 1) + "/" + text);
                        if (row < headers) {
                            canvas.bold(xs[column] + 4, y, size, text);
                        } else if (numeric[column]) {
                            canvas.textTo(xs[column + 1] - 4, y, size, text);
                        } else {
                            canvas.text(xs[column] + 4, y, size, text);
                        }
                    }
                }
            }
            double bottom = top + (headers + rows) * height;
            if (style == 0) {
                for (int row = 0; row <= headers + rows; row++) {
                    double from = row == spannedFrom + 1 ? xs[1] : xs[0];
                    canvas.line(from, top + row * height, xs[columns], top + row * height);
                }
                for (int column = 0; column <= columns; column++) {
                    boolean inside = grouped && column > 1 && column < columns;
                    canvas.line(xs[column], inside ? top + height : top, xs[column], bottom);
                }
            } else if (style == 1) {
                canvas.line(xs[0], top, xs[columns], top);
                canvas.line(xs[0], top + headers * height, xs[columns], top + headers * height);
                canvas.line(xs[0], bottom, xs[columns], bottom);
            }
            canvas.text(left, bottom + 60, 10, PROSE[0]);
            return new KnownDocument(canvas.pdf(), cells, List.of());
        }
    }

    /** A page with a form: labels before values, above them, before lines and boxes, and boxes to tick. */
    public static KnownDocument form(long seed) {
        Random random = new Random(seed * 104_729 + 3);
        int style = random.nextInt(4);
        double size = 9 + random.nextInt(4);
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        List<String> labels = new ArrayList<>(List.of(LABELS));
        java.util.Collections.shuffle(labels, random);
        try (Canvas canvas = new Canvas()) {
            canvas.bold(60, 70, 18, "Application");
            double y = 120;
            int count = 6 + random.nextInt(8);
            for (int i = 0; i < count; i++) {
                String label = labels.get(i);
                String value = value(label, random);
                double x = 60;
                switch (style) {
                    case 0 -> {
                        canvas.bold(x, y, size, label + ":");
                        canvas.text(x + 130, y, size, value);
                        y += size * 2;
                    }
                    case 1 -> {
                        x = i % 2 == 0 ? 60 : 330;
                        canvas.text(x, y, size, label + ": " + value);
                        y += i % 2 == 0 ? 0 : size * 2.2;
                    }
                    case 2 -> {
                        x = i % 2 == 0 ? 60 : 330;
                        canvas.frame(x, y - size * 1.4, 250, size * 3.2);
                        canvas.text(x + 4, y - size * 0.2, size * 0.75, label);
                        canvas.text(x + 4, y + size * 1.2, size, value);
                        y += i % 2 == 0 ? 0 : size * 3.6;
                    }
                    default -> {
                        canvas.text(x, y, size, label);
                        canvas.text(x + 136, y, size, value);
                        canvas.line(x + 132, y + 2.5, x + 330, y + 2.5);
                        y += size * 2.4;
                    }
                }
                pairs.add(Map.entry(label, value));
            }
            y += 50;
            for (String option : List.of("Married", "Resident", "Smoker", "Student")) {
                if (random.nextInt(3) > 0) {
                    boolean ticked = random.nextBoolean();
                    canvas.checkBox(60, y - size, size, ticked);
                    canvas.text(60 + size + 6, y, size, option);
                    pairs.add(Map.entry(option, ticked ? "SELECTED" : "NOT_SELECTED"));
                    y += size * 2;
                }
            }
            return new KnownDocument(canvas.pdf(), List.of(), pairs);
        }
    }

    private static String value(String label, Random random) {
        String lower = label.toLowerCase(java.util.Locale.ROOT);
        if (lower.contains("date") || lower.contains("since")) {
            return String.format(
                    "%02d/%02d/%d", 1 + random.nextInt(12), 1 + random.nextInt(28), 1950 + random.nextInt(70));
        }
        if (lower.contains("number") || lower.contains("reference") || lower.contains("account")) {
            return String.format(
                    "%c%c-%06d", 'A' + random.nextInt(26), 'A' + random.nextInt(26), random.nextInt(1_000_000));
        }
        if (lower.contains("amount")) {
            return "$" + money(random);
        }
        if (lower.contains("email")) {
            return pick(random, PEOPLE).toLowerCase(java.util.Locale.ROOT).replace(' ', '.') + "@example.org";
        }
        if (lower.contains("phone")) {
            return String.format("555-%03d-%04d", random.nextInt(1000), random.nextInt(10_000));
        }
        if (lower.contains("street")) {
            return (1 + random.nextInt(200)) + " " + pick(random, PLACES) + " Street";
        }
        return lower.contains("name") || lower.contains("person") || lower.contains("agent")
                ? pick(random, PEOPLE)
                : pick(random, PLACES);
    }
}
