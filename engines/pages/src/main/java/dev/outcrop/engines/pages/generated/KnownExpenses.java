package dev.outcrop.engines.pages.generated;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Draws invoices and receipts as different houses write them, and says what is on them. */
public final class KnownExpenses {
    private static final String[] VENDORS = {
        "Northwind Tools", "Harbor Light Electric", "Blue Fern Studio", "Kestrel Logistics Inc.", "Mapleton Dental",
        "Cobalt Print House", "Juniper & Sons", "Larkspur Catering", "Redwood Fasteners LLC", "Orchid Garden Supply"
    };
    private static final String[] STREETS = {"Harbor Street", "Mill Lane", "Oak Avenue", "Station Road", "Elm Drive"};
    private static final String[] TOWNS = {
        "Portland, OR 97201", "Austin, TX 78701", "Boise, ID 83702", "Denver, CO 80202", "Salem, MA 01970"
    };
    private static final String[] PEOPLE = {
        "Ada Byron", "Juan Perez", "Mei Tanaka", "Olu Adeyemi", "Eva Novak", "Tom Baker", "Lea Koch", "Raj Patel"
    };
    private static final String[] GOODS = {
        "Claw hammer",
        "Steel screws",
        "Paint roller",
        "Desk lamp",
        "Oak shelf",
        "Cable drum",
        "Copper pipe",
        "Site inspection",
        "Door hinge",
        "Work gloves",
        "Wall plug set",
        "Garden hose"
    };
    private static final String[] MEALS = {
        "Flat white", "Carrot cake", "Club sandwich", "Green tea", "Lentil soup", "Bagel", "Orange juice", "Omelette"
    };

    private final Random random;
    private final Canvas canvas = new Canvas();
    private final List<String> facts = new ArrayList<>();
    private final Map<String, String> questions = new TreeMap<>();

    private KnownExpenses(long seed) {
        random = new Random(seed * 6151 + 11);
    }

    /** An invoice of a page. */
    public static KnownPaper invoice(long seed) {
        return new KnownExpenses(seed).invoice();
    }

    /** A till's receipt. */
    public static KnownPaper receipt(long seed) {
        return new KnownExpenses(seed).receipt();
    }

    private String pick(String... from) {
        return from[random.nextInt(from.length)];
    }

    private static String money(String sign, long cents) {
        return sign + String.format(Locale.ROOT, "%,d.%02d", cents / 100, cents % 100);
    }

    private String date(int month) {
        int day = 1 + random.nextInt(28);
        int year = 2020 + random.nextInt(7);
        return switch (random.nextInt(3)) {
            case 0 -> String.format("%02d/%02d/%d", month, day, year);
            case 1 -> String.format("%d-%02d-%02d", year, month, day);
            default ->
                java.time.Month.of(month).getDisplayName(java.time.format.TextStyle.FULL, Locale.ENGLISH) + " " + day
                        + ", " + year;
        };
    }

    private void say(String type, String value) {
        facts.add(type + "=" + value);
    }

    private KnownPaper done() {
        try (canvas) {
            return new KnownPaper(KnownPaper.Kind.EXPENSE, canvas.pdf(), facts, questions, List.of());
        }
    }

    private KnownPaper invoice() {
        boolean mirrored = random.nextInt(3) == 0;
        double vendorX = mirrored ? 360 : 60;
        double titleX = mirrored ? 60 : 430;
        String vendor = pick(VENDORS);
        canvas.bold(vendorX, 70, 15 + random.nextInt(6), vendor);
        canvas.text(vendorX, 90, 10, (1 + random.nextInt(300)) + " " + pick(STREETS));
        canvas.text(vendorX, 103, 10, pick(TOWNS));
        say("VENDOR_NAME", vendor);
        if (random.nextBoolean()) {
            String phone = "(503) 555-" + (1000 + random.nextInt(9000));
            canvas.text(vendorX, 116, 10, pick("Phone: ", "Tel: ", "") + phone);
            say("VENDOR_PHONE", phone);
        }
        canvas.bold(titleX, 70, 14, pick("INVOICE", "Invoice", "TAX INVOICE"));
        String sign = pick("$", "$", "€", "");
        labels();
        receiver();
        long total = items(sign);
        sums(sign, total);
        return done();
    }

    private void labels() {
        List<String[]> rows = new ArrayList<>();
        String number = pick("NT-", "INV-", "", "2026/") + (10_000 + random.nextInt(80_000));
        String issued = date(1 + random.nextInt(6));
        String due = date(7 + random.nextInt(6));
        rows.add(new String[] {
            pick("Invoice number", "Invoice No", "Invoice #", "Invoice No.", "Invoice ID"), number, "INVOICE_RECEIPT_ID"
        });
        rows.add(new String[] {
            pick("Invoice date", "Date", "Date of issue", "Issue date"), issued, "INVOICE_RECEIPT_DATE"
        });
        rows.add(new String[] {pick("Due date", "Payment due", "Due", "Pay by"), due, "DUE_DATE"});
        questions.put("What is the invoice number?", number);
        questions.put("When is the payment due?", due);
        if (random.nextBoolean()) {
            String order = "PO-" + (1000 + random.nextInt(9000));
            rows.add(new String[] {pick("PO number", "P.O. #", "Purchase order", "PO No."), order, "PO_NUMBER"});
        }
        if (random.nextInt(3) == 0) {
            rows.add(new String[] {pick("Terms", "Payment terms"), pick("Net 30", "Due on receipt"), "PAYMENT_TERMS"});
        }
        int style = random.nextInt(3);
        double x = style == 2 ? 60 : 60 + 290 * random.nextInt(2);
        double y = 150;
        for (int i = 0; i < rows.size(); i++) {
            String[] row = rows.get(i);
            say(row[2], row[1]);
            switch (style) {
                case 0 -> canvas.text(x, y + 16 * i, 10, row[0] + ": " + row[1]);
                case 1 -> {
                    canvas.bold(x, y + 16 * i, 10, row[0] + ":");
                    canvas.text(x + 110, y + 16 * i, 10, row[1]);
                }
                // Labels in one row, values below.
                default -> {
                    canvas.bold(x + 105 * i, y, 9, row[0]);
                    canvas.text(x + 105 * i, y + 14, 9, row[1]);
                }
            }
        }
        receiverX = style == 2 ? 60 : x < 100 ? 350 : 60;
        receiverY = style == 2 ? 200 : 150;
    }

    private double receiverX;
    private double receiverY;

    private void receiver() {
        String person = pick(PEOPLE);
        canvas.bold(receiverX, receiverY, 10, pick("Bill To:", "BILL TO", "Invoice to:", "Billed to:"));
        canvas.text(receiverX, receiverY + 14, 10, person);
        canvas.text(receiverX, receiverY + 27, 10, (1 + random.nextInt(300)) + " " + pick(STREETS));
        canvas.text(receiverX, receiverY + 40, 10, pick(TOWNS));
        say("RECEIVER_NAME", person);
        questions.put("Who is the invoice billed to?", person);
    }

    private long items(String sign) {
        String[] headers = {
            pick("Description", "Item", "Product", "Service"),
            pick("Qty", "Quantity", "Units"),
            pick("Unit Price", "Price", "Rate", "Unit cost"),
            pick("Amount", "Line total", "Total")
        };
        double[] xs = {60, 300, 365, 455, 552};
        int rows = 2 + random.nextInt(6);
        int style = random.nextInt(3);
        double top = 275;
        double height = 18 + random.nextInt(6);
        long total = 0;
        for (int row = 0; row <= rows; row++) {
            double y = top + height * (row + 0.68);
            int quantity = 1 + random.nextInt(12);
            long unit = 50L + random.nextInt(20_000);
            String[] cells = row == 0
                    ? headers
                    : new String[] {
                        pick(GOODS), String.valueOf(quantity), money(sign, unit), money(sign, unit * quantity)
                    };
            if (row > 0) {
                total += unit * quantity;
                say("LINE_ITEM", cells[0]);
                say("LINE_QUANTITY", cells[1]);
                say("LINE_UNIT_PRICE", cells[2]);
                say("LINE_PRICE", cells[3]);
            }
            for (int column = 0; column < cells.length; column++) {
                if (row == 0 && column == 0) {
                    canvas.bold(xs[0] + 4, y, 10, cells[0]);
                } else if (column == 0) {
                    canvas.text(xs[0] + 4, y, 10, cells[0]);
                } else {
                    canvas.textTo(xs[column + 1] - 5, y, 10, cells[column]);
                }
            }
        }
        double bottom = top + height * (rows + 1);
        for (int row = 0; row <= rows + 1 && style < 2; row++) {
            if (style == 0 || row < 2 || row == rows + 1) {
                canvas.line(xs[0], top + row * height, xs[4], top + row * height);
            }
        }
        for (double x : style == 0 ? xs : new double[0]) {
            canvas.line(x, top, x, bottom);
        }
        sumsY = bottom + 24;
        return total;
    }

    private double sumsY;

    private void sums(String sign, long goods) {
        long tax = goods * 8 / 100;
        long shipping = random.nextInt(3) == 0 ? 500L + random.nextInt(2000) : 0;
        long total = goods + tax + shipping;
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {pick("Subtotal", "Sub Total", "Net total"), money(sign, goods), "SUBTOTAL"});
        rows.add(new String[] {pick("Tax", "Sales Tax (8%)", "VAT 8%", "Tax 8.0%"), money(sign, tax), "TAX"});
        if (shipping > 0) {
            rows.add(new String[] {
                pick("Shipping", "Shipping & Handling", "Freight"), money(sign, shipping), "SHIPPING_HANDLING_CHARGE"
            });
        }
        rows.add(new String[] {pick("Total", "Grand Total", "TOTAL", "Invoice total"), money(sign, total), "TOTAL"});
        if (random.nextInt(3) == 0) {
            rows.add(new String[] {pick("Amount Due", "Balance Due"), money(sign, total), "AMOUNT_DUE"});
        }
        for (int i = 0; i < rows.size(); i++) {
            String[] row = rows.get(i);
            canvas.text(375, sumsY + 17 * i, 10, row[0] + pick(":", ""));
            canvas.textTo(547, sumsY + 17 * i, 10, row[1]);
            say(row[2], row[1]);
        }
        questions.put("What is the subtotal?", money(sign, goods));
        questions.put("How much is the total?", money(sign, total));
        canvas.text(60, 740, 9, pick("Thank you for your business.", "Please pay by bank transfer."));
    }

    private KnownPaper receipt() {
        String vendor = pick(VENDORS).toUpperCase(Locale.ROOT);
        double left = 200;
        double right = 400;
        canvas.bold(left + 20, 60, 14, vendor);
        say("VENDOR_NAME", vendor);
        canvas.text(left + 20, 78, 9, (1 + random.nextInt(300)) + " " + pick(STREETS));
        canvas.text(left + 20, 90, 9, pick(TOWNS));
        String day =
                String.format("%02d/%02d/%d", 1 + random.nextInt(12), 1 + random.nextInt(28), 2020 + random.nextInt(7));
        canvas.text(
                left,
                112,
                9,
                pick("Date: ", "") + day + " " + (8 + random.nextInt(12)) + ":" + (10 + random.nextInt(50)));
        say("INVOICE_RECEIPT_DATE", day);
        if (random.nextBoolean()) {
            String number = String.valueOf(100_000 + random.nextInt(900_000));
            canvas.text(left, 126, 9, pick("Receipt #: ", "Check No: ", "Transaction: ") + number);
            say("INVOICE_RECEIPT_ID", number);
        }
        String sign = pick("", "$");
        boolean counted = random.nextBoolean();
        double y = 150;
        long goods = 0;
        for (int i = 2 + random.nextInt(6); i > 0; i--, y += 14) {
            int quantity = 1 + random.nextInt(3);
            long price = 150L + random.nextInt(1500);
            String name = pick(MEALS);
            canvas.text(left, y, 10, (counted ? quantity + " " : "") + name);
            canvas.textTo(right, y, 10, money(sign, price));
            say("LINE_ITEM", name);
            if (counted) {
                say("LINE_QUANTITY", String.valueOf(quantity));
            }
            say("LINE_PRICE", money(sign, price));
            goods += price;
        }
        long tax = goods / 12;
        long tip = random.nextInt(3) == 0 ? 200 : 0;
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {pick("Subtotal", "SUBTOTAL", "Sub-total"), money(sign, goods), "SUBTOTAL"});
        rows.add(new String[] {pick("Tax", "TAX", "Sales tax"), money(sign, tax), "TAX"});
        if (tip > 0) {
            rows.add(new String[] {pick("Tip", "Gratuity"), money(sign, tip), "GRATUITY"});
        }
        rows.add(new String[] {pick("Total", "TOTAL", "Total USD"), money(sign, goods + tax + tip), "TOTAL"});
        for (int i = 0; i < rows.size(); i++) {
            canvas.text(left, y + 10 + 14 * i, 10, rows.get(i)[0]);
            canvas.textTo(right, y + 10 + 14 * i, 10, rows.get(i)[1]);
            say(rows.get(i)[2], rows.get(i)[1]);
        }
        canvas.text(left + 30, y + 30 + 14 * rows.size(), 9, pick("Thank you!", "Please come again", "VISA **** 1234"));
        questions.put("What is the total?", money(sign, goods + tax + tip));
        return done();
    }
}
