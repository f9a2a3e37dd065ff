package dev.outcrop.services.cloudwatchlogs.insights;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The functions of the query language in SQL.
 *
 * <p>Source: "Boolean, comparison, numeric, datetime, and other functions" of the Amazon CloudWatch Logs user guide.
 */
final class Functions {
    private static final Pattern PERIOD = Pattern.compile("(\\d{0,9})([a-z]+)");
    private static final long MONDAY = TimeUnit.DAYS.toMillis(4);
    private static final int ANY_NUMBER = Integer.MAX_VALUE;

    private static final Map<String, Definition> SCALAR = Map.ofEntries(
            entry("abs", numeric(1, values -> "abs(" + values.getFirst() + ")")),
            entry("ceil", numeric(1, values -> "ceil(" + values.getFirst() + ")")),
            entry("floor", numeric(1, values -> "floor(" + values.getFirst() + ")")),
            entry("log", numeric(1, values -> positive("ln", values.getFirst(), ">"))),
            entry("sqrt", numeric(1, values -> positive("sqrt", values.getFirst(), ">="))),
            entry("greatest", numeric(ANY_NUMBER, values -> "greatest(" + String.join(", ", values) + ")")),
            entry("least", numeric(ANY_NUMBER, values -> "least(" + String.join(", ", values) + ")")),
            entry(
                    "frommillis",
                    define(1, 1, values -> Sql.time("CAST(" + values.getFirst().asNumber() + " AS BIGINT)"))),
            entry(
                    "tomillis",
                    define(1, 1, values -> Sql.number(values.getFirst().asNumber()))),
            entry("now", define(0, 0, _ -> Sql.number("floor(epoch(now()))"))),
            entry(
                    "ispresent",
                    define(1, 1, values -> Sql.truth("(" + values.getFirst().code() + " IS NOT NULL)"))),
            entry("coalesce", define(1, ANY_NUMBER, Functions::coalesce)),
            entry(
                    "isempty",
                    define(
                            1,
                            1,
                            values -> Sql.truth("(coalesce(" + values.getFirst().asText() + ", '') = '')"))),
            entry(
                    "isblank",
                    define(
                            1,
                            1,
                            values -> Sql.truth(
                                    "(trim(coalesce(" + values.getFirst().asText()
                                            + ", ''), ' ' || chr(9) || chr(10) || chr(13)) = '')"))),
            entry("concat", define(1, ANY_NUMBER, values -> Sql.text("concat(" + texts(values) + ")"))),
            entry("ltrim", define(1, 2, values -> Sql.text("ltrim(" + texts(values) + ")"))),
            entry("rtrim", define(1, 2, values -> Sql.text("rtrim(" + texts(values) + ")"))),
            entry("trim", define(1, 2, values -> Sql.text("trim(" + texts(values) + ")"))),
            entry("strlen", define(1, 1, values -> Sql.number("CAST(length(" + texts(values) + ") AS DOUBLE)"))),
            entry("toupper", define(1, 1, values -> Sql.text("upper(" + texts(values) + ")"))),
            entry("tolower", define(1, 1, values -> Sql.text("lower(" + texts(values) + ")"))),
            entry("substr", define(2, 3, Functions::substring)),
            entry("replace", define(3, 3, values -> Sql.any("replace(" + texts(values) + ")"))),
            entry("strcontains", define(2, 2, values -> Sql.truth("contains(" + texts(values) + ")"))),
            entry(
                    "isvalidip",
                    define(
                            1,
                            1,
                            values -> Sql.truth(
                                    "(" + address(values, "is_ip4") + " OR " + address(values, "is_ip6") + ")"))),
            entry("isvalidipv4", define(1, 1, values -> Sql.truth(address(values, "is_ip4")))),
            entry("isvalidipv6", define(1, 1, values -> Sql.truth(address(values, "is_ip6")))),
            entry("isipv4insubnet", subnet("is_in_subnet4")),
            entry(
                    "jsonparse",
                    define(
                            1,
                            1,
                            values -> Sql.any(
                                    "(CASE WHEN json_valid(" + texts(values) + ") THEN " + texts(values) + " END)"))),
            entry(
                    "jsonstringify",
                    define(1, 1, values -> Sql.text(values.getFirst().asText()))));

    private static final Map<String, Definition> AGGREGATES = Map.ofEntries(
            entry(
                    "count",
                    define(
                            0,
                            1,
                            values -> Sql.number("CAST(count("
                                    + (values.isEmpty()
                                            ? "*"
                                            : values.getFirst().code()) + ") AS DOUBLE)"))),
            entry(
                    "count_distinct",
                    define(
                            1,
                            1,
                            values -> Sql.number(
                                    "CAST(count(DISTINCT " + values.getFirst().code() + ") AS DOUBLE)"))),
            entry("sum", numeric(1, values -> "sum(" + values.getFirst() + ")")),
            entry("avg", numeric(1, values -> "avg(" + values.getFirst() + ")")),
            entry("stddev", numeric(1, values -> "stddev_samp(" + values.getFirst() + ")")),
            entry("min", define(1, 1, values -> extreme("min", values.getFirst()))),
            entry("max", define(1, 1, values -> extreme("max", values.getFirst()))),
            entry("sortsfirst", define(1, 1, values -> Sql.text("min(" + texts(values) + ")"))),
            entry("sortslast", define(1, 1, values -> Sql.text("max(" + texts(values) + ")"))));

    private Functions() {}

    /** A function with its least and greatest number of arguments. */
    record Definition(int least, int most, Function<List<Sql>, Sql> sql) {}

    private static Definition define(int least, int most, Function<List<Sql>, Sql> sql) {
        return new Definition(least, most, sql);
    }

    private static Definition numeric(int most, Function<List<String>, String> sql) {
        return define(
                1,
                most,
                values ->
                        Sql.number(sql.apply(values.stream().map(Sql::asNumber).toList())));
    }

    private static Definition subnet(String function) {
        return define(2, 2, values -> Sql.truth(function + "(" + texts(values) + ")"));
    }

    static Optional<Definition> scalar(String name) {
        return Optional.ofNullable(SCALAR.get(name));
    }

    static Optional<Definition> aggregate(String name) {
        return Optional.ofNullable(AGGREGATES.get(name));
    }

    private static String texts(List<Sql> values) {
        return values.stream().map(Sql::asText).collect(Collectors.joining(", "));
    }

    private static String positive(String function, String value, String than) {
        return "(CASE WHEN " + value + " " + than + " 0 THEN " + function + "(" + value + ") END)";
    }

    private static String address(List<Sql> values, String test) {
        return "coalesce(" + test + "(" + values.getFirst().asText() + "), false)";
    }

    private static Sql coalesce(List<Sql> values) {
        boolean alike = values.stream().map(Sql::type).distinct().count() == 1;
        return alike
                ? new Sql(
                        "coalesce(" + values.stream().map(Sql::code).collect(Collectors.joining(", ")) + ")",
                        values.getFirst().type())
                : Sql.any("coalesce(" + texts(values) + ")");
    }

    /** The first character is number 0. */
    private static Sql substring(List<Sql> values) {
        String start = "CAST(" + values.get(1).asNumber() + " AS BIGINT) + 1";
        String length = values.size() < 3 ? "" : ", CAST(" + values.get(2).asNumber() + " AS BIGINT)";
        return Sql.any("substr(" + values.getFirst().asText() + ", " + start + length + ")");
    }

    /** Of numbers the extreme one; of texts, where none is a number, the extreme one of those. */
    private static Sql extreme(String function, Sql value) {
        if (value.type() == Sql.Type.ANY) {
            return Sql.any("coalesce(number_text(" + function + "(" + value.asNumber() + ")), " + function + "("
                    + value.code() + "))");
        }
        return new Sql(function + "(" + value.code() + ")", value.type());
    }

    /**
     * The time at which the period begins that a time is in.
     *
     * @return nothing if {@code period} is none, such as {@code 5m}
     */
    static Optional<Sql> floor(String time, String period) {
        Matcher matcher = PERIOD.matcher(period);
        if (!matcher.matches() || count(matcher) == 0) {
            return Optional.empty();
        }
        return switch (unit(matcher)) {
            case "w", "week" -> Optional.of(fixed(time, TimeUnit.DAYS.toMillis(7 * count(matcher)), MONDAY));
            case "mo", "mon", "month" -> Optional.of(calendar(time, count(matcher)));
            case "q", "qtr", "quarter" -> Optional.of(calendar(time, 3 * count(matcher)));
            case "y", "yr", "year" -> Optional.of(calendar(time, 12 * count(matcher)));
            default -> millis(period).map(millis -> fixed(time, millis, 0));
        };
    }

    /** The time at which the next period begins, or the time itself where one does; only of periods of one length. */
    static Optional<Sql> ceiling(String time, String period) {
        return millis(period)
                .map(millis ->
                        Sql.time("(" + time + " + (" + millis + " - " + time + " % " + millis + ") % " + millis + ")"));
    }

    /** How long a period is, if all are of the same length and no longer than days. */
    private static Optional<Long> millis(String period) {
        Matcher matcher = PERIOD.matcher(period);
        if (!matcher.matches() || count(matcher) == 0) {
            return Optional.empty();
        }
        long count = count(matcher);
        return switch (unit(matcher)) {
            case "ms", "msec", "millisecond" -> Optional.of(count);
            case "s", "sec", "second" -> Optional.of(TimeUnit.SECONDS.toMillis(count));
            case "m", "min", "minute" -> Optional.of(TimeUnit.MINUTES.toMillis(count));
            case "h", "hr", "hour" -> Optional.of(TimeUnit.HOURS.toMillis(count));
            case "d", "day" -> Optional.of(TimeUnit.DAYS.toMillis(count));
            default -> Optional.empty();
        };
    }

    private static long count(Matcher period) {
        return period.group(1).isEmpty() ? 1 : Long.parseLong(period.group(1));
    }

    /** The unit without the s of its plural. */
    private static String unit(Matcher period) {
        String unit = period.group(2);
        return unit.length() > 2 && unit.endsWith("s") ? unit.substring(0, unit.length() - 1) : unit;
    }

    private static Sql fixed(String time, long millis, long from) {
        return Sql.time(
                from == 0
                        ? "(" + time + " - " + time + " % " + millis + ")"
                        : "(" + time + " - (" + time + " - " + from + ") % " + millis + ")");
    }

    private static Sql calendar(String time, long months) {
        return Sql.time("epoch_ms(time_bucket(INTERVAL " + Math.min(months, 120_000) + " MONTH, make_timestamp(" + time
                + " * 1000)))");
    }

    /** What the SQL of functions needs to be there. */
    static List<String> macros() {
        return List.of(
                "CREATE MACRO number_text(x) AS CASE WHEN x = floor(x) AND abs(x) < 1e15"
                        + " THEN CAST(CAST(x AS BIGINT) AS VARCHAR) ELSE CAST(x AS VARCHAR) END",
                "CREATE MACRO is_ip4(a) AS"
                        + " regexp_full_match(a, '((25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1?\\d?\\d)')",
                "CREATE MACRO is_ip6(a) AS regexp_full_match(a, '(?i)(([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}"
                        + "|([0-9a-f]{1,4}:){1,7}:|([0-9a-f]{1,4}:){1,6}:[0-9a-f]{1,4}"
                        + "|([0-9a-f]{1,4}:){1,5}(:[0-9a-f]{1,4}){1,2}|([0-9a-f]{1,4}:){1,4}(:[0-9a-f]{1,4}){1,3}"
                        + "|([0-9a-f]{1,4}:){1,3}(:[0-9a-f]{1,4}){1,4}|([0-9a-f]{1,4}:){1,2}(:[0-9a-f]{1,4}){1,5}"
                        + "|[0-9a-f]{1,4}:(:[0-9a-f]{1,4}){1,6}|:((:[0-9a-f]{1,4}){1,7}|:))')",
                "CREATE MACRO ip4_number(a) AS list_reduce(list_transform(string_split(a, '.'),"
                        + " lambda p: CAST(p AS BIGINT)), lambda x, y: x * 256 + y)",
                "CREATE MACRO is_in_subnet4(a, n) AS CASE WHEN is_ip4(a) AND is_ip4(split_part(n, '/', 1))"
                        + " AND regexp_full_match(split_part(n, '/', 2), '[0-9]|[12][0-9]|3[0-2]') THEN"
                        + " (ip4_number(a) >> (32 - CAST(split_part(n, '/', 2) AS INTEGER)))"
                        + " = (ip4_number(split_part(n, '/', 1)) >> (32 - CAST(split_part(n, '/', 2) AS INTEGER)))"
                        + " ELSE false END");
    }
}
