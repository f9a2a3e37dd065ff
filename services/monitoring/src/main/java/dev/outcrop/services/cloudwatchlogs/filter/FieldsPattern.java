package dev.outcrop.services.cloudwatchlogs.filter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Fields between spaces, as in {@code [ip, ..., status = 4*, bytes > 1000]}. What stands in quotation marks or brackets is
 * one field.
 */
final class FieldsPattern implements FilterPattern {
    private static final int DEEPEST = 50;
    private static final String VALUE_ENDS = ",])&|";

    private final List<Field> fields;
    private final int ellipsis;

    /**
     * The pattern.
     *
     * @param ellipsis before which field any number of others may stand; -1 if nowhere
     */
    private FieldsPattern(List<Field> fields, int ellipsis) {
        this.fields = fields;
        this.ellipsis = ellipsis;
    }

    /** A field with its name, perhaps empty, and what it has to be. */
    private record Field(String name, Predicate<String> condition) {}

    static FieldsPattern read(String text) throws InvalidPatternException {
        PatternScanner scanner = new PatternScanner(text);
        scanner.require("[");
        List<Field> fields = new ArrayList<>();
        int ellipsis = -1;
        do {
            if (scanner.take("...")) {
                if (ellipsis >= 0) {
                    throw new InvalidPatternException("an ellipsis may stand only once");
                }
                ellipsis = fields.size();
            } else {
                fields.add(field(scanner));
            }
        } while (scanner.take(","));
        scanner.require("]");
        scanner.skipSpace();
        if (!scanner.ended()) {
            throw new InvalidPatternException("nothing may follow the closing bracket");
        }
        return new FieldsPattern(fields, ellipsis);
    }

    private static Field field(PatternScanner scanner) throws InvalidPatternException {
        scanner.skipSpace();
        if (scanner.peek() == '(') {
            List<String> names = new ArrayList<>();
            Predicate<String> condition = either(scanner, names, 0);
            return new Field(names.getFirst(), condition);
        }
        String name = name(scanner);
        scanner.skipSpace();
        if (scanner.peek() == ',' || scanner.peek() == ']') {
            return new Field(name, _ -> true);
        }
        List<String> names = new ArrayList<>(List.of(name));
        return new Field(name, rest(scanner, names, comparison(scanner)));
    }

    private static String name(PatternScanner scanner) throws InvalidPatternException {
        scanner.skipSpace();
        String name = scanner.until(",]=!<>()&|");
        if (!name.codePoints().allMatch(c -> Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.')) {
            throw new InvalidPatternException("'" + name + "' is not a field's name");
        }
        return name;
    }

    private static Predicate<String> comparison(PatternScanner scanner) throws InvalidPatternException {
        return Comparison.read(scanner, VALUE_ENDS)::fits;
    }

    /** What follows the first comparison of a field; {@code and} binds closer than {@code or}. */
    private static Predicate<String> rest(PatternScanner scanner, List<String> names, Predicate<String> first)
            throws InvalidPatternException {
        Predicate<String> condition = first;
        while (scanner.take("&&")) {
            condition = condition.and(one(scanner, names, 0));
        }
        while (scanner.take("||")) {
            condition = condition.or(both(scanner, names, 0));
        }
        return condition;
    }

    private static Predicate<String> either(PatternScanner scanner, List<String> names, int depth)
            throws InvalidPatternException {
        Predicate<String> condition = both(scanner, names, depth);
        while (scanner.take("||")) {
            condition = condition.or(both(scanner, names, depth));
        }
        return condition;
    }

    private static Predicate<String> both(PatternScanner scanner, List<String> names, int depth)
            throws InvalidPatternException {
        Predicate<String> condition = one(scanner, names, depth);
        while (scanner.take("&&")) {
            condition = condition.and(one(scanner, names, depth));
        }
        return condition;
    }

    private static Predicate<String> one(PatternScanner scanner, List<String> names, int depth)
            throws InvalidPatternException {
        if (depth > DEEPEST) {
            throw new InvalidPatternException("the pattern is nested too deep");
        }
        if (scanner.take("(")) {
            Predicate<String> inner = either(scanner, names, depth + 1);
            scanner.require(")");
            return inner;
        }
        String name = name(scanner);
        if (!names.isEmpty() && !names.getFirst().equals(name)) {
            throw new InvalidPatternException(
                    "the conditions of one field are about " + names.getFirst() + ", and not about " + name);
        }
        names.add(name);
        return comparison(scanner);
    }

    @Override
    public boolean matches(String message) {
        List<String> values = split(message);
        if (!fits(values)) {
            return false;
        }
        for (int i = 0; i < fields.size(); i++) {
            if (!fields.get(i).condition().test(values.get(place(i, values)))) {
                return false;
            }
        }
        return true;
    }

    private boolean fits(List<String> values) {
        return ellipsis < 0 ? values.size() == fields.size() : values.size() >= fields.size();
    }

    private int place(int field, List<String> values) {
        return ellipsis < 0 || field < ellipsis ? field : field + values.size() - fields.size();
    }

    @Override
    public Map<String, String> extracted(String message) {
        List<String> values = split(message);
        if (!fits(values)) {
            return Map.of();
        }
        String[] names = new String[values.size()];
        for (int i = 0; i < fields.size(); i++) {
            names[place(i, values)] = fields.get(i).name();
        }
        Map<String, String> extracted = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
            boolean named = names[i] != null && !names[i].isEmpty();
            extracted.put("$" + (named ? names[i] : i + 1), values.get(i));
        }
        return extracted;
    }

    @Override
    public Optional<String> value(String message, String name) {
        return Optional.ofNullable(extracted(message).get(name));
    }

    private static List<String> split(String message) {
        List<String> values = new ArrayList<>();
        int at = 0;
        while (at < message.length()) {
            char c = message.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
                continue;
            }
            int end = c == '"' ? message.indexOf('"', at + 1) : c == '[' ? message.indexOf(']', at + 1) : -1;
            if (end >= 0) {
                values.add(message.substring(at + 1, end));
                at = end + 1;
            } else {
                end = at;
                while (end < message.length() && !Character.isWhitespace(message.charAt(end))) {
                    end++;
                }
                values.add(message.substring(at, end));
                at = end;
            }
        }
        return values;
    }
}
