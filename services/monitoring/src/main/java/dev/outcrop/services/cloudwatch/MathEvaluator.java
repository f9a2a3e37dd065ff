package dev.outcrop.services.cloudwatch;

import dev.outcrop.services.cloudwatch.MathValue.Many;
import dev.outcrop.services.cloudwatch.MathValue.Scalar;
import dev.outcrop.services.cloudwatch.MathValue.Word;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Works out math expressions.
 *
 * <p>Source: "Metric math syntax and functions", Amazon CloudWatch user guide: where only one of two series has a value,
 * the other's is 0; what is divided by zero is left out.
 */
final class MathEvaluator {
    private final MathData data;
    private final MathFunctions functions;

    MathEvaluator(MathData data) {
        this.data = data;
        functions = new MathFunctions(data, this);
    }

    /**
     * What {@code expression} comes to as series.
     *
     * @throws InvalidExpressionException if it makes no sense, or comes to a number only
     */
    List<TimeSeries> series(MathExpression expression) {
        return switch (evaluate(expression)) {
            case TimeSeries one -> List.of(one);
            case Many many -> many.series();
            case Scalar _, Word _ ->
                throw new InvalidExpressionException(
                        "The final result of an expression must be a time series or an array of time series.");
        };
    }

    MathValue evaluate(MathExpression expression) {
        return switch (expression) {
            case MathExpression.Constant constant -> new Scalar(constant.value());
            case MathExpression.Text text -> new Word(text.text());
            case MathExpression.Name name -> data.named(name.name()).orElseGet(() -> word(name.name()));
            case MathExpression.Negation negation ->
                each(evaluate(negation.operand()), number -> -number, series -> series.map(value -> -value));
            case MathExpression.Operation operation ->
                operate(operator(operation.operator()), evaluate(operation.left()), evaluate(operation.right()));
            case MathExpression.Call call -> functions.call(call);
            case MathExpression.Array array -> {
                List<TimeSeries> all = array.elements().stream()
                        .map(this::evaluate)
                        .flatMap(value -> switch (value) {
                            case TimeSeries one -> Stream.of(one);
                            case Many many -> many.series().stream();
                            case Scalar _, Word _ ->
                                throw new InvalidExpressionException("An array can hold only time series.");
                        })
                        .toList();
                yield new Many(all);
            }
            case MathExpression.Select select -> new Many(data.select(select.query()));
        };
    }

    private static Word word(String name) {
        if (MathFunctions.WORDS.contains(name)) {
            return new Word(name);
        }
        throw new InvalidExpressionException("Undefined variable \"" + name + "\".");
    }

    private static DoubleBinaryOperator operator(String operator) {
        return switch (operator) {
            case "+" -> Double::sum;
            case "-" -> (left, right) -> left - right;
            case "*" -> (left, right) -> left * right;
            case "/" -> (left, right) -> right == 0 ? Double.NaN : left / right;
            case "^" -> Math::pow;
            case "==" -> (left, right) -> truth(left == right);
            case "!=" -> (left, right) -> truth(left != right);
            case "<=" -> (left, right) -> truth(left <= right);
            case ">=" -> (left, right) -> truth(left >= right);
            case "<" -> (left, right) -> truth(left < right);
            case ">" -> (left, right) -> truth(left > right);
            case "&&" -> (left, right) -> truth(left != 0 && right != 0);
            case "||" -> (left, right) -> truth(left != 0 || right != 0);
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private static double truth(boolean holds) {
        return holds ? 1 : 0;
    }

    private static MathValue operate(DoubleBinaryOperator operator, MathValue left, MathValue right) {
        return switch (left) {
            case Scalar one ->
                each(
                        right,
                        other -> operator.applyAsDouble(one.value(), other),
                        series -> series.map(value -> operator.applyAsDouble(one.value(), value)));
            case TimeSeries one ->
                switch (right) {
                    case Scalar other -> one.map(value -> operator.applyAsDouble(value, other.value()));
                    case TimeSeries other -> both(operator, one, other);
                    case Many others ->
                        new Many(others.series().stream()
                                .map(other -> both(operator, one, other).withLabel(other.label()))
                                .toList());
                    case Word word -> throw noOperand(word);
                };
            case Many ones ->
                switch (right) {
                    case Scalar other ->
                        new Many(ones.series().stream()
                                .map(one -> one.map(value -> operator.applyAsDouble(value, other.value())))
                                .toList());
                    case TimeSeries other ->
                        new Many(ones.series().stream()
                                .map(one -> both(operator, one, other))
                                .toList());
                    case Many _ ->
                        throw new InvalidExpressionException(
                                "An operator can stand between an array of time series and a time series or a number,"
                                        + " not between two arrays.");
                    case Word word -> throw noOperand(word);
                };
            case Word word -> throw noOperand(word);
        };
    }

    private static InvalidExpressionException noOperand(Word word) {
        return new InvalidExpressionException("\"" + word.text() + "\" cannot be calculated with.");
    }

    private static TimeSeries both(DoubleBinaryOperator operator, TimeSeries left, TimeSeries right) {
        NavigableMap<Long, Double> values = new TreeMap<>();
        TreeSet<Long> times = new TreeSet<>(left.values().keySet());
        times.addAll(right.values().keySet());
        for (long time : times) {
            TimeSeries.put(
                    values,
                    time,
                    operator.applyAsDouble(
                            left.values().getOrDefault(time, 0.0),
                            right.values().getOrDefault(time, 0.0)));
        }
        return new TimeSeries(left.label(), Math.max(left.period(), right.period()), Optional.empty(), values);
    }

    /** A value with its number, or each of its series, changed. */
    static MathValue each(MathValue value, DoubleUnaryOperator number, UnaryOperator<TimeSeries> series) {
        return switch (value) {
            case Scalar one -> new Scalar(number.applyAsDouble(one.value()));
            case TimeSeries one -> series.apply(one);
            case Many many -> new Many(many.series().stream().map(series).toList());
            case Word word -> throw noOperand(word);
        };
    }
}
