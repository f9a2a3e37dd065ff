package dev.outcrop.engines.text.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** What Python's {@code str} does, on texts that keep their origins. */
final class PythonStrings {
    private PythonStrings() {}

    static boolean isSpace(int character) {
        return (character >= 0x09 && character <= 0x0d)
                || (character >= 0x1c && character <= 0x20)
                || character == 0x85
                || character == 0xa0
                || character == 0x1680
                || (character >= 0x2000 && character <= 0x200a)
                || character == 0x2028
                || character == 0x2029
                || character == 0x202f
                || character == 0x205f
                || character == 0x3000;
    }

    static boolean isBlank(String text) {
        return text.chars().allMatch(PythonStrings::isSpace);
    }

    static String stripEnd(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    /** Without the characters of {@code strip} at the start, the end, or both. */
    static Text strip(Text text, IntPredicate strip, boolean atStart, boolean atEnd) {
        String value = text.value();
        int start = 0;
        int end = value.length();
        while (atStart && start < end && strip.test(value.charAt(start))) {
            start++;
        }
        while (atEnd && end > start && strip.test(value.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    static Text strip(Text text) {
        return strip(text, PythonStrings::isSpace, true, true);
    }

    /** {@code str.split(separator, maximum)}; a negative maximum is none. */
    static List<Text> split(Text text, String separator, long maximum) {
        List<Text> parts = new ArrayList<>();
        int start = 0;
        while (maximum < 0 || parts.size() < maximum) {
            int found = text.value().indexOf(separator, start);
            if (found < 0) {
                break;
            }
            parts.add(text.substring(start, found));
            start = found + separator.length();
        }
        parts.add(text.substring(start));
        return parts;
    }

    static List<Text> splitFromEnd(Text text, String separator, long maximum) {
        List<Text> parts = new ArrayList<>();
        int end = text.length();
        while (maximum < 0 || parts.size() < maximum) {
            int found = end < separator.length() ? -1 : text.value().lastIndexOf(separator, end - separator.length());
            if (found < 0) {
                break;
            }
            parts.addFirst(text.substring(found + separator.length(), end));
            end = found;
        }
        parts.addFirst(text.substring(0, end));
        return parts;
    }

    /** {@code str.split(None, maximum)}: at runs of blanks. */
    static List<Text> splitAtBlanks(Text text, long maximum) {
        List<Text> parts = new ArrayList<>();
        String value = text.value();
        int position = 0;
        while (true) {
            while (position < value.length() && isSpace(value.charAt(position))) {
                position++;
            }
            if (position == value.length()) {
                return parts;
            }
            int start = position;
            if (maximum >= 0 && parts.size() == maximum) {
                parts.add(strip(text.substring(start), PythonStrings::isSpace, false, true));
                return parts;
            }
            while (position < value.length() && !isSpace(value.charAt(position))) {
                position++;
            }
            parts.add(text.substring(start, position));
        }
    }

    static List<Text> splitLines(Text text, boolean keepEnds) {
        List<Text> lines = new ArrayList<>();
        String value = text.value();
        int start = 0;
        for (int position = 0; position < value.length(); position++) {
            if (!endsLine(value.charAt(position))) {
                continue;
            }
            int next = value.startsWith("\r\n", position) ? position + 2 : position + 1;
            lines.add(text.substring(start, keepEnds ? next : position));
            start = next;
            position = next - 1;
        }
        if (start < value.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }

    private static boolean endsLine(char character) {
        return (character >= 0x0a && character <= 0x0d)
                || (character >= 0x1c && character <= 0x1e)
                || character == 0x85
                || character == 0x2028
                || character == 0x2029;
    }

    /** {@code str.replace(old, replacement, maximum)}; a negative maximum is none. */
    static Text replace(Text text, String old, Text replacement, long maximum) {
        Text.Builder result = new Text.Builder();
        long left = maximum < 0 ? Long.MAX_VALUE : maximum;
        if (old.isEmpty()) {
            for (int position = 0; position < text.length() && left > 0; position++, left--) {
                result.append(replacement).append(text, position, position + 1);
            }
            return left > 0 ? result.append(replacement).build() : result.build();
        }
        int start = 0;
        for (int found = text.value().indexOf(old);
                found >= 0 && left > 0;
                found = text.value().indexOf(old, start), left--) {
            result.append(text, start, found).append(replacement);
            start = found + old.length();
        }
        return result.append(text, start, text.length()).build();
    }

    static Text join(Text separator, List<Text> parts) {
        Text.Builder result = new Text.Builder();
        for (int part = 0; part < parts.size(); part++) {
            if (part > 0) {
                result.append(separator);
            }
            result.append(parts.get(part));
        }
        return result.build();
    }

    static Text repeat(Text text, long times) {
        Text.Builder result = new Text.Builder();
        for (long time = 0; time < times; time++) {
            result.append(text);
        }
        return result.build();
    }

    static Text upper(Text text) {
        return text.changedTo(text.value().toUpperCase(Locale.ROOT));
    }

    static Text lower(Text text) {
        return text.changedTo(text.value().toLowerCase(Locale.ROOT));
    }

    static Text capitalize(Text text) {
        if (text.length() == 0) {
            return text;
        }
        int first = text.value().offsetByCodePoints(0, 1);
        return upper(text.substring(0, first)).concat(lower(text.substring(first)));
    }

    /** Each letter after what is no letter in upper case, all others in lower case. */
    static Text title(Text text) {
        StringBuilder result = new StringBuilder();
        boolean afterLetter = false;
        for (int character : text.value().codePoints().toArray()) {
            result.appendCodePoint(afterLetter ? Character.toLowerCase(character) : Character.toTitleCase(character));
            afterLetter = Character.isLetter(character);
        }
        return text.changedTo(result.toString());
    }

    static int codePoints(String text) {
        return text.codePointCount(0, text.length());
    }

    /** {@code repr} of a string. */
    static Text repr(Text text) {
        String value = text.value();
        char quote = value.indexOf('\'') >= 0 && value.indexOf('"') < 0 ? '"' : '\'';
        Text.Builder result = new Text.Builder().append(String.valueOf(quote));
        int start = 0;
        for (int position = 0; position < value.length(); position++) {
            String escaped = reprEscape(value.charAt(position), quote);
            if (!escaped.isEmpty()) {
                result.append(text, start, position).append(escaped);
                start = position + 1;
            }
        }
        return result.append(text, start, value.length())
                .append(String.valueOf(quote))
                .build();
    }

    private static String reprEscape(char character, char quote) {
        return switch (character) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\\' -> "\\\\";
            default -> {
                if (character == quote) {
                    yield "\\" + quote;
                }
                if (character < 0x20 || (character >= 0x7f && character <= 0xa0) || character == 0xad) {
                    yield String.format(Locale.ROOT, "\\x%02x", (int) character);
                }
                boolean unprintable = (isSpace(character) && character != ' ')
                        || Character.getType(character) == Character.FORMAT
                        || Character.getType(character) == Character.PRIVATE_USE;
                yield unprintable ? String.format(Locale.ROOT, "\\u%04x", (int) character) : "";
            }
        };
    }
}
