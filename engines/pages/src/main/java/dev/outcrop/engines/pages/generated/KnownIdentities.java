package dev.outcrop.engines.pages.generated;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Draws driving licences and passports of nobody, and says what is on them. */
public final class KnownIdentities {
    private static final String[] FIRST = {"ANNA", "JUAN", "MEI", "OLU", "EVA", "THOMAS", "LEA", "RAJ", "IRIS", "HUGO"};
    private static final String[] LAST = {
        "ERIKSSON", "PEREZ", "TANAKA", "ADEYEMI", "NOVAK", "BAKER", "KOCH", "PATEL", "LINDQVIST", "SILVA"
    };
    private static final String[][] STATES = {
        {"OREGON", "SALEM", "OR", "97301"},
        {"TEXAS", "AUSTIN", "TX", "78701"},
        {"OHIO", "DAYTON", "OH", "45402"},
        {"MAINE", "BANGOR", "ME", "04401"},
        {"NEVADA", "RENO", "NV", "89501"}
    };
    private static final DateTimeFormatter AMERICAN = DateTimeFormatter.ofPattern("MM/dd/yyyy", Locale.ROOT);

    private final Random random;
    private final Canvas canvas = new Canvas();
    private final List<String> facts = new ArrayList<>();

    private KnownIdentities(long seed) {
        random = new Random(seed * 3571 + 29);
    }

    /** A driving licence of the United States. */
    public static KnownPaper licence(long seed) {
        return new KnownIdentities(seed).licence();
    }

    /** A passport with its machine-readable zone. */
    public static KnownPaper passport(long seed) {
        return new KnownIdentities(seed).passport();
    }

    private String pick(String... from) {
        return from[random.nextInt(from.length)];
    }

    private void say(String type, String value) {
        facts.add(type + "=" + value);
    }

    private LocalDate day(int fromYear, int years) {
        return LocalDate.of(fromYear + random.nextInt(years), 1 + random.nextInt(12), 1 + random.nextInt(28));
    }

    private KnownPaper done() {
        try (canvas) {
            return new KnownPaper(KnownPaper.Kind.IDENTITY, canvas.pdf(), facts, Map.of(), List.of());
        }
    }

    private KnownPaper licence() {
        String[] state = STATES[random.nextInt(STATES.length)];
        boolean numbered = random.nextBoolean();
        String last = pick(LAST);
        String first = pick(FIRST);
        String middle = pick(FIRST);
        LocalDate birth = day(1945, 60);
        LocalDate issued = day(2019, 5);
        LocalDate expires = issued.plusYears(8);
        String number = pick("D", "A", "") + (1_000_000 + random.nextInt(8_000_000));
        String street = (1 + random.nextInt(900)) + " " + pick("OAK ST", "MILL LANE", "ELM AVE", "PINE RD");
        canvas.bold(150, 80, 18, state[0]);
        canvas.bold(320, 80, 13, pick("DRIVER LICENSE", "DRIVER'S LICENSE", "Driver License"));
        double y = 120;
        y = line(y, numbered ? "4d DLN" : pick("DL", "LIC NO", "License No"), number);
        y = line(y, numbered ? "4b EXP" : pick("EXP", "EXPIRES"), expires.format(AMERICAN));
        y = line(y, numbered ? "1" : pick("LN", "LAST NAME"), last);
        y = line(y, numbered ? "2" : pick("FN", "FIRST NAME"), first + " " + middle);
        canvas.text(170, y, 12, numbered ? "8 " + street : street);
        canvas.text(170, y + 16, 12, state[1] + ", " + state[2] + " " + state[3]);
        y = line(y + 36, numbered ? "3 DOB" : pick("DOB", "BIRTH DATE"), birth.format(AMERICAN));
        y = line(y, numbered ? "4a ISS" : pick("ISS", "ISSUED"), issued.format(AMERICAN));
        String licenceClass = pick("C", "D", "M");
        y = line(y, numbered ? "9 CLASS" : "CLASS", licenceClass);
        canvas.text(170, y, 11, (numbered ? "15 " : "") + "SEX " + pick("F", "M"));
        canvas.text(260, y, 11, (numbered ? "16 " : "") + "HGT 5'-0" + random.nextInt(9) + "\"");
        canvas.text(360, y, 11, (numbered ? "18 " : "") + "EYES " + pick("BRO", "BLU", "GRN"));
        say("DOCUMENT_NUMBER", number);
        say("EXPIRATION_DATE", expires.toString());
        say("LAST_NAME", last);
        say("FIRST_NAME", first);
        say("MIDDLE_NAME", middle);
        say("DATE_OF_BIRTH", birth.toString());
        say("DATE_OF_ISSUE", issued.toString());
        say("CLASS", licenceClass);
        say("ADDRESS", street + " " + state[1] + ", " + state[2] + " " + state[3]);
        say("CITY_IN_ADDRESS", state[1]);
        say("STATE_IN_ADDRESS", state[2]);
        say("ZIP_CODE_IN_ADDRESS", state[3]);
        say("ID_TYPE", "DRIVER LICENSE FRONT");
        return done();
    }

    private double line(double y, String label, String value) {
        canvas.text(170, y, 8, label);
        canvas.bold(175 + canvas.width(label, 8), y, 12, value);
        return y + 18;
    }

    private KnownPaper passport() {
        String last = pick(LAST);
        String first = pick(FIRST);
        String middle = random.nextBoolean() ? pick(FIRST) : "";
        String country = pick("UTO", "USA", "SWE", "PRT");
        LocalDate birth = day(1945, 60);
        LocalDate issued = day(2018, 6);
        LocalDate expires = issued.plusYears(10);
        String number = pick("L", "X", "C") + (10_000_000 + random.nextInt(80_000_000));
        String sex = pick("F", "M");
        DateTimeFormatter european = DateTimeFormatter.ofPattern("dd MMM yyyy", Locale.ENGLISH);
        canvas.bold(60, 70, 16, "PASSPORT");
        field(200, 120, "Surname", last);
        field(200, 155, "Given names", (first + " " + middle).strip());
        field(200, 190, "Date of birth", birth.format(european));
        field(400, 190, "Sex", sex);
        field(200, 225, "Place of birth", "PORT CITY");
        field(200, 260, "Date of issue", issued.format(european));
        field(400, 260, "Date of expiry", expires.format(european));
        field(400, 120, "Passport No", number);
        String names = last + "<<" + first + (middle.isEmpty() ? "" : "<" + middle);
        canvas.typed(40, 400, 14, padded("P<" + country + names));
        String second = checked(number)
                + country
                + checked(digits(birth))
                + sex
                + checked(digits(expires))
                + checked("<".repeat(14));
        String checked = second.substring(0, 10) + second.substring(13, 20) + second.substring(21, 43);
        canvas.typed(40, 420, 14, second + check(checked));
        say("LAST_NAME", last);
        say("FIRST_NAME", first);
        if (!middle.isEmpty()) {
            say("MIDDLE_NAME", middle);
        }
        say("DOCUMENT_NUMBER", number);
        say("DATE_OF_BIRTH", birth.toString());
        say("DATE_OF_ISSUE", issued.toString());
        say("EXPIRATION_DATE", expires.toString());
        say("PLACE_OF_BIRTH", "PORT CITY");
        say("ID_TYPE", "PASSPORT");
        return done();
    }

    private void field(double x, double y, String label, String value) {
        canvas.text(x, y, 8, label);
        canvas.text(x, y + 14, 12, value);
    }

    private static String padded(String line) {
        return (line + "<".repeat(44)).substring(0, 44);
    }

    private static String digits(LocalDate day) {
        return day.format(DateTimeFormatter.ofPattern("yyMMdd", Locale.ROOT));
    }

    private static String checked(String text) {
        return text + check(text);
    }

    /** The check digit of ICAO 9303: weights 7, 3, 1; letters count from 10. */
    private static int check(String text) {
        int[] weights = {7, 3, 1};
        int sum = 0;
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            int value = letter == '<' ? 0 : Character.isDigit(letter) ? letter - '0' : letter - 'A' + 10;
            sum += value * weights[i % 3];
        }
        return sum % 10;
    }
}
