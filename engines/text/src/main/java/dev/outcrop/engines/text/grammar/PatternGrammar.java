package dev.outcrop.engines.text.grammar;

import java.util.ArrayList;
import java.util.List;

/**
 * Regular expressions as grammar expressions for what stands between the quotes of a JSON string.
 *
 * <p>Knows literals, {@code .}, classes, groups, alternatives, {@code ? * + {m,n}}, {@code \d \w \s \t \n} and
 * {@code ^ $} at the ends. What it makes matches nothing that the expression does not; a negated class leaves out
 * characters that JSON has to escape.
 */
final class PatternGrammar {
    /** Any character that stands for itself in a JSON string. */
    static final String CHARACTER = "[^\"\\\\\\x00-\\x1F\\x7F]";

    private static final int MAXIMUM_DEPTH = 50;

    private final String pattern;
    private final GrammarRules rules;
    private int position;
    private int depth;

    private PatternGrammar(String pattern, GrammarRules rules) {
        this.pattern = pattern;
        this.rules = rules;
    }

    static String of(String pattern, GrammarRules rules) {
        PatternGrammar grammar = new PatternGrammar(pattern, rules);
        boolean anchoredStart = pattern.startsWith("^");
        boolean anchoredEnd = pattern.endsWith("$") && !pattern.endsWith("\\$");
        if ((anchoredStart || anchoredEnd) && grammar.hasTopLevelAlternatives()) {
            throw grammar.failure("^ and $ beside |");
        }
        grammar.position = anchoredStart ? 1 : 0;
        String body = grammar.alternatives(anchoredEnd ? pattern.length() - 1 : pattern.length());
        return (anchoredStart ? "" : CHARACTER + "* ") + body + (anchoredEnd ? "" : " " + CHARACTER + "*");
    }

    private boolean hasTopLevelAlternatives() {
        int open = 0;
        boolean inClass = false;
        for (int index = 0; index < pattern.length(); index++) {
            switch (pattern.charAt(index)) {
                case '\\' -> index++;
                case '[' -> inClass = true;
                case ']' -> inClass = false;
                case '(' -> open += inClass ? 0 : 1;
                case ')' -> open -= inClass ? 0 : 1;
                case '|' -> {
                    if (open == 0 && !inClass) {
                        return true;
                    }
                }
                default -> {
                    // Stands for itself.
                }
            }
        }
        return false;
    }

    private JsonSchemaException failure(String what) {
        return new JsonSchemaException("pattern \"" + pattern + "\" cannot be made a grammar: " + what
                + " is not supported (at " + position + ").");
    }

    private String alternatives(int end) {
        if (++depth > MAXIMUM_DEPTH) {
            throw failure("nesting deeper than " + MAXIMUM_DEPTH);
        }
        List<String> alternatives = new ArrayList<>();
        alternatives.add(sequence(end));
        while (position < end && pattern.charAt(position) == '|') {
            position++;
            alternatives.add(sequence(end));
        }
        depth--;
        return alternatives.size() == 1 ? alternatives.getFirst() : "( " + String.join(" | ", alternatives) + " )";
    }

    private String sequence(int end) {
        List<String> items = new ArrayList<>();
        while (position < end && pattern.charAt(position) != '|' && pattern.charAt(position) != ')') {
            items.add(quantified(atom(end), end));
        }
        return items.isEmpty() ? "\"\"" : String.join(" ", items);
    }

    private String quantified(String atom, int end) {
        if (position >= end) {
            return atom;
        }
        int minimum;
        int maximum;
        switch (pattern.charAt(position)) {
            case '?' -> {
                minimum = 0;
                maximum = 1;
            }
            case '*' -> {
                minimum = 0;
                maximum = -1;
            }
            case '+' -> {
                minimum = 1;
                maximum = -1;
            }
            case '{' -> {
                int close = pattern.indexOf('}', position);
                String counts = close < 0 ? "" : pattern.substring(position + 1, close);
                if (!counts.matches("\\d{1,6}(,\\d{0,6})?")) {
                    throw failure("{" + counts);
                }
                String[] parts = counts.split(",", -1);
                minimum = Integer.parseInt(parts[0]);
                maximum = parts.length == 1 ? minimum : parts[1].isEmpty() ? -1 : Integer.parseInt(parts[1]);
                position = close;
            }
            default -> {
                return atom;
            }
        }
        position++;
        if (position < end && "?+".indexOf(pattern.charAt(position)) >= 0) {
            position++; // What is greedy and what is not makes no difference to what matches as a whole.
        }
        if (maximum >= 0 && maximum < minimum) {
            throw failure("a repetition from " + minimum + " to " + maximum);
        }
        String item = atom.startsWith("[") && atom.indexOf(']') == atom.length() - 1 ? atom : rules.add(atom);
        return rules.repeated(item, minimum, maximum);
    }

    private String atom(int end) {
        char character = pattern.charAt(position++);
        return switch (character) {
            case '.' -> CHARACTER;
            case '(' -> group(end);
            case '[' -> characterClass(end);
            case '\\' -> escape(end);
            case '^', '$', '*', '+', '?', '{' -> throw failure("'" + character + "' here");
            default -> {
                int point = pattern.codePointAt(position - 1);
                position += Character.charCount(point) - 1;
                yield literal(point);
            }
        };
    }

    private String group(int end) {
        if (pattern.startsWith("?", position)) {
            if (!pattern.startsWith("?:", position)) {
                throw failure("(?");
            }
            position += 2;
        }
        String body = alternatives(end);
        if (position >= end || pattern.charAt(position) != ')') {
            throw failure("( without )");
        }
        position++;
        return "( " + body + " )";
    }

    /** A character as JSON writes it in a string. */
    private static String literal(int character) {
        return GrammarRules.literal(
                switch (character) {
                    case '"' -> "\\\"";
                    case '\\' -> "\\\\";
                    case '\n' -> "\\n";
                    case '\t' -> "\\t";
                    case '\r' -> "\\r";
                    default -> Character.toString(character);
                });
    }

    private String escape(int end) {
        if (position >= end) {
            throw failure("\\ at the end");
        }
        char kind = pattern.charAt(position++);
        return switch (kind) {
            case 'd' -> "[0-9]";
            case 'w' -> "[a-zA-Z0-9_]";
            case 's' -> "[ ]";
            case 'D' -> "[^0-9\"\\\\\\x00-\\x1F\\x7F]";
            case 'W' -> "[^a-zA-Z0-9_\"\\\\\\x00-\\x1F\\x7F]";
            case 'S' -> "[!#-[\\]^-~]";
            case 'n' -> literal('\n');
            case 't' -> literal('\t');
            case 'r' -> literal('\r');
            default -> {
                if (Character.isLetterOrDigit(kind)) {
                    throw failure("\\" + kind);
                }
                yield literal(kind);
            }
        };
    }

    private String characterClass(int end) {
        boolean negated = position < end && pattern.charAt(position) == '^';
        if (negated) {
            position++;
        }
        StringBuilder members = new StringBuilder();
        List<String> escaped = new ArrayList<>();
        while (position < end && pattern.charAt(position) != ']') {
            member(members, escaped);
        }
        if (position >= end) {
            throw failure("[ without ]");
        }
        position++;
        if (negated) {
            return "[^" + members + "\"\\\\\\x00-\\x1F\\x7F]";
        }
        if (escaped.isEmpty()) {
            if (members.isEmpty()) {
                throw failure("[]");
            }
            return "[" + members + "]";
        }
        String others = String.join(" | ", escaped);
        return "( " + (members.isEmpty() ? "" : "[" + members + "] | ") + others + " )";
    }

    private void member(StringBuilder members, List<String> escaped) {
        char character = pattern.charAt(position);
        if (character == '\\' && position + 1 < pattern.length()) {
            char kind = pattern.charAt(position + 1);
            if ("dws".indexOf(kind) >= 0) {
                members.append(kind == 'd' ? "0-9" : kind == 'w' ? "a-zA-Z0-9_" : " ");
                position += 2;
                return;
            }
        }
        int first = single();
        int last = first;
        if (position + 1 < pattern.length() && pattern.charAt(position) == '-' && pattern.charAt(position + 1) != ']') {
            position++;
            last = single();
        }
        if (last < first) {
            throw failure("a range that ends before it begins");
        }
        for (int special : new int[] {'"', '\\'}) {
            if (first <= special && special <= last) {
                escaped.add(literal(special));
            }
        }
        // The two characters that JSON escapes split a range into up to three.
        ranges(members, first, Math.min(last, '"' - 1));
        ranges(members, Math.max(first, '"' + 1), Math.min(last, '\\' - 1));
        ranges(members, Math.max(first, '\\' + 1), last);
    }

    private static void ranges(StringBuilder members, int first, int last) {
        int from = Math.max(first, 0x20);
        if (from > last) {
            return;
        }
        members.append(GrammarRules.inClass(from));
        if (last > from) {
            members.append('-').append(GrammarRules.inClass(last));
        }
    }

    private int single() {
        int character = pattern.codePointAt(position);
        position += Character.charCount(character);
        if (character != '\\') {
            return character;
        }
        char kind = position < pattern.length() ? pattern.charAt(position++) : ' ';
        return switch (kind) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            default -> {
                if (Character.isLetterOrDigit(kind)) {
                    throw failure("\\" + kind + " in a class");
                }
                yield kind;
            }
        };
    }
}
