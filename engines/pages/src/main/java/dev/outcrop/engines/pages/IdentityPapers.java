package dev.outcrop.engines.pages;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads passports, by their machine-readable zone before all, and driving licences of the United States, by the labels and
 * numbers that stand before each field.
 *
 * <p>Source of the numbers: AAMVA DL/ID Card Design Standard, 2020, "Mandatory data elements".
 */
public final class IdentityPapers {
    /** All fields, in the order in which they are told. */
    public static final List<String> TYPES = List.of(
            "FIRST_NAME",
            "LAST_NAME",
            "MIDDLE_NAME",
            "SUFFIX",
            "CITY_IN_ADDRESS",
            "ZIP_CODE_IN_ADDRESS",
            "STATE_IN_ADDRESS",
            "STATE_NAME",
            "DOCUMENT_NUMBER",
            "EXPIRATION_DATE",
            "DATE_OF_BIRTH",
            "DATE_OF_ISSUE",
            "ID_TYPE",
            "ENDORSEMENTS",
            "VETERAN",
            "RESTRICTIONS",
            "CLASS",
            "ADDRESS",
            "COUNTY",
            "PLACE_OF_BIRTH",
            "MRZ_CODE");

    private static final Map<Pattern, String> LABELS = new LinkedHashMap<>();

    static {
        label(
                "(4d )?(dl|dln|lic|license|licence|dl no|dl number|lic no|license no|license number|driver license no|passport"
                        + " no|passport number|no du passeport|id|id no|number|no|document no)",
                "DOCUMENT_NUMBER");
        label(
                "(4b )?(exp|expires|expiration|expiration date|exp date|date of expiration|date of expiry|expiry)",
                "EXPIRATION_DATE");
        label("(4a )?(iss|issued|issue date|date of issue|iss date)", "DATE_OF_ISSUE");
        label("(3 )?(dob|date of birth|birth date|birthdate)", "DATE_OF_BIRTH");
        label("(1 )?(ln|last name|surname|family name|last)", "LAST_NAME");
        label("(2 )?(fn|first name|given names?|first)", "FIRST_NAME");
        label("(middle name|mn|middle)", "MIDDLE_NAME");
        label("(9 )?(class|cl)", "CLASS");
        label("(9a )?(end|endorsements?|endors)", "ENDORSEMENTS");
        label("(12 )?(rest|rstr|restr|restrictions?)", "RESTRICTIONS");
        label("(8 )?(address|addr|add)", "ADDRESS");
        label("place of birth", "PLACE_OF_BIRTH");
        label("county", "COUNTY");
        label(
                "(15 )?(sex|hgt|ht|height|wgt|wt|weight|eyes|hair|donor|dd|nationality|authority|type|code|16|17|18|5)",
                "");
    }

    private static void label(String pattern, String type) {
        LABELS.put(Pattern.compile(pattern), type);
    }

    /** Numbers that alone stand before a field. */
    private static final Map<String, String> NUMBERED = Map.of("1", "LAST_NAME", "2", "FIRST_NAME", "8", "ADDRESS");

    private static final Set<String> STATES = Set.of(
            "ALABAMA",
            "ALASKA",
            "ARIZONA",
            "ARKANSAS",
            "CALIFORNIA",
            "COLORADO",
            "CONNECTICUT",
            "DELAWARE",
            "DISTRICT OF COLUMBIA",
            "FLORIDA",
            "GEORGIA",
            "HAWAII",
            "IDAHO",
            "ILLINOIS",
            "INDIANA",
            "IOWA",
            "KANSAS",
            "KENTUCKY",
            "LOUISIANA",
            "MAINE",
            "MARYLAND",
            "MASSACHUSETTS",
            "MICHIGAN",
            "MINNESOTA",
            "MISSISSIPPI",
            "MISSOURI",
            "MONTANA",
            "NEBRASKA",
            "NEVADA",
            "NEW HAMPSHIRE",
            "NEW JERSEY",
            "NEW MEXICO",
            "NEW YORK",
            "NORTH CAROLINA",
            "NORTH DAKOTA",
            "OHIO",
            "OKLAHOMA",
            "OREGON",
            "PENNSYLVANIA",
            "RHODE ISLAND",
            "SOUTH CAROLINA",
            "SOUTH DAKOTA",
            "TENNESSEE",
            "TEXAS",
            "UTAH",
            "VERMONT",
            "VIRGINIA",
            "WASHINGTON",
            "WEST VIRGINIA",
            "WISCONSIN",
            "WYOMING");
    private static final Pattern CITY =
            Pattern.compile("(.+?),?\\s+([A-Z]{2}),?\\s+(\\d{5}(-\\d{4})?)", Pattern.CASE_INSENSITIVE);
    private static final Pattern DATE = Pattern.compile("(\\d{1,2})[-/. ](\\d{1,2})[-/. ](\\d{4})");
    private static final Pattern WRITTEN =
            Pattern.compile("(\\d{1,2})\\s+([A-Z]{3})[A-Z]*(?:\\s*/\\s*[A-Z]+)?\\s+(\\d{4})", Pattern.CASE_INSENSITIVE);
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    private final Sheet sheet;
    private final LocalDate today;
    private final Map<String, IdentityField> fields = new LinkedHashMap<>();

    private IdentityPapers(Sheet sheet, LocalDate today) {
        this.sheet = sheet;
        this.today = today;
    }

    /**
     * The fields of a paper, each of {@link #TYPES} once, empty where it was not found.
     *
     * @param today decides which century a year of two digits is of
     */
    public static List<IdentityField> read(Sheet sheet, LocalDate today) {
        return new IdentityPapers(sheet, today).read();
    }

    private List<IdentityField> read() {
        Optional<MachineReadableZone> zone = MachineReadableZone.find(sheet, today);
        zone.ifPresent(this::passport);
        labelled();
        if (zone.isEmpty()) {
            address();
            state();
        }
        kind(zone.isPresent());
        return TYPES.stream()
                .map(type -> fields.getOrDefault(type, new IdentityField(type, "", Optional.empty(), 0.5)))
                .toList();
    }

    private void put(String type, String text, Optional<LocalDate> date, double confidence) {
        if (!text.isBlank()) {
            fields.putIfAbsent(type, new IdentityField(type, text.strip(), date, confidence));
        }
    }

    private void passport(MachineReadableZone zone) {
        double confidence = zone.valid() ? 0.99 : 0.6;
        String[] given = zone.givenNames().split(" ", 2);
        put("FIRST_NAME", given[0], Optional.empty(), confidence);
        put("MIDDLE_NAME", given.length > 1 ? given[1] : "", Optional.empty(), confidence);
        put("LAST_NAME", zone.lastName(), Optional.empty(), confidence);
        put("DOCUMENT_NUMBER", zone.number(), Optional.empty(), confidence);
        zone.birth().ifPresent(date -> put("DATE_OF_BIRTH", written(date), zone.birth(), confidence));
        zone.expiry().ifPresent(date -> put("EXPIRATION_DATE", written(date), zone.expiry(), confidence));
        put("MRZ_CODE", String.join("\n", zone.lines()), Optional.empty(), confidence);
    }

    /** As passports write it. */
    private static String written(LocalDate date) {
        return "%02d %s %04d"
                .formatted(
                        date.getDayOfMonth(),
                        MONTHS.get(date.getMonthValue() - 1).toUpperCase(Locale.ROOT),
                        date.getYear());
    }

    private void labelled() {
        List<List<Segment>> rows = sheet.rows();
        for (int row = 0; row < rows.size(); row++) {
            List<PlacedWord> words = rows.get(row).stream()
                    .flatMap(segment -> segment.words().stream())
                    .toList();
            for (int at = 0; at < words.size(); at++) {
                Label label = labelAt(words, at);
                if (label == null) {
                    continue;
                }
                int end = at + label.words;
                int stop = end;
                while (stop < words.size() && labelAt(words, stop) == null) {
                    stop++;
                }
                List<PlacedWord> value = words.subList(end, stop);
                if (value.isEmpty() && row + 1 < rows.size() && !label.type.isEmpty()) {
                    value = below(words.get(at), rows.get(row + 1));
                }
                take(label.type, value);
                at = stop - 1;
            }
        }
    }

    private record Label(String type, int words) {}

    /** The longest label that begins at a word. */
    private static Label labelAt(List<PlacedWord> words, int at) {
        for (int count = Math.min(4, words.size() - at); count > 0; count--) {
            String text = Labels.normalized(Segment.text(words.subList(at, at + count)));
            for (Map.Entry<Pattern, String> label : LABELS.entrySet()) {
                if (label.getKey().matcher(text).matches()) {
                    return new Label(label.getValue(), count);
                }
            }
        }
        String number = NUMBERED.get(words.get(at).text());
        boolean begins = at == 0
                || words.get(at).box().left() - words.get(at - 1).box().right()
                        > 1.2 * words.get(at).box().height();
        return number != null && begins && at + 1 < words.size() ? new Label(number, 1) : null;
    }

    private static List<PlacedWord> below(PlacedWord label, List<Segment> row) {
        return row.stream()
                .filter(segment -> Math.abs(segment.box().left() - label.box().left())
                                < 2 * label.box().height()
                        && segment.box().top() - label.box().bottom()
                                < 1.8 * label.box().height())
                .findFirst()
                .map(Segment::words)
                .filter(words -> labelAt(words, 0) == null)
                .orElse(List.of());
    }

    private void take(String type, List<PlacedWord> value) {
        if (type.isEmpty() || value.isEmpty()) {
            return;
        }
        String text = Segment.text(value);
        double confidence = 0.95 * Segment.confidence(value);
        if (type.contains("DATE")) {
            date(text).ifPresent(date -> put(type, date.text, Optional.of(date.date), confidence));
        } else if (type.equals("DOCUMENT_NUMBER")) {
            value.stream()
                    .map(PlacedWord::text)
                    .filter(word -> word.matches("(?=.*\\d)[A-Za-z0-9-]{4,}")
                            && date(word).isEmpty())
                    .findFirst()
                    .ifPresent(number -> put(type, number, Optional.empty(), confidence));
        } else if (type.equals("FIRST_NAME")) {
            String[] names = text.split(" ", 2);
            put("FIRST_NAME", names[0], Optional.empty(), confidence);
            put("MIDDLE_NAME", names.length > 1 ? names[1] : "", Optional.empty(), confidence);
        } else {
            put(type, text, Optional.empty(), confidence);
        }
    }

    private record Dated(String text, LocalDate date) {}

    private static Optional<Dated> date(String text) {
        try {
            Matcher matcher = DATE.matcher(text);
            if (matcher.find()) {
                return Optional.of(new Dated(
                        matcher.group(),
                        LocalDate.of(
                                Integer.parseInt(matcher.group(3)),
                                Integer.parseInt(matcher.group(1)),
                                Integer.parseInt(matcher.group(2)))));
            }
            Matcher written = WRITTEN.matcher(text);
            if (written.find()) {
                int month = MONTHS.indexOf(written.group(2).toLowerCase(Locale.ROOT)) + 1;
                return Optional.of(new Dated(
                        written.group(),
                        LocalDate.of(Integer.parseInt(written.group(3)), month, Integer.parseInt(written.group(1)))));
            }
        } catch (DateTimeException noDate) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** The line that ends with a state and a ZIP code, and the one above it. */
    private void address() {
        List<String> lines = new ArrayList<>();
        for (List<Segment> row : sheet.rows()) {
            row.forEach(segment -> lines.add(segment.text()));
        }
        for (int i = 0; i < lines.size(); i++) {
            Matcher city = CITY.matcher(lines.get(i));
            if (city.matches()) {
                String street =
                        fields.containsKey("ADDRESS") ? fields.get("ADDRESS").text() : i > 0 ? lines.get(i - 1) : "";
                String whole = street.endsWith(lines.get(i)) ? street : street + "\n" + lines.get(i);
                fields.remove("ADDRESS");
                put("ADDRESS", whole.replaceFirst("^8 ", ""), Optional.empty(), 0.9);
                put("CITY_IN_ADDRESS", city.group(1), Optional.empty(), 0.9);
                put("STATE_IN_ADDRESS", city.group(2), Optional.empty(), 0.9);
                put("ZIP_CODE_IN_ADDRESS", city.group(3), Optional.empty(), 0.9);
                return;
            }
        }
    }

    private void state() {
        for (PlacedLine line : sheet.lines()) {
            String text = line.text().toUpperCase(Locale.ROOT);
            STATES.stream()
                    .filter(state -> (" " + text + " ").contains(" " + state + " "))
                    .max(java.util.Comparator.comparingInt(String::length))
                    .ifPresent(state -> put("STATE_NAME", state, Optional.empty(), 0.95));
        }
    }

    private void kind(boolean passport) {
        String text = sheet.lines().stream()
                .map(line -> line.text().toUpperCase(Locale.ROOT))
                .collect(Collectors.joining("\n"));
        if (passport || text.contains("PASSPORT")) {
            put("ID_TYPE", "PASSPORT", Optional.empty(), 0.95);
        } else if (text.matches("(?s).*DRIV(ER|ING)('?S)? LICEN[CS]E.*") || fields.containsKey("CLASS")) {
            put("ID_TYPE", "DRIVER LICENSE FRONT", Optional.empty(), 0.95);
        }
        if (text.contains("VETERAN")) {
            put("VETERAN", "VETERAN", Optional.empty(), 0.9);
        }
    }
}
