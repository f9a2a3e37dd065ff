package dev.outcrop.engines.text.grammar;

import dev.outcrop.engines.text.template.JsonText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The part of a grammar that is about JSON strings. */
final class StringGrammar {
    private static final String QUOTE = "\"\\\"\"";
    /** The formats that the standard names; others are annotations. */
    private static final Set<String> STANDARD_FORMATS = Set.of(
            "duration",
            "hostname",
            "idn-hostname",
            "idn-email",
            "ipv6",
            "iri",
            "iri-reference",
            "uri-reference",
            "uri-template",
            "json-pointer",
            "relative-json-pointer",
            "regex");

    private final GrammarRules rules;

    StringGrammar(GrammarRules rules) {
        this.rules = rules;
    }

    /** The rule of any string. */
    String any() {
        if (!rules.has("string")) {
            rules.add("string", QUOTE + " " + character() + "* " + QUOTE);
        }
        return "string";
    }

    private String character() {
        if (!rules.has("character")) {
            // Halves of surrogate pairs are left out: alone they are no characters.
            rules.add(
                    "character",
                    PatternGrammar.CHARACTER + " | \"\\\\\" ( [\"\\\\/bfnrt] | \"u\" ( [0-9a-cA-CefEF] hexadecimal{3}"
                            + " | [dD] [0-7] hexadecimal{2} ) )");
            rules.add("hexadecimal", "[0-9a-fA-F]");
        }
        return "character";
    }

    String of(Map<?, ?> schema, String place) {
        Optional<Integer> least = JsonSchemaGrammar.count(schema, "minLength", place);
        Optional<Integer> most = JsonSchemaGrammar.count(schema, "maxLength", place);
        Object pattern = schema.get("pattern");
        Optional<String> format = schema.get("format") instanceof String name ? format(name, place) : Optional.empty();
        boolean sized = least.filter(length -> length > 0).isPresent() || most.isPresent();
        if ((pattern != null && (sized || format.isPresent())) || (sized && format.isPresent())) {
            throw JsonSchemaException.at(
                    place, "has two of \"pattern\", \"format\" and a length, which cannot be made one grammar.");
        }
        if (pattern != null) {
            return QUOTE + " " + PatternGrammar.of(pattern.toString(), rules) + " " + QUOTE;
        }
        if (format.isPresent()) {
            return QUOTE + " " + format.get() + " " + QUOTE;
        }
        if (!sized) {
            return any();
        }
        if (most.isPresent() && most.get() < least.orElse(0)) {
            throw JsonSchemaException.at(place, "has minLength above maxLength.");
        }
        return QUOTE + " " + rules.repeated(character(), least.orElse(0), most.orElse(-1)) + " " + QUOTE;
    }

    private Optional<String> format(String name, String place) {
        String month = "( ( \"0\" [13578] | \"1\" [02] ) \"-\" ( \"0\" [1-9] | [12] [0-9] | \"3\" [01] )"
                + " | ( \"0\" [469] | \"11\" ) \"-\" ( \"0\" [1-9] | [12] [0-9] | \"30\" )"
                + " | \"02-\" ( \"0\" [1-9] | \"1\" [0-9] | \"2\" [0-8] ) )";
        String date = "[12] [0-9]{3} \"-\" " + month;
        String clock = "( [01] [0-9] | \"2\" [0-3] ) \":\" [0-5] [0-9]";
        String time = clock + " \":\" [0-5] [0-9] ( \".\" [0-9]{1,6} )? ( \"Z\" | [-+] " + clock + " )";
        String label = "[a-z0-9]{1,30}";
        String host = label + " ( [.-] " + label + " ){0,8} \".\" [a-z]{2,8}";
        String octet = "( \"25\" [0-5] | \"2\" [0-4] [0-9] | \"1\" [0-9] [0-9] | [1-9] [0-9] | [0-9] )";
        return switch (name) {
            case "date" -> Optional.of(date);
            case "time" -> Optional.of(time);
            case "date-time" -> Optional.of(date + " \"T\" " + time);
            case "uuid" -> Optional.of("[0-9a-f]{8} ( \"-\" [0-9a-f]{4} ){3} \"-\" [0-9a-f]{12}");
            case "email" -> Optional.of("[a-zA-Z0-9]{1,30} ( [._+-] [a-zA-Z0-9]{1,15} ){0,2} \"@\" " + host);
            case "ipv4" -> Optional.of(octet + " ( \".\" " + octet + " ){3}");
            case "uri" ->
                Optional.of("\"http\" \"s\"? \"://\" " + host
                        + " ( \"/\" [a-zA-Z0-9._~-]* )* ( \"?\" [a-zA-Z0-9._~=&-]* )?");
            default -> {
                if (STANDARD_FORMATS.contains(name)) {
                    throw JsonSchemaException.at(
                            place, "has the format \"" + name + "\", which cannot be made a grammar.");
                }
                yield Optional.empty();
            }
        };
    }

    /** Any string but {@code names}; a backslash does not occur in it, so that none is hidden behind an escape. */
    String except(Collection<String> names) {
        if (names.isEmpty()) {
            return any();
        }
        Node root = new Node();
        names.forEach(name -> root.add(written(name)));
        return QUOTE + " " + rules.add(except(root)) + " " + QUOTE;
    }

    private static String written(String name) {
        String quoted = JsonText.write(JsonText.fromJava(name)).value();
        return quoted.substring(1, quoted.length() - 1);
    }

    private String except(Node node) {
        List<String> alternatives = new ArrayList<>();
        StringBuilder taken = new StringBuilder();
        node.next.forEach((character, following) -> {
            taken.append(GrammarRules.inClass(character));
            if (character != '"' && character != '\\') {
                alternatives.add("[" + GrammarRules.inClass(character) + "] " + rules.add(except(following)));
            }
        });
        alternatives.add("[^" + taken + "\"\\\\\\x00-\\x1F\\x7F] " + PatternGrammar.CHARACTER + "*");
        if (!node.ends) {
            alternatives.add("\"\"");
        }
        return String.join(" | ", alternatives);
    }

    private static final class Node {
        private final Map<Integer, Node> next = new TreeMap<>();
        private boolean ends;

        void add(String text) {
            Node node = this;
            for (int character : text.codePoints().toArray()) {
                node = node.next.computeIfAbsent(character, _ -> new Node());
            }
            node.ends = true;
        }
    }
}
