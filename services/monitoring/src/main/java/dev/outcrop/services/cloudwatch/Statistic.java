package dev.outcrop.services.cloudwatch;

import dev.outcrop.engines.series.Distribution;
import dev.outcrop.engines.series.Summary;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statistic that can be asked for.
 *
 * <p>Source: "CloudWatch statistics definitions", Amazon CloudWatch user guide.
 *
 * @param name       as it was asked for
 * @param percentile the share of values, 0 to 1, where it is a percentile
 */
record Statistic(String name, Optional<Double> percentile, Function<Summary, OptionalDouble> calculation) {
    private static final Pattern SHORT = Pattern.compile("(p|tm|wm|tc|ts)(\\d{1,2}(?:\\.\\d{0,10})?|100)");
    private static final Pattern RANGE = Pattern.compile("(TM|WM|TC|TS|PR)\\(([^:()]*):([^:()]*)\\)");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,2}(?:\\.\\d{0,10})?|100(?:\\.0{0,10})?)%");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(?:\\.\\d{0,10})?(?:[Ee][+-]?\\d+)?");

    /** The statistic called {@code name}; empty if there is none. */
    static Optional<Statistic> parse(String name) {
        return switch (name) {
            case "SampleCount" -> plain(name, Summary::count);
            case "Sum" -> plain(name, Summary::sum);
            case "Average" -> plain(name, Summary::average);
            case "Minimum" -> plain(name, Summary::minimum);
            case "Maximum" -> plain(name, Summary::maximum);
            case "IQM" -> ofDistribution(name, known -> mean(known.between(0.25, 0.75)));
            default -> parseExtended(name);
        };
    }

    /** What it is of {@code summary}; empty where what was published does not tell. */
    OptionalDouble of(Summary summary) {
        return calculation.apply(summary);
    }

    private static Optional<Statistic> plain(String name, Function<Summary, Double> calculation) {
        return Optional.of(
                new Statistic(name, Optional.empty(), summary -> OptionalDouble.of(calculation.apply(summary))));
    }

    private static Optional<Statistic> ofDistribution(String name, Function<Distribution, OptionalDouble> calculation) {
        return Optional.of(new Statistic(
                name,
                Optional.empty(),
                summary -> summary.distribution().map(calculation).orElseGet(OptionalDouble::empty)));
    }

    private static Optional<Statistic> parseExtended(String name) {
        Matcher brief = SHORT.matcher(name);
        if (brief.matches()) {
            double share = Double.parseDouble(brief.group(2)) / 100;
            if (brief.group(1).equals("p")) {
                return Optional.of(new Statistic(
                        name,
                        Optional.of(share),
                        summary -> summary.distribution()
                                .map(known -> OptionalDouble.of(known.quantile(share)))
                                .orElseGet(OptionalDouble::empty)));
            }
            return ofShares(name, brief.group(1).toUpperCase(Locale.ROOT), 0, share);
        }
        Matcher range = RANGE.matcher(name);
        return range.matches() ? parseRange(name, range.group(1), range.group(2), range.group(3)) : Optional.empty();
    }

    private static Optional<Statistic> parseRange(String name, String kind, String from, String to) {
        if (from.isEmpty() && to.isEmpty()) {
            return Optional.empty();
        }
        boolean shares = !kind.equals("PR")
                && (from.isEmpty() || PERCENT.matcher(from).matches())
                && (to.isEmpty() || PERCENT.matcher(to).matches());
        if (shares) {
            double low = from.isEmpty() ? 0 : share(from);
            double high = to.isEmpty() ? 1 : share(to);
            return low < high ? ofShares(name, kind, low, high) : Optional.empty();
        }
        boolean values = (from.isEmpty() || NUMBER.matcher(from).matches())
                && (to.isEmpty() || NUMBER.matcher(to).matches());
        if (!values) {
            return Optional.empty();
        }
        double above = from.isEmpty() ? Double.NEGATIVE_INFINITY : Double.parseDouble(from);
        double upTo = to.isEmpty() ? Double.POSITIVE_INFINITY : Double.parseDouble(to);
        return above < upTo ? ofValues(name, kind, above, upTo) : Optional.empty();
    }

    private static double share(String percent) {
        return Double.parseDouble(percent.substring(0, percent.length() - 1)) / 100;
    }

    private static Optional<Statistic> ofShares(String name, String kind, double low, double high) {
        return ofDistribution(name, known -> switch (kind) {
            case "TM" -> mean(known.between(low, high));
            case "TC" -> OptionalDouble.of(known.between(low, high).count());
            case "TS" -> OptionalDouble.of(known.between(low, high).sum());
            default -> mean(known.clamped(known.quantile(low), known.quantile(high)));
        });
    }

    private static Optional<Statistic> ofValues(String name, String kind, double above, double upTo) {
        return ofDistribution(name, known -> switch (kind) {
            case "TM" -> mean(known.within(above, upTo));
            case "TC" -> OptionalDouble.of(known.within(above, upTo).count());
            case "TS" -> OptionalDouble.of(known.within(above, upTo).sum());
            case "PR" -> OptionalDouble.of(100 * known.within(above, upTo).count() / known.total());
            default -> mean(known.clamped(above, upTo));
        });
    }

    private static OptionalDouble mean(Distribution.Share share) {
        return share.count() > 0 ? OptionalDouble.of(share.sum() / share.count()) : OptionalDouble.empty();
    }
}
