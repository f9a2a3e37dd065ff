package dev.outcrop.engines.text.template;

import dev.outcrop.engines.text.template.Callable.Arguments;
import dev.outcrop.engines.text.template.PythonValues.Tuple;
import dev.outcrop.engines.text.template.PythonValues.Undefined;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** jinja2's filters, {@code tojson} as transformers has it, and {@code from_json} of llama.cpp. */
final class Filters {
    private static final Pattern TITLE_WORD = Pattern.compile("[-\\s({\\[<]+|[^-\\s({\\[<]+");

    private Filters() {}

    static Object apply(String name, Object value, Arguments arguments) {
        return switch (name) {
            case "default", "d" ->
                value instanceof Undefined || (arguments.truth(1, "boolean", false) && !PythonValues.isTrue(value))
                        ? arguments.get(0, "default_value", Text.EMPTY)
                        : value;
            case "tojson" -> JsonText.write(value, style(arguments));
            case "from_json", "fromjson" ->
                JsonText.read(text(value).value(), text(value).dominantOrigin());
            case "length", "count" -> length(value);
            case "string" -> PythonValues.str(value);
            case "safe" -> PythonValues.str(value);
            case "list" -> new ArrayList<>(PythonValues.items(value));
            case "items" -> items(value);
            case "attr" ->
                Members.attribute(value, arguments.text(0, "name", "").value());
            case "trim" -> TextMethods.strip(text(value), arguments, true, true);
            case "upper" -> PythonStrings.upper(text(value));
            case "lower" -> PythonStrings.lower(text(value));
            case "capitalize" -> PythonStrings.capitalize(text(value));
            case "title" -> title(text(value));
            case "replace" ->
                PythonStrings.replace(
                        text(value),
                        text(arguments.require(0, "old")).value(),
                        text(arguments.require(1, "new")),
                        arguments.get(2, "count", null) == null ? -1 : arguments.whole(2, "count", -1));
            case "indent" -> indent(text(value), arguments);
            case "join" -> join(value, arguments);
            case "format" ->
                PythonFormat.percent(
                        text(value),
                        arguments.named().isEmpty() ? new Tuple(arguments.positional()) : textKeyed(arguments));
            case "escape", "e", "forceescape" -> escape(text(value));
            case "center" -> center(text(value), arguments.whole(0, "width", 80));
            case "truncate" -> truncate(text(value), arguments);
            case "wordcount" ->
                (long) PythonStrings.splitAtBlanks(text(value), -1).size();
            case "int" -> toInt(value, arguments);
            case "float" -> toFloat(value, arguments);
            case "abs" -> PythonValues.compare(value, 0L) < 0 ? Arithmetic.negative(value) : value;
            case "round" -> round(PythonValues.number(value), arguments);
            default ->
                Sequences.apply(name, value, arguments)
                        .orElseThrow(() -> new TemplateException("No filter named '" + name + "'."))
                        .value();
        };
    }

    private static Text text(Object value) {
        return PythonValues.str(value);
    }

    private static Object textKeyed(Arguments arguments) {
        Map<Object, Object> map = new LinkedHashMap<>();
        arguments.named().forEach((name, value) -> map.put(Text.of(name), value));
        return map;
    }

    private static JsonText.Style style(Arguments arguments) {
        Object given = arguments.get(1, "indent", null);
        Optional<String> indent = switch (given) {
            case null -> Optional.empty();
            case Text text -> Optional.of(text.value());
            default -> {
                long width = PythonValues.whole(given);
                if (width > PythonFormat.MAXIMUM_WIDTH) {
                    throw new TemplateException("a width is above " + PythonFormat.MAXIMUM_WIDTH);
                }
                yield Optional.of(" ".repeat((int) Math.max(0, width)));
            }
        };
        String itemSeparator = indent.isPresent() ? "," : ", ";
        String keySeparator = ": ";
        Object separators = arguments.get(2, "separators", null);
        if (separators != null) {
            List<Object> pair = PythonValues.items(separators);
            itemSeparator = text(pair.get(0)).value();
            keySeparator = text(pair.get(1)).value();
        }
        return new JsonText.Style(
                arguments.truth(0, "ensure_ascii", false),
                indent,
                itemSeparator,
                keySeparator,
                arguments.truth(3, "sort_keys", false));
    }

    private static long length(Object value) {
        return switch (value) {
            case Text text -> PythonStrings.codePoints(text.value());
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case Undefined _ -> 0;
            case null, default ->
                throw new TemplateException("object of type '" + PythonValues.typeName(value) + "' has no len()");
        };
    }

    private static List<Object> items(Object value) {
        return switch (value) {
            case Undefined _ -> List.of();
            case Map<?, ?> map -> CollectionMethods.pairs(map);
            case null, default -> throw new TemplateException("Can only get item pairs from a mapping.");
        };
    }

    private static Text title(Text text) {
        Text.Builder result = new Text.Builder();
        Matcher words = TITLE_WORD.matcher(text.value());
        while (words.find()) {
            result.append(PythonStrings.capitalize(text.substring(words.start(), words.end())));
        }
        return result.build();
    }

    private static Text indent(Text text, Arguments arguments) {
        Object width = arguments.get(0, "width", 4L);
        Text indentation = width instanceof Text given ? given : PythonStrings.repeat(Text.of(" "), bounded(width));
        boolean blank = arguments.truth(2, "blank", false);
        List<Text> lines = PythonStrings.splitLines(text.concat(Text.of("\n")), false);
        Text.Builder result = new Text.Builder();
        if (arguments.truth(1, "first", false)) {
            result.append(indentation);
        }
        for (int line = 0; line < lines.size(); line++) {
            if (line > 0) {
                result.append("\n");
                if (blank || lines.get(line).length() > 0) {
                    result.append(indentation);
                }
            }
            result.append(lines.get(line));
        }
        return result.build();
    }

    private static long bounded(Object width) {
        long columns = PythonValues.whole(width);
        if (columns > PythonFormat.MAXIMUM_WIDTH) {
            throw new TemplateException("a width is above " + PythonFormat.MAXIMUM_WIDTH);
        }
        return columns;
    }

    private static Text join(Object value, Arguments arguments) {
        Object attribute = arguments.get(1, "attribute", null);
        List<Text> parts = PythonValues.items(value).stream()
                .map(item -> attribute == null ? item : Sequences.path(item, attribute))
                .map(PythonValues::str)
                .toList();
        return PythonStrings.join(arguments.text(0, "d", ""), parts);
    }

    private static Text escape(Text text) {
        Text.Builder result = new Text.Builder();
        for (int position = 0; position < text.length(); position++) {
            switch (text.value().charAt(position)) {
                case '&' -> result.append("&amp;");
                case '<' -> result.append("&lt;");
                case '>' -> result.append("&gt;");
                case '"' -> result.append("&#34;");
                case '\'' -> result.append("&#39;");
                default -> result.append(text, position, position + 1);
            }
        }
        return result.build();
    }

    private static Text center(Text text, long width) {
        long missing = bounded(width) - PythonStrings.codePoints(text.value());
        if (missing <= 0) {
            return text;
        }
        long before = missing / 2 + (missing & width & 1);
        return Text.of(" ".repeat((int) before)).concat(text).concat(Text.of(" ".repeat((int) (missing - before))));
    }

    private static Text truncate(Text text, Arguments arguments) {
        long length = arguments.whole(0, "length", 255);
        boolean killWords = arguments.truth(1, "killwords", false);
        Text end = arguments.text(2, "end", "...");
        long leeway = arguments.get(3, "leeway", null) == null ? 5 : arguments.whole(3, "leeway", 5);
        if (text.length() <= length + leeway) {
            return text;
        }
        Text cut = text.substring(0, (int) Math.max(0, length - end.length()));
        int space = cut.value().lastIndexOf(' ');
        return (killWords || space < 0 ? cut : cut.substring(0, space)).concat(end);
    }

    private static Object toInt(Object value, Arguments arguments) {
        Object otherwise = arguments.get(0, "default", 0L);
        try {
            return switch (value) {
                case Long number -> number;
                case BigInteger number -> number;
                case Boolean truth -> truth ? 1L : 0L;
                case Double number -> PythonValues.integer(new BigDecimal(number).toBigInteger());
                case Text text -> {
                    String digits = PythonStrings.strip(text).value().replace("_", "");
                    int base = (int) arguments.whole(1, "base", 10);
                    yield base != 10
                            ? PythonValues.integer(new BigInteger(digits.replaceFirst("^0[xXoObB]", ""), base))
                            : PythonValues.integer(new BigDecimal(digits).toBigInteger());
                }
                case null, default -> otherwise;
            };
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static Object toFloat(Object value, Arguments arguments) {
        try {
            return value instanceof Text text
                    ? (Object) Double.valueOf(PythonStrings.strip(text).value())
                    : PythonValues.isNumber(value) ? PythonValues.number(value) : arguments.get(0, "default", 0.0);
        } catch (NumberFormatException e) {
            return arguments.get(0, "default", 0.0);
        }
    }

    private static double round(double value, Arguments arguments) {
        int precision = (int) arguments.whole(0, "precision", 0);
        RoundingMode mode = switch (arguments.text(1, "method", "common").value()) {
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            default -> RoundingMode.HALF_EVEN;
        };
        if (!Double.isFinite(value) || Math.abs(precision) > PythonFormat.MAXIMUM_WIDTH) {
            return value;
        }
        return new BigDecimal(value).setScale(precision, mode).doubleValue();
    }
}
