package dev.outcrop.engines.ocr;

import dev.outcrop.engines.ocr.LineReading.Gap;
import dev.outcrop.engines.ocr.LineReading.Glyph;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Tells where spaces stand on a line. The recogniser swallows many: a logistic regression decides between each two
 * characters from the probability that it gave a space, how wide the part without ink is, by itself and beside the other
 * gaps of the line, and what kinds of characters stand at both sides.
 *
 * <p>Its weights are a resource, made by {@code SpaceRuleTraining} in this module's tests. Of 6,572 gaps on pages in fonts
 * that they were not fitted on, 798 of them spaces, 10 were wrongly taken for spaces and 3 spaces missed; by the
 * recogniser's probability alone, cut at .02, it was 50 and 1.
 */
final class SpaceRule {
    static final String RESOURCE = "space-rule.tsv";

    static final List<String> FEATURES = List.of(
            "bias",
            "space",
            "clear",
            "clear beside the line's",
            "distance",
            "distance beside the line's",
            "no space seen",
            "digit and digit",
            "letter and digit",
            "digit and letter",
            "after stop",
            "after colon",
            "after closing",
            "before closing",
            "after opening",
            "before opening",
            "after joining",
            "before joining",
            "after quote",
            "before quote",
            "narrow left",
            "narrow right",
            "small then capital",
            "comma then letter",
            "point then letter");

    private static final double[] WEIGHTS = weights();

    private SpaceRule() {}

    /** Whether a space stands after each glyph but the last. */
    static boolean[] spaces(LineReading line) {
        List<double[]> features = features(line);
        boolean[] spaces = new boolean[features.size()];
        for (int i = 0; i < spaces.length; i++) {
            boolean possible =
                    line.glyphs().get(i).spaced() || line.glyphs().get(i + 1).spaced();
            double sum = 0;
            for (int k = 0; k < WEIGHTS.length; k++) {
                sum += WEIGHTS[k] * features.get(i)[k];
            }
            spaces[i] = possible && sum > 0;
        }
        return spaces;
    }

    /** What is known of each gap of a line, in the order of {@link #FEATURES}. */
    static List<double[]> features(LineReading line) {
        double clear = median(line.gaps().stream().mapToDouble(Gap::clear).toArray());
        double distance = median(line.gaps().stream().mapToDouble(Gap::distance).toArray());
        List<Glyph> glyphs = line.glyphs();
        return IntStream.range(0, line.gaps().size())
                .mapToObj(i -> features(
                        line.gaps().get(i),
                        glyphs.get(i).text(),
                        glyphs.get(i + 1).text(),
                        clear,
                        distance))
                .toList();
    }

    private static double[] features(Gap gap, String left, String right, double clear, double distance) {
        boolean digitLeft = Character.isDigit(left.codePointAt(0));
        boolean digitRight = Character.isDigit(right.codePointAt(0));
        boolean letterLeft = Character.isLetter(left.codePointAt(0));
        boolean letterRight = Character.isLetter(right.codePointAt(0));
        return new double[] {
            1,
            Math.log10(gap.space() + 1e-5) + 2.5,
            10 * Math.min(1, gap.clear()),
            Math.log((gap.clear() + 0.03) / (clear + 0.03)),
            3 * Math.min(2, gap.distance()),
            Math.log((gap.distance() + 0.1) / (distance + 0.1)),
            gap.space() < 1e-3 ? 1 : 0,
            digitLeft && digitRight ? 1 : 0,
            letterLeft && digitRight ? 1 : 0,
            digitLeft && letterRight ? 1 : 0,
            among(left, ".,"),
            among(left, ":;"),
            among(left, "!?)]%"),
            among(right, ".,:;!?)]%"),
            among(left, "([#$£€¥@"),
            among(right, "([#$£€¥@"),
            among(left, "-/_&*+="),
            among(right, "-/_&*+="),
            among(left, "'\""),
            among(right, "'\""),
            among(left, "ilI1tfj|"),
            among(right, "ilI1tfj|"),
            Character.isLowerCase(left.codePointAt(0)) && Character.isUpperCase(right.codePointAt(0)) ? 1 : 0,
            left.equals(",") && letterRight ? 1 : 0,
            left.equals(".") && letterRight ? 1 : 0
        };
    }

    private static double among(String character, String some) {
        return some.contains(character) ? 1 : 0;
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values.length == 0 ? 0 : values[values.length / 2];
    }

    private static double[] weights() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(SpaceRule.class.getResourceAsStream(RESOURCE), RESOURCE),
                StandardCharsets.UTF_8))) {
            double[] weights = reader.lines()
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf('\t') + 1)))
                    .toArray();
            if (weights.length != FEATURES.size()) {
                throw new IllegalStateException(
                        RESOURCE + " has " + weights.length + " weights, but there are " + FEATURES.size());
            }
            return weights;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
