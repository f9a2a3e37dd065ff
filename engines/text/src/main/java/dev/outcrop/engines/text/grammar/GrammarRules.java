package dev.outcrop.engines.text.grammar;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The rules of a grammar in GBNF, while it is being put together. */
public final class GrammarRules {
    private static final int MAXIMUM_CHARACTERS = 1 << 20;
    /** llama.cpp refuses larger counts in one repetition. */
    private static final int MAXIMUM_COUNT = 1_000;

    private final Map<String, String> rules = new LinkedHashMap<>();
    private int characters;

    /**
     * Adds a rule.
     *
     * @throws JsonSchemaException if the grammar becomes longer than a million characters
     */
    public void add(String name, String body) {
        characters += name.length() + body.length();
        if (characters > MAXIMUM_CHARACTERS) {
            throw new JsonSchemaException("The schema makes a grammar of more than " + MAXIMUM_CHARACTERS
                    + " characters; say it with fewer values or smaller limits.");
        }
        rules.put(name, body);
    }

    /** Adds a rule under a name that none has yet, and returns the name. */
    public String add(String body) {
        String name = "r" + rules.size();
        add(name, body);
        return name;
    }

    /** A name for a rule that is added later under it. */
    String reserve() {
        String name = "r" + rules.size();
        rules.put(name, "");
        return name;
    }

    boolean has(String name) {
        return rules.containsKey(name);
    }

    /** The grammar; its rule {@code root} must have been added. */
    public String text() {
        StringBuilder text =
                new StringBuilder("root ::= ").append(rules.get("root")).append('\n');
        rules.forEach((name, body) -> {
            if (!name.equals("root")) {
                text.append(name).append(" ::= ").append(body).append('\n');
            }
        });
        return text.toString();
    }

    /** {@code text} as a literal of GBNF. */
    public static String literal(String text) {
        StringBuilder literal = new StringBuilder("\"");
        text.codePoints().forEach(character -> literal.append(escaped(character, "\"\\", "")));
        return literal.append('"').toString();
    }

    /** A character as it stands in a class. */
    static String inClass(int character) {
        return escaped(character, "[]\\", "-^");
    }

    private static String escaped(int character, String withBackslash, String asNumber) {
        if (character == '\n') {
            return "\\n";
        }
        if (withBackslash.indexOf(character) >= 0) {
            return "\\" + Character.toString(character);
        }
        if (character < 0x20 || character == 0x7f || asNumber.indexOf(character) >= 0) {
            return String.format(Locale.ROOT, "\\x%02X", character);
        }
        return Character.toString(character);
    }

    /**
     * {@code item} repeated; {@code item} is a rule's name, a class, or in parentheses.
     *
     * @param maximum the most, or −1 for any number
     */
    String repeated(String item, int minimum, int maximum) {
        if (maximum < 0) {
            return minimum == 0 ? item + "*" : minimum == 1 ? item + "+" : exactly(item, minimum) + " " + item + "*";
        }
        if (maximum == 0) {
            return "\"\"";
        }
        if (minimum == maximum) {
            return exactly(item, minimum);
        }
        if (minimum > 0 && maximum > MAXIMUM_COUNT) {
            return exactly(item, minimum) + " " + repeated(item, 0, maximum - minimum);
        }
        if (maximum <= MAXIMUM_COUNT) {
            return item + "{" + minimum + "," + maximum + "}";
        }
        String thousand = add(item + "{" + MAXIMUM_COUNT + "}");
        int thousands = maximum / MAXIMUM_COUNT;
        return "( " + thousand + "{0," + (thousands - 1) + "} " + item + "{0," + (MAXIMUM_COUNT - 1) + "} | "
                + exactly(thousand, thousands) + " " + repeated(item, 0, maximum % MAXIMUM_COUNT) + " )";
    }

    private String exactly(String item, int count) {
        if (count == 0) {
            return "\"\"";
        }
        if (count <= MAXIMUM_COUNT) {
            return count == 1 ? item : item + "{" + count + "}";
        }
        String thousand = add(item + "{" + MAXIMUM_COUNT + "}");
        return exactly(thousand, count / MAXIMUM_COUNT) + " " + exactly(item, count % MAXIMUM_COUNT);
    }
}
