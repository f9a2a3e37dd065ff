package dev.outcrop.engines.voice.english;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the words that a text stands for when it is read aloud: numbers, ordinals, dates, times, money, units, fractions,
 * telephone numbers, addresses of the web, abbreviations and initialisms become words; the rest is split into words and
 * punctuation. At each place the first rule that matches reads what it matches; each rule looks at a bounded piece of the
 * text, so that the whole costs O(n).
 */
public final class TextNormalizer {
    private static final int REACH = 200;
    private static final String NUMBER = "\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?";
    private static final String MONTHS =
            "January|February|March|April|May|June|July|August|September|October|November|December";
    private static final String SHORT_MONTHS = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec";
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

    /** Abbreviations that end with a full stop, and what is said for them. */
    private static final Map<String, String> ABBREVIATIONS = Map.ofEntries(
            Map.entry("mr", "mister"),
            Map.entry("mrs", "missus"),
            Map.entry("ms", "miz"),
            Map.entry("prof", "professor"),
            Map.entry("sr", "senior"),
            Map.entry("jr", "junior"),
            Map.entry("vs", "versus"),
            Map.entry("etc", "et cetera"),
            Map.entry("approx", "approximately"),
            Map.entry("dept", "department"),
            Map.entry("ave", "avenue"),
            Map.entry("blvd", "boulevard"),
            Map.entry("rd", "road"),
            Map.entry("inc", "incorporated"),
            Map.entry("ltd", "limited"),
            Map.entry("corp", "corporation"),
            Map.entry("gen", "general"),
            Map.entry("col", "colonel"),
            Map.entry("capt", "captain"),
            Map.entry("lt", "lieutenant"),
            Map.entry("sgt", "sergeant"),
            Map.entry("rev", "reverend"),
            Map.entry("gov", "governor"),
            Map.entry("sen", "senator"),
            Map.entry("rep", "representative"),
            Map.entry("mt", "mount"),
            Map.entry("apt", "apartment"),
            Map.entry("est", "established"),
            Map.entry("mon", "monday"),
            Map.entry("tue", "tuesday"),
            Map.entry("wed", "wednesday"),
            Map.entry("thu", "thursday"),
            Map.entry("fri", "friday"),
            Map.entry("e.g", "for example"),
            Map.entry("i.e", "that is"));

    /** Those that often stand at the end of a sentence, whose full stop then ends it, too. */
    private static final Set<String> FINAL =
            Set.of("etc", "inc", "ltd", "corp", "jr", "sr", "ave", "blvd", "rd", "dept");

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

    private static final Map<String, String> FRACTIONS = Map.ofEntries(
            Map.entry("½", "1/2"),
            Map.entry("⅓", "1/3"),
            Map.entry("⅔", "2/3"),
            Map.entry("¼", "1/4"),
            Map.entry("¾", "3/4"),
            Map.entry("⅕", "1/5"),
            Map.entry("⅛", "1/8"),
            Map.entry("⅜", "3/8"),
            Map.entry("⅝", "5/8"),
            Map.entry("⅞", "7/8"));

    private static final Map<String, String> SYMBOLS = Map.ofEntries(
            Map.entry("&", "and"),
            Map.entry("@", "at"),
            Map.entry("%", "percent"),
            Map.entry("+", "plus"),
            Map.entry("=", "equals"),
            Map.entry("/", "slash"),
            Map.entry("\\", "backslash"),
            Map.entry("°", "degrees"),
            Map.entry("<", "less than"),
            Map.entry(">", "greater than"),
            Map.entry("§", "section"),
            Map.entry("©", "copyright"),
            Map.entry("®", "registered"),
            Map.entry("™", "trademark"),
            Map.entry("×", "times"),
            Map.entry("÷", "divided by"),
            Map.entry("±", "plus or minus"),
            Map.entry("#", "hash"),
            Map.entry("$", "dollar"),
            Map.entry("£", "pound"),
            Map.entry("€", "euro"),
            Map.entry("~", "about"));

    /** Written like words, said as letters. */
    private static final Set<String> SPELLED = Set.of(
            "US", "IT", "AI", "PC", "TV", "UK", "EU", "UN", "ID", "IP", "CD", "PM", "AM", "ER", "HR", "PR", "AWS",
            "API", "SMS", "CPU", "GPU");

    private record Rule(Pattern pattern, BiFunction<TextNormalizer, Matcher, List<SpokenWord>> reading) {}

    private static final List<Rule> RULES = List.of(
            rule("(?:https?://|www\\.)[^\\s<>\"]*[^\\s<>\".,;:!?)]", (_, found) -> webAddress(found.group())),
            rule("[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+", (_, found) -> webAddress(found.group())),
            rule(
                    "[\\w-]+(?:\\.[\\w-]+)*\\.(?:com|org|net|edu|gov|io|co\\.uk|dev|info|ai|de|fr)(?:/[^\\s<>\"]*[^\\s<>\".,;:!?)])?(?![\\w])",
                    (_, found) -> webAddress(found.group())),
            rule(
                    "(?:\\+?1[-. ])?(?:\\(\\d{3}\\) ?|\\d{3}[-. ])\\d{3}[-. ]\\d{4}(?!\\w)",
                    (_, found) -> telephone(found.group())),
            rule("\\d{3}-\\d{4}(?!\\w)", (_, found) -> telephone(found.group())),
            rule(
                    "([$£€¥]) ?(" + NUMBER + ")(?: ?(thousand|million|billion|trillion|k|m|mn|bn|tn|b)(?!\\w))?",
                    (_, found) -> money(found.group(1), found.group(2), found.group(3))),
            rule(
                    "(\\d{4})-(\\d{2})-(\\d{2})(?!\\w)",
                    (_, found) -> date(found.group(1), found.group(2), found.group(3))),
            rule(
                    "(\\d{1,2})/(\\d{1,2})/(\\d{4}|\\d{2})(?!\\w)",
                    (_, found) -> date(found.group(3), found.group(1), found.group(2))),
            rule(
                    "(" + MONTHS + "|(?:" + SHORT_MONTHS
                            + ")\\.?) (\\d{1,2})(?:st|nd|rd|th)?(?!\\w)(?:,? (\\d{4})(?!\\w))?",
                    (_, found) -> monthAndDay(found.group(1), found.group(2), found.group(3))),
            rule(
                    "(\\d{1,2})(?:st|nd|rd|th)? (" + MONTHS + ")(?!\\w)(?:,? (\\d{4})(?!\\w))?",
                    (_, found) -> monthAndDay(found.group(2), found.group(1), found.group(3))),
            rule("(" + SHORT_MONTHS + ")\\.(?= \\d)", (_, found) -> words(month(found.group(1)))),
            rule(
                    "(\\d{1,2}):(\\d{2})(?::(\\d{2}))?(?: ?([ap])\\.?m(?:\\.|(?!\\w)))?(?!\\w)",
                    (_, found) -> time(found.group(1), found.group(2), found.group(3), found.group(4))),
            rule(
                    "(\\d{1,2}) ?([ap])\\.?m(?:\\.|(?!\\w))",
                    (_, found) -> time(found.group(1), "00", null, found.group(2))),
            rule("[-−]?(" + NUMBER + ") ?%", (_, found) -> then(signed(found), "percent")),
            rule(
                    "(\\d{1,3}(?:,\\d{3})+|\\d+)(?:st|nd|rd|th)(?!\\w)",
                    (_, found) -> words(Numbers.ordinal(found.group(1)))),
            rule(
                    "(?:(\\d+)[ -])?(\\d{1,4})/(\\d{1,4})(?![\\w/])",
                    (_, found) -> fraction(found.group(1), found.group(2), found.group(3))),
            rule("(\\d+)? ?([½⅓⅔¼¾⅕⅛⅜⅝⅞])", (_, found) -> {
                String[] parts = FRACTIONS.get(found.group(2)).split("/");
                return fraction(found.group(1), parts[0], parts[1]);
            }),
            rule(
                    "[-−]?(" + NUMBER
                            + ")(?: ?(km/h|mph|kph|km|cm|mm|kg|mg|lbs?|oz|ft|mi|°[CF]?|[GMKT]B|[kMG]?Hz|ms|kWh?|ml|gal|tsp|tbsp|px|hrs?|sec|min)|(in|m|g|s|h|l|W|V))(?![\\w°])",
                    (_, found) -> measure(
                            signed(found), found.group(1), found.group(2) == null ? found.group(3) : found.group(2))),
            rule("(\\d+)-(\\d+)(?![\\w-])", (_, found) -> {
                List<SpokenWord> both = new ArrayList<>(number(found.group(1)));
                both.add(SpokenWord.of("to"));
                both.addAll(number(found.group(2)));
                return both;
            }),
            rule("\\d+(?:\\.\\d+){2,}", (_, found) -> {
                List<SpokenWord> all = new ArrayList<>();
                for (String part : found.group().split("\\.")) {
                    if (!all.isEmpty()) {
                        all.add(SpokenWord.of("point"));
                    }
                    all.addAll(number(part));
                }
                return all;
            }),
            rule("(\\d{4}|\\d{2})s(?!\\w)", (_, found) -> decade(found.group(1))),
            rule("[-−](" + NUMBER + ")", (normalizer, found) -> normalizer.isSign(found) ? signed(found) : List.of()),
            rule("#(\\d+)", (_, found) -> {
                List<SpokenWord> all = new ArrayList<>(words("number"));
                all.addAll(number(found.group(1)));
                return all;
            }),
            rule(NUMBER + "|\\.\\d+", (_, found) -> number(found.group())),
            exactly("(?:No|Nos)\\.(?= ?\\d)", (_, _) -> words("number")),
            exactly("Dr\\.(?= ?[A-Z])", (_, _) -> words("doctor")),
            exactly("Dr\\.", (_, _) -> words("drive")),
            exactly("St\\.(?= ?[A-Z])", (_, _) -> words("saint")),
            exactly("St\\.", (_, _) -> words("street")),
            exactly("Co\\.", (_, _) -> words("company")),
            exactly("(?:[A-Z]\\.){2,}", (_, found) -> letters(found.group())),
            rule("([ap])\\.m\\.", (_, found) -> letters(found.group(1) + "m")),
            rule(
                    "(" + String.join("|", ABBREVIATIONS.keySet()).replace(".", "\\.") + ")\\.",
                    (normalizer, found) -> normalizer.abbreviation(found)),
            exactly("(Chapter|Part|Act|Section|Volume|War|Phase|Book|Scene|Level) ([IVXLC]+)(?![\\w.])", (_, found) -> {
                int value = Numbers.roman(found.group(2));
                List<SpokenWord> all = new ArrayList<>(words(found.group(1)));
                all.addAll(value == 0 ? letters(found.group(2)) : words(Numbers.cardinal(Integer.toString(value))));
                return all;
            }));

    private static Rule rule(String pattern, BiFunction<TextNormalizer, Matcher, List<SpokenWord>> reading) {
        return new Rule(Pattern.compile(pattern, CASE_INSENSITIVE), reading);
    }

    private static Rule exactly(String pattern, BiFunction<TextNormalizer, Matcher, List<SpokenWord>> reading) {
        return new Rule(Pattern.compile(pattern), reading);
    }

    private final String text;
    private final Predicate<String> isWord;
    private final boolean shouting;
    private final List<Token> tokens = new ArrayList<>();

    private TextNormalizer(String text, Predicate<String> isWord) {
        this.text = text;
        this.isWord = isWord;
        shouting = text.chars().filter(Character::isUpperCase).count() > 12
                && text.chars().noneMatch(Character::isLowerCase);
    }

    /**
     * What is said for a text.
     *
     * @param isWord whether something in lower case is a known word, which tells {@code NASA} from {@code FBI}
     */
    public static List<Token> tokens(String text, Predicate<String> isWord) {
        TextNormalizer normalizer = new TextNormalizer(text, isWord);
        normalizer.read();
        return List.copyOf(normalizer.tokens);
    }

    private void read() {
        int at = 0;
        while (at < text.length()) {
            at = Character.isWhitespace(text.charAt(at)) ? blank(at) : next(at);
        }
    }

    /** An empty line ends a paragraph, and so what was a sentence. */
    private int blank(int at) {
        int end = at;
        int lines = 0;
        while (end < text.length() && Character.isWhitespace(text.charAt(end))) {
            lines += text.charAt(end) == '\n' ? 1 : 0;
            end++;
        }
        if (lines > 1 && !tokens.isEmpty() && tokens.getLast() instanceof Token.Words) {
            tokens.add(new Token.Stop(at, at, '.', true));
        }
        return end;
    }

    private int next(int at) {
        boolean begins = at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
        if (begins) {
            for (Rule rule : RULES) {
                Matcher found = rule.pattern.matcher(text).region(at, Math.min(text.length(), at + REACH));
                found.useTransparentBounds(true);
                if (found.lookingAt() && found.end() > at) {
                    List<SpokenWord> words = rule.reading.apply(this, found);
                    if (!words.isEmpty()) {
                        tokens.add(new Token.Words(at, found.end(), List.copyOf(words)));
                        return endOfSentence(found.end());
                    }
                }
            }
        }
        char first = text.charAt(at);
        if (Character.isLetter(first) || Character.isSurrogate(first)) {
            return word(at);
        }
        if (Character.isDigit(first)) {
            int end = at;
            while (end < text.length() && Character.isDigit(text.charAt(end)) && end - at < REACH) {
                end++;
            }
            tokens.add(new Token.Words(at, end, number(text.substring(at, end))));
            return end;
        }
        return symbol(at);
    }

    /** A full stop that belongs to an abbreviation may end the sentence as well. */
    private int endOfSentence(int end) {
        boolean stopped = text.charAt(end - 1) == '.';
        if (stopped && isEnd(end)) {
            tokens.add(new Token.Stop(end, end, '.', true));
        }
        return end;
    }

    /** Whether nothing follows, or a word with a capital that is no name of a kind that follows titles. */
    private boolean isEnd(int end) {
        int next = end;
        while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
            next++;
        }
        if (next == text.length()) {
            return true;
        }
        if (next == end || !Character.isUpperCase(text.charAt(next))) {
            return false;
        }
        int begin = end - 1;
        while (begin > 0 && (Character.isLetter(text.charAt(begin - 1)) || text.charAt(begin - 1) == '.')) {
            begin--;
        }
        String abbreviation = text.substring(begin, end - 1).toLowerCase(Locale.ROOT);
        return FINAL.contains(abbreviation)
                || abbreviation.endsWith(".m")
                || abbreviation.equals("pm")
                || abbreviation.equals("am");
    }

    private boolean isSign(Matcher found) {
        return found.start() == 0
                || Character.isWhitespace(text.charAt(found.start() - 1))
                || text.charAt(found.start() - 1) == '(';
    }

    private List<SpokenWord> abbreviation(Matcher found) {
        String key = found.group(1).toLowerCase(Locale.ROOT);
        boolean title = Character.isUpperCase(found.group(1).charAt(0))
                || FINAL.contains(key)
                || Set.of("vs", "approx", "e.g", "i.e").contains(key);
        return title ? words(ABBREVIATIONS.get(key)) : List.of();
    }

    private int word(int at) {
        int end = at;
        while (end < text.length() && end - at < REACH && belongs(end, at)) {
            end++;
        }
        String written = text.substring(at, end);
        tokens.add(new Token.Words(at, end, wordParts(written)));
        return end;
    }

    /** Letters, digits after letters, and apostrophes and hyphens between letters. */
    private boolean belongs(int at, int begin) {
        char here = text.charAt(at);
        if (Character.isLetterOrDigit(here)
                || Character.isSurrogate(here)
                || Character.getType(here) == Character.NON_SPACING_MARK) {
            return true;
        }
        boolean between = at > begin && at + 1 < text.length() && Character.isLetterOrDigit(text.charAt(at + 1));
        return between && (here == '\'' || here == '’' || here == '-' || here == '‑');
    }

    private List<SpokenWord> wordParts(String written) {
        List<SpokenWord> words = new ArrayList<>();
        for (String part : written.replace('’', '\'').split("[-‑]")) {
            Matcher pieces = Pattern.compile("[A-Z]+(?![a-z])(?:'?s(?![a-z]))?|[A-Z]?[^\\dA-Z]+|[A-Z]+[^\\dA-Z]*|\\d+")
                    .matcher(part);
            if (part.matches("[A-Za-z][a-z]+(?:'[A-Za-z]+)?")
                    || (isWord.test(part.toLowerCase(Locale.ROOT)) && !isCapitals(part))) {
                words.add(SpokenWord.of(part.toLowerCase(Locale.ROOT)));
                continue;
            }
            while (pieces.find()) {
                words.addAll(piece(pieces.group()));
            }
        }
        return words;
    }

    private static boolean isCapitals(String part) {
        return part.length() > 1 && part.chars().allMatch(Character::isUpperCase);
    }

    private List<SpokenWord> piece(String piece) {
        if (Character.isDigit(piece.charAt(0))) {
            return number(piece);
        }
        String lower = piece.toLowerCase(Locale.ROOT);
        boolean plural = piece.matches("[A-Z]{2,}'?s");
        String capitals = plural ? piece.replaceFirst("'?s$", "") : piece;
        if (!isCapitals(capitals) || shouting) {
            return List.of(SpokenWord.of(lower));
        }
        String word = capitals.toLowerCase(Locale.ROOT);
        boolean spelled = SPELLED.contains(capitals)
                || (!isWord.test(word) && (capitals.length() < 5 || !word.matches(".*[aeiouy].*")));
        if (!spelled) {
            return List.of(SpokenWord.of(lower));
        }
        List<SpokenWord> letters = new ArrayList<>(letters(capitals));
        if (plural) {
            letters.add(new SpokenWord(letters.removeLast().text() + "s", true));
        }
        return letters;
    }

    private int symbol(int at) {
        char here = text.charAt(at);
        int end = at + 1;
        switch (here) {
            case '.', '!', '?', '…' -> {
                char mark = here == '…' ? '.' : here;
                while (end < text.length() && ".!?…".indexOf(text.charAt(end)) >= 0) {
                    mark = text.charAt(end) == '?' || mark == '?' ? '?' : mark;
                    end++;
                }
                int after = end;
                while (after < text.length() && "\"'”’)]".indexOf(text.charAt(after)) >= 0) {
                    after++;
                }
                boolean ends =
                        after == text.length() || (Character.isWhitespace(text.charAt(after)) && !continues(after));
                tokens.add(new Token.Stop(at, ends ? after : end, mark, ends));
                return ends ? after : end;
            }
            case ',', ';', ':' -> tokens.add(new Token.Stop(at, end, here, false));
            case '—', '–', '(', ')', '[', ']' -> tokens.add(new Token.Stop(at, end, ',', false));
            case '-' -> {
                if (at > 0 && Character.isWhitespace(text.charAt(at - 1))) {
                    tokens.add(new Token.Stop(at, end, ',', false));
                }
            }
            default -> {
                String said = SYMBOLS.get(String.valueOf(here));
                if (said != null) {
                    tokens.add(new Token.Words(at, end, words(said)));
                }
            }
        }
        return end;
    }

    /** Whether a word in lower case follows, so that the full stop was none. */
    private boolean continues(int at) {
        int next = at;
        while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
            next++;
        }
        return next < text.length() && Character.isLowerCase(text.charAt(next)) && text.charAt(at) != '\n';
    }

    private static List<SpokenWord> words(String said) {
        return words(List.of(said.toLowerCase(Locale.ROOT).split(" ")));
    }

    private static List<SpokenWord> words(List<String> said) {
        return said.stream().map(SpokenWord::of).toList();
    }

    private static List<SpokenWord> then(List<SpokenWord> words, String more) {
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

    private static List<SpokenWord> signed(Matcher found) {
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

    private static List<SpokenWord> money(String symbol, String number, String scale) {
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

    private static String month(String written) {
        return MONTHS_BY_START.get(written.substring(0, 3).toLowerCase(Locale.ROOT));
    }

    private static List<SpokenWord> monthAndDay(String month, String day, String year) {
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

    private static List<SpokenWord> time(String hours, String minutes, String seconds, String half) {
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

    private static List<SpokenWord> decade(String digits) {
        List<String> words = new ArrayList<>(
                digits.length() == 2 ? Numbers.cardinal(digits) : Numbers.year(Integer.parseInt(digits)));
        String last = words.removeLast();
        words.add(last.endsWith("y") ? last.substring(0, last.length() - 1) + "ies" : last + "s");
        return words(words);
    }

    private static List<SpokenWord> webAddress(String address) {
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
