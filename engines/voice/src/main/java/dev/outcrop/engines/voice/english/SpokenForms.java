package dev.outcrop.engines.voice.english;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is said for numbers, money, units, dates, times, telephone numbers and addresses once they are known as such. */
final class SpokenForms {
    static final String MONTHS =
            "January|February|March|April|May|June|July|August|September|October|November|December";

    private static final Map<String, String> MONTHS_BY_START = Map.ofEntries(
            Map.entry("jan", "january"),
            Map.entry("feb", "february"),
            Map.entry("mar", "march"),
            Map.entry("apr", "april"),
            Map.entry("may", "may"),
            Map.entry("jun", "june"),
            Map.entry("jul", "july"),
            Map.entry("aug", "august"),
            Map.entry("sep", "september"),
            Map.entry("oct", "october"),
            Map.entry("nov", "november"),
            Map.entry("dec", "december"));

    private static final Map<String, String> CURRENCIES = Map.of("$", "dollar", "£", "pound", "€", "euro", "¥", "yen");

    private static final Map<String, String> SMALL_COINS = Map.of("$", "cent", "£", "penny", "€", "cent");

    private static final Map<String, String> SCALES =
            Map.of("k", "thousand", "m", "million", "mn", "million", "bn", "billion", "b", "billion", "tn", "trillion");

    private static final Map<String, String> UNITS = Map.ofEntries(
            Map.entry("km", "kilometer"),
            Map.entry("cm", "centimeter"),
            Map.entry("mm", "millimeter"),
            Map.entry("m", "meter"),
            Map.entry("kg", "kilogram"),
            Map.entry("mg", "milligram"),
            Map.entry("g", "gram"),
            Map.entry("lbs", "pound"),
            Map.entry("lb", "pound"),
            Map.entry("oz", "ounce"),
            Map.entry("ft", "foot"),
            Map.entry("in", "inch"),
            Map.entry("inch", "inch"),
            Map.entry("yd", "yard"),
            Map.entry("mi", "mile"),
            Map.entry("mph", "mile per hour"),
            Map.entry("km/h", "kilometer per hour"),
            Map.entry("kph", "kilometer per hour"),
            Map.entry("°c", "degree celsius"),
            Map.entry("°f", "degree fahrenheit"),
            Map.entry("°", "degree"),
            Map.entry("gb", "gigabyte"),
            Map.entry("mb", "megabyte"),
            Map.entry("kb", "kilobyte"),
            Map.entry("tb", "terabyte"),
            Map.entry("hz", "hertz"),
            Map.entry("khz", "kilohertz"),
            Map.entry("mhz", "megahertz"),
            Map.entry("ghz", "gigahertz"),
            Map.entry("ms", "millisecond"),
            Map.entry("s", "second"),
            Map.entry("sec", "second"),
            Map.entry("min", "minute"),
            Map.entry("hr", "hour"),
            Map.entry("hrs", "hour"),
            Map.entry("h", "hour"),
            Map.entry("kw", "kilowatt"),
            Map.entry("kwh", "kilowatt hour"),
            Map.entry("w", "watt"),
            Map.entry("v", "volt"),
            Map.entry("ml", "milliliter"),
            Map.entry("l", "liter"),
            Map.entry("gal", "gallon"),
            Map.entry("tsp", "teaspoon"),
            Map.entry("tbsp", "tablespoon"),
            Map.entry("sq", "square"),
            Map.entry("px", "pixel"));

    private SpokenForms() {}

    static List<SpokenWord> words(String said) {
        return words(List.of(said.toLowerCase(Locale.ROOT).split(" ")));
    }

    static List<SpokenWord> words(List<String> said) {
        return said.stream().map(SpokenWord::of).toList();
    }

    static List<SpokenWord> then(List<SpokenWord> words, String more) {
        List<SpokenWord> all = new ArrayList<>(words);
        all.addAll(words(more));
        return all;
    }

    /** The names of letters, and digits. */
    static List<SpokenWord> letters(String written) {
        List<SpokenWord> letters = new ArrayList<>();
        written.codePoints().forEach(point -> {
            if (Character.isDigit(point)) {
                letters.addAll(words(Numbers.digits(Character.toString(point))));
            } else if (Character.isLetter(point)) {
                letters.add(SpokenWord.letter(Character.toString(point).toLowerCase(Locale.ROOT)));
            }
        });
        return letters;
    }

    /** A number as it is read where nothing says what it is: a year, if it can be one. */
    static List<SpokenWord> number(String digits) {
        if (digits.matches("1[1-9]\\d\\d|20\\d\\d")) {
            return words(Numbers.year(Integer.parseInt(digits)));
        }
        if (digits.matches("0\\d+") || digits.replace(",", "").matches("\\d{13,}")) {
            return words(Numbers.digits(digits));
        }
        return words(Numbers.decimal(digits));
    }

    static List<SpokenWord> signed(Matcher found) {
        List<SpokenWord> words = new ArrayList<>();
        if (found.group().startsWith("-") || found.group().startsWith("−")) {
            words.add(SpokenWord.of("minus"));
        }
        words.addAll(words(Numbers.decimal(found.group(1))));
        return words;
    }

    static List<SpokenWord> telephone(String written) {
        List<SpokenWord> words = new ArrayList<>();
        for (String group : written.split("\\D+")) {
            if (!group.isEmpty()) {
                if (!words.isEmpty()) {
                    words.add(SpokenWord.of(","));
                }
                words.addAll(words(Numbers.digits(group)));
            }
        }
        return words;
    }

    static List<SpokenWord> money(String symbol, String number, String scale) {
        List<SpokenWord> words = new ArrayList<>();
        String unit = CURRENCIES.get(symbol);
        if (scale != null) {
            words.addAll(words(Numbers.decimal(number)));
            String lower = scale.toLowerCase(Locale.ROOT);
            words.addAll(words(SCALES.getOrDefault(lower, lower)));
            words.addAll(words(plural(unit)));
            return words;
        }
        int point = number.indexOf('.');
        boolean coins = point >= 0 && number.length() - point == 3 && SMALL_COINS.containsKey(symbol);
        if (!coins) {
            words.addAll(words(Numbers.decimal(number)));
            words.addAll(words(number.equals("1") ? unit : plural(unit)));
            return words;
        }
        String whole = number.substring(0, point);
        String cents = number.substring(point + 1);
        if (!whole.matches("0*") || cents.equals("00")) {
            words.addAll(words(Numbers.cardinal(whole)));
            words.addAll(words(whole.equals("1") ? unit : plural(unit)));
        }
        if (!cents.equals("00")) {
            if (!words.isEmpty()) {
                words.add(SpokenWord.of("and"));
            }
            words.addAll(words(Numbers.cardinal(cents)));
            words.addAll(words(cents.equals("01") ? SMALL_COINS.get(symbol) : symbol.equals("£") ? "pence" : "cents"));
        }
        return words;
    }

    private static String plural(String unit) {
        return switch (unit) {
            case "yen", "hertz", "kilohertz", "megahertz", "gigahertz", "square" -> unit;
            case "foot" -> "feet";
            case "inch" -> "inches";
            default ->
                unit.contains(" ")
                        ? plural(unit.substring(0, unit.indexOf(' '))) + unit.substring(unit.indexOf(' '))
                        : unit + "s";
        };
    }

    /** A quantity and its unit; one of anything, and a fraction of one, is singular. */
    static List<SpokenWord> measure(List<SpokenWord> quantity, String number, String unit) {
        String name = UNITS.getOrDefault(unit.toLowerCase(Locale.ROOT), unit);
        return then(quantity, number.equals("1") ? name : plural(name));
    }

    static Optional<String> unit(String abbreviation) {
        return Optional.ofNullable(UNITS.get(abbreviation.toLowerCase(Locale.ROOT)));
    }

    static List<SpokenWord> fraction(String whole, String numerator, String denominator) {
        List<SpokenWord> words = new ArrayList<>();
        if (whole != null) {
            words.addAll(words(Numbers.cardinal(whole)));
            words.add(SpokenWord.of("and"));
            if (numerator.equals("1")) {
                words.add(SpokenWord.of("a"));
                words.addAll(words(Numbers.fraction(numerator, denominator)).subList(1, 2));
                return words;
            }
        }
        words.addAll(words(Numbers.fraction(numerator, denominator)));
        return words;
    }

    static String month(String written) {
        return MONTHS_BY_START.get(written.substring(0, 3).toLowerCase(Locale.ROOT));
    }

    static List<SpokenWord> monthAndDay(String month, String day, String year) {
        if (Integer.parseInt(day) > 31) {
            return List.of();
        }
        List<SpokenWord> words = new ArrayList<>(words(month(month)));
        words.addAll(words(Numbers.ordinal(day)));
        if (year != null) {
            words.addAll(words(Numbers.year(Integer.parseInt(year))));
        }
        return words;
    }

    /** A date in digits; empty if the month or the day is none. */
    static List<SpokenWord> date(String year, String month, String day) {
        int number = month.isEmpty() ? 1 : Integer.parseInt(month);
        if (number < 1
                || number > 12
                || (!day.isEmpty() && (Integer.parseInt(day) < 1 || Integer.parseInt(day) > 31))) {
            return List.of();
        }
        List<SpokenWord> words = new ArrayList<>();
        if (!month.isEmpty()) {
            words.addAll(words(MONTHS.split("\\|")[number - 1]));
        }
        if (!day.isEmpty()) {
            words.addAll(words(Numbers.ordinal(day)));
        }
        if (!year.isEmpty()) {
            int value = Integer.parseInt(year);
            words.addAll(words(Numbers.year(year.length() == 2 ? value + (value < 50 ? 2000 : 1900) : value)));
        }
        return words;
    }

    static List<SpokenWord> time(String hours, String minutes, String seconds, String half) {
        if (Integer.parseInt(hours) > 24 || Integer.parseInt(minutes) > 59) {
            return List.of();
        }
        List<SpokenWord> words = new ArrayList<>(words(Numbers.cardinal(hours)));
        if (minutes.equals("00")) {
            if (half == null && seconds == null) {
                words.addAll(words(Integer.parseInt(hours) > 12 || hours.startsWith("0") ? "hundred" : "o'clock"));
            }
        } else {
            if (minutes.startsWith("0")) {
                words.add(SpokenWord.of("oh"));
            }
            words.addAll(words(Numbers.cardinal(minutes)));
        }
        if (seconds != null) {
            words.add(SpokenWord.of("and"));
            words.addAll(words(Numbers.cardinal(seconds)));
            words.addAll(words(seconds.equals("01") ? "second" : "seconds"));
        }
        if (half != null) {
            words.addAll(letters(half + "m"));
        }
        return words;
    }

    static List<SpokenWord> decade(String digits) {
        List<String> words = new ArrayList<>(
                digits.length() == 2 ? Numbers.cardinal(digits) : Numbers.year(Integer.parseInt(digits)));
        String last = words.removeLast();
        words.add(last.endsWith("y") ? last.substring(0, last.length() - 1) + "ies" : last + "s");
        return words(words);
    }

    static List<SpokenWord> webAddress(String address) {
        List<SpokenWord> words = new ArrayList<>();
        Matcher parts = Pattern.compile("[A-Za-z]+|\\d+|[^A-Za-z\\d]").matcher(address);
        while (parts.find()) {
            String part = parts.group();
            switch (part) {
                case "." -> words.add(SpokenWord.of("dot"));
                case "/" -> words.add(SpokenWord.of("slash"));
                case ":" -> words.add(SpokenWord.of("colon"));
                case "@" -> words.add(SpokenWord.of("at"));
                case "-" -> words.add(SpokenWord.of("dash"));
                case "_" -> words.add(SpokenWord.of("underscore"));
                case "?" -> words.addAll(words("question mark"));
                case "=" -> words.add(SpokenWord.of("equals"));
                case "&" -> words.add(SpokenWord.of("and"));
                case "+" -> words.add(SpokenWord.of("plus"));
                case "http", "https", "www" -> words.addAll(letters(part));
                default -> {
                    if (Character.isDigit(part.charAt(0))) {
                        words.addAll(words(Numbers.digits(part)));
                    } else if (Character.isLetter(part.charAt(0))) {
                        words.addAll(part.length() < 3 ? letters(part) : words(part));
                    }
                }
            }
        }
        return words;
    }
}
