package dev.outcrop.engines.pages;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The two lines of 44 characters at the bottom of a passport. Characters that are easily misread are put right where only a
 * digit may stand.
 *
 * <p>Source: ICAO Doc 9303 part 4, "Specifications for Machine Readable Passports (MRPs) and other TD3 Size MRTDs".
 *
 * @param issuer     three letters
 * @param lastName   in capitals, its parts separated by spaces
 * @param givenNames likewise
 * @param number     of the passport
 * @param nationality three letters
 * @param birth      empty if it is no date
 * @param sex        {@code M}, {@code F} or {@code <}
 * @param expiry     empty if it is no date
 * @param lines      the two lines, 44 characters each
 * @param words      the words that they were read from
 * @param valid      whether all check digits are right
 */
public record MachineReadableZone(
        String issuer,
        String lastName,
        String givenNames,
        String number,
        String nationality,
        Optional<LocalDate> birth,
        String sex,
        Optional<LocalDate> expiry,
        List<String> lines,
        List<PlacedWord> words,
        boolean valid) {
    private static final int LENGTH = 44;
    private static final Pattern FIRST = Pattern.compile("P[A-Z<][A-Z<]{3}[A-Z<0-9]{25,45}");
    private static final Pattern SECOND = Pattern.compile("[A-Z0-9<]{38,46}");
    private static final Map<Character, Character> DIGITS =
            Map.of('O', '0', 'Q', '0', 'D', '0', 'I', '1', 'L', '1', 'Z', '2', 'S', '5', 'G', '6', 'B', '8', 'A', '4');
    private static final int[] WEIGHTS = {7, 3, 1};

    public MachineReadableZone {
        lines = List.copyOf(lines);
        words = List.copyOf(words);
    }

    /**
     * The zone of a page, if it has one.
     *
     * @param today decides which century a year of two digits is of
     */
    static Optional<MachineReadableZone> find(Sheet sheet, LocalDate today) {
        List<List<Segment>> rows = sheet.rows();
        for (int i = 0; i + 1 < rows.size(); i++) {
            String first = plain(rows.get(i));
            String second = plain(rows.get(i + 1));
            if (FIRST.matcher(first).matches()
                    && first.contains("<")
                    && SECOND.matcher(second).matches()) {
                List<PlacedWord> words = new ArrayList<>();
                rows.get(i).forEach(segment -> words.addAll(segment.words()));
                rows.get(i + 1).forEach(segment -> words.addAll(segment.words()));
                return Optional.of(read(padded(first), padded(second), words, today));
            }
        }
        return Optional.empty();
    }

    private static String plain(List<Segment> row) {
        StringBuilder text = new StringBuilder();
        row.forEach(segment -> segment.words().forEach(word -> text.append(word.text())));
        return text.toString()
                .toUpperCase(Locale.ROOT)
                .replace("«", "<<")
                .replace("≤", "<")
                .replace("‹", "<")
                .replace("(", "<")
                .replace("{", "<");
    }

    private static String padded(String line) {
        return line.length() >= LENGTH ? line.substring(0, LENGTH) : line + "<".repeat(LENGTH - line.length());
    }

    /** The zone that two lines of 44 characters are. */
    static MachineReadableZone read(String first, String second, List<PlacedWord> words, LocalDate today) {
        String[] names = first.substring(5).split("<<", 2);
        String right = second.substring(0, 9)
                + digits(second.substring(9, 10))
                + second.substring(10, 13)
                + digits(second.substring(13, 20))
                + second.substring(20, 21)
                + digits(second.substring(21, 28))
                + second.substring(28, 42)
                + digits(second.substring(42));
        boolean personal = right.charAt(42) == '<' || check(right.substring(28, 42)) == right.charAt(42);
        boolean valid = check(right.substring(0, 9)) == right.charAt(9)
                && check(right.substring(13, 19)) == right.charAt(19)
                && check(right.substring(21, 27)) == right.charAt(27)
                && personal
                && check(right.substring(0, 10) + right.substring(13, 20) + right.substring(21, 43))
                        == right.charAt(43);
        return new MachineReadableZone(
                filled(first.substring(2, 5)),
                filled(names[0]),
                names.length < 2 ? "" : filled(names[1]),
                filled(right.substring(0, 9)),
                filled(right.substring(10, 13)),
                date(right.substring(13, 19), today.getYear() % 100, today),
                right.substring(20, 21),
                date(right.substring(21, 27), 79, today),
                List.of(first, right),
                words,
                valid);
    }

    private static String filled(String field) {
        return field.replace('<', ' ').strip().replaceAll(" +", " ");
    }

    private static String digits(String field) {
        StringBuilder digits = new StringBuilder();
        field.chars().forEach(c -> digits.append(DIGITS.getOrDefault((char) c, (char) c)));
        return digits.toString();
    }

    /** The check digit of a field: the sum of its values, weighted 7, 3, 1 in turn, modulo 10. */
    static char check(String field) {
        int sum = 0;
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            int value = c == '<' ? 0 : Character.digit(c, 36);
            sum += value * WEIGHTS[i % 3];
        }
        return (char) ('0' + Math.floorMod(sum, 10));
    }

    /** A date of six digits; years above {@code pivot} are of the last century. */
    private static Optional<LocalDate> date(String digits, int pivot, LocalDate today) {
        if (!digits.matches("\\d{6}")) {
            return Optional.empty();
        }
        int year = Integer.parseInt(digits.substring(0, 2));
        int century = today.getYear() / 100 * 100;
        try {
            return Optional.of(LocalDate.of(
                    year > pivot ? century - 100 + year : century + year,
                    Integer.parseInt(digits.substring(2, 4)),
                    Integer.parseInt(digits.substring(4, 6))));
        } catch (DateTimeException noDate) {
            return Optional.empty();
        }
    }
}
