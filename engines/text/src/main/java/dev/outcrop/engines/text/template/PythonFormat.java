package dev.outcrop.engines.text.template;

import dev.outcrop.engines.text.template.PythonValues.Tuple;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code "…" % values} and {@code "…".format(values)}. */
final class PythonFormat {
    static final int MAXIMUM_WIDTH = 10_000;

    private static final Pattern CONVERSION = Pattern.compile(
            "%(?:\\((?<key>[^)]*)\\))?(?<flags>[-+ #0]*)(?<width>\\d{1,9})?(?:\\.(?<precision>\\d{1,9}))?(?<type>[a-zA-Z%])");
    private static final Pattern SPECIFICATION = Pattern.compile(
            "(?:(?<fill>.)?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<zero>0)?(?<width>\\d{1,9})?(?<comma>[,_])?(?:\\.(?<precision>\\d{1,9}))?(?<type>[a-zA-Z%])?",
            Pattern.DOTALL);

    private PythonFormat() {}

    static Text percent(Text format, Object values) {
        Matcher matcher = CONVERSION.matcher(format.value());
        List<Object> positional = values instanceof Tuple tuple ? tuple : Collections.singletonList(values);
        Text.Builder result = new Text.Builder();
        int start = 0;
        int used = 0;
        while (matcher.find()) {
            result.append(format, start, matcher.start());
            start = matcher.end();
            String type = matcher.group("type");
            if (type.equals("%")) {
                result.append("%");
                continue;
            }
            Object value;
            if (matcher.group("key") != null) {
                value = Members.item(values, Text.of(matcher.group("key")));
            } else if (used < positional.size()) {
                value = positional.get(used++);
            } else {
                throw new TemplateException("not enough arguments for format string");
            }
            String flags = matcher.group("flags");
            Specification specification = new Specification(
                    " ",
                    flags.contains("-") ? "<" : ">",
                    flags.contains("+") ? "+" : "-",
                    flags.contains("0") && !flags.contains("-"),
                    width(matcher.group("width")),
                    "",
                    precision(matcher.group("precision")),
                    type.equals("i") || type.equals("u") ? "d" : type);
            result.append(specification.format(type.equals("r") ? PythonValues.repr(value) : value));
        }
        return result.append(format, start, format.length()).build();
    }

    static Text braces(Text format, Callable.Arguments arguments) {
        Text.Builder result = new Text.Builder();
        String value = format.value();
        int automatic = 0;
        int position = 0;
        while (position < value.length()) {
            char character = value.charAt(position);
            if ((character == '{' || character == '}')
                    && position + 1 < value.length()
                    && value.charAt(position + 1) == character) {
                result.append(format, position, position + 1);
                position += 2;
            } else if (character == '{') {
                int end = value.indexOf('}', position);
                if (end < 0) {
                    throw new TemplateException("expected '}' before end of string");
                }
                String field = value.substring(position + 1, end);
                int colon = field.indexOf(':');
                String specification = colon < 0 ? "" : field.substring(colon + 1);
                String name = colon < 0 ? field : field.substring(0, colon);
                boolean repr = name.endsWith("!r");
                name = name.replaceFirst("![rsa]$", "");
                if (name.isEmpty() || name.startsWith(".") || name.startsWith("[")) {
                    name = automatic++ + name;
                }
                Object found = field(name, arguments);
                result.append(specification(specification).format(repr ? PythonValues.repr(found) : found));
                position = end + 1;
            } else if (character == '}') {
                throw new TemplateException("Single '}' encountered in format string");
            } else {
                result.append(format, position, position + 1);
                position++;
            }
        }
        return result.build();
    }

    private static Object field(String name, Callable.Arguments arguments) {
        Matcher parts =
                Pattern.compile("^[^.\\[]+|\\.([^.\\[]+)|\\[([^\\]]+)\\]").matcher(name);
        Object value = null;
        while (parts.find()) {
            String member = parts.group(1) != null ? parts.group(1) : parts.group(2);
            if (member != null) {
                value = Members.attribute(value, member);
            } else if (Character.isDigit(parts.group().charAt(0))) {
                value = arguments.require(width(parts.group()), "format argument " + parts.group());
            } else {
                value = arguments.require(Integer.MAX_VALUE, parts.group());
            }
        }
        return value;
    }

    private static Specification specification(String text) {
        Matcher matcher = SPECIFICATION.matcher(text);
        if (!matcher.matches()) {
            throw new TemplateException("Invalid format specifier '" + text + "'");
        }
        String type = matcher.group("type") == null ? "" : matcher.group("type");
        return new Specification(
                matcher.group("fill") == null ? " " : matcher.group("fill"),
                matcher.group("align") == null ? "" : matcher.group("align"),
                matcher.group("sign") == null ? "-" : matcher.group("sign"),
                matcher.group("zero") != null,
                width(matcher.group("width")),
                matcher.group("comma") == null ? "" : matcher.group("comma"),
                precision(matcher.group("precision")),
                type);
    }

    private static int precision(String digits) {
        return digits == null ? -1 : width(digits);
    }

    private static int width(String digits) {
        int width = digits == null ? 0 : Integer.parseInt(digits);
        if (width > MAXIMUM_WIDTH) {
            throw new TemplateException("a width is above " + MAXIMUM_WIDTH);
        }
        return width;
    }

    /** A format specification; an empty {@code align} is the type's own, a negative {@code precision} none. */
    private record Specification(
            String fill, String align, String sign, boolean zero, int width, String comma, int precision, String type) {
        Text format(Object value) {
            boolean number = PythonValues.isNumber(value)
                    && !type.equals("s")
                    && !type.equals("r")
                    && !(type.isEmpty() && value instanceof Boolean);
            Text body = number ? Text.of(number(value)) : text(PythonValues.str(value));
            int missing = width - PythonStrings.codePoints(body.value());
            if (missing <= 0) {
                return body;
            }
            if (zero && number) {
                boolean signed = "+- ".indexOf(body.value().charAt(0)) >= 0;
                return Text.of(body.value().substring(0, signed ? 1 : 0)
                        + "0".repeat(missing)
                        + body.value().substring(signed ? 1 : 0));
            }
            String side = align.isEmpty() ? (number ? ">" : "<") : align;
            int before = switch (side) {
                case "<" -> 0;
                case "^" -> missing / 2;
                default -> missing;
            };
            return Text.of(fill.repeat(before)).concat(body).concat(Text.of(fill.repeat(missing - before)));
        }

        private Text text(Text value) {
            if (!type.isEmpty() && !type.equals("s") && !type.equals("r")) {
                throw new TemplateException("Unknown format code '" + type + "' for object of type 'str'");
            }
            return precision < 0 ? value : value.substring(0, Math.min(precision, value.length()));
        }

        private String number(Object value) {
            String digits = switch (type) {
                case "f", "F" -> fixed(value);
                case "%" -> fixed(PythonValues.number(value) * 100) + "%";
                case "e" ->
                    String.format(
                            Locale.ROOT, "%." + (precision < 0 ? 6 : precision) + "e", PythonValues.number(value));
                case "x" -> whole(value).toString(16);
                case "X" -> whole(value).toString(16).toUpperCase(Locale.ROOT);
                case "o" -> whole(value).toString(8);
                case "b" -> whole(value).toString(2);
                case "d" -> whole(value).toString();
                case "" ->
                    precision >= 0 && value instanceof Double
                            ? general(value)
                            : PythonValues.str(value).value();
                case "g" -> general(value);
                default -> throw new TemplateException("Unknown format code '" + type + "'");
            };
            if (!comma.isEmpty()) {
                digits = grouped(digits);
            }
            return !sign.equals("-") && !digits.startsWith("-") ? sign + digits : digits;
        }

        private String fixed(Object value) {
            double number = PythonValues.number(value);
            return Double.isFinite(number)
                    ? new BigDecimal(number)
                            .setScale(precision < 0 ? 6 : precision, RoundingMode.HALF_EVEN)
                            .toPlainString()
                    : PythonValues.floatText(number);
        }

        private String general(Object value) {
            BigDecimal rounded = new BigDecimal(PythonValues.number(value))
                    .round(new MathContext(Math.max(1, precision < 0 ? 6 : precision), RoundingMode.HALF_EVEN));
            return PythonValues.floatText(rounded.doubleValue()).replaceFirst("\\.0$", "");
        }

        private static BigInteger whole(Object value) {
            return switch (value) {
                case BigInteger number -> number;
                case Double number -> new BigDecimal(number).toBigInteger();
                default -> BigInteger.valueOf(PythonValues.whole(value));
            };
        }

        private String grouped(String digits) {
            int point = digits.indexOf('.') < 0 ? digits.length() : digits.indexOf('.');
            String whole = digits.substring(0, point).replaceAll("(?<=\\d)(?=(\\d{3})+$)", comma);
            return whole + digits.substring(point);
        }
    }
}
