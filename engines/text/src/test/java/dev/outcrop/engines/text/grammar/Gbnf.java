package dev.outcrop.engines.text.grammar;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Reads grammars in GBNF, says whether a text is in one (Earley's algorithm in the form of a set of stacks), and makes
 * random texts of one. Written from llama.cpp's description of the language, for tests.
 */
public final class Gbnf {
    private sealed interface Element {}

    private record Characters(boolean negated, List<int[]> ranges) implements Element {
        boolean matches(int character) {
            boolean in = ranges.stream().anyMatch(range -> range[0] <= character && character <= range[1]);
            return in != negated;
        }
    }

    private record Reference(String rule) implements Element {}

    private final Map<String, List<List<Element>>> rules = new HashMap<>();
    private String source = "";
    private int position;

    private Gbnf() {}

    public static Gbnf parse(String text) {
        Gbnf grammar = new Gbnf();
        for (String line : text.lines().toList()) {
            int separator = line.indexOf(" ::= ");
            if (separator < 0 || !line.substring(0, separator).matches("[a-zA-Z0-9-]+")) {
                throw new IllegalArgumentException("no rule: " + line);
            }
            grammar.source = line;
            grammar.position = separator + 5;
            grammar.rules.put(line.substring(0, separator), grammar.alternatives());
            if (grammar.position < line.length()) {
                throw new IllegalArgumentException("unexpected at " + grammar.position + ": " + line);
            }
        }
        grammar.rules
                .values()
                .forEach(alternatives -> alternatives.forEach(sequence -> sequence.forEach(element -> {
                    if (element instanceof Reference(String rule) && !grammar.rules.containsKey(rule)) {
                        throw new IllegalArgumentException("no rule is called " + rule);
                    }
                })));
        return grammar;
    }

    private void blanks() {
        while (position < source.length() && source.charAt(position) == ' ') {
            position++;
        }
    }

    private boolean at(char character) {
        return position < source.length() && source.charAt(position) == character;
    }

    private String fresh(List<List<Element>> alternatives) {
        String name = "generated-" + rules.size();
        rules.put(name, alternatives);
        return name;
    }

    private List<List<Element>> alternatives() {
        List<List<Element>> alternatives = new ArrayList<>();
        alternatives.add(sequence());
        while (at('|')) {
            position++;
            alternatives.add(sequence());
        }
        return alternatives;
    }

    private List<Element> sequence() {
        List<Element> sequence = new ArrayList<>();
        blanks();
        while (position < source.length() && !at('|') && !at(')')) {
            sequence.addAll(repeated(item()));
            blanks();
        }
        return sequence;
    }

    private List<Element> item() {
        return switch (source.charAt(position)) {
            case '"' -> literal();
            case '[' -> List.of(characterClass());
            case '(' -> List.of(group());
            default -> List.of(reference());
        };
    }

    private List<Element> literal() {
        List<Element> literal = new ArrayList<>();
        position++;
        while (!at('"')) {
            int character = character();
            literal.add(new Characters(false, List.of(new int[] {character, character})));
        }
        position++;
        return literal;
    }

    private Reference group() {
        position++;
        List<List<Element>> inner = alternatives();
        if (!at(')')) {
            throw new IllegalArgumentException("expected ) at " + position + ": " + source);
        }
        position++;
        return new Reference(fresh(inner));
    }

    private Reference reference() {
        int start = position;
        while (position < source.length()
                && String.valueOf(source.charAt(position)).matches("[a-zA-Z0-9-]")) {
            position++;
        }
        if (start == position) {
            throw new IllegalArgumentException("unexpected at " + position + ": " + source);
        }
        return new Reference(source.substring(start, position));
    }

    private Characters characterClass() {
        position++;
        boolean negated = at('^');
        if (negated) {
            position++;
        }
        List<int[]> ranges = new ArrayList<>();
        while (!at(']')) {
            int first = character();
            int last = first;
            if (at('-') && source.charAt(position + 1) != ']') {
                position++;
                last = character();
            }
            ranges.add(new int[] {first, last});
        }
        position++;
        return new Characters(negated, ranges);
    }

    private int character() {
        int character = source.codePointAt(position);
        position += Character.charCount(character);
        if (character != '\\') {
            return character;
        }
        char kind = source.charAt(position++);
        return switch (kind) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '\\', '"', '[', ']' -> kind;
            case 'x' -> {
                position += 2;
                yield Integer.parseInt(source.substring(position - 2, position), 16);
            }
            default -> throw new IllegalArgumentException("unknown escape \\" + kind + ": " + source);
        };
    }

    /** An item with what follows it; a literal of several characters is repeated as a whole. */
    private List<Element> repeated(List<Element> item) {
        int least = 1;
        int most = 1;
        if (at('*') || at('+') || at('?')) {
            least = at('+') ? 1 : 0;
            most = at('?') ? 1 : -1;
            position++;
        } else if (at('{')) {
            int end = source.indexOf('}', position);
            String[] counts = source.substring(position + 1, end).split(",", -1);
            least = Integer.parseInt(counts[0]);
            most = counts.length == 1 ? least : counts[1].isEmpty() ? -1 : Integer.parseInt(counts[1]);
            if (Math.max(least, most) > 2_000) {
                throw new IllegalArgumentException("llama.cpp refuses so many repetitions: " + source);
            }
            position = end + 1;
        } else {
            return item;
        }
        List<Element> result = new ArrayList<>();
        Element one = item.size() == 1 ? item.getFirst() : new Reference(fresh(List.of(item)));
        for (int time = 0; time < least; time++) {
            result.add(one);
        }
        if (most < 0) {
            String again = fresh(new ArrayList<>());
            rules.put(again, List.of(List.of(one, new Reference(again)), List.of()));
            result.add(new Reference(again));
        } else {
            Optional<Reference> rest = Optional.empty();
            for (int time = least; time < most; time++) {
                List<Element> more = rest.isPresent() ? List.of(one, rest.get()) : List.of(one);
                rest = Optional.of(new Reference(fresh(List.of(more, List.of()))));
            }
            rest.ifPresent(result::add);
        }
        return result;
    }

    private record Stack(Element top, Optional<Stack> below) {}

    /** Whether the whole of {@code text} is in the grammar. */
    public boolean matches(String text) {
        Set<Optional<Stack>> stacks = new HashSet<>();
        expand(Optional.of(new Stack(new Reference("root"), Optional.empty())), stacks, 0);
        for (int character : text.codePoints().toArray()) {
            Set<Optional<Stack>> next = new HashSet<>();
            for (Optional<Stack> stack : stacks) {
                if (stack.isPresent() && ((Characters) stack.get().top()).matches(character)) {
                    expand(stack.get().below(), next, 0);
                }
            }
            stacks = next;
        }
        return stacks.contains(Optional.<Stack>empty());
    }

    private void expand(Optional<Stack> stack, Set<Optional<Stack>> result, int depth) {
        if (depth > 2_000) {
            throw new IllegalStateException("left recursion");
        }
        if (stack.isEmpty() || stack.get().top() instanceof Characters) {
            result.add(stack);
            return;
        }
        for (List<Element> alternative : rules.get(((Reference) stack.get().top()).rule())) {
            Optional<Stack> pushed = stack.get().below();
            for (Element element : alternative.reversed()) {
                pushed = Optional.of(new Stack(element, pushed));
            }
            expand(pushed, result, depth + 1);
        }
    }

    /** A random text of the grammar; the longer it gets, the shorter the ways that are chosen. */
    public String walk(Random random) {
        Map<String, Integer> heights = heights();
        StringBuilder text = new StringBuilder();
        List<Element> left = new ArrayList<>(List.of(new Reference("root")));
        while (!left.isEmpty()) {
            switch (left.removeLast()) {
                case Characters characters -> text.appendCodePoint(pick(characters, random));
                case Reference(String rule) -> {
                    List<List<Element>> alternatives = rules.get(rule);
                    List<Element> chosen = alternatives.get(random.nextInt(alternatives.size()));
                    if (text.length() + left.size() > 300) {
                        chosen = alternatives.stream()
                                .min((one, other) -> Integer.compare(height(one, heights), height(other, heights)))
                                .orElseThrow();
                    }
                    left.addAll(chosen.reversed());
                }
            }
        }
        return text.toString();
    }

    private static int pick(Characters characters, Random random) {
        if (!characters.negated()) {
            int[] range =
                    characters.ranges().get(random.nextInt(characters.ranges().size()));
            return range[0] + random.nextInt(range[1] - range[0] + 1);
        }
        while (true) {
            int character = random.nextInt(10) == 0 ? 0xe0 + random.nextInt(0x500) : 0x20 + random.nextInt(0x5f);
            if (characters.matches(character)) {
                return character;
            }
        }
    }

    /** How deep the shortest derivation of each rule is. */
    private Map<String, Integer> heights() {
        Map<String, Integer> heights = new HashMap<>();
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Map.Entry<String, List<List<Element>>> rule : rules.entrySet()) {
                int least = rule.getValue().stream()
                        .mapToInt(alternative -> height(alternative, heights))
                        .min()
                        .orElseThrow();
                int known = heights.getOrDefault(rule.getKey(), Integer.MAX_VALUE);
                if (least < Integer.MAX_VALUE && least + 1 < known) {
                    heights.put(rule.getKey(), least + 1);
                    changed = true;
                }
            }
        }
        return heights;
    }

    private static int height(List<Element> sequence, Map<String, Integer> heights) {
        int most = 0;
        for (Element element : sequence) {
            if (element instanceof Reference(String rule)) {
                most = Math.max(most, heights.getOrDefault(rule, Integer.MAX_VALUE));
            }
        }
        return most;
    }

    /** Whether every rule derives some text. */
    boolean isProductive() {
        return heights().containsKey("root");
    }
}
