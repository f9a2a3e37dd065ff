package dev.outcrop.services.cloudwatchlogs.insights;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.services.cloudwatchlogs.insights.Command.Named;
import dev.outcrop.services.cloudwatchlogs.insights.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads queries. */
final class InsightsParser {
    private static final int DEEPEST = 50;
    private static final int MOST_COMMANDS = 50;
    private static final int MOST_OPERATORS = 300;
    private static final int MOST_RESULTS = 10_000;
    private static final Pattern GROUP_NAME = Pattern.compile("\\(\\?P?<([a-zA-Z][a-zA-Z0-9_]*)>");
    private static final Set<String> ELSEWHERE =
            Set.of("diff", "anomaly", "join", "lookup", "source", "filterindex", "addtotals");

    private final String query;
    private final List<Token> tokens;
    private int at;
    private int depth;
    private int operators;

    private InsightsParser(String query) {
        this.query = query;
        tokens = Token.all(query);
    }

    /**
     * The commands of a query.
     *
     * @throws MalformedInsightsQueryException if it is none
     * @throws AwsError                        {@code NotImplementedException} for commands that are not done here
     */
    static List<Command> parse(String query) {
        InsightsParser parser = new InsightsParser(query);
        List<Command> commands = new ArrayList<>();
        while (parser.take("|")) {
            // A query may begin with a bar.
        }
        while (parser.peek().kind() != Kind.END) {
            commands.add(parser.command());
            if (commands.size() > MOST_COMMANDS) {
                throw parser.wrong("a query has at most " + MOST_COMMANDS + " commands");
            }
            if (parser.peek().kind() != Kind.END) {
                parser.require("|");
            }
        }
        return commands;
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    private boolean take(String wanted) {
        if (peek().is(wanted)) {
            at++;
            return true;
        }
        return false;
    }

    private void require(String wanted) {
        if (!take(wanted)) {
            throw wrong("unexpected symbol found " + shown(peek()) + ", expected " + wanted);
        }
    }

    private static String shown(Token token) {
        return token.kind() == Kind.END ? "end of query" : token.text();
    }

    private MalformedInsightsQueryException wrong(String message) {
        return new MalformedInsightsQueryException(message, peek().start(), peek().end());
    }

    private Command command() {
        Token word = next();
        String name = word.kind() == Kind.NAME ? word.text().toLowerCase(Locale.ROOT) : "";
        if (ELSEWHERE.contains(name)) {
            throw AwsError.notImplemented("logs", "the command " + name + " of Logs Insights");
        }
        return switch (name) {
            case "fields" -> new Command.Fields(named());
            case "display" -> new Command.Display(named());
            case "filter" -> new Command.Filter(expression());
            case "parse" -> parse(word);
            case "stats" -> stats();
            case "sort" -> sort();
            case "limit", "head", "tail" -> limit();
            case "pattern" ->
                new Command.Pattern(
                        expression(), word.start(), tokens.get(at - 1).end());
            case "unnest" -> {
                Expression list = expression();
                require("into");
                yield new Command.Unnest(list, name());
            }
            case "dedup" ->
                new Command.Dedup(named().stream().map(Named::expression).toList());
            default ->
                throw new MalformedInsightsQueryException(
                        "unexpected symbol found " + shown(word) + ", expected a command", word.start(), word.end());
        };
    }

    private List<Named> named() {
        List<Named> named = new ArrayList<>();
        do {
            int start = peek().start();
            Expression expression = expression();
            String name = expression instanceof Expression.Field field
                    ? field.name()
                    : query.substring(start, tokens.get(at - 1).end());
            named.add(new Named(expression, take("as") ? name() : name));
        } while (take(","));
        return named;
    }

    private String name() {
        Token token = next();
        if (token.kind() != Kind.NAME && token.kind() != Kind.QUOTED_NAME) {
            throw new MalformedInsightsQueryException(
                    "unexpected symbol found " + shown(token) + ", expected a field's name",
                    token.start(),
                    token.end());
        }
        return token.text();
    }

    private Command stats() {
        List<Named> aggregates = named();
        return new Command.Stats(aggregates, take("by") ? named() : List.of());
    }

    private Command sort() {
        List<Command.Sort.Key> keys = new ArrayList<>();
        take("by");
        do {
            Expression value = expression();
            boolean descending = take("desc");
            if (!descending) {
                take("asc");
            }
            keys.add(new Command.Sort.Key(value, descending));
        } while (take(","));
        return new Command.Sort(keys);
    }

    private Command limit() {
        Token number = next();
        if (number.kind() != Kind.NUMBER || !number.text().matches("\\d{1,5}")) {
            throw new MalformedInsightsQueryException(
                    "unexpected symbol found " + shown(number) + ", expected a number", number.start(), number.end());
        }
        int count = Integer.parseInt(number.text());
        if (count < 1 || count > MOST_RESULTS) {
            throw new MalformedInsightsQueryException(
                    "limit must be between 1 and " + MOST_RESULTS, number.start(), number.end());
        }
        return new Command.Limit(count);
    }

    private Command parse(Token word) {
        Expression source = new Expression.Field("@message", word.start(), word.end());
        if (peek().kind() != Kind.STRING && peek().kind() != Kind.REGEX) {
            source = expression();
        }
        Token pattern = next();
        boolean regex = pattern.kind() == Kind.REGEX;
        if (!regex && pattern.kind() != Kind.STRING) {
            throw new MalformedInsightsQueryException(
                    "unexpected symbol found " + shown(pattern) + ", expected a pattern",
                    pattern.start(),
                    pattern.end());
        }
        List<String> names = new ArrayList<>();
        if (take("as")) {
            do {
                names.add(name());
            } while (take(","));
        }
        String expression = regex ? pattern.text() : glob(pattern.text());
        if (regex && names.isEmpty()) {
            Matcher groups = GROUP_NAME.matcher(pattern.text());
            while (groups.find()) {
                names.add(groups.group(1));
            }
        }
        long wildcards = pattern.text().chars().filter(c -> c == '*').count();
        if (names.isEmpty() || (!regex && wildcards != names.size())) {
            throw new MalformedInsightsQueryException(
                    "the number of fields must be that of the pattern's wildcards", pattern.start(), pattern.end());
        }
        return new Command.Parse(
                source,
                regex ? expression.replaceAll("\\(\\?<([a-zA-Z])", "(?P<$1") : expression,
                names,
                pattern.start(),
                pattern.end());
    }

    /** A regular expression with a group for each asterisk, the last of which takes all that is left. */
    private static String glob(String glob) {
        StringBuilder regex = new StringBuilder("(?s)");
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (c == '*') {
                regex.append(i == glob.length() - 1 ? "(.*)" : "(.*?)");
            } else if ("\\.[]{}()+-^$|?/".indexOf(c) >= 0) {
                regex.append('\\').append(c);
            } else {
                regex.append(c);
            }
        }
        return regex.toString();
    }

    private Expression expression() {
        if (++depth > DEEPEST) {
            throw wrong("the query is nested too deep");
        }
        Expression expression = both();
        while (take("or")) {
            expression = binary("or", expression, both());
        }
        depth--;
        return expression;
    }

    private Expression binary(String operator, Expression left, Expression right) {
        if (++operators > MOST_OPERATORS) {
            throw wrong("a query has at most " + MOST_OPERATORS + " operators");
        }
        return new Expression.Binary(operator, left, right, left.start(), right.end());
    }

    private Expression both() {
        Expression expression = negation();
        while (take("and")) {
            expression = binary("and", expression, negation());
        }
        return expression;
    }

    private Expression negation() {
        int start = peek().start();
        boolean negated = false;
        while (take("not")) {
            negated = !negated;
        }
        Expression operand = comparison();
        return negated ? new Expression.Not(operand, start, operand.end()) : operand;
    }

    private Expression comparison() {
        Expression left = sum();
        for (String operator : List.of("=", "!=", "<=", ">=", "<", ">")) {
            if (take(operator)) {
                return binary(operator, left, sum());
            }
        }
        if (take("=~")) {
            return like(left);
        }
        boolean negated = peek().is("not");
        Token word = negated ? tokens.get(Math.min(at + 1, tokens.size() - 1)) : peek();
        if (!word.is("like") && !word.is("in")) {
            return left;
        }
        at += negated ? 2 : 1;
        Expression test = word.is("like") ? like(left) : in(left);
        return negated ? new Expression.Not(test, left.start(), test.end()) : test;
    }

    private Expression like(Expression value) {
        Token pattern = next();
        if (pattern.kind() != Kind.STRING && pattern.kind() != Kind.REGEX) {
            throw new MalformedInsightsQueryException(
                    "unexpected symbol found " + shown(pattern) + ", expected a string or a regular expression",
                    pattern.start(),
                    pattern.end());
        }
        return new Expression.Like(value, pattern.text(), pattern.kind() == Kind.REGEX, value.start(), pattern.end());
    }

    private Expression in(Expression value) {
        require("[");
        List<Expression> choices = new ArrayList<>();
        do {
            choices.add(sum());
        } while (take(","));
        int end = peek().end();
        require("]");
        return new Expression.In(value, choices, value.start(), end);
    }

    private Expression sum() {
        Expression left = product();
        while (peek().is("+") || peek().is("-")) {
            left = binary(next().text(), left, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = power();
        while (peek().is("*") || peek().is("/") || peek().is("%")) {
            left = binary(next().text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression base = value();
        return take("^") ? binary("^", base, value()) : base;
    }

    private Expression value() {
        Token token = next();
        return switch (token.kind()) {
            case NUMBER -> new Expression.Numeral(token.text(), token.start(), token.end());
            case STRING -> new Expression.Text(token.text(), token.start(), token.end());
            case QUOTED_NAME -> new Expression.Field(token.text(), token.start(), token.end());
            case NAME -> take("(") ? call(token) : new Expression.Field(token.text(), token.start(), token.end());
            case SIGN -> {
                if (token.is("(")) {
                    Expression inner = expression();
                    require(")");
                    yield inner;
                }
                if (token.is("-")) {
                    if (tokens.get(at).is("-")) {
                        throw unexpected(tokens.get(at));
                    }
                    Expression operand = value();
                    Expression zero = new Expression.Numeral("0", token.start(), token.end());
                    yield binary("-", zero, operand);
                }
                throw unexpected(token);
            }
            case REGEX, END -> throw unexpected(token);
        };
    }

    private static MalformedInsightsQueryException unexpected(Token token) {
        return new MalformedInsightsQueryException(
                "unexpected symbol found " + shown(token) + ", expected a value", token.start(), token.end());
    }

    private Expression call(Token name) {
        if (++depth > DEEPEST) {
            throw wrong("the query is nested too deep");
        }
        List<Expression> arguments = new ArrayList<>();
        if (!peek().is(")")) {
            do {
                if (peek().is("*")) {
                    Token all = next();
                    arguments.add(new Expression.Field("*", all.start(), all.end()));
                } else {
                    arguments.add(expression());
                }
            } while (take(","));
        }
        int end = peek().end();
        require(")");
        depth--;
        return new Expression.Call(name.text().toLowerCase(Locale.ROOT), arguments, name.start(), end);
    }
}
