package dev.outcrop.services.s3.select;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.services.s3.select.Expression.Step;
import dev.outcrop.services.s3.select.Lexer.Kind;
import dev.outcrop.services.s3.select.Lexer.Token;
import dev.outcrop.services.s3.select.SelectQuery.Item;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the statements of S3 Select: one SELECT of one table, without joins, groups, orders and subqueries.
 *
 * <p>Source: "SELECT command" and "SQL functions", Amazon S3 user guide.
 */
final class SelectParser {
    private static final int LONGEST = 256 << 10;
    private static final int DEEPEST = 100;
    private static final int MOST_AGGREGATES = 1000;

    /** Words that no column is called by, unless they stand in quotation marks. */
    private static final Set<String> RESERVED = Set.of(
            "select",
            "from",
            "where",
            "limit",
            "join",
            "inner",
            "outer",
            "left",
            "right",
            "cross",
            "on",
            "group",
            "order",
            "having",
            "union",
            "intersect",
            "except",
            "distinct",
            "as",
            "and",
            "or",
            "not",
            "in",
            "is",
            "like",
            "between",
            "escape",
            "case",
            "when",
            "then",
            "else",
            "end",
            "by",
            "insert",
            "update",
            "delete",
            "values");

    private static final Set<String> UNSUPPORTED = Set.of(
            "join",
            "inner",
            "outer",
            "left",
            "right",
            "cross",
            "group",
            "order",
            "having",
            "union",
            "intersect",
            "except");

    private final List<Token> tokens;
    private final List<Expression.Aggregate> aggregates = new ArrayList<>();
    private int at;
    private int depth;
    private boolean inAggregate;

    SelectParser(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw SelectErrors.of(
                    "ExpressionTooLong",
                    "The SQL expression is too long: The maximum byte-length for the SQL expression is 256 KB.");
        }
        tokens = Lexer.tokens(text);
    }

    SelectQuery query() {
        if (!accept("select")) {
            throw SelectErrors.of(
                    "ParseUnsupportedSelect", "The SQL expression contains an unsupported use of SELECT.");
        }
        refuse("distinct");
        List<Written> written = items();
        if (!accept("from")) {
            throw token().kind() == Kind.END
                    ? SelectErrors.of(
                            "ParseSelectMissingFrom", "GROUP is not supported without FROM in the SQL expression.")
                    : unexpected();
        }
        Table table = table();
        Optional<Expression> where = Optional.empty();
        if (accept("where")) {
            int before = aggregates.size();
            where = Optional.of(expression());
            if (aggregates.size() > before) {
                throw structure();
            }
        }
        long limit = accept("limit") ? limit() : Long.MAX_VALUE;
        if (token().kind() != Kind.END) {
            boolean known = token().is(",") || UNSUPPORTED.contains(lower(token()));
            throw known ? structure() : unexpected();
        }
        List<Item> items = isAll(written, table) ? List.of() : named(written);
        return new SelectQuery(items, table.from(), table.alias(), where, limit, aggregates);
    }

    private record Written(Optional<String> alias, Expression expression) {}

    private record Table(List<Step> from, String alias) {}

    /** The items between SELECT and FROM; none for an asterisk. */
    private List<Written> items() {
        if (accept("*")) {
            if (token().is(",")) {
                throw SelectErrors.of(
                        "ParseAsteriskIsNotAloneInSelectList",
                        "Other expressions are not allowed in the SELECT list when * is used without dot notation in"
                                + " the SQL expression.");
            }
            return List.of();
        }
        if (token().is("from")) {
            throw SelectErrors.of("ParseEmptySelect", "The SQL expression contains an empty SELECT clause.");
        }
        List<Written> items = new ArrayList<>();
        do {
            Expression expression = expression();
            Optional<String> alias = Optional.empty();
            if (accept("as")) {
                alias = Optional.of(name().orElseThrow(() -> SelectErrors.of(
                        "ParseExpectedIdentForAlias",
                        "Did not find the expected identifier for the alias in the SQL expression.")));
            } else if (isName(token())) {
                alias = name();
            }
            items.add(new Written(alias, expression));
        } while (accept(","));
        return items;
    }

    /** Whether the items are all of a record, written with its alias. */
    private static boolean isAll(List<Written> written, Table table) {
        for (Written item : written) {
            if (item.expression() instanceof Expression.Path path
                    && path.steps().getLast() instanceof Step.All) {
                boolean whole = written.size() == 1
                        && path.steps().size() == 2
                        && path.steps().getFirst() instanceof Step.Name name
                        && name.name().equalsIgnoreCase(table.alias());
                if (!whole) {
                    throw SelectErrors.of(
                            "ParseInvalidContextForWildcardInSelectList",
                            "Invalid use of * in the SELECT list in the SQL expression.");
                }
                return true;
            }
        }
        return written.isEmpty();
    }

    private List<Item> named(List<Written> written) {
        List<Item> items = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < written.size(); i++) {
            Expression expression = written.get(i).expression();
            String position = "_" + (i + 1);
            String name = written.get(i).alias().orElse(position);
            if (written.get(i).alias().isEmpty()
                    && expression instanceof Expression.Path path
                    && path.steps().getLast() instanceof Step.Name last) {
                name = last.name();
            }
            if (!aggregates.isEmpty() && readsRecord(expression)) {
                throw structure();
            }
            items.add(new Item(taken.add(name) ? name : position, expression));
        }
        return items;
    }

    /** Whether an expression looks into a record outside of functions of all records. */
    private static boolean readsRecord(Expression expression) {
        return switch (expression) {
            case Expression.Literal _, Expression.Aggregate _ -> false;
            case Expression.Path _ -> true;
            case Expression.Not not -> readsRecord(not.operand());
            case Expression.Negative negative -> readsRecord(negative.operand());
            case Expression.Arithmetic two -> readsRecord(two.left()) || readsRecord(two.right());
            case Expression.Comparison two -> readsRecord(two.left()) || readsRecord(two.right());
            case Expression.And two -> readsRecord(two.left()) || readsRecord(two.right());
            case Expression.Or two -> readsRecord(two.left()) || readsRecord(two.right());
            case Expression.In in ->
                readsRecord(in.operand()) || in.choices().stream().anyMatch(SelectParser::readsRecord);
            case Expression.Like like -> readsRecord(like.operand()) || readsRecord(like.pattern());
            case Expression.IsAbsent absent -> readsRecord(absent.operand());
            case Expression.Case branches ->
                readsRecord(branches.otherwise())
                        || branches.branches().stream()
                                .anyMatch(when -> readsRecord(when.condition()) || readsRecord(when.result()));
            case Expression.Cast cast -> readsRecord(cast.operand());
            case Expression.Call call -> call.arguments().stream().anyMatch(SelectParser::readsRecord);
        };
    }

    private Table table() {
        Token first = next();
        boolean known = (first.kind() == Kind.WORD || first.kind() == Kind.NAME)
                && first.text().equalsIgnoreCase("s3object");
        if (!known) {
            throw first.is("(")
                    ? structure()
                    : SelectErrors.of(
                            "InvalidDataSource",
                            "Invalid data source type. Only CSV, JSON, and Parquet are supported.");
        }
        List<Step> steps = steps();
        if (!steps.isEmpty() && !(steps.getFirst() instanceof Step.All)) {
            throw SelectErrors.of(
                    "InvalidKeyPath",
                    "The key path in the SQL expression is invalid: it begins with" + " S3Object[*].");
        }
        List<Step> from = steps.isEmpty() ? steps : steps.subList(1, steps.size());
        boolean as = accept("as");
        if (isName(token())) {
            return new Table(from, name().orElseThrow());
        }
        if (as) {
            throw SelectErrors.of(
                    "ParseExpectedIdentForAlias",
                    "Did not find the expected identifier for the alias in the SQL expression.");
        }
        if (from.isEmpty()) {
            return new Table(from, "s3object");
        }
        return new Table(from, from.getLast() instanceof Step.Name name ? name.name() : "_1");
    }

    private long limit() {
        Token number = next();
        Optional<Value.Num> limit = number.kind() == Kind.NUMBER ? Value.number(number.text()) : Optional.empty();
        if (limit.isEmpty() || !limit.get().isInteger()) {
            throw SelectErrors.of("ParseExpectedNumber", "Did not find the expected number in the SQL expression.");
        }
        return limit.get().value().min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
    }

    private Expression expression() {
        if (++depth > DEEPEST) {
            throw SelectErrors.of(
                    "ParseUnsupportedSyntax", "The SQL expression is nested deeper than " + DEEPEST + " levels.");
        }
        try {
            return or();
        } finally {
            depth--;
        }
    }

    private Expression or() {
        List<Expression> operands = new ArrayList<>();
        do {
            operands.add(and());
        } while (accept("or"));
        return balanced(operands, false);
    }

    private Expression and() {
        List<Expression> operands = new ArrayList<>();
        do {
            operands.add(not());
        } while (accept("and"));
        return balanced(operands, true);
    }

    /** A tree that is no deeper than it must be: a statement may have thousands of conditions. */
    private static Expression balanced(List<Expression> operands, boolean and) {
        if (operands.size() == 1) {
            return operands.getFirst();
        }
        int half = operands.size() / 2;
        Expression left = balanced(operands.subList(0, half), and);
        Expression right = balanced(operands.subList(half, operands.size()), and);
        return and ? new Expression.And(left, right) : new Expression.Or(left, right);
    }

    private Expression not() {
        if (!accept("not")) {
            return comparison();
        }
        if (++depth > DEEPEST) {
            throw structure();
        }
        Expression operand = not();
        depth--;
        return new Expression.Not(operand);
    }

    private Expression comparison() {
        Expression left = sum();
        Token operator = token();
        if (operator.kind() == Kind.OPERATOR
                && Set.of("=", "<", "<=", ">", ">=", "<>").contains(operator.text())) {
            next();
            return new Expression.Comparison(operator.text(), left, sum());
        }
        if (accept("is")) {
            boolean negated = accept("not");
            boolean missing = accept("missing");
            if (!missing) {
                expect("null");
            }
            return negatedIf(negated, new Expression.IsAbsent(left, missing));
        }
        boolean negated = accept("not");
        if (accept("between")) {
            Expression low = sum();
            expect("and");
            Expression high = sum();
            return negatedIf(
                    negated,
                    new Expression.And(
                            new Expression.Comparison(">=", left, low), new Expression.Comparison("<=", left, high)));
        }
        if (accept("in")) {
            expect("(");
            List<Expression> choices = new ArrayList<>();
            do {
                choices.add(expression());
            } while (accept(","));
            expect(")");
            return negatedIf(negated, new Expression.In(left, choices));
        }
        if (accept("like")) {
            Expression pattern = sum();
            Optional<Expression> escape = accept("escape") ? Optional.of(sum()) : Optional.empty();
            return negatedIf(negated, new Expression.Like(left, pattern, escape));
        }
        if (negated) {
            throw unexpected();
        }
        return left;
    }

    private static Expression negatedIf(boolean negated, Expression expression) {
        return negated ? new Expression.Not(expression) : expression;
    }

    private Expression sum() {
        Expression left = product();
        int count = 0;
        while (token().is("+") || token().is("-")) {
            left = new Expression.Arithmetic(next().text().charAt(0), left, product());
            checkChain(++count);
        }
        if (token().is("||")) {
            throw SelectErrors.of("UnsupportedSqlOperation", "We encountered an unsupported SQL operation: ||.");
        }
        return left;
    }

    private Expression product() {
        Expression left = factor();
        int count = 0;
        while (token().is("*") || token().is("/") || token().is("%")) {
            left = new Expression.Arithmetic(next().text().charAt(0), left, factor());
            checkChain(++count);
        }
        return left;
    }

    /** A chain of operators is as deep a tree as it is long. */
    private static void checkChain(int count) {
        if (count > 10 * DEEPEST) {
            throw SelectErrors.of("ParseUnsupportedSyntax", "The SQL expression has too many operators in a row.");
        }
    }

    private Expression factor() {
        boolean negative = false;
        while (token().is("-") || token().is("+")) {
            negative ^= next().is("-");
        }
        Expression primary = primary();
        return negative ? new Expression.Negative(primary) : primary;
    }

    private Expression primary() {
        Token token = token();
        return switch (token.kind()) {
            case TEXT -> new Expression.Literal(new Value.Text(next().text()));
            case NUMBER -> new Expression.Literal(Value.number(next().text()).orElseThrow());
            case ION -> new Expression.Literal(ion(next().text()));
            case NAME -> path();
            case WORD -> word(token);
            case OPERATOR -> parenthesized();
            case END -> throw SelectErrors.of("ParseExpectedExpression", "Did not find the expected SQL expression.");
        };
    }

    private Expression parenthesized() {
        if (!accept("(")) {
            throw unexpected();
        }
        refuse("select");
        Expression inner = expression();
        expect(")");
        return inner;
    }

    private Expression word(Token token) {
        return switch (lower(token)) {
            case "true", "false" -> new Expression.Literal(Value.of(next().is("true")));
            case "null" -> constant(Value.Absent.NULL);
            case "missing" -> constant(Value.Absent.MISSING);
            case "case" -> {
                next();
                yield branches();
            }
            default -> named(token);
        };
    }

    private Expression constant(Value value) {
        next();
        return new Expression.Literal(value);
    }

    /** A function, or a path. */
    private Expression named(Token token) {
        if (tokens.get(at + 1).is("(")) {
            next();
            next();
            return call(token);
        }
        if (RESERVED.contains(lower(token))) {
            throw SelectErrors.of(
                    "ParseUnexpectedKeyword",
                    "The SQL expression contains an unexpected keyword: " + token.shown() + ".");
        }
        return path();
    }

    private static Value ion(String literal) {
        return Timestamp.parse(literal)
                .<Value>map(Value.Time::new)
                .or(() -> Value.number(literal))
                .orElseThrow(() -> SelectErrors.of(
                        "LexerInvalidIONLiteral",
                        "The SQL expression contains an invalid literal of Ion: "
                                + literal.substring(0, Math.min(50, literal.length()))));
    }

    private Expression.Path path() {
        Token token = next();
        List<Step> steps = new ArrayList<>();
        steps.add(new Step.Name(token.text(), token.kind() == Kind.NAME));
        steps.addAll(steps());
        return new Expression.Path(steps);
    }

    private List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        while (true) {
            if (accept(".")) {
                if (accept("*")) {
                    steps.add(new Step.All());
                } else {
                    Token name = next();
                    if (name.kind() != Kind.WORD && name.kind() != Kind.NAME) {
                        throw SelectErrors.of("ParseExpectedMember", "The SQL expression lacks a name behind a point.");
                    }
                    steps.add(new Step.Name(name.text(), name.kind() == Kind.NAME));
                }
            } else if (accept("[")) {
                Token inside = next();
                if (inside.is("*")) {
                    steps.add(new Step.All());
                } else if (inside.kind() == Kind.TEXT) {
                    steps.add(new Step.Name(inside.text(), true));
                } else if (inside.kind() == Kind.NUMBER && inside.text().matches("\\d{1,9}")) {
                    steps.add(new Step.Index(Integer.parseInt(inside.text())));
                } else {
                    throw SelectErrors.of("InvalidKeyPath", "The key path in the SQL expression is invalid.");
                }
                expect("]");
            } else {
                return steps;
            }
            if (steps.size() > DEEPEST) {
                throw SelectErrors.of("InvalidKeyPath", "The key path in the SQL expression is too long.");
            }
        }
    }

    private Expression branches() {
        Optional<Expression> subject = token().is("when") ? Optional.empty() : Optional.of(expression());
        List<Expression.When> branches = new ArrayList<>();
        while (accept("when")) {
            Expression condition = expression();
            expect("then");
            Expression test = subject.<Expression>map(of -> new Expression.Comparison("=", of, condition))
                    .orElse(condition);
            branches.add(new Expression.When(test, expression()));
        }
        if (branches.isEmpty()) {
            throw SelectErrors.of(
                    "ParseExpectedWhenClause", "Did not find the expected WHEN clause in the SQL expression.");
        }
        Expression otherwise = accept("else") ? expression() : new Expression.Literal(Value.Absent.NULL);
        expect("end");
        return new Expression.Case(branches, otherwise);
    }

    /** Behind the opening parenthesis. */
    private Expression call(Token name) {
        return switch (lower(name)) {
            case "avg", "count", "max", "min", "sum" -> aggregate(name);
            case "cast" -> cast();
            case "extract" -> {
                Timestamp.Part part = part();
                expect("from");
                yield closed(Expression.Function.EXTRACT, Optional.of(part), List.of(expression()));
            }
            case "date_add", "date_diff" -> {
                Timestamp.Part part = part();
                if (!part.isCounted()) {
                    throw datePart();
                }
                expect(",");
                yield closed(function(name), Optional.of(part), arguments());
            }
            case "substring" -> substring();
            case "trim" -> trim();
            case "distinct", "exists", "any", "all" -> throw structure();
            default -> closed(function(name), Optional.empty(), arguments());
        };
    }

    private static Expression.Function function(Token name) {
        for (Expression.Function function : Expression.Function.values()) {
            if (function.name().equalsIgnoreCase(name.text())
                    && !function.name().startsWith("TRIM_")) {
                return function;
            }
        }
        throw SelectErrors.of(
                "UnsupportedFunction", "We encountered an unsupported SQL function: " + name.shown() + ".");
    }

    private List<Expression> arguments() {
        List<Expression> arguments = new ArrayList<>();
        if (!token().is(")")) {
            do {
                arguments.add(expression());
            } while (accept(","));
        }
        return arguments;
    }

    private Expression closed(Expression.Function function, Optional<Timestamp.Part> part, List<Expression> arguments) {
        if (!accept(")")) {
            throw SelectErrors.of(
                    "ParseExpectedRightParenBuiltinFunctionCall",
                    "Did not find the expected right parenthesis character in the SQL expression.");
        }
        if (!function.takes(arguments.size())) {
            throw SelectErrors.argument(function + " does not take " + arguments.size() + " arguments.");
        }
        return new Expression.Call(function, part, arguments);
    }

    private Timestamp.Part part() {
        Token token = next();
        return Timestamp.Part.of(token.kind() == Kind.WORD ? token.text() : "").orElseThrow(SelectParser::datePart);
    }

    private static AwsError datePart() {
        return SelectErrors.of("ParseExpectedDatePart", "Did not find the expected date part in the SQL expression.");
    }

    private Expression aggregate(Token name) {
        if (inAggregate) {
            throw structure();
        }
        refuse("distinct");
        if (aggregates.size() == MOST_AGGREGATES) {
            throw structure();
        }
        Expression.Kind kind = Expression.Kind.valueOf(name.text().toUpperCase(Locale.ROOT));
        Optional<Expression> argument = Optional.empty();
        if (accept("*")) {
            if (kind != Expression.Kind.COUNT) {
                throw SelectErrors.of(
                        "ParseUnsupportedCallWithStar",
                        "Only COUNT with (*) as a parameter is supported in the SQL expression.");
            }
        } else {
            inAggregate = true;
            List<Expression> arguments = arguments();
            inAggregate = false;
            if (arguments.size() != 1) {
                throw SelectErrors.of(
                        "ParseNonUnaryAgregateFunctionCall",
                        "Only one argument is supported for aggregate functions in the SQL expression.");
            }
            argument = Optional.of(arguments.getFirst());
        }
        expect(")");
        Expression.Aggregate aggregate = new Expression.Aggregate(kind, argument, aggregates.size());
        aggregates.add(aggregate);
        return aggregate;
    }

    private Expression cast() {
        Expression operand = expression();
        expect("as");
        Token name = next();
        Expression.Type type = switch (name.kind() == Kind.WORD ? lower(name) : "") {
            case "bool", "boolean" -> Expression.Type.BOOL;
            case "int", "integer" -> Expression.Type.INT;
            case "string", "varchar", "char" -> Expression.Type.STRING;
            case "float", "real" -> Expression.Type.FLOAT;
            case "decimal", "numeric" -> Expression.Type.DECIMAL;
            case "timestamp" -> Expression.Type.TIMESTAMP;
            default ->
                throw SelectErrors.of(
                        "ParseExpectedTypeName", "Did not find the expected type name in the SQL expression.");
        };
        if (accept("(")) {
            do {
                if (next().kind() != Kind.NUMBER) {
                    throw SelectErrors.of(
                            "ParseInvalidTypeParam", "The SQL expression contains an invalid parameter value.");
                }
            } while (accept(","));
            expect(")");
        }
        expect(")");
        return new Expression.Cast(operand, type);
    }

    private Expression substring() {
        List<Expression> arguments = new ArrayList<>();
        arguments.add(expression());
        if (accept("from")) {
            arguments.add(expression());
            if (accept("for")) {
                arguments.add(expression());
            }
        } else {
            while (accept(",")) {
                arguments.add(expression());
            }
        }
        return closed(Expression.Function.SUBSTRING, Optional.empty(), arguments);
    }

    private Expression trim() {
        Expression.Function function = Expression.Function.TRIM_BOTH;
        boolean said = true;
        if (accept("leading")) {
            function = Expression.Function.TRIM_LEADING;
        } else if (accept("trailing")) {
            function = Expression.Function.TRIM_TRAILING;
        } else {
            said = accept("both");
        }
        Expression characters = new Expression.Literal(new Value.Text(" "));
        Expression text;
        if (said && accept("from")) {
            text = expression();
        } else {
            text = expression();
            if (accept("from")) {
                characters = text;
                text = expression();
            }
        }
        return closed(function, Optional.empty(), List.of(text, characters));
    }

    private Token token() {
        return tokens.get(at);
    }

    private Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    private boolean accept(String word) {
        boolean is = token().is(word);
        if (is) {
            at++;
        }
        return is;
    }

    private void expect(String word) {
        if (!accept(word)) {
            throw SelectErrors.of(
                    word.length() > 1 ? "ParseExpectedKeyword" : "ParseExpectedTokenType",
                    "Did not find the expected %s in the SQL expression, but %s."
                            .formatted(word.toUpperCase(Locale.ROOT), token().shown()));
        }
    }

    private void refuse(String word) {
        if (token().is(word)) {
            throw structure();
        }
    }

    private static boolean isName(Token token) {
        return token.kind() == Kind.NAME || (token.kind() == Kind.WORD && !RESERVED.contains(lower(token)));
    }

    private Optional<String> name() {
        return isName(token()) ? Optional.of(next().text()) : Optional.empty();
    }

    private static String lower(Token token) {
        return token.text().toLowerCase(Locale.ROOT);
    }

    private AwsError unexpected() {
        return SelectErrors.of(
                "ParseUnexpectedToken", "The SQL expression contains an unexpected token: " + token().shown() + ".");
    }

    private static AwsError structure() {
        return SelectErrors.of(
                "UnsupportedSqlStructure", "We encountered an unsupported SQL structure. Check the SQL Reference.");
    }
}
