package dev.outcrop.services.s3.select;

import dev.outcrop.services.s3.select.Expression.Step;
import dev.outcrop.services.s3.select.Value.Absent;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Computes what expressions come to. What is not there makes what is computed of it not be there, by SQL's logic of three
 * values. A text beside a number or a moment counts as one if it is one, since all that CSV has is texts.
 */
final class Evaluation {
    private static final MathContext EXACT = new MathContext(38, RoundingMode.HALF_EVEN);
    private static final long FURTHEST = 1L << 40;
    private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal SMALLEST = BigDecimal.valueOf(Long.MIN_VALUE);

    private final String alias;
    private final List<Value> aggregates;
    private final OffsetDateTime now;

    /**
     * Of one statement.
     *
     * @param alias      what it calls a record
     * @param aggregates what its functions of all records have come to; none before that is known
     * @param now        what {@code UTCNOW} gives
     */
    Evaluation(String alias, List<Value> aggregates, OffsetDateTime now) {
        this.alias = alias;
        this.aggregates = List.copyOf(aggregates);
        this.now = now;
    }

    /** The same, once functions of all records are known. */
    Evaluation with(List<Value> values) {
        return new Evaluation(alias, values, now);
    }

    boolean isTrue(Expression expression, Value row) {
        return evaluate(expression, row) instanceof Value.Bool(boolean value) && value;
    }

    Value evaluate(Expression expression, Value row) {
        return switch (expression) {
            case Expression.Literal(Value value) -> value;
            case Expression.Path(List<Step> steps) -> follow(steps, row);
            case Expression.Not(Expression operand) ->
                evaluate(operand, row) instanceof Value.Bool(boolean value) ? Value.of(!value) : Absent.NULL;
            case Expression.Negative(Expression operand) -> {
                Value value = evaluate(operand, row);
                yield value instanceof Absent
                        ? Absent.NULL
                        : new Value.Num(number(value).negate());
            }
            case Expression.Arithmetic(char operator, Expression left, Expression right) ->
                arithmetic(operator, evaluate(left, row), evaluate(right, row));
            case Expression.Comparison(String operator, Expression left, Expression right) ->
                compared(operator, evaluate(left, row), evaluate(right, row));
            case Expression.And(Expression left, Expression right) -> logic(left, right, row, false);
            case Expression.Or(Expression left, Expression right) -> logic(left, right, row, true);
            case Expression.In(Expression operand, List<Expression> choices) ->
                in(evaluate(operand, row), choices, row);
            case Expression.Like like -> like(like, row);
            case Expression.IsAbsent(Expression operand, boolean missing) -> {
                Value value = evaluate(operand, row);
                yield Value.of(missing ? value == Absent.MISSING : value instanceof Absent);
            }
            case Expression.Case(List<Expression.When> branches, Expression otherwise) -> {
                for (Expression.When branch : branches) {
                    if (isTrue(branch.condition(), row)) {
                        yield evaluate(branch.result(), row);
                    }
                }
                yield evaluate(otherwise, row);
            }
            case Expression.Cast(Expression operand, Expression.Type type) -> cast(evaluate(operand, row), type);
            case Expression.Call call -> call(call, row);
            case Expression.Aggregate aggregate -> aggregates.get(aggregate.slot());
        };
    }

    private Value follow(List<Step> steps, Value row) {
        Step.Name first = (Step.Name) steps.getFirst();
        boolean row1 = first.name().equals("_1") && !(row instanceof Value.Columns);
        boolean whole = row1
                || (first.exact() ? first.name().equals(alias) : first.name().equalsIgnoreCase(alias));
        Value at = whole ? row : step(row, first);
        for (Step step : steps.subList(1, steps.size())) {
            at = step(at, step);
        }
        return at;
    }

    static Value step(Value value, Step step) {
        return switch (step) {
            case Step.Name(String name, boolean exact) ->
                switch (value) {
                    case Value.Fields(Map<String, Value> fields) -> field(fields, name, exact);
                    case Value.Columns columns ->
                        columns.find(name, exact)
                                .orElseThrow(
                                        () -> SelectErrors.of(
                                                "MissingHeaders",
                                                "Some headers in the query are missing from the file. Check the file and try again."));
                    default -> Absent.MISSING;
                };
            case Step.Index(int index) ->
                value instanceof Value.Items(List<Value> items) && index < items.size()
                        ? items.get(index)
                        : Absent.MISSING;
            case Step.All _ ->
                throw SelectErrors.of(
                        "InvalidKeyPath",
                        "The key path in the SQL expression is invalid: wildcards are" + " for the FROM clause.");
        };
    }

    private static Value field(Map<String, Value> fields, String name, boolean exact) {
        Value found = fields.get(name);
        if (found != null) {
            return found;
        }
        if (!exact) {
            for (Map.Entry<String, Value> field : fields.entrySet()) {
                if (field.getKey().equalsIgnoreCase(name)) {
                    return field.getValue();
                }
            }
        }
        return Absent.MISSING;
    }

    /** And, or or: what decides by itself is {@code decisive}. */
    private Value logic(Expression left, Expression right, Value row, boolean decisive) {
        Value first = evaluate(left, row);
        if (first instanceof Value.Bool(boolean value) && value == decisive) {
            return first;
        }
        Value second = evaluate(right, row);
        if (second instanceof Value.Bool(boolean value) && value == decisive) {
            return second;
        }
        return first instanceof Value.Bool && second instanceof Value.Bool ? Value.of(!decisive) : Absent.NULL;
    }

    private Value in(Value value, List<Expression> choices, Value row) {
        boolean unknown = value instanceof Absent;
        for (Expression choice : choices) {
            Value same = compared("=", value, evaluate(choice, row));
            if (same instanceof Value.Bool(boolean is) && is) {
                return same;
            }
            unknown |= same instanceof Absent;
        }
        return unknown ? Absent.NULL : Value.of(false);
    }

    private static Value compared(String operator, Value left, Value right) {
        if (left instanceof Absent || right instanceof Absent) {
            return Absent.NULL;
        }
        Optional<Integer> order = order(left, right);
        if (order.isEmpty()) {
            return switch (operator) {
                case "=" -> Value.of(left.equals(right));
                case "<>" -> Value.of(!left.equals(right));
                default -> Absent.NULL;
            };
        }
        int sign = order.get();
        return Value.of(
                switch (operator) {
                    case "=" -> sign == 0;
                    case "<>" -> sign != 0;
                    case "<" -> sign < 0;
                    case "<=" -> sign <= 0;
                    case ">" -> sign > 0;
                    default -> sign >= 0;
                });
    }

    /** How two values stand to each other; empty if they are not of one kind. */
    static Optional<Integer> order(Value left, Value right) {
        return switch (left) {
            case Value.Num(BigDecimal number) ->
                switch (right) {
                    case Value.Num(BigDecimal other) -> Optional.of(number.compareTo(other));
                    case Value.Text(String text) -> Value.number(text).map(other -> number.compareTo(other.value()));
                    default -> Optional.empty();
                };
            case Value.Time(Timestamp time) ->
                switch (right) {
                    case Value.Time(Timestamp other) -> Optional.of(time.compareTo(other));
                    case Value.Text(String text) -> Timestamp.parse(text).map(time::compareTo);
                    default -> Optional.empty();
                };
            case Value.Bool(boolean flag) ->
                switch (right) {
                    case Value.Bool(boolean other) -> Optional.of(Boolean.compare(flag, other));
                    case Value.Text(String text) -> Value.bool(text).map(other -> Boolean.compare(flag, other));
                    default -> Optional.empty();
                };
            case Value.Text(String text) ->
                right instanceof Value.Text(String other)
                        ? Optional.of(text.compareTo(other))
                        : right instanceof Value.Num || right instanceof Value.Time || right instanceof Value.Bool
                                ? order(right, left).map(sign -> -sign)
                                : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Value arithmetic(char operator, Value left, Value right) {
        if (left instanceof Absent || right instanceof Absent) {
            return Absent.NULL;
        }
        BigDecimal a = number(left);
        BigDecimal b = number(right);
        boolean integers = a.scale() <= 0 && b.scale() <= 0;
        if ((operator == '/' || operator == '%') && b.signum() == 0) {
            throw SelectErrors.argument("division by zero.");
        }
        BigDecimal result = switch (operator) {
            case '+' -> a.add(b, EXACT);
            case '-' -> a.subtract(b, EXACT);
            case '*' -> a.multiply(b, EXACT);
            case '/' -> integers ? a.divideToIntegralValue(b) : a.divide(b, EXACT);
            default -> a.remainder(b);
        };
        return new Value.Num(integers ? checked(result) : limited(result));
    }

    private static BigDecimal checked(BigDecimal integer) {
        if (integer.compareTo(LARGEST) > 0 || integer.compareTo(SMALLEST) < 0) {
            throw SelectErrors.of(
                    "IntegerOverflow", "An integer overflow or underflow occurred in the SQL expression.");
        }
        return integer.setScale(0, RoundingMode.DOWN);
    }

    private static BigDecimal limited(BigDecimal number) {
        if (Math.abs((long) number.scale()) > 800) {
            throw SelectErrors.of("ValueParseFailure", "A number in the SQL expression is out of range.");
        }
        return number;
    }

    static BigDecimal number(Value value) {
        return switch (value) {
            case Value.Num(BigDecimal number) -> number;
            case Value.Text(String text) ->
                Value.number(text)
                        .orElseThrow(() -> SelectErrors.argument(
                                "a number is needed, not " + text.substring(0, Math.min(50, text.length())) + "."))
                        .value();
            default -> throw SelectErrors.argument("a number is needed.");
        };
    }

    private Value like(Expression.Like like, Value row) {
        Value subject = evaluate(like.operand(), row);
        Value pattern = evaluate(like.pattern(), row);
        if (subject instanceof Absent || pattern instanceof Absent) {
            return Absent.NULL;
        }
        Optional<Value> escape = like.escape().map(written -> evaluate(written, row));
        boolean fits = pattern instanceof Value.Text
                && (subject instanceof Value.Text || subject instanceof Value.Num)
                && escape.filter(value -> !(value instanceof Value.Text(String text) && text.length() == 1))
                        .isEmpty();
        if (!fits) {
            throw SelectErrors.of(
                    "LikeInvalidInputs", "Invalid argument given to the LIKE clause in the SQL expression.");
        }
        return Value.of(
                LikePattern.of(text(pattern), escape.map(value -> text(value).charAt(0)))
                        .matches(text(subject)));
    }

    /** A scalar as a text. */
    static String text(Value value) {
        return switch (value) {
            case Value.Text(String text) -> text;
            case Value.Num number -> number.text();
            case Value.Bool(boolean flag) -> String.valueOf(flag);
            case Value.Time(Timestamp time) -> time.text();
            case Absent _, Value.Items _, Value.Fields _, Value.Columns _ ->
                throw SelectErrors.argument("a text is needed.");
        };
    }

    private static Value cast(Value value, Expression.Type type) {
        if (value instanceof Absent) {
            return value;
        }
        if (value instanceof Value.Items || value instanceof Value.Fields || value instanceof Value.Columns) {
            throw SelectErrors.of(
                    "InvalidCast",
                    "Attempt to convert from one data type to another using CAST failed in" + " the SQL expression.");
        }
        String text = text(value);
        return switch (type) {
            case STRING -> new Value.Text(text);
            case BOOL ->
                value instanceof Value.Num(BigDecimal number)
                        ? Value.of(number.signum() != 0)
                        : Value.of(Value.bool(text).orElseThrow(() -> SelectErrors.castFailed(text, "BOOL")));
            case TIMESTAMP ->
                new Value.Time(Timestamp.parse(text).orElseThrow(() -> SelectErrors.castFailed(text, "TIMESTAMP")));
            case INT -> {
                BigDecimal number = toNumber(value, text, "INT");
                if (value instanceof Value.Text && number.stripTrailingZeros().scale() > 0) {
                    throw SelectErrors.castFailed(text, "INT");
                }
                yield new Value.Num(checked(number.setScale(0, RoundingMode.DOWN)));
            }
            case DECIMAL -> new Value.Num(toNumber(value, text, "DECIMAL").round(EXACT));
            case FLOAT -> {
                double number = toNumber(value, text, "FLOAT").doubleValue();
                if (Double.isInfinite(number)) {
                    throw SelectErrors.castFailed(text, "FLOAT");
                }
                yield new Value.Num(BigDecimal.valueOf(number));
            }
        };
    }

    private static BigDecimal toNumber(Value value, String text, String type) {
        return switch (value) {
            case Value.Num(BigDecimal number) -> number;
            case Value.Bool(boolean flag) -> flag ? BigDecimal.ONE : BigDecimal.ZERO;
            default ->
                Value.number(text)
                        .orElseThrow(() -> SelectErrors.castFailed(text, type))
                        .value();
        };
    }

    private Value call(Expression.Call call, Value row) {
        switch (call.function()) {
            case COALESCE -> {
                for (Expression argument : call.arguments()) {
                    Value value = evaluate(argument, row);
                    if (!(value instanceof Absent)) {
                        return value;
                    }
                }
                return Absent.NULL;
            }
            case UTCNOW -> {
                return new Value.Time(Timestamp.of(now));
            }
            default -> {}
        }
        List<Value> values = call.arguments().stream()
                .map(argument -> evaluate(argument, row))
                .toList();
        if (call.function() == Expression.Function.NULLIF) {
            return compared("=", values.get(0), values.get(1)) instanceof Value.Bool(boolean same) && same
                    ? Absent.NULL
                    : values.get(0);
        }
        if (values.stream().anyMatch(Absent.class::isInstance)) {
            return Absent.NULL;
        }
        return applied(call, values);
    }

    private static Value applied(Expression.Call call, List<Value> values) {
        Value first = values.getFirst();
        return switch (call.function()) {
            case CHAR_LENGTH, CHARACTER_LENGTH -> {
                String text = text(first);
                yield Value.of(text.codePointCount(0, text.length()));
            }
            case LOWER -> new Value.Text(text(first).toLowerCase(Locale.ROOT));
            case UPPER -> new Value.Text(text(first).toUpperCase(Locale.ROOT));
            case SUBSTRING ->
                new Value.Text(substring(
                        text(first),
                        integer(values.get(1)),
                        values.size() > 2 ? Optional.of(integer(values.get(2))) : Optional.empty()));
            case TRIM_BOTH -> new Value.Text(trimmed(text(first), text(values.get(1)), true, true));
            case TRIM_LEADING -> new Value.Text(trimmed(text(first), text(values.get(1)), true, false));
            case TRIM_TRAILING -> new Value.Text(trimmed(text(first), text(values.get(1)), false, true));
            case DATE_ADD -> new Value.Time(time(values.get(1)).plus(call.part().orElseThrow(), integer(first)));
            case DATE_DIFF -> Value.of(time(first).until(call.part().orElseThrow(), time(values.get(1))));
            case EXTRACT -> Value.of(time(first).get(call.part().orElseThrow()));
            case TO_STRING -> new Value.Text(time(first).format(text(values.get(1))));
            case TO_TIMESTAMP -> new Value.Time(time(first));
            case COALESCE, NULLIF, UTCNOW -> throw new IllegalStateException("answered before");
        };
    }

    private static long integer(Value value) {
        BigDecimal number = number(value);
        if (!new Value.Num(number).isInteger()) {
            throw SelectErrors.argument("an integer is needed.");
        }
        return checked(number).longValue();
    }

    private static Timestamp time(Value value) {
        return switch (value) {
            case Value.Time(Timestamp time) -> time;
            case Value.Text(String text) ->
                Timestamp.parse(text).orElseThrow(() -> SelectErrors.argument("a timestamp is needed."));
            default -> throw SelectErrors.argument("a timestamp is needed.");
        };
    }

    /** Characters are counted from one; what lies before the first counts towards the length. */
    private static String substring(String text, long start, Optional<Long> length) {
        if (length.isPresent() && length.get() < 0) {
            throw SelectErrors.argument("a length cannot be negative.");
        }
        int count = text.codePointCount(0, text.length());
        // Further than any text goes, and nothing overflows.
        long begin = Math.clamp(start, -FURTHEST, FURTHEST) - 1;
        long end = length.map(given -> begin + Math.min(given, 2 * FURTHEST)).orElse((long) count);
        long from = Math.clamp(begin, 0L, (long) count);
        long to = Math.clamp(end, from, (long) count);
        return text.substring(text.offsetByCodePoints(0, (int) from), text.offsetByCodePoints(0, (int) to));
    }

    private static String trimmed(String text, String characters, boolean leading, boolean trailing) {
        int from = 0;
        int to = text.length();
        while (leading && from < to && characters.indexOf(text.charAt(from)) >= 0) {
            from++;
        }
        while (trailing && to > from && characters.indexOf(text.charAt(to - 1)) >= 0) {
            to--;
        }
        return text.substring(from, to);
    }
}
