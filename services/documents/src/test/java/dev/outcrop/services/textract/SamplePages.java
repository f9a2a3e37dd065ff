package dev.outcrop.services.textract;

import dev.outcrop.engines.pages.generated.Canvas;

/** Documents of the kinds that Textract is for. */
final class SamplePages {
    private SamplePages() {}

    /** A page with a line of text on each of {@code pages} pages. */
    static byte[] letter(int pages) {
        try (Canvas canvas = new Canvas()) {
            for (int page = 1; page <= pages; page++) {
                if (page > 1) {
                    canvas.page();
                }
                canvas.text(72, 100, 12, "Dear reader, this is page " + page + " of a letter.");
                canvas.text(72, 116, 12, "It has two lines.");
            }
            return canvas.pdf();
        }
    }

    /** An invoice with a ruled table of items. */
    static byte[] invoice() {
        try (Canvas canvas = new Canvas()) {
            canvas.bold(60, 70, 20, "Northwind Tools");
            canvas.text(60, 88, 10, "12 Harbor Street");
            canvas.text(60, 101, 10, "Portland, OR 97201");
            canvas.bold(430, 70, 16, "INVOICE");
            canvas.text(60, 150, 11, "Invoice number: NT-20417");
            canvas.text(60, 168, 11, "Invoice date: 03/14/2026");
            canvas.text(60, 186, 11, "Due date: 04/13/2026");
            canvas.text(360, 150, 11, "Bill To:");
            canvas.text(360, 164, 11, "Ada Byron");
            canvas.text(360, 178, 11, "7 Mill Lane");
            String[][] rows = {
                {"Description", "Qty", "Unit Price", "Amount"},
                {"Claw hammer", "2", "$18.50", "$37.00"},
                {"Steel screws", "10", "$0.40", "$4.00"},
                {"Work gloves", "3", "$6.00", "$18.00"}
            };
            double[] xs = {60, 300, 360, 450, 550};
            for (int row = 0; row <= rows.length; row++) {
                canvas.line(60, 230 + row * 20, 550, 230 + row * 20);
            }
            for (double x : xs) {
                canvas.line(x, 230, x, 230 + rows.length * 20);
            }
            for (int row = 0; row < rows.length; row++) {
                for (int column = 0; column < 4; column++) {
                    canvas.text(xs[column] + 4, 244 + row * 20, 10, rows[row][column]);
                }
            }
            canvas.text(380, 340, 11, "Subtotal");
            canvas.textTo(550, 340, 11, "$59.00");
            canvas.text(380, 358, 11, "Tax");
            canvas.textTo(550, 358, 11, "$4.72");
            canvas.bold(380, 376, 11, "Total");
            canvas.textTo(550, 376, 11, "$63.72");
            return canvas.pdf();
        }
    }

    /** A form with boxes to tick and a table whose header spans two columns. */
    static byte[] form() {
        try (Canvas canvas = new Canvas()) {
            canvas.bold(60, 70, 20, "Membership Application");
            canvas.text(60, 120, 11, "Full name: Juan Perez");
            canvas.text(60, 140, 11, "Date of birth: 05/23/1981");
            canvas.text(60, 160, 11, "Email: juan.perez@example.org");
            canvas.checkBox(60, 190, 11, true);
            canvas.text(78, 200, 11, "Resident");
            canvas.checkBox(200, 190, 11, false);
            canvas.text(218, 200, 11, "Student");
            canvas.text(60, 280, 11, "Table 1. Fees of the last years");
            String[][] rows = {
                {"Year", "Fees", ""},
                {"", "Adults", "Children"},
                {"2024", "120.00", "60.00"},
                {"2025", "130.00", "65.00"}
            };
            double[] xs = {60, 200, 340, 480};
            for (int row = 0; row <= rows.length; row++) {
                canvas.line(row == 1 ? 200 : 60, 290 + row * 20, 480, 290 + row * 20);
            }
            for (double x : xs) {
                canvas.line(x, x == 340 ? 310 : 290, x, 290 + rows.length * 20);
            }
            for (int row = 0; row < rows.length; row++) {
                for (int column = 0; column < 3; column++) {
                    if (!rows[row][column].isEmpty()) {
                        canvas.text(xs[column] + 4, 304 + row * 20, 10, rows[row][column]);
                    }
                }
            }
            return canvas.pdf();
        }
    }

    /** A passport's data page: the sample of ICAO Doc 9303. */
    static byte[] passport() {
        try (Canvas canvas = new Canvas()) {
            canvas.bold(60, 70, 16, "PASSPORT");
            canvas.text(60, 100, 10, "Place of birth");
            canvas.text(60, 114, 11, "ZENITH");
            canvas.typed(40, 400, 14, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<");
            canvas.typed(40, 420, 14, "L898902C36UTO7408122F1204159ZE184226B<<<<<10");
            return canvas.pdf();
        }
    }

    /** A driving licence with the numbers of AAMVA's standard. */
    static byte[] licence() {
        try (Canvas canvas = new Canvas()) {
            canvas.bold(60, 70, 18, "MASSACHUSETTS");
            canvas.bold(60, 92, 14, "DRIVER'S LICENSE");
            canvas.text(60, 120, 11, "4d NUMBER S99988801");
            canvas.text(60, 140, 11, "4a ISS 03/18/2018");
            canvas.text(230, 140, 11, "4b EXP 01/20/2028");
            canvas.text(60, 160, 11, "3 DOB 03/18/2001");
            canvas.text(230, 160, 11, "9 CLASS D");
            canvas.text(60, 180, 11, "LN GARCIA");
            canvas.text(60, 200, 11, "FN MARIA ELENA");
            canvas.text(60, 220, 11, "100 MARKET STREET");
            canvas.text(60, 236, 11, "BIGTOWN, MA 02801");
            return canvas.pdf();
        }
    }
}
