package dev.outcrop.engines.text.template;

import dev.outcrop.engines.text.template.Expression.BinaryOperator;
import dev.outcrop.engines.text.template.PythonValues.Tuple;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Python's operators. */
final class Arithmetic {
    private static final int MAXIMUM_EXPONENT = 1_000;

    private Arithmetic() {}

    static Object apply(BinaryOperator operator, Object left, Object right) {
        if (PythonValues.isNumber(left) && PythonValues.isNumber(right)) {
            boolean whole = !(left instanceof Double) && !(right instanceof Double);
            if (operator == BinaryOperator.DIVIDE) {
                return quotient(PythonValues.number(left), PythonValues.number(right));
            }
            return whole
                    ? wholeResult(operator, big(left), big(right))
                    : floatResult(operator, PythonValues.number(left), PythonValues.number(right));
        }
        return switch (operator) {
            case ADD -> sum(left, right);
            case MULTIPLY -> product(left, right);
            case REMAINDER -> {
                if (left instanceof Text format) {
                    yield PythonFormat.percent(format, right);
                }
                throw unsupported(operator, left, right);
            }
            default -> throw unsupported(operator, left, right);
        };
    }

    /** How many characters or items {@code left * right} makes by repeating. */
    static long repetition(Object left, Object right) {
        if (left instanceof Long times && !PythonValues.isNumber(right)) {
            return repetition(right, times);
        }
        if (!(right instanceof Long times) || times <= 0) {
            return 0;
        }
        long size = switch (left) {
            case Text text -> text.length();
            case List<?> list -> list.size();
            case null, default -> 0;
        };
        return size == 0 ? 0 : Math.max(size, Math.multiplyHigh(size, times) != 0 ? Long.MAX_VALUE >> 1 : size * times);
    }

    static Object negative(Object value) {
        if (!PythonValues.isNumber(value)) {
            throw new TemplateException("bad operand type for unary -: '" + PythonValues.typeName(value) + "'");
        }
        return value instanceof Double number
                ? (Object) (-number)
                : PythonValues.integer(big(value).negate());
    }

    static Object positive(Object value) {
        if (!PythonValues.isNumber(value)) {
            throw new TemplateException("bad operand type for unary +: '" + PythonValues.typeName(value) + "'");
        }
        return value instanceof Boolean truth ? (Object) (truth ? 1L : 0L) : value;
    }

    private static BigInteger big(Object value) {
        return value instanceof BigInteger number ? number : BigInteger.valueOf(PythonValues.whole(value));
    }

    private static double quotient(double left, double right) {
        if (right == 0) {
            throw new TemplateException("division by zero");
        }
        return left / right;
    }

    private static Object wholeResult(BinaryOperator operator, BigInteger left, BigInteger right) {
        if ((operator == BinaryOperator.FLOOR_DIVIDE || operator == BinaryOperator.REMAINDER) && right.signum() == 0) {
            throw new TemplateException("integer division or modulo by zero");
        }
        return switch (operator) {
            case ADD -> PythonValues.integer(left.add(right));
            case SUBTRACT -> PythonValues.integer(left.subtract(right));
            case MULTIPLY -> PythonValues.integer(bounded(left).multiply(bounded(right)));
            case FLOOR_DIVIDE ->
                PythonValues.integer(left.subtract(floorRemainder(left, right)).divide(right));
            case REMAINDER -> PythonValues.integer(floorRemainder(left, right));
            case POWER -> {
                if (right.signum() < 0) {
                    yield Math.pow(left.doubleValue(), right.doubleValue());
                }
                if (right.bitLength() > 31 || right.intValue() > MAXIMUM_EXPONENT) {
                    throw new TemplateException("an exponent is above " + MAXIMUM_EXPONENT);
                }
                yield PythonValues.integer(bounded(left).pow(right.intValue()));
            }
            case DIVIDE -> throw new IllegalStateException("division gives a float");
        };
    }

    private static BigInteger bounded(BigInteger value) {
        if (value.bitLength() > 1 << 16) {
            throw new TemplateException("a number has more than 65536 bits");
        }
        return value;
    }

    private static BigInteger floorRemainder(BigInteger left, BigInteger right) {
        BigInteger remainder = left.remainder(right);
        return remainder.signum() != 0 && remainder.signum() != right.signum() ? remainder.add(right) : remainder;
    }

    private static Object floatResult(BinaryOperator operator, double left, double right) {
        return switch (operator) {
            case ADD -> left + right;
            case SUBTRACT -> left - right;
            case MULTIPLY -> left * right;
            case DIVIDE -> quotient(left, right);
            case FLOOR_DIVIDE -> Math.floor(quotient(left, right));
            case REMAINDER -> left - right * Math.floor(quotient(left, right));
            case POWER -> Math.pow(left, right);
        };
    }

    private static Object sum(Object left, Object right) {
        if (left instanceof Text leftText && right instanceof Text rightText) {
            return leftText.concat(rightText);
        }
        if (left instanceof List<?> leftList
                && right instanceof List<?> rightList
                && (left instanceof Tuple) == (right instanceof Tuple)) {
            List<Object> items = new ArrayList<>(leftList);
            items.addAll(rightList);
            return left instanceof Tuple ? new Tuple(items) : items;
        }
        if (left instanceof Text) {
            throw new TemplateException(
                    "can only concatenate str (not \"" + PythonValues.typeName(right) + "\") to str");
        }
        throw unsupported(BinaryOperator.ADD, left, right);
    }

    private static Object product(Object left, Object right) {
        if (left instanceof Long && !(right instanceof Long)) {
            return product(right, left);
        }
        if (left instanceof Text text && right instanceof Long times) {
            return PythonStrings.repeat(text, times);
        }
        if (left instanceof List<?> list && right instanceof Long times) {
            List<Object> items = new ArrayList<>();
            for (long time = 0; time < times; time++) {
                items.addAll(list);
            }
            return items;
        }
        throw unsupported(BinaryOperator.MULTIPLY, left, right);
    }

    private static TemplateException unsupported(BinaryOperator operator, Object left, Object right) {
        String sign = switch (operator) {
            case ADD -> "+";
            case SUBTRACT -> "-";
            case MULTIPLY -> "*";
            case DIVIDE -> "/";
            case FLOOR_DIVIDE -> "//";
            case REMAINDER -> "%";
            case POWER -> "**";
        };
        return new TemplateException("unsupported operand type(s) for " + sign + ": '" + PythonValues.typeName(left)
                + "' and '" + PythonValues.typeName(right) + "'");
    }
}
