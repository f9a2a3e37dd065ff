package dev.outcrop.engines.text.template;

import dev.outcrop.engines.text.template.Expression.Argument;
import dev.outcrop.engines.text.template.Expression.Arguments;
import dev.outcrop.engines.text.template.Expression.BinaryOperator;
import dev.outcrop.engines.text.template.Expression.ComparisonOperator;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads tokens into expressions, with jinja2's precedence: what binds least comes first below. */
class Parser {
    /** Deeper nesting than this is no chat template. */
    private static final int MAXIMUM_DEPTH = 200;

    private final List<Token> tokens;
    private int next;
    private int depth;

    Parser(List<Token> tokens) {
        this.tokens = tokens;
    }

    final Token peek() {
        return tokens.get(next);
    }

    final Token peekAhead() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    final Token take() {
        Token token = tokens.get(next);
        if (next < tokens.size() - 1) {
            next++;
        }
        return token;
    }

    final boolean at(Token.Kind kind) {
        return peek().kind() == kind;
    }

    final boolean atOperator(String operator) {
        return peek().is(Token.Kind.OPERATOR, operator);
    }

    final boolean atName(String name) {
        return peek().is(Token.Kind.NAME, name);
    }

    final boolean takeOperator(String operator) {
        boolean there = atOperator(operator);
        if (there) {
            take();
        }
        return there;
    }

    final boolean takeName(String name) {
        boolean there = atName(name);
        if (there) {
            take();
        }
        return there;
    }

    final void expectOperator(String operator) {
        if (!takeOperator(operator)) {
            throw failure("expected '" + operator + "', got '" + peek().text() + "'");
        }
    }

    final void expect(Token.Kind kind) {
        if (take().kind() != kind) {
            throw failure("unexpected '" + peek().text() + "'");
        }
    }

    final String name() {
        Token token = take();
        if (token.kind() != Token.Kind.NAME) {
            throw failure("expected a name, got '" + token.text() + "'");
        }
        return token.text();
    }

    final TemplateException failure(String message) {
        return new TemplateException("line " + peek().line() + ": " + message);
    }

    /** Runs {@code parser} one level deeper. */
    final <T> T nested(Supplier<T> parser) {
        if (++depth > MAXIMUM_DEPTH) {
            throw failure("nested more than " + MAXIMUM_DEPTH + " levels deep");
        }
        T result = parser.get();
        depth--;
        return result;
    }

    final Expression expression() {
        return nested(this::conditional);
    }

    /** One expression, or a tuple of several with commas between. */
    final Expression tuple() {
        Expression first = expression();
        if (!atOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (takeOperator(",")) {
            if (endsTuple()) {
                break;
            }
            items.add(expression());
        }
        return new Expression.ListLiteral(List.copyOf(items), true);
    }

    private boolean endsTuple() {
        return at(Token.Kind.VARIABLE_END) || at(Token.Kind.BLOCK_END) || atOperator(")");
    }

    private Expression conditional() {
        Expression value = or();
        while (takeName("if")) {
            Expression condition = or();
            Optional<Expression> no = takeName("else") ? Optional.of(expression()) : Optional.empty();
            value = new Expression.Conditional(condition, value, no);
        }
        return value;
    }

    /** An expression that is not followed by an {@code if} of its own, as after {@code in} of a loop. */
    final Expression or() {
        Expression left = and();
        while (takeName("or")) {
            left = new Expression.Or(left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (takeName("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        if (takeName("not")) {
            return new Expression.Not(nested(this::not));
        }
        return comparison();
    }

    private Expression comparison() {
        Expression first = sum();
        List<ComparisonOperator> operators = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        for (Optional<ComparisonOperator> operator = comparisonOperator();
                operator.isPresent();
                operator = comparisonOperator()) {
            operators.add(operator.get());
            others.add(sum());
        }
        return operators.isEmpty()
                ? first
                : new Expression.Comparison(first, List.copyOf(operators), List.copyOf(others));
    }

    private Optional<ComparisonOperator> comparisonOperator() {
        if (atName("not") && peekAhead().is(Token.Kind.NAME, "in")) {
            take();
            take();
            return Optional.of(ComparisonOperator.NOT_IN);
        }
        if (takeName("in")) {
            return Optional.of(ComparisonOperator.IN);
        }
        if (!at(Token.Kind.OPERATOR)) {
            return Optional.empty();
        }
        Optional<ComparisonOperator> operator = switch (peek().text()) {
            case "==" -> Optional.of(ComparisonOperator.EQUAL);
            case "!=" -> Optional.of(ComparisonOperator.NOT_EQUAL);
            case "<" -> Optional.of(ComparisonOperator.LESS);
            case "<=" -> Optional.of(ComparisonOperator.LESS_OR_EQUAL);
            case ">" -> Optional.of(ComparisonOperator.GREATER);
            case ">=" -> Optional.of(ComparisonOperator.GREATER_OR_EQUAL);
            default -> Optional.empty();
        };
        if (operator.isPresent()) {
            take();
        }
        return operator;
    }

    private Expression sum() {
        Expression left = concatenation();
        while (true) {
            if (takeOperator("+")) {
                left = new Expression.Binary(BinaryOperator.ADD, left, concatenation());
            } else if (takeOperator("-")) {
                left = new Expression.Binary(BinaryOperator.SUBTRACT, left, concatenation());
            } else {
                return left;
            }
        }
    }

    private Expression concatenation() {
        Expression first = product();
        if (!atOperator("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (takeOperator("~")) {
            parts.add(product());
        }
        return new Expression.Concatenation(List.copyOf(parts));
    }

    private Expression product() {
        Expression left = power();
        while (true) {
            if (takeOperator("*")) {
                left = new Expression.Binary(BinaryOperator.MULTIPLY, left, power());
            } else if (takeOperator("/")) {
                left = new Expression.Binary(BinaryOperator.DIVIDE, left, power());
            } else if (takeOperator("//")) {
                left = new Expression.Binary(BinaryOperator.FLOOR_DIVIDE, left, power());
            } else if (takeOperator("%")) {
                left = new Expression.Binary(BinaryOperator.REMAINDER, left, power());
            } else {
                return left;
            }
        }
    }

    private Expression power() {
        Expression left = unary(true);
        while (takeOperator("**")) {
            left = new Expression.Binary(BinaryOperator.POWER, left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean withFilters) {
        Expression value;
        if (takeOperator("-")) {
            value = new Expression.Negative(nested(() -> unary(false)));
        } else if (takeOperator("+")) {
            value = new Expression.Positive(nested(() -> unary(false)));
        } else {
            value = primary();
        }
        value = postfix(value);
        return withFilters ? filters(value) : value;
    }

    private Expression primary() {
        Token token = take();
        return switch (token.kind()) {
            case NAME -> named(token.text());
            case STRING -> {
                StringBuilder value = new StringBuilder(token.text());
                while (at(Token.Kind.STRING)) {
                    value.append(take().text());
                }
                yield new Expression.Constant(Text.of(value.toString()));
            }
            case INTEGER -> new Expression.Constant(integer(token.text()));
            case FLOAT -> new Expression.Constant(Double.valueOf(token.text().replace("_", "")));
            case OPERATOR ->
                switch (token.text()) {
                    case "(" -> nested(this::parenthesised);
                    case "[" -> nested(this::list);
                    case "{" -> nested(this::dictionary);
                    default -> throw failure("unexpected '" + token.text() + "'");
                };
            default -> throw failure("unexpected '" + token.text() + "'");
        };
    }

    private static Expression named(String name) {
        return switch (name) {
            case "true", "True" -> new Expression.Constant(true);
            case "false", "False" -> new Expression.Constant(false);
            case "none", "None" -> new Expression.Constant(null);
            default -> new Expression.Name(name);
        };
    }

    private static Object integer(String digits) {
        String plain = digits.replace("_", "").toLowerCase(Locale.ROOT);
        BigInteger value = switch (plain.length() > 1 ? plain.charAt(1) : ' ') {
            case 'x' -> new BigInteger(plain.substring(2), 16);
            case 'o' -> new BigInteger(plain.substring(2), 8);
            case 'b' -> new BigInteger(plain.substring(2), 2);
            default -> new BigInteger(plain);
        };
        return PythonValues.integer(value);
    }

    private Expression parenthesised() {
        if (takeOperator(")")) {
            return new Expression.ListLiteral(List.of(), true);
        }
        Expression value = tuple();
        expectOperator(")");
        return value;
    }

    private Expression list() {
        List<Expression> items = new ArrayList<>();
        while (!takeOperator("]")) {
            if (!items.isEmpty()) {
                expectOperator(",");
                if (takeOperator("]")) {
                    break;
                }
            }
            items.add(expression());
        }
        return new Expression.ListLiteral(List.copyOf(items), false);
    }

    private Expression dictionary() {
        List<Expression.Entry> entries = new ArrayList<>();
        while (!takeOperator("}")) {
            if (!entries.isEmpty()) {
                expectOperator(",");
                if (takeOperator("}")) {
                    break;
                }
            }
            Expression key = expression();
            expectOperator(":");
            entries.add(new Expression.Entry(key, expression()));
        }
        return new Expression.DictionaryLiteral(List.copyOf(entries));
    }

    private Expression postfix(Expression start) {
        Expression value = start;
        while (true) {
            if (takeOperator(".")) {
                value = member(value);
            } else if (takeOperator("[")) {
                value = subscript(value);
            } else if (atOperator("(")) {
                value = new Expression.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    private Expression member(Expression of) {
        Token token = take();
        return switch (token.kind()) {
            case NAME -> new Expression.Attribute(of, token.text());
            case INTEGER -> new Expression.Item(of, new Expression.Constant(integer(token.text())));
            default -> throw failure("expected a name or number, got '" + token.text() + "'");
        };
    }

    private Expression subscript(Expression of) {
        Optional<Expression> start = atOperator(":") ? Optional.empty() : Optional.of(expression());
        if (!atOperator(":")) {
            expectOperator("]");
            return new Expression.Item(of, start.orElseThrow());
        }
        take();
        Optional<Expression> stop = sliceBound();
        Optional<Expression> step = takeOperator(":") ? sliceBound() : Optional.empty();
        expectOperator("]");
        return new Expression.Slice(of, start, stop, step);
    }

    private Optional<Expression> sliceBound() {
        return atOperator(":") || atOperator("]") ? Optional.empty() : Optional.of(expression());
    }

    final Expression filters(Expression start) {
        Expression value = start;
        while (true) {
            if (takeOperator("|")) {
                value = filter(Optional.of(value));
            } else if (takeName("is")) {
                value = test(value);
            } else if (atOperator("(")) {
                value = new Expression.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    final Expression filter(Optional<Expression> of) {
        String name = dottedName();
        return new Expression.Filter(of, name, atOperator("(") ? arguments() : Arguments.NONE);
    }

    private String dottedName() {
        StringBuilder name = new StringBuilder(name());
        while (takeOperator(".")) {
            name.append('.').append(name());
        }
        return name.toString();
    }

    private Expression test(Expression of) {
        boolean negated = takeName("not");
        String name = dottedName();
        Arguments arguments = Arguments.NONE;
        if (atOperator("(")) {
            arguments = arguments();
        } else if (startsTestArgument()) {
            if (atName("is")) {
                throw failure("You cannot chain multiple tests with is");
            }
            Expression argument = postfix(primary());
            arguments = new Arguments(List.of(argument), List.of(), List.of(), List.of());
        }
        return new Expression.Test(of, name, arguments, negated);
    }

    private boolean startsTestArgument() {
        return switch (peek().kind()) {
            case NAME -> !atName("else") && !atName("or") && !atName("and") && !atName("if");
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> atOperator("(") || atOperator("[") || atOperator("{");
            default -> false;
        };
    }

    final Arguments arguments() {
        expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        List<Argument> named = new ArrayList<>();
        List<Expression> unpacked = new ArrayList<>();
        List<Expression> unpackedNamed = new ArrayList<>();
        boolean first = true;
        while (!takeOperator(")")) {
            if (!first) {
                expectOperator(",");
                if (takeOperator(")")) {
                    break;
                }
            }
            first = false;
            if (takeOperator("**")) {
                unpackedNamed.add(expression());
            } else if (takeOperator("*")) {
                unpacked.add(expression());
            } else if (at(Token.Kind.NAME) && peekAhead().is(Token.Kind.OPERATOR, "=")) {
                String name = name();
                take();
                named.add(new Argument(name, expression()));
            } else {
                positional.add(expression());
            }
        }
        return new Arguments(
                List.copyOf(positional), List.copyOf(named), List.copyOf(unpacked), List.copyOf(unpackedNamed));
    }
}
