package dev.outcrop.engines.text.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Python's values as Java's: str is {@link Text}, int Long or (out of its range) BigInteger, float Double, bool Boolean,
 * None null, list List, tuple {@link Tuple}, dict Map.
 */
final class PythonValues {
    private PythonValues() {}

    /** What a name or attribute that does not exist has for a value. */
    record Undefined(String message) {
        TemplateException failure() {
            return new TemplateException(message);
        }
    }

    /** A list that prints with parentheses. */
    static final class Tuple extends AbstractList<Object> {
        private final List<Object> items;

        Tuple(List<Object> items) {
            this.items = items;
        }

        static Tuple of(Object first, Object second) {
            List<Object> items = new ArrayList<>(2);
            items.add(first);
            items.add(second);
            return new Tuple(items);
        }

        @Override
        public Object get(int index) {
            return items.get(index);
        }

        @Override
        public int size() {
            return items.size();
        }
    }

    /** What {@code namespace()} makes. */
    record Namespace(Map<String, Object> values) {}

    /** A value of Java's usual types as one of ours: strings become texts of the template's own origin. */
    static Object fromJava(Object value) {
        return switch (value) {
            case null -> null;
            case Text text -> text;
            case String text -> Text.of(text);
            case Boolean truth -> truth;
            case Integer number -> number.longValue();
            case Long number -> number;
            case BigInteger number -> integer(number);
            case Double number -> number;
            case List<?> list -> {
                List<Object> items = new ArrayList<>(list.size());
                list.forEach(item -> items.add(fromJava(item)));
                yield items;
            }
            case Map<?, ?> map -> {
                Map<Object, Object> entries = LinkedHashMap.newLinkedHashMap(map.size());
                map.forEach((key, item) -> entries.put(fromJava(key), fromJava(item)));
                yield entries;
            }
            default -> throw new IllegalArgumentException("no template value: " + value.getClass());
        };
    }

    static Object integer(BigInteger value) {
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    static boolean isTrue(Object value) {
        return switch (value) {
            case null -> false;
            case Boolean truth -> truth;
            case Text text -> text.length() > 0;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case Undefined _ -> false;
            default -> true;
        };
    }

    static String typeName(Object value) {
        return switch (value) {
            case null -> "NoneType";
            case Boolean _ -> "bool";
            case Text _ -> "str";
            case Long _ -> "int";
            case BigInteger _ -> "int";
            case Double _ -> "float";
            case Tuple _ -> "tuple";
            case List<?> _ -> "list";
            case Map<?, ?> _ -> "dict";
            case Undefined _ -> "Undefined";
            case Namespace _ -> "Namespace";
            default -> value.getClass().getSimpleName();
        };
    }

    /** {@code str(value)}. */
    static Text str(Object value) {
        return switch (value) {
            case Text text -> text;
            case Undefined _ -> Text.EMPTY;
            case null, default -> repr(value);
        };
    }

    /** {@code repr(value)}. */
    static Text repr(Object value) {
        Text.Builder result = new Text.Builder();
        repr(value, result, 0);
        return result.build();
    }

    private static void repr(Object value, Text.Builder result, int depth) {
        if (depth > JsonText.MAXIMUM_DEPTH) {
            throw new TemplateException("a value is nested more than " + JsonText.MAXIMUM_DEPTH + " levels deep");
        }
        switch (value) {
            case null -> result.append("None");
            case Boolean truth -> result.append(truth ? "True" : "False");
            case Text text -> result.append(PythonStrings.repr(text));
            case Double number -> result.append(floatText(number));
            case Tuple tuple -> {
                reprItems(tuple, result, "(", tuple.size() == 1 ? ",)" : ")", depth);
            }
            case List<?> list -> reprItems(list, result, "[", "]", depth);
            case Map<?, ?> map -> reprEntries(map, result, depth);
            case Undefined _ -> result.append("Undefined");
            default -> result.append(value.toString());
        }
    }

    private static void reprItems(List<?> items, Text.Builder result, String open, String close, int depth) {
        result.append(open);
        String separator = "";
        for (Object item : items) {
            result.append(separator);
            repr(item, result, depth + 1);
            separator = ", ";
        }
        result.append(close);
    }

    private static void reprEntries(Map<?, ?> map, Text.Builder result, int depth) {
        result.append("{");
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            result.append(separator);
            repr(entry.getKey(), result, depth + 1);
            result.append(": ");
            repr(entry.getValue(), result, depth + 1);
            separator = ", ";
        }
        result.append("}");
    }

    /** {@code repr} of a float: the shortest digits that read back, in plain notation from 1e-4 to below 1e16. */
    static String floatText(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        BigDecimal shortest = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = shortest.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        String digits = shortest.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        String sign = number < 0 ? "-" : "";
        int magnitude = Math.abs(exponent);
        return sign + mantissa + "e" + (exponent < 0 ? "-" : "+") + (magnitude < 10 ? "0" : "") + magnitude;
    }

    static boolean equal(Object left, Object right) {
        if (isNumber(left) && isNumber(right)) {
            return (decimalComparable(left) && decimalComparable(right))
                    ? decimal(left).compareTo(decimal(right)) == 0
                    : number(left) == number(right);
        }
        if (left instanceof List<?> leftList && right instanceof List<?> rightList) {
            if (leftList.size() != rightList.size() || (left instanceof Tuple) != (right instanceof Tuple)) {
                return false;
            }
            Iterator<?> others = rightList.iterator();
            return leftList.stream().allMatch(item -> equal(item, others.next()));
        }
        if (left instanceof Map<?, ?> leftMap && right instanceof Map<?, ?> rightMap) {
            return leftMap.size() == rightMap.size()
                    && leftMap.entrySet().stream()
                            .allMatch(entry -> rightMap.containsKey(entry.getKey())
                                    && equal(entry.getValue(), rightMap.get(entry.getKey())));
        }
        if (left instanceof Undefined && right instanceof Undefined) {
            return true;
        }
        return Objects.equals(left, right);
    }

    /** Less than, equal to or greater than 0, as {@code left} is to {@code right}. */
    static int compare(Object left, Object right) {
        if (isNumber(left) && isNumber(right)) {
            return (decimalComparable(left) && decimalComparable(right))
                    ? decimal(left).compareTo(decimal(right))
                    : Double.compare(number(left), number(right));
        }
        if (left instanceof Text leftText && right instanceof Text rightText) {
            return leftText.compareTo(rightText);
        }
        if (left instanceof List<?> leftList && right instanceof List<?> rightList) {
            for (int item = 0; item < Math.min(leftList.size(), rightList.size()); item++) {
                if (!equal(leftList.get(item), rightList.get(item))) {
                    return compare(leftList.get(item), rightList.get(item));
                }
            }
            return Integer.compare(leftList.size(), rightList.size());
        }
        throw new TemplateException(
                "'<' not supported between instances of '" + typeName(left) + "' and '" + typeName(right) + "'");
    }

    static boolean contains(Object container, Object item) {
        return switch (container) {
            case Text text -> {
                if (item instanceof Text part) {
                    yield text.value().contains(part.value());
                }
                throw new TemplateException("'in <string>' requires string as left operand, not " + typeName(item));
            }
            case Map<?, ?> map -> map.containsKey(item);
            case List<?> list -> list.stream().anyMatch(element -> equal(element, item));
            case Undefined _ -> false;
            case null, default ->
                throw new TemplateException("argument of type '" + typeName(container) + "' is not iterable");
        };
    }

    /** What a loop over {@code value} goes through. */
    @SuppressWarnings("unchecked") // Every list in a template holds template values.
    static List<Object> items(Object value) {
        return switch (value) {
            case List<?> list -> (List<Object>) list;
            case Map<?, ?> map -> new ArrayList<>(map.keySet());
            case Text text -> {
                List<Object> characters = new ArrayList<>(text.length());
                for (int start = 0; start < text.length(); ) {
                    int end = text.value().offsetByCodePoints(start, 1);
                    characters.add(text.substring(start, end));
                    start = end;
                }
                yield characters;
            }
            case Undefined _ -> List.of();
            case null, default -> throw new TemplateException("'" + typeName(value) + "' object is not iterable");
        };
    }

    static boolean isInteger(Object value) {
        return value instanceof Long || value instanceof BigInteger;
    }

    static boolean isNumber(Object value) {
        return isInteger(value) || value instanceof Double || value instanceof Boolean;
    }

    /** A number that is wanted as an int: an index, a count, a width. */
    static long whole(Object value) {
        return switch (value) {
            case Long number -> number;
            case Boolean truth -> truth ? 1 : 0;
            case null, default -> throw new TemplateException("expected an integer, got '" + typeName(value) + "'");
        };
    }

    static double number(Object value) {
        return switch (value) {
            case Number number -> number.doubleValue();
            case Boolean truth -> truth ? 1 : 0;
            case null, default -> throw new TemplateException("expected a number, got '" + typeName(value) + "'");
        };
    }

    private static boolean decimalComparable(Object value) {
        return !(value instanceof Double number) || Double.isFinite(number);
    }

    private static BigDecimal decimal(Object value) {
        return switch (value) {
            case Double number -> new BigDecimal(number);
            case BigInteger number -> new BigDecimal(number);
            default -> BigDecimal.valueOf(whole(value));
        };
    }
}
