package dev.outcrop.services.cloudwatchlogs.insights;

import dev.outcrop.engines.logs.LogPatterns.LogPattern;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.services.cloudwatchlogs.insights.Command.Named;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Translates the commands of a query to one SELECT, each into a query around that of the one before. */
final class InsightsSql {
    /** The columns that the stored events have. */
    static final String TIMESTAMP = "ts";

    static final String INGESTION_TIME = "ingested";
    static final String STREAM = "stream";
    static final String GROUP = "grp";
    static final String MESSAGE = "message";
    static final String POINTER = "ptr";
    /** The message as it came, which {@link #MESSAGE} may hide parts of. */
    static final String UNMASKED = "unmasked";

    private static final String TOTAL = "total";

    private static final Map<String, Sql> BUILT_IN = Map.of(
            "@timestamp", Sql.time(TIMESTAMP),
            "@ingestionTime", Sql.time(INGESTION_TIME),
            "@logStream", Sql.text(STREAM),
            "@log", Sql.text(GROUP),
            "@message", Sql.text(MESSAGE),
            "@ptr", Sql.text(POINTER));

    private final String table;
    private final List<String> paths = new ArrayList<>();
    private final List<String> regexes = new ArrayList<>();
    private final Map<String, Sql> made = new LinkedHashMap<>();
    private final Map<String, Sql> discovered = new LinkedHashMap<>();
    private final List<Named> shown = new ArrayList<>();
    private final List<String> order = new ArrayList<>();
    private Optional<String> matching = Optional.empty();
    private Map<String, Sql> results = Map.of();
    private String query;
    private int columns;
    private boolean aggregated;
    private boolean filtered;
    private boolean displayed;
    private boolean unmasks;

    private InsightsSql(String table) {
        this.table = table;
        query = "SELECT * FROM base";
    }

    /**
     * A translated query.
     *
     * @param sql        gives the columns, and behind them those of {@code extra}
     * @param columns    the names of the results' fields with the sorts of their values
     * @param counting   counts the events that match; empty where that is told otherwise
     * @param aggregated whether the last column says how many events match, and not where the event is
     * @param filtered   whether not all events may match
     * @param unmasks    whether it shows what is masked
     * @param regexes    the regular expressions in it
     */
    record Translation(
            String sql,
            Map<String, Sql.Type> columns,
            Optional<String> counting,
            boolean aggregated,
            boolean filtered,
            boolean unmasks,
            List<String> regexes) {}

    /**
     * Translates.
     *
     * @param table what the events are selected from
     * @param limit how many results there are at most, unless the query says so
     * @throws MalformedInsightsQueryException if a function is used that there is not, or not so
     */
    static Translation translate(List<Command> commands, String table, int limit) {
        return new InsightsSql(table).translated(commands, limit);
    }

    /**
     * Translates to a query for one text of each event, by which patterns are found.
     *
     * @param most texts, taken at random where there are more
     */
    static Translation texts(List<Command> commands, Expression text, String table, int most) {
        InsightsSql translation = new InsightsSql(table);
        commands.forEach(translation::add);
        String sql = "SELECT " + translation.value(text).asText() + " FROM (" + translation.query + ") USING SAMPLE "
                + "reservoir(" + most + " ROWS)";
        return new Translation(
                translation.based(sql),
                Map.of(),
                Optional.empty(),
                true,
                true,
                translation.unmasks,
                translation.regexes);
    }

    /** Translates what comes behind patterns. */
    static Translation behind(List<LogPattern> patterns, long total, List<Command> commands, int limit) {
        StringBuilder rows = new StringBuilder();
        for (LogPattern pattern : patterns) {
            rows.append(rows.isEmpty() ? "VALUES (" : ", (")
                    .append(Sql.quoted(pattern.text()))
                    .append(", CAST(")
                    .append(String.format(Locale.ROOT, "%.6f", (double) pattern.count() / total))
                    .append(" AS DOUBLE), CAST(")
                    .append(pattern.count())
                    .append(" AS DOUBLE), ")
                    .append(pattern.severity().map(Sql::quoted).orElse("NULL"))
                    .append(", ")
                    .append(total)
                    .append(')');
        }
        if (rows.isEmpty()) {
            rows.append("SELECT '', 0.0::DOUBLE, 0.0::DOUBLE, '', 0 WHERE false");
        }
        InsightsSql translation =
                new InsightsSql("(" + rows + ") AS found(text, ratio, count, severity, " + TOTAL + ")");
        translation.aggregated = true;
        translation.made.put("@pattern", Sql.text("text"));
        translation.made.put("@ratio", Sql.number("ratio"));
        translation.made.put("@sampleCount", Sql.number("count"));
        translation.made.put("@severityLabel", Sql.text("severity"));
        translation.results = new LinkedHashMap<>(translation.made);
        translation.order.add("count DESC");
        return translation.translated(commands, limit);
    }

    private Translation translated(List<Command> commands, int limit) {
        int most = limit;
        for (Command command : commands) {
            add(command);
            most = switch (command) {
                case Command.Limit wanted -> wanted.count();
                case Command.Unnest _, Command.Stats _ -> limit; // There may be more, or others, than were limited.
                default -> most;
            };
        }
        return finish(most);
    }

    private void add(Command command) {
        switch (command) {
            case Command.Fields fields -> fields(fields.fields());
            case Command.Display display -> {
                shown.clear();
                fields(display.fields());
                displayed = true;
            }
            case Command.Filter filter -> {
                filtered = true;
                query = "SELECT * FROM (" + query + ") WHERE "
                        + value(filter.condition()).asTruth();
            }
            case Command.Parse parse -> parse(parse);
            case Command.Stats stats -> stats(stats);
            case Command.Sort sort -> sort(sort);
            case Command.Limit limit -> {
                matching = matching.or(() -> Optional.of(query));
                query = "SELECT * FROM (" + query + ")" + orderBy() + " LIMIT " + limit.count();
            }
            case Command.Dedup dedup -> dedup(dedup);
            case Command.Unnest unnest -> unnest(unnest);
            case Command.Pattern pattern ->
                throw new MalformedInsightsQueryException(
                        "a query has at most one pattern command", pattern.start(), pattern.end());
        }
    }

    private String column() {
        return "c" + columns++;
    }

    private void fields(List<Named> fields) {
        for (Named field : fields) {
            boolean plain = field.expression() instanceof Expression.Field named
                    && named.name().equals(field.name());
            if (!plain) {
                define(field.name(), value(field.expression()));
            }
            shown.removeIf(before -> before.name().equals(field.name()));
            shown.add(field);
        }
    }

    private void define(String name, Sql value) {
        String column = column();
        query = "SELECT *, " + value.code() + " AS " + column + " FROM (" + query + ")";
        made.put(name, new Sql(column, value.type()));
    }

    private void parse(Command.Parse parse) {
        regexes.add(parse.regex());
        String column = column();
        String text = value(parse.source()).asText();
        List<String> groups = new ArrayList<>();
        for (int i = 0; i < parse.names().size(); i++) {
            groups.add("'g" + i + "'");
        }
        String regex = Sql.quoted(parse.regex());
        query = "SELECT *, CASE WHEN regexp_matches(" + text + ", " + regex + ") THEN regexp_extract(" + text + ", "
                + regex + ", [" + String.join(", ", groups) + "]) END AS " + column + " FROM (" + query + ")";
        for (int i = 0; i < parse.names().size(); i++) {
            made.put(parse.names().get(i), Sql.any(column + ".g" + i));
        }
    }

    private void unnest(Command.Unnest unnest) {
        String list = value(unnest.list()).asText();
        String column = column();
        query = "SELECT *, unnest(CASE WHEN json_valid(" + list + ") AND json_type(" + list
                + ") = 'ARRAY' THEN json_extract_string(" + list + ", '$[*]') ELSE [" + list + "] END) AS " + column
                + " FROM (" + query + ")";
        made.put(unnest.name(), Sql.any(column));
    }

    private void stats(Command.Stats stats) {
        List<String> selected = new ArrayList<>();
        Map<String, Sql> after = new LinkedHashMap<>();
        List<String> groups = new ArrayList<>();
        for (Named group : stats.groups()) {
            Sql value = value(group.expression());
            String column = column();
            groups.add(column);
            selected.add(value.code() + " AS " + column);
            after.put(group.name(), new Sql(column, value.type()));
        }
        for (Named aggregate : stats.aggregates()) {
            Sql value = value(aggregate.expression(), true);
            String column = column();
            selected.add(value.code() + " AS " + column);
            after.put(aggregate.name(), new Sql(column, value.type()));
        }
        selected.add((aggregated ? "any_value(" + TOTAL + ")" : "count(*)") + " AS counted");
        String grouped = "SELECT " + String.join(", ", selected) + " FROM (" + query + ")"
                + (groups.isEmpty() ? "" : " GROUP BY " + String.join(", ", groups));
        query = "SELECT * EXCLUDE (counted), " + (aggregated ? "counted" : "sum(counted) OVER ()") + " AS " + TOTAL
                + " FROM (" + grouped + ")";
        aggregated = true;
        made.clear();
        made.putAll(after);
        results = after;
        shown.clear();
        order.clear();
    }

    private void sort(Command.Sort sort) {
        matching = matching.or(() -> Optional.of(query));
        order.clear();
        for (Command.Sort.Key key : sort.keys()) {
            Sql value = value(key.value());
            String column = column();
            query = "SELECT *, " + value.code() + " AS " + column + " FROM (" + query + ")";
            String direction = key.descending() ? " DESC NULLS LAST" : " ASC NULLS LAST";
            if (value.type() == Sql.Type.ANY) {
                order.add("TRY_CAST(" + column + " AS DOUBLE)" + direction);
            }
            order.add(column + direction);
        }
    }

    private String orderBy() {
        if (order.isEmpty() && !aggregated) {
            return " ORDER BY " + TIMESTAMP + " DESC";
        }
        return order.isEmpty() ? "" : " ORDER BY " + String.join(", ", order);
    }

    private void dedup(Command.Dedup dedup) {
        matching = matching.or(() -> Optional.of(query));
        List<String> values =
                dedup.fields().stream().map(field -> value(field).code()).toList();
        String missing = values.stream().map(value -> value + " IS NULL").collect(Collectors.joining(" OR "));
        query = "SELECT * FROM (" + query + ") QUALIFY row_number() OVER (PARTITION BY " + String.join(", ", values)
                + orderBy() + ") = 1 OR " + missing;
    }

    private Translation finish(int limit) {
        Map<String, Sql> columnsShown = new LinkedHashMap<>();
        if (shown.isEmpty() && aggregated) {
            columnsShown.putAll(results);
        } else if (shown.isEmpty()) {
            columnsShown.put("@timestamp", BUILT_IN.get("@timestamp"));
            columnsShown.put("@message", BUILT_IN.get("@message"));
        } else {
            if (aggregated && !displayed) {
                columnsShown.putAll(results);
            }
            shown.forEach(field -> columnsShown.put(field.name(), field(field.name())));
        }
        String selected = columnsShown.values().stream().map(Sql::code).collect(Collectors.joining(", "));
        String last = aggregated ? TOTAL : POINTER;
        String sql = "SELECT " + selected + ", " + last + " FROM (" + query + ")" + orderBy() + " LIMIT " + limit;
        Map<String, Sql.Type> types = new LinkedHashMap<>();
        columnsShown.forEach((name, value) -> types.put(name, value.type()));
        Optional<String> counting = aggregated || !filtered ? Optional.empty() : Optional.of(matching.orElse(query));
        return new Translation(
                based(sql),
                types,
                counting.map(counted -> based("SELECT count(*) FROM (" + counted + ")")),
                aggregated,
                filtered,
                unmasks,
                regexes);
    }

    /** With the events in their place, and what is taken out of JSON objects beside them. */
    private String based(String sql) {
        String base = "SELECT * FROM " + table;
        if (!paths.isEmpty()) {
            base = "SELECT *, CASE WHEN json_valid(" + MESSAGE + ") THEN json_extract_string(" + MESSAGE + ", ["
                    + paths.stream().map(Sql::quoted).collect(Collectors.joining(", ")) + "]) END AS json FROM "
                    + table;
        }
        return "WITH base AS NOT MATERIALIZED (" + base + ") " + sql;
    }

    private Sql field(String name) {
        Sql known = made.get(name);
        if (known != null) {
            return known;
        }
        Optional<Sql> inside = inside(name);
        if (inside.isPresent()) {
            return inside.get();
        }
        if (aggregated) {
            return Sql.NULL;
        }
        Sql builtIn = BUILT_IN.get(name);
        return builtIn != null ? builtIn : discovered.computeIfAbsent(name, this::discovered);
    }

    /** A member of a field that the query has made, if there is such a field. */
    private Optional<Sql> inside(String name) {
        for (int dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
            Sql whole = made.get(name.substring(0, dot));
            if (whole != null && !whole.isNumeric() && name.indexOf('"') < 0) {
                String text = whole.asText();
                return Optional.of(Sql.any("(CASE WHEN json_valid(" + text + ") THEN json_extract_string(" + text + ", "
                        + Sql.quoted(path(name.substring(dot + 1))) + ") END)"));
            }
        }
        return Optional.empty();
    }

    private static String path(String name) {
        StringBuilder path = new StringBuilder("$");
        for (String step : name.split("\\.", -1)) {
            path.append(step.matches("\\d{1,6}") ? "[" + step + "]" : ".\"" + step + "\"");
        }
        return path.toString();
    }

    /** A field as it came, of whose message parts may be hidden. */
    private Sql unmasked(Expression.Call call) {
        if (call.arguments().size() != 1 || !(call.arguments().getFirst() instanceof Expression.Field field)) {
            throw wrongArguments(call);
        }
        unmasks = true;
        String name = field.name();
        if (aggregated || made.containsKey(name)) {
            return field(name);
        }
        if (name.equals("@message")) {
            return Sql.text(UNMASKED);
        }
        if (name.startsWith("@") || name.isEmpty() || name.indexOf('"') >= 0) {
            return field(name);
        }
        return Sql.any("(CASE WHEN json_valid(" + UNMASKED + ") THEN json_extract_string(" + UNMASKED + ", "
                + Sql.quoted(path(name)) + ") END)");
    }

    /** A member of messages that are JSON objects; one of a member, or one whose name has dots. */
    private Sql discovered(String name) {
        if (name.startsWith("@") || name.isEmpty() || name.indexOf('"') >= 0 || name.indexOf('*') >= 0) {
            return Sql.NULL;
        }
        paths.add("$.\"" + name + "\"");
        String whole = "json[" + paths.size() + "]";
        if (name.indexOf('.') < 0) {
            return Sql.any(whole);
        }
        paths.add(path(name));
        return Sql.any("coalesce(json[" + paths.size() + "], " + whole + ")");
    }

    private Sql value(Expression expression) {
        return value(expression, false);
    }

    private Sql value(Expression expression, boolean aggregates) {
        return switch (expression) {
            case Expression.Numeral number -> Sql.number("CAST(" + Sql.quoted(number.text()) + " AS DOUBLE)");
            case Expression.Text text -> Sql.literal(text.text());
            case Expression.Field field -> {
                if (aggregates) {
                    throw new MalformedInsightsQueryException(
                            "expected an aggregation, but found " + field.name(), field.start(), field.end());
                }
                yield field(field.name());
            }
            case Expression.Call call -> call(call, aggregates);
            case Expression.Binary binary -> binary(binary, aggregates);
            case Expression.Not not ->
                Sql.truth("(NOT coalesce(" + value(not.operand(), aggregates).asTruth() + ", false))");
            case Expression.Like like -> like(like, aggregates);
            case Expression.In in ->
                Sql.truth(in.choices().stream()
                        .map(choice -> compared("=", value(in.value(), aggregates), value(choice, false)))
                        .collect(Collectors.joining(" OR ", "(", ")")));
        };
    }

    private Sql like(Expression.Like like, boolean aggregates) {
        String text = value(like.value(), aggregates).asText();
        if (!like.regex()) {
            return Sql.truth("contains(" + text + ", " + Sql.quoted(like.pattern()) + ")");
        }
        regexes.add(like.pattern());
        return Sql.truth("regexp_matches(" + text + ", " + Sql.quoted(like.pattern()) + ")");
    }

    private Sql binary(Expression.Binary binary, boolean aggregates) {
        Sql left = value(binary.left(), aggregates);
        Sql right = value(binary.right(), aggregates && !(binary.right() instanceof Expression.Numeral));
        return switch (binary.operator()) {
            case "and" -> Sql.truth("(" + left.asTruth() + " AND " + right.asTruth() + ")");
            case "or" ->
                Sql.truth("(coalesce(" + left.asTruth() + ", false) OR coalesce(" + right.asTruth() + ", false))");
            case "=", "!=", "<", ">", "<=", ">=" -> Sql.truth(compared(binary.operator(), left, right));
            case "^" -> Sql.number("pow(" + left.asNumber() + ", " + right.asNumber() + ")");
            case "/", "%" ->
                Sql.number("(" + left.asNumber() + " " + binary.operator() + " nullif(" + right.asNumber() + ", 0))");
            case "-", "+" ->
                left.type() == Sql.Type.TIME && right.isNumeric()
                        ? Sql.time("CAST(" + left.code() + " " + binary.operator() + " " + right.asNumber()
                                + " AS BIGINT)")
                        : Sql.number("(" + left.asNumber() + " " + binary.operator() + " " + right.asNumber() + ")");
            default -> Sql.number("(" + left.asNumber() + " " + binary.operator() + " " + right.asNumber() + ")");
        };
    }

    /** As numbers where one is a number, as texts where one is a text that was written, and else as both may be. */
    private static String compared(String operator, Sql left, Sql right) {
        if (left.isNumeric() || right.isNumeric()) {
            return "(" + left.asNumber() + " " + operator + " " + right.asNumber() + ")";
        }
        String texts = "(" + left.asText() + " " + operator + " " + right.asText() + ")";
        if (left.type() == Sql.Type.TEXT || right.type() == Sql.Type.TEXT) {
            return texts;
        }
        return "coalesce(" + left.asNumber() + " " + operator + " " + right.asNumber() + ", " + texts + ")";
    }

    private Sql call(Expression.Call call, boolean aggregates) {
        String name = call.function();
        if (name.equals("bin") || name.equals("datefloor") || name.equals("dateceil")) {
            return period(call);
        }
        if (aggregates) {
            Optional<Sql> aggregate = aggregate(call);
            if (aggregate.isPresent()) {
                return aggregate.get();
            }
        }
        if (name.equals("unmask")) {
            return unmasked(call);
        }
        if (name.equals("isipinsubnet") || name.equals("isipv6insubnet")) {
            throw AwsError.notImplemented("logs", "the function " + name + " of Logs Insights");
        }
        Functions.Definition function = Functions.scalar(name)
                .orElseThrow(() -> new MalformedInsightsQueryException(
                        "Invalid function name: " + call.function(), call.start(), call.end()));
        return apply(function, call, argument -> value(argument, aggregates));
    }

    private Optional<Sql> aggregate(Expression.Call call) {
        List<Expression> arguments = call.arguments();
        return switch (call.function()) {
            case "pct" -> Optional.of(percentile(call));
            case "earliest", "latest" -> {
                if (arguments.size() != 1 || aggregated) {
                    throw wrongArguments(call);
                }
                Sql value = value(arguments.getFirst());
                String function = call.function().equals("latest") ? "arg_max" : "arg_min";
                yield Optional.of(new Sql(function + "(" + value.code() + ", " + TIMESTAMP + ")", value.type()));
            }
            case "count" ->
                Optional.of(
                        isOfAll(arguments)
                                ? Sql.number("CAST(count(*) AS DOUBLE)")
                                : apply(Functions.aggregate("count").orElseThrow(), call, this::value));
            default -> Functions.aggregate(call.function()).map(function -> apply(function, call, this::value));
        };
    }

    private static boolean isOfAll(List<Expression> arguments) {
        return arguments.isEmpty()
                || (arguments.getFirst() instanceof Expression.Field field
                        && field.name().equals("*"));
    }

    private Sql percentile(Expression.Call call) {
        if (call.arguments().size() != 2
                || !(call.arguments().get(1) instanceof Expression.Numeral(String text, int _, int _))
                || Double.parseDouble(text) > 100) {
            throw wrongArguments(call);
        }
        return Sql.number("quantile_cont(" + value(call.arguments().getFirst()).asNumber() + ", "
                + String.format(Locale.ROOT, "%.6f", Double.parseDouble(text) / 100) + ")");
    }

    private static Sql apply(Functions.Definition function, Expression.Call call, Function<Expression, Sql> value) {
        int count = call.arguments().size();
        if (count < function.least() || count > function.most()) {
            throw wrongArguments(call);
        }
        return function.sql().apply(call.arguments().stream().map(value).toList());
    }

    private static MalformedInsightsQueryException wrongArguments(Expression.Call call) {
        return new MalformedInsightsQueryException(
                "Invalid arguments for function " + call.function(), call.start(), call.end());
    }

    private Sql period(Expression.Call call) {
        boolean bin = call.function().equals("bin");
        List<Expression> arguments = call.arguments();
        if (arguments.size() != (bin ? 1 : 2)
                || !(arguments.getLast() instanceof Expression.Field(String period, int _, int _))
                || (bin && aggregated && !made.containsKey("@timestamp"))) {
            throw wrongArguments(call);
        }
        String time = bin
                ? field("@timestamp").code()
                : "CAST(" + value(arguments.getFirst()).asNumber() + " AS BIGINT)";
        String length = period.toLowerCase(Locale.ROOT);
        return (call.function().equals("dateceil") ? Functions.ceiling(time, length) : Functions.floor(time, length))
                .orElseThrow(() -> wrongArguments(call));
    }
}
