package dev.outcrop.services.s3.select;

import dev.outcrop.services.s3.select.Value.Absent;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** What the functions of all records have come to so far. Those of what is not there count nothing. */
final class Totals {
    private final List<Expression.Aggregate> functions;
    private final long[] counts;
    private final BigDecimal[] sums;
    private final Value[] extremes;

    Totals(List<Expression.Aggregate> functions) {
        this.functions = functions;
        counts = new long[functions.size()];
        sums = new BigDecimal[functions.size()];
        extremes = new Value[functions.size()];
        java.util.Arrays.fill(sums, BigDecimal.ZERO);
        java.util.Arrays.fill(extremes, Absent.NULL);
    }

    void add(Evaluation evaluation, Value row) {
        for (Expression.Aggregate function : functions) {
            int slot = function.slot();
            Value value = function.argument()
                    .map(argument -> evaluation.evaluate(argument, row))
                    .orElse(Value.of(true));
            if (value instanceof Absent) {
                continue;
            }
            counts[slot]++;
            switch (function.kind()) {
                case COUNT -> {}
                case SUM, AVG -> sums[slot] = sums[slot].add(Evaluation.number(value), MathContext.DECIMAL128);
                case MIN, MAX -> {
                    boolean better = extremes[slot] instanceof Absent
                            || Evaluation.order(value, extremes[slot])
                                    .filter(sign -> function.kind() == Expression.Kind.MIN ? sign < 0 : sign > 0)
                                    .isPresent();
                    extremes[slot] = better ? value : extremes[slot];
                }
            }
        }
    }

    List<Value> values() {
        List<Value> values = new ArrayList<>();
        for (Expression.Aggregate function : functions) {
            int slot = function.slot();
            values.add(
                    switch (function.kind()) {
                        case COUNT -> Value.of(counts[slot]);
                        case SUM -> counts[slot] == 0 ? Absent.NULL : new Value.Num(sums[slot]);
                        case AVG ->
                            counts[slot] == 0
                                    ? Absent.NULL
                                    : new Value.Num(sums[slot].divide(
                                            BigDecimal.valueOf(counts[slot]), MathContext.DECIMAL128));
                        case MIN, MAX -> extremes[slot];
                    });
        }
        return values;
    }
}
