package dev.outcrop.engines.text.chat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Follows one JSON object while it is being written, and gives out what is certain to belong to it.
 *
 * <p>Whatever was given out is the beginning of a JSON object. Line ends and other control characters inside texts,
 * which JSON does not allow but models write, are given out escaped. Takes constant time a character.
 *
 * <p>Source: RFC 8259.
 */
final class JsonObjectStream {
    private static final int MAXIMUM_DEPTH = 200;
    private static final Pattern SCALAR =
            Pattern.compile("true|false|null|-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final int LONGEST_SCALAR = 1_000;
    private static final String ESCAPES = "\"\\/bfnrt";

    private enum Expected {
        OBJECT,
        KEY_OR_END,
        KEY,
        COLON,
        VALUE_OR_END,
        VALUE,
        SEPARATOR_OR_END,
        NOTHING
    }

    private final Deque<Character> open = new ArrayDeque<>();
    private final StringBuilder scalar = new StringBuilder();
    private Expected expected = Expected.OBJECT;
    private boolean inString;
    private boolean stringIsKey;
    private boolean afterBackslash;
    private int hexadecimalDigits;
    private boolean broken;

    /** Whether the object has ended. */
    boolean ended() {
        return expected == Expected.NOTHING && !broken;
    }

    /** Whether what came cannot be JSON. */
    boolean broken() {
        return broken;
    }

    /**
     * Takes characters of {@code text} until the object ends, or one comes that cannot belong to it.
     *
     * @param certain receives what is certain
     * @return how many characters were taken
     */
    int accept(CharSequence text, StringBuilder certain) {
        int position = 0;
        while (position < text.length() && !broken && expected != Expected.NOTHING) {
            char character = text.charAt(position);
            boolean taken = inString ? inString(character, certain) : outside(character, certain);
            if (taken) {
                position++;
            }
        }
        return position;
    }

    private boolean inString(char character, StringBuilder certain) {
        if (hexadecimalDigits > 0) {
            if (Character.digit(character, 16) < 0 || character > 'f') {
                return refuse();
            }
            hexadecimalDigits--;
        } else if (afterBackslash) {
            if (character != 'u' && ESCAPES.indexOf(character) < 0) {
                return refuse();
            }
            afterBackslash = false;
            hexadecimalDigits = character == 'u' ? 4 : 0;
        } else if (character == '\\') {
            afterBackslash = true;
        } else if (character == '"') {
            inString = false;
            expected = stringIsKey ? Expected.COLON : Expected.SEPARATOR_OR_END;
        } else if (character < 0x20) {
            certain.append(
                    switch (character) {
                        case '\n' -> "\\n";
                        case '\r' -> "\\r";
                        case '\t' -> "\\t";
                        default -> String.format(Locale.ROOT, "\\u%04x", (int) character);
                    });
            return true;
        }
        certain.append(character);
        return true;
    }

    /** Takes a character outside of texts; false if it was not taken, because a scalar had to end before it. */
    private boolean outside(char character, StringBuilder certain) {
        if (!scalar.isEmpty()) {
            if (Character.isLetterOrDigit(character) || "+-.".indexOf(character) >= 0) {
                scalar.append(character);
                return scalar.length() <= LONGEST_SCALAR || refuse();
            }
            if (!SCALAR.matcher(scalar).matches()) {
                return refuse();
            }
            certain.append(scalar);
            scalar.setLength(0);
            expected = Expected.SEPARATOR_OR_END;
            return false;
        }
        if (character == ' ' || character == '\n' || character == '\r' || character == '\t') {
            certain.append(character);
            return true;
        }
        return switch (expected) {
            case OBJECT -> character == '{' ? enter(character, certain) : refuse();
            case KEY_OR_END -> character == '}' ? leave(character, certain) : key(character, certain);
            case KEY -> key(character, certain);
            case COLON -> character == ':' ? separator(Expected.VALUE, character, certain) : refuse();
            case VALUE_OR_END -> character == ']' ? leave(character, certain) : value(character, certain);
            case VALUE -> value(character, certain);
            case SEPARATOR_OR_END -> {
                boolean object = open.getFirst() == '{';
                yield character == ','
                        ? separator(object ? Expected.KEY : Expected.VALUE, character, certain)
                        : character == (object ? '}' : ']') ? leave(character, certain) : refuse();
            }
            case NOTHING -> refuse();
        };
    }

    private boolean key(char character, StringBuilder certain) {
        stringIsKey = true;
        return character == '"' ? beginString(certain) : refuse();
    }

    private boolean value(char character, StringBuilder certain) {
        if (character == '"') {
            stringIsKey = false;
            return beginString(certain);
        }
        if (character == '{' || character == '[') {
            return enter(character, certain);
        }
        if (character == '-' || Character.isLetterOrDigit(character)) {
            scalar.append(character);
            return true;
        }
        return refuse();
    }

    private boolean beginString(StringBuilder certain) {
        inString = true;
        certain.append('"');
        return true;
    }

    private boolean enter(char bracket, StringBuilder certain) {
        if (open.size() == MAXIMUM_DEPTH) {
            return refuse();
        }
        open.push(bracket);
        return separator(bracket == '{' ? Expected.KEY_OR_END : Expected.VALUE_OR_END, bracket, certain);
    }

    private boolean leave(char bracket, StringBuilder certain) {
        open.pop();
        return separator(open.isEmpty() ? Expected.NOTHING : Expected.SEPARATOR_OR_END, bracket, certain);
    }

    private boolean separator(Expected next, char character, StringBuilder certain) {
        expected = next;
        certain.append(character);
        return true;
    }

    private boolean refuse() {
        broken = true;
        return false;
    }
}
