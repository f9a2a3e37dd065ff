package dev.outcrop.engines.sources.crawl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What a robots.txt allows one crawler (RFC 9309): the rule with the longest matching path decides, an Allow where two are as
 * long, and everything is allowed that no rule matches. A path is matched in time linear in it for each star of a rule.
 *
 * <p>{@code Crawl-delay} is none of the RFC's, and followed up to a minute.
 */
final class RobotsRules {
    /** Those of a site without the file. */
    static final RobotsRules NONE = new RobotsRules(List.of(), Duration.ZERO);

    /** Those of a site whose file cannot be had: nothing is allowed until it can. */
    static final RobotsRules UNKNOWN = new RobotsRules(List.of(new Rule(false, "/")), Duration.ZERO);

    /** The RFC wants at least 500 KiB to be read; what is behind is not. */
    static final int LARGEST = 512_000;

    private static final int MOST_RULES = 10_000;
    private static final int LONGEST_PATTERN = 2048;
    private static final long LONGEST_DELAY_SECONDS = 60;

    private final List<Rule> rules;
    private final Duration delay;

    private RobotsRules(List<Rule> rules, Duration delay) {
        this.rules = rules.stream()
                .sorted(Comparator.comparingInt((Rule rule) -> rule.pattern().getBytes(UTF_8).length)
                        .reversed()
                        .thenComparing(Rule::allows, Comparator.reverseOrder()))
                .toList();
        this.delay = delay;
    }

    private record Rule(boolean allows, String pattern) {}

    /**
     * Reads the rules for a crawler: those of all groups that name the longest beginning of its name, or those for everybody.
     *
     * @param text  the file
     * @param agent the crawler's whole name, in any case
     */
    static RobotsRules of(String text, String agent) {
        String name = agent.toLowerCase(Locale.ROOT);
        String best = longestToken(text, name);
        List<Rule> rules = new ArrayList<>();
        Duration delay = Duration.ZERO;
        boolean naming = false;
        boolean ours = false;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            String field = field(line);
            String value = value(line);
            if (field.equals("user-agent")) {
                ours = (naming && ours) || value.toLowerCase(Locale.ROOT).equals(best);
                naming = true;
                continue;
            }
            boolean rule = field.equals("allow") || field.equals("disallow");
            naming &= !rule && !field.equals("crawl-delay");
            if (ours && rule && !value.isEmpty() && value.length() <= LONGEST_PATTERN && rules.size() < MOST_RULES) {
                rules.add(new Rule(field.equals("allow"), PageAddress.normalized(value)));
            } else if (ours && field.equals("crawl-delay")) {
                delay = delay(value);
            }
        }
        return new RobotsRules(rules, delay);
    }

    /** Whether a path may be fetched, with its query if it has one. */
    boolean allow(String path) {
        if (path.equals("/robots.txt")) {
            return true;
        }
        for (Rule rule : rules) {
            if (matches(rule.pattern(), path)) {
                return rule.allows();
            }
        }
        return true;
    }

    /** How long to wait between two requests. */
    Duration delay() {
        return delay;
    }

    private static String longestToken(String text, String name) {
        String best = "*";
        for (String line : (Iterable<String>) text.lines()::iterator) {
            String token = value(line).toLowerCase(Locale.ROOT);
            if (field(line).equals("user-agent")
                    && !token.isEmpty()
                    && name.startsWith(token)
                    && (best.equals("*") || token.length() > best.length())) {
                best = token;
            }
        }
        return best;
    }

    private static String field(String line) {
        int colon = line.indexOf(':');
        return colon < 0
                ? ""
                : line.substring(0, colon).replace("\uFEFF", "").strip().toLowerCase(Locale.ROOT);
    }

    private static String value(String line) {
        int comment = line.indexOf('#');
        String said = comment < 0 ? line : line.substring(0, comment);
        int colon = said.indexOf(':');
        return colon < 0 ? "" : said.substring(colon + 1).strip();
    }

    private static Duration delay(String value) {
        try {
            double seconds = Double.parseDouble(value);
            return seconds > 0 && seconds < Double.POSITIVE_INFINITY
                    ? Duration.ofMillis((long) (Math.min(seconds, LONGEST_DELAY_SECONDS) * 1000))
                    : Duration.ZERO;
        } catch (NumberFormatException none) {
            return Duration.ZERO;
        }
    }

    /** Whether a path begins with a pattern, in which stars stand for anything and a last dollar for the end. */
    private static boolean matches(String pattern, String path) {
        boolean anchored = pattern.endsWith("$");
        String[] pieces = (anchored ? pattern.substring(0, pattern.length() - 1) : pattern).split("\\*", -1);
        if (!path.startsWith(pieces[0])) {
            return false;
        }
        int place = pieces[0].length();
        for (int i = 1; i < pieces.length; i++) {
            boolean last = i == pieces.length - 1;
            if (last && anchored) {
                return path.length() - pieces[i].length() >= place && path.endsWith(pieces[i]);
            }
            int found = path.indexOf(pieces[i], place);
            if (found < 0) {
                return false;
            }
            place = found + pieces[i].length();
        }
        return !anchored || place == path.length();
    }
}
