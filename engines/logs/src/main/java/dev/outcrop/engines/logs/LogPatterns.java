package dev.outcrop.engines.logs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the patterns that messages follow, one message after the other: what they have in common stays, and what differs
 * becomes a token with a number, such as {@code <IPAddress-1>} or {@code <Token-2>}. A message costs time linear in its
 * length and in the number of patterns that begin alike.
 *
 * <p>Source: He, Zhu, Zheng and Lyu, "Drain: An Online Log Parsing Approach with Fixed Depth Tree", 2017, with spaces and
 * signs as tokens of their own, so that a pattern reads as its messages do. Not safe for concurrent use.
 */
public final class LogPatterns {
    private static final Pattern TOKEN = Pattern.compile("[\\p{L}\\p{N}_]+(?:[.:/@+-][\\p{L}\\p{N}_]+)*|\\s+|.");
    private static final int MOST_TOKENS = 500;
    private static final int LONGEST = 10_000;
    private static final int MOST_PATTERNS = 10_000;
    /** So much of a message's words must be those of a pattern for it to follow that pattern. */
    private static final double ALIKE = 0.6;

    private static final List<Kind> KINDS = List.of(
            new Kind("UUID", "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
            new Kind("IPAddress", "\\d{1,3}(?:\\.\\d{1,3}){3}(?:[:/]\\d{1,5})?"),
            new Kind(
                    "Time", "\\d{4}-\\d\\d-\\d\\d(?:T\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?(?:Z|[+-]\\d\\d:?\\d\\d)?)?"),
            new Kind("Time", "\\d\\d:\\d\\d(?::\\d\\d(?:[.]\\d+)?)?Z?"),
            new Kind("Time", "1[5-9]\\d{8}(?:\\d{3})?"),
            new Kind("Number", "-?\\d+(?:\\.\\d+)?"));

    private static final Pattern SEVERITY =
            Pattern.compile("(?i)(?<![a-z])(fatal|critical|error|exception|warn(?:ing)?|info|debug|trace)(?![a-z])");

    private final Map<String, List<Cluster>> clusters = new HashMap<>();
    private final List<Cluster> all = new ArrayList<>();
    private long count;

    /** What a token may be, by its form. */
    private record Kind(String name, Pattern form) {
        Kind(String name, String form) {
            this(name, Pattern.compile(form));
        }
    }

    /** A word of a pattern: always the same, or of a kind. */
    private record Word(String text, boolean varies) {}

    private static final class Cluster {
        private final Word[] words;
        private long count;

        Cluster(Word[] words) {
            this.words = words;
        }
    }

    /**
     * A pattern.
     *
     * @param text     with tokens in the places of what differs
     * @param count    how many messages follow it
     * @param severity how bad it is, if it says so: Fatal, Error, Warning, Info, Debug or Trace
     */
    public record LogPattern(String text, long count, Optional<String> severity) {}

    /** Adds a message. */
    public void add(String message) {
        count++;
        Word[] words = words(message);
        List<Cluster> near = clusters.computeIfAbsent(branch(words), _ -> new ArrayList<>());
        Optional<Cluster> best = Optional.empty();
        double most = ALIKE;
        for (Cluster cluster : near) {
            double likeness = likeness(cluster.words, words);
            if (likeness >= most) {
                most = likeness;
                best = Optional.of(cluster);
            }
        }
        if (best.isPresent()) {
            merge(best.get(), words);
        } else if (all.size() < MOST_PATTERNS) {
            Cluster cluster = new Cluster(words);
            cluster.count = 1;
            near.add(cluster);
            all.add(cluster);
        }
    }

    /** How many messages were added. */
    public long count() {
        return count;
    }

    /** The patterns found, the most frequent first. */
    public List<LogPattern> patterns() {
        return all.stream()
                .sorted(Comparator.comparingLong((Cluster cluster) -> cluster.count)
                        .reversed())
                .map(LogPatterns::pattern)
                .toList();
    }

    private static Word[] words(String message) {
        List<Word> words = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(message.length() > LONGEST ? message.substring(0, LONGEST) : message);
        while (words.size() < MOST_TOKENS && matcher.find()) {
            words.add(word(matcher.group()));
        }
        return words.toArray(Word[]::new);
    }

    private static Word word(String token) {
        if (token.chars().noneMatch(Character::isDigit)) {
            return new Word(token, false);
        }
        for (Kind kind : KINDS) {
            if (kind.form.matcher(token).matches()) {
                return new Word(kind.name, true);
            }
        }
        return new Word(token, false);
    }

    /** Messages of one pattern have as many words, and begin with the same one unless that has digits. */
    private static String branch(Word[] words) {
        String first = words.length == 0 || words[0].text.chars().anyMatch(Character::isDigit) ? "" : words[0].text;
        return words.length + " " + first;
    }

    private static double likeness(Word[] pattern, Word[] words) {
        int compared = 0;
        int same = 0;
        for (int i = 0; i < words.length; i++) {
            boolean says = !words[i].text.isBlank() && Character.isLetterOrDigit(words[i].text.charAt(0));
            if (says && !(pattern[i].varies && words[i].varies)) {
                compared++;
                boolean alike = pattern[i].equals(words[i]);
                if (!alike && isSeverity(pattern[i]) && isSeverity(words[i])) {
                    return 0;
                }
                same += alike ? 1 : 0;
            } else if (!says && !pattern[i].varies && !pattern[i].equals(words[i])) {
                return 0; // Signs stand where they stood.
            }
        }
        return compared == 0 ? 1 : (double) same / compared;
    }

    private static boolean isSeverity(Word word) {
        return SEVERITY.matcher(word.text).matches();
    }

    private static void merge(Cluster cluster, Word[] words) {
        cluster.count++;
        for (int i = 0; i < words.length; i++) {
            if (!cluster.words[i].equals(words[i])) {
                cluster.words[i] = new Word("Token", true);
            }
        }
    }

    private static LogPattern pattern(Cluster cluster) {
        StringBuilder text = new StringBuilder();
        int number = 0;
        for (Word word : cluster.words) {
            if (word.varies) {
                text.append('<').append(word.text).append('-').append(++number).append('>');
            } else {
                text.append(word.text);
            }
        }
        return new LogPattern(text.toString(), cluster.count, severity(text));
    }

    private static Optional<String> severity(CharSequence text) {
        Matcher matcher = SEVERITY.matcher(text);
        if (!matcher.find()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (matcher.group(1).toLowerCase(java.util.Locale.ROOT)) {
                    case "fatal", "critical" -> "Fatal";
                    case "error", "exception" -> "Error";
                    case "warn", "warning" -> "Warning";
                    case "info" -> "Info";
                    case "debug" -> "Debug";
                    default -> "Trace";
                });
    }
}
