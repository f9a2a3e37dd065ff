package dev.outcrop.engines.voice.english;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a text as what it is said to be. What cannot be read so is read as it stands.
 *
 * <p>Source: "Controlling how special types of words are spoken" of the Amazon Polly developer guide.
 */
public final class SayAs {
    private static final Pattern NUMBER = Pattern.compile("[-−+]?[\\d,]*\\.?\\d+");
    private static final Pattern FRACTION = Pattern.compile("(?:(\\d+)[ +]+)?(\\d{1,6})/(\\d{1,6})");
    private static final Pattern UNIT = Pattern.compile("([\\d,.]*(?:/\\d+)?) ?([A-Za-z°/]+)");
    private static final Pattern DURATION = Pattern.compile("(?:(\\d{1,4})['’:])? ?(?:(\\d{1,2})[\"”]?)?");

    private SayAs() {}

    /**
     * The words of a text.
     *
     * @param kind   as SSML's {@code interpret-as} has it
     * @param format of a date, such as {@code mdy}, or nothing
     * @param isWord whether something in lower case is a known word
     */
    public static List<SpokenWord> read(String text, String kind, String format, Predicate<String> isWord) {
        String plain = text.strip();
        Optional<List<SpokenWord>> special = switch (kind) {
            case "characters", "spell-out" -> Optional.of(spelled(plain));
            case "cardinal", "number" ->
                NUMBER.matcher(plain).matches() ? Optional.of(cardinal(plain)) : Optional.empty();
            case "ordinal" ->
                plain.matches("[\\d,]*\\d") ? Optional.of(words(Numbers.ordinal(plain))) : Optional.empty();
            case "digits" -> Optional.of(TextNormalizer.letters(plain));
            case "fraction" -> fraction(plain);
            case "unit" -> unit(plain);
            case "date" -> date(plain, format);
            case "time" -> duration(plain);
            case "telephone" -> Optional.of(telephone(plain));
            default -> Optional.empty();
        };
        return special.filter(words -> !words.isEmpty()).orElseGet(() -> asItStands(plain, isWord));
    }

    /** What is said for a text, its punctuation as short pauses. */
    public static List<SpokenWord> asItStands(String text, Predicate<String> isWord) {
        List<SpokenWord> words = new ArrayList<>();
        for (Token token : TextNormalizer.tokens(text, isWord)) {
            switch (token) {
                case Token.Words said -> words.addAll(said.words());
                case Token.Stop stop -> {
                    if (!words.isEmpty() && stop.end() < text.length()) {
                        words.add(SpokenWord.of(","));
                    }
                }
            }
        }
        return words;
    }

    private static List<SpokenWord> words(List<String> said) {
        return said.stream().map(SpokenWord::of).toList();
    }

    private static List<SpokenWord> spelled(String text) {
        List<SpokenWord> words = new ArrayList<>();
        text.codePoints().forEach(point -> {
            String here = Character.toString(point);
            if (Character.isLetterOrDigit(point)) {
                words.addAll(TextNormalizer.letters(here));
            } else if (!Character.isWhitespace(point)) {
                words.addAll(words(
                        switch (here) {
                            case "." -> List.of("dot");
                            case "," -> List.of("comma");
                            case "-" -> List.of("dash");
                            case "_" -> List.of("underscore");
                            case "!" -> List.of("exclamation", "point");
                            case "?" -> List.of("question", "mark");
                            case ":" -> List.of("colon");
                            case ";" -> List.of("semicolon");
                            case "*" -> List.of("asterisk");
                            default ->
                                asItStands(here, _ -> false).stream()
                                        .map(SpokenWord::text)
                                        .toList();
                        }));
            }
        });
        return words;
    }

    private static List<SpokenWord> cardinal(String number) {
        List<String> words = new ArrayList<>();
        if (number.startsWith("-") || number.startsWith("−")) {
            words.add("minus");
        }
        String plain = number.replaceFirst("^[-−+]", "").replaceFirst("^,+", "");
        words.addAll(Numbers.decimal(plain));
        return words(words);
    }

    private static Optional<List<SpokenWord>> fraction(String text) {
        Matcher found = FRACTION.matcher(text);
        return found.matches()
                ? Optional.of(TextNormalizer.fraction(found.group(1), found.group(2), found.group(3)))
                : Optional.empty();
    }

    private static Optional<List<SpokenWord>> unit(String text) {
        Matcher found = UNIT.matcher(text);
        if (!found.matches()) {
            return Optional.empty();
        }
        String quantity = found.group(1);
        String unit = found.group(2);
        String name = TextNormalizer.unit(unit).orElse(unit.toLowerCase(Locale.ROOT));
        if (quantity.isEmpty()) {
            return Optional.of(words(List.of(name.split(" "))));
        }
        if (quantity.contains("/")) {
            String[] parts = quantity.split("/");
            if (!parts[0].matches("\\d+") || parts.length < 2) {
                return Optional.empty();
            }
            List<SpokenWord> words = new ArrayList<>(TextNormalizer.fraction(null, parts[0], parts[1]));
            words.addAll(words(List.of(name.split(" "))));
            return Optional.of(words);
        }
        if (!NUMBER.matcher(quantity).matches()) {
            return Optional.empty();
        }
        return Optional.of(TextNormalizer.measure(words(Numbers.decimal(quantity)), quantity, unit));
    }

    private static Optional<List<SpokenWord>> date(String text, String format) {
        String[] parts = text.split("[-/. ]+");
        if (text.matches("\\d{8}")) {
            String order = format.isEmpty() || format.equals("ymd") ? "yyyymmdd" : format;
            parts = order.equals("yyyymmdd")
                    ? new String[] {text.substring(0, 4), text.substring(4, 6), text.substring(6)}
                    : new String[] {text.substring(0, 2), text.substring(2, 4), text.substring(4)};
        }
        String order = format.equals("yyyymmdd") ? "ymd" : format.isEmpty() ? "mdy" : format;
        if (parts.length != order.length()) {
            return Optional.empty();
        }
        String year = "";
        String month = "";
        String day = "";
        for (int i = 0; i < parts.length; i++) {
            if (!parts[i].matches("\\d{1,4}")) {
                return Optional.empty();
            }
            switch (order.charAt(i)) {
                case 'y' -> year = parts[i];
                case 'm' -> month = parts[i];
                default -> day = parts[i];
            }
        }
        return Optional.of(TextNormalizer.date(year, month, day));
    }

    private static Optional<List<SpokenWord>> duration(String text) {
        Matcher found = DURATION.matcher(text);
        if (!found.matches() || (found.group(1) == null && found.group(2) == null)) {
            return Optional.empty();
        }
        List<String> words = new ArrayList<>();
        if (found.group(1) != null) {
            words.addAll(Numbers.cardinal(found.group(1)));
            words.add(found.group(1).equals("1") ? "minute" : "minutes");
        }
        if (found.group(2) != null) {
            words.addAll(Numbers.cardinal(found.group(2)));
            words.add(found.group(2).equals("1") ? "second" : "seconds");
        }
        return Optional.of(words(words));
    }

    private static List<SpokenWord> telephone(String text) {
        List<SpokenWord> words = new ArrayList<>();
        String[] parts = text.split("(?i)x|ext\\.?", 2);
        String digits = parts[0].replaceAll("\\D", "");
        List<String> groups = new ArrayList<>();
        int from = 0;
        if (digits.length() == 11) {
            groups.add(digits.substring(0, 1));
            from = 1;
        }
        if (digits.length() - from == 10) {
            groups.add(digits.substring(from, from + 3));
            groups.add(digits.substring(from + 3, from + 6));
            groups.add(digits.substring(from + 6));
        } else if (digits.length() == 7) {
            groups.add(digits.substring(0, 3));
            groups.add(digits.substring(3));
        } else {
            groups.add(digits);
        }
        words.addAll(TextNormalizer.telephone(String.join("-", groups)));
        if (parts.length > 1) {
            words.add(SpokenWord.of(","));
            words.add(SpokenWord.of("extension"));
            words.addAll(words(Numbers.digits(parts[1])));
        }
        return words;
    }
}
