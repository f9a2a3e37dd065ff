package dev.outcrop.engines.text.template;

import dev.outcrop.engines.text.template.Callable.Arguments;
import dev.outcrop.engines.text.template.PythonValues.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Methods of str. */
final class TextMethods {
    private TextMethods() {}

    static Optional<Callable> of(Text text, String name) {
        return switch (name) {
            case "strip" -> Optional.of(arguments -> strip(text, arguments, true, true));
            case "lstrip" -> Optional.of(arguments -> strip(text, arguments, true, false));
            case "rstrip" -> Optional.of(arguments -> strip(text, arguments, false, true));
            case "split" -> Optional.of(arguments -> split(text, arguments, false));
            case "rsplit" -> Optional.of(arguments -> split(text, arguments, true));
            case "splitlines" ->
                Optional.of(
                        arguments -> objects(PythonStrings.splitLines(text, arguments.truth(0, "keepends", false))));
            case "partition" -> Optional.of(arguments -> partition(text, arguments));
            case "startswith" -> Optional.of(arguments -> affix(text, arguments, true));
            case "endswith" -> Optional.of(arguments -> affix(text, arguments, false));
            case "upper" -> Optional.of(arguments -> PythonStrings.upper(text));
            case "lower" -> Optional.of(arguments -> PythonStrings.lower(text));
            case "title" -> Optional.of(arguments -> PythonStrings.title(text));
            case "capitalize" -> Optional.of(arguments -> PythonStrings.capitalize(text));
            case "replace" ->
                Optional.of(arguments -> PythonStrings.replace(
                        text,
                        required(arguments, 0, "old").value(),
                        required(arguments, 1, "new"),
                        arguments.whole(2, "count", -1)));
            case "removeprefix" ->
                Optional.of(arguments -> {
                    Text prefix = required(arguments, 0, "prefix");
                    return text.value().startsWith(prefix.value()) ? text.substring(prefix.length()) : text;
                });
            case "removesuffix" ->
                Optional.of(arguments -> {
                    Text suffix = required(arguments, 0, "suffix");
                    return text.value().endsWith(suffix.value())
                            ? text.substring(0, text.length() - suffix.length())
                            : text;
                });
            case "join" ->
                Optional.of(arguments -> PythonStrings.join(
                        text,
                        PythonValues.items(arguments.require(0, "iterable")).stream()
                                .map(TextMethods::joinable)
                                .toList()));
            case "find" ->
                Optional.of(arguments -> codePointIndex(
                        text, text.value().indexOf(required(arguments, 0, "sub").value())));
            case "rfind" ->
                Optional.of(arguments -> codePointIndex(
                        text,
                        text.value().lastIndexOf(required(arguments, 0, "sub").value())));
            case "index" ->
                Optional.of(arguments -> {
                    int found =
                            text.value().indexOf(required(arguments, 0, "sub").value());
                    if (found < 0) {
                        throw new TemplateException("substring not found");
                    }
                    return codePointIndex(text, found);
                });
            case "count" -> Optional.of(arguments -> occurrences(text, required(arguments, 0, "sub")));
            case "format" -> Optional.of(arguments -> PythonFormat.braces(text, arguments));
            case "isdigit", "isdecimal", "isnumeric" -> Optional.of(arguments -> all(text, Character::isDigit));
            case "isalpha" -> Optional.of(arguments -> all(text, Character::isLetter));
            case "isalnum" -> Optional.of(arguments -> all(text, Character::isLetterOrDigit));
            case "isspace" -> Optional.of(arguments -> all(text, PythonStrings::isSpace));
            case "isupper" ->
                Optional.of(arguments -> isCased(text, text.value().toUpperCase(Locale.ROOT)));
            case "islower" ->
                Optional.of(arguments -> isCased(text, text.value().toLowerCase(Locale.ROOT)));
            case "zfill" ->
                Optional.of(arguments -> {
                    boolean signed =
                            text.value().startsWith("-") || text.value().startsWith("+");
                    String zeros = padding("0", arguments.whole(0, "width", 0), text);
                    return text.substring(0, signed ? 1 : 0)
                            .concat(Text.of(zeros))
                            .concat(text.substring(signed ? 1 : 0));
                });
            case "ljust" -> Optional.of(arguments -> text.concat(Text.of(padding(arguments, text))));
            case "rjust" ->
                Optional.of(arguments -> Text.of(padding(arguments, text)).concat(text));
            default -> Optional.empty();
        };
    }

    private static Text required(Arguments arguments, int index, String name) {
        Object value = arguments.require(index, name);
        if (value instanceof Text text) {
            return text;
        }
        throw new TemplateException("argument must be str, not " + PythonValues.typeName(value));
    }

    private static Text joinable(Object item) {
        if (item instanceof Text text) {
            return text;
        }
        throw new TemplateException("expected str instance, " + PythonValues.typeName(item) + " found");
    }

    static Text strip(Text text, Arguments arguments, boolean atStart, boolean atEnd) {
        Object characters = arguments.get(0, "chars", null);
        IntPredicate strip = characters == null
                ? PythonStrings::isSpace
                : character -> required(arguments, 0, "chars").value().indexOf(character) >= 0;
        return PythonStrings.strip(text, strip, atStart, atEnd);
    }

    private static Object split(Text text, Arguments arguments, boolean fromEnd) {
        long maximum = arguments.whole(1, "maxsplit", -1);
        if (arguments.get(0, "sep", null) == null) {
            if (fromEnd && maximum >= 0) {
                throw new TemplateException("rsplit at blanks with a maximum is not supported");
            }
            return objects(PythonStrings.splitAtBlanks(text, maximum));
        }
        String separator = required(arguments, 0, "sep").value();
        if (separator.isEmpty()) {
            throw new TemplateException("empty separator");
        }
        return objects(
                fromEnd
                        ? PythonStrings.splitFromEnd(text, separator, maximum)
                        : PythonStrings.split(text, separator, maximum));
    }

    private static Object partition(Text text, Arguments arguments) {
        Text separator = required(arguments, 0, "sep");
        int found = text.value().indexOf(separator.value());
        return found < 0
                ? new Tuple(List.of(text, Text.EMPTY, Text.EMPTY))
                : new Tuple(List.of(text.substring(0, found), separator, text.substring(found + separator.length())));
    }

    private static boolean affix(Text text, Arguments arguments, boolean atStart) {
        List<Object> wanted =
                arguments.require(0, "affix") instanceof Tuple tuple ? tuple : List.of(required(arguments, 0, "affix"));
        return wanted.stream()
                .map(PythonValues::str)
                .anyMatch(affix -> atStart
                        ? text.value().startsWith(affix.value())
                        : text.value().endsWith(affix.value()));
    }

    private static long codePointIndex(Text text, int index) {
        return index < 0 ? index : text.value().codePointCount(0, index);
    }

    private static long occurrences(Text text, Text part) {
        if (part.length() == 0) {
            return PythonStrings.codePoints(text.value()) + 1L;
        }
        return PythonStrings.split(text, part.value(), -1).size() - 1L;
    }

    private static boolean all(Text text, IntPredicate kind) {
        return text.length() > 0 && text.value().codePoints().allMatch(kind);
    }

    private static boolean isCased(Text text, String inCase) {
        return text.value().equals(inCase) && text.value().codePoints().anyMatch(Character::isLetter);
    }

    private static String padding(Arguments arguments, Text text) {
        return padding(arguments.text(1, "fillchar", " ").value(), arguments.whole(0, "width", 0), text);
    }

    private static String padding(String fill, long width, Text text) {
        long missing = width - PythonStrings.codePoints(text.value());
        if (missing > PythonFormat.MAXIMUM_WIDTH) {
            throw new TemplateException("a width is above " + PythonFormat.MAXIMUM_WIDTH);
        }
        return missing <= 0 ? "" : fill.repeat((int) missing);
    }

    private static List<Object> objects(List<Text> texts) {
        return new ArrayList<>(texts);
    }
}
