package dev.outcrop.engines.voice.markup;

import dev.outcrop.engines.voice.Phone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads SSML.
 *
 * <p>Source: "Speech Synthesis Markup Language (SSML) Version 1.1", W3C, and "Supported SSML tags" of the Amazon Polly
 * developer guide for tags, attributes, values and limits.
 */
public final class Ssml {
    private static final Duration LONGEST_BREAK = Duration.ofSeconds(10);
    private static final Pattern TIME = Pattern.compile("\\+?(\\d{1,6}(?:\\.\\d{1,3})?)(ms|s)");
    private static final Pattern PERCENT = Pattern.compile("([+-]?)(\\d{1,4}(?:\\.\\d{1,3})?)%");
    private static final Pattern DECIBELS = Pattern.compile("([+-]?\\d{1,3}(?:\\.\\d{1,3})?)dB");

    /** The kinds of text that {@code say-as} knows. */
    private static final Set<String> KINDS = Set.of(
            "characters",
            "spell-out",
            "cardinal",
            "number",
            "ordinal",
            "digits",
            "fraction",
            "unit",
            "date",
            "time",
            "address",
            "expletive",
            "telephone");

    private static final Set<String> DATES =
            Set.of("mdy", "dmy", "ymd", "md", "dm", "ym", "my", "d", "m", "y", "yyyymmdd");
    private static final Set<String> ROLES = Set.of(
            "amazon:VB",
            "amazon:VBD",
            "amazon:DT",
            "amazon:IN",
            "amazon:JJ",
            "amazon:NN",
            "amazon:DEFAULT",
            "amazon:SENSE_1");

    private static final Map<String, Double> RATES =
            Map.of("x-slow", .5, "slow", .75, "medium", 1.0, "default", 1.0, "fast", 1.25, "x-fast", 1.75);
    private static final Map<String, Double> VOLUMES = Map.of(
            "silent", -100.0, "x-soft", -12.0, "soft", -6.0, "medium", 0.0, "default", 0.0, "loud", 6.0, "x-loud",
            10.0);
    private static final Map<String, Double> PITCHES =
            Map.of("x-low", .75, "low", .87, "medium", 1.0, "default", 1.0, "high", 1.15, "x-high", 1.33);

    private static final Map<String, Duration> BREAKS = Map.of(
            "none", Duration.ZERO,
            "x-weak", Duration.ZERO,
            "weak", Duration.ofMillis(250),
            "medium", Duration.ofMillis(250),
            "strong", Duration.ofMillis(500),
            "x-strong", Duration.ofMillis(800));

    private final Set<Feature> features;
    private final List<Speech.Part> parts = new ArrayList<>();

    private Ssml(Set<Feature> features) {
        this.features = features;
    }

    /** What not every way of speaking can do. */
    public enum Feature {
        EMPHASIS,
        PITCH,
        WHISPERING,
        SOFTNESS,
        TRACT
    }

    /**
     * What a document says.
     *
     * @param features what it may ask for
     * @throws MarkupException {@code INVALID} if it is no SSML, {@code UNSUPPORTED} if it asks for what it may not
     */
    public static Speech read(String document, Set<Feature> features) {
        Xml.Element root = Xml.read(document);
        if (!root.name().equals("speak")) {
            throw invalid("the root element is <" + root.name() + ">, but must be <speak>");
        }
        Ssml ssml = new Ssml(features);
        ssml.children(root, Style.USUAL);
        return new Speech(document, ssml.parts);
    }

    /** How many characters of a document are spoken: its tags are none. */
    public static int spokenCharacters(String document) {
        return characters(Xml.read(document));
    }

    private static int characters(Xml.Element element) {
        int sum = 0;
        for (Xml.Node child : element.children()) {
            sum += switch (child) {
                case Xml.Characters text ->
                    text.text().text().codePointCount(0, text.text().text().length());
                case Xml.Element inner -> characters(inner);
            };
        }
        return sum;
    }

    private void children(Xml.Element element, Style style) {
        children(element, style, new Speech.Reading.Plain());
    }

    private void children(Xml.Element element, Style style, Speech.Reading reading) {
        for (Xml.Node child : element.children()) {
            switch (child) {
                case Xml.Characters text -> parts.add(new Speech.Said(text.text(), style, reading));
                case Xml.Element inner -> element(inner, style);
            }
        }
    }

    private void element(Xml.Element element, Style style) {
        switch (element.name()) {
            case "break" -> parts.add(new Speech.Pause(element.start(), element.end(), pause(element)));
            case "mark" -> parts.add(new Speech.Bookmark(element.start(), element.end(), required(element, "name")));
            case "p", "s" -> {
                parts.add(new Speech.Boundary(element.name().equals("p")));
                children(element, style);
                parts.add(new Speech.Boundary(element.name().equals("p")));
            }
            case "emphasis" -> {
                need(Feature.EMPHASIS);
                children(element, emphasis(element, style));
            }
            case "lang" -> {
                required(element, "xml:lang");
                children(element, style);
            }
            case "prosody" -> children(element, prosody(element, style));
            case "phoneme" -> children(element, style, new Speech.Reading.Sounds(sounds(element)));
            case "sub" -> children(element, style, new Speech.Reading.Substitute(required(element, "alias")));
            case "w" -> {
                String role = required(element, "role");
                check(ROLES.contains(role), element, "role", role);
                children(element, style, new Speech.Reading.Role(role));
            }
            case "say-as" -> children(element, style, kind(element));
            case "amazon:effect" -> children(element, effect(element, style));
            case "amazon:auto-breaths", "amazon:breath", "amazon:domain" -> throw unsupported(element.name());
            default -> throw invalid("<" + element.name() + "> is no element of SSML");
        }
    }

    private static Duration pause(Xml.Element element) {
        String time = element.attributes().get("time");
        String strength = element.attributes().get("strength");
        if (time != null) {
            Matcher found = TIME.matcher(time);
            check(found.matches(), element, "time", time);
            double value = Double.parseDouble(found.group(1)) * (found.group(2).equals("s") ? 1000 : 1);
            check(value <= LONGEST_BREAK.toMillis(), element, "time", time);
            return Duration.ofMillis(Math.round(value));
        }
        Duration known = BREAKS.get(strength == null ? "medium" : strength);
        check(known != null, element, "strength", strength);
        return known;
    }

    private static Style emphasis(Xml.Element element, Style style) {
        String level = element.attributes().getOrDefault("level", "moderate");
        return switch (level) {
            case "strong" -> style.times(.8, 4, 1.08);
            case "moderate" -> style.times(.9, 2, 1.04);
            case "reduced" -> style.times(1.1, -4, 1);
            default -> throw wrong(element, "level", level);
        };
    }

    private Style prosody(Xml.Element element, Style style) {
        Style changed = style;
        for (Map.Entry<String, String> attribute : element.attributes().entrySet()) {
            String value = attribute.getValue();
            changed = switch (attribute.getKey()) {
                case "rate" -> changed.times(rate(element, value), 0, 1);
                case "volume" -> changed.times(1, volume(element, value), 1);
                case "pitch" -> {
                    need(Feature.PITCH);
                    yield changed.times(1, 0, pitch(element, value));
                }
                case "amazon:max-duration" -> throw unsupported("amazon:max-duration");
                default -> throw wrong(element, attribute.getKey(), value);
            };
        }
        if (element.attributes().isEmpty()) {
            throw invalid("<prosody> needs rate, volume or pitch");
        }
        return changed;
    }

    private static double rate(Xml.Element element, String value) {
        Matcher percent = PERCENT.matcher(value);
        if (percent.matches()) {
            double number = Double.parseDouble(percent.group(2));
            double rate =
                    percent.group(1).isEmpty() ? number : percent.group(1).equals("+") ? 100 + number : 100 - number;
            check(rate >= 20 && rate <= 200, element, "rate", value);
            return rate / 100;
        }
        check(RATES.containsKey(value), element, "rate", value);
        return RATES.get(value);
    }

    private static double volume(Xml.Element element, String value) {
        Matcher decibels = DECIBELS.matcher(value);
        if (decibels.matches()) {
            return Double.parseDouble(decibels.group(1));
        }
        check(VOLUMES.containsKey(value), element, "volume", value);
        return VOLUMES.get(value);
    }

    private static double pitch(Xml.Element element, String value) {
        Matcher percent = PERCENT.matcher(value);
        if (percent.matches() && !percent.group(1).isEmpty()) {
            double number = Double.parseDouble(percent.group(2)) / 100;
            return percent.group(1).equals("+") ? 1 + Math.min(number, .5) : 1 - Math.min(number, 1 / 3.0);
        }
        check(PITCHES.containsKey(value), element, "pitch", value);
        return PITCHES.get(value);
    }

    private static List<Phone> sounds(Xml.Element element) {
        return sounds(element.attributes().getOrDefault("alphabet", "ipa"), required(element, "ph"))
                .orElseThrow(() -> wrong(element, "ph", element.attributes().get("ph")));
    }

    /** The sounds of a transcription in {@code ipa} or {@code x-sampa}; empty if it is none. */
    static Optional<List<Phone>> sounds(String alphabet, String transcription) {
        return switch (alphabet) {
            case "ipa" -> Phone.parse(transcription);
            case "x-sampa" -> XSampa.toIpa(transcription).flatMap(Phone::parse);
            default -> throw invalid("the alphabet " + alphabet + " is not known");
        };
    }

    private static Speech.Reading kind(Xml.Element element) {
        String kind = required(element, "interpret-as");
        String format = element.attributes().getOrDefault("format", "");
        check(KINDS.contains(kind), element, "interpret-as", kind);
        if (kind.equals("date")) {
            check(format.isEmpty() || DATES.contains(format), element, "format", format);
        }
        return new Speech.Reading.Kind(kind, format);
    }

    private Style effect(Xml.Element element, Style style) {
        Style changed = style;
        for (Map.Entry<String, String> attribute : element.attributes().entrySet()) {
            String value = attribute.getValue();
            switch (attribute.getKey()) {
                case "name" -> {
                    check(value.equals("whispered") || value.equals("drc"), element, "name", value);
                    if (value.equals("whispered")) {
                        need(Feature.WHISPERING);
                        changed = changed.whispering();
                    } else {
                        changed = changed.compressing();
                    }
                }
                case "phonation" -> {
                    check(value.equals("soft"), element, "phonation", value);
                    need(Feature.SOFTNESS);
                    changed = changed.softly();
                }
                case "vocal-tract-length" -> {
                    need(Feature.TRACT);
                    Matcher percent = PERCENT.matcher(value);
                    check(percent.matches(), element, "vocal-tract-length", value);
                    double number = Double.parseDouble(percent.group(2)) / 100;
                    double length = percent.group(1).isEmpty()
                            ? number
                            : percent.group(1).equals("+") ? 1 + number : 1 - number;
                    check(length >= .5 && length <= 2, element, "vocal-tract-length", value);
                    changed = changed.withTract(length);
                }
                default -> throw wrong(element, attribute.getKey(), value);
            }
        }
        if (element.attributes().isEmpty()) {
            throw invalid("<amazon:effect> needs an attribute");
        }
        return changed;
    }

    private void need(Feature feature) {
        if (!features.contains(feature)) {
            throw new MarkupException(MarkupException.Category.UNSUPPORTED, feature + " is not supported");
        }
    }

    private static String required(Xml.Element element, String attribute) {
        String value = element.attributes().get(attribute);
        if (value == null || value.isEmpty()) {
            throw invalid("<" + element.name() + "> needs the attribute " + attribute);
        }
        return value;
    }

    private static void check(boolean good, Xml.Element element, String attribute, String value) {
        if (!good) {
            throw wrong(element, attribute, value);
        }
    }

    private static MarkupException wrong(Xml.Element element, String attribute, String value) {
        return invalid("<" + element.name() + "> cannot have " + attribute + "=\"" + value + "\"");
    }

    private static MarkupException invalid(String message) {
        return new MarkupException(MarkupException.Category.INVALID, message);
    }

    private static MarkupException unsupported(String what) {
        return new MarkupException(MarkupException.Category.UNSUPPORTED, what + " is not supported");
    }
}
