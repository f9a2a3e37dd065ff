package dev.outcrop.engines.retrieval;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The simpler questions that one is made of, each to be searched by itself (query decomposition): those that a model
 * wrote, as far as they ask for what the question asks for; where none of them does, the question's own parts.
 */
public final class Questions {
    /** Marks of lists, and quotes, before a line. */
    private static final Pattern LEADING =
            Pattern.compile("^[\\s\"'`*•–-]{0,10}(?:\\(?\\d{1,2}[.):]\\s{0,4}|[Qq]\\d{0,2}:\\s{0,4})?[\\s\"'`]{0,4}");

    private static final Pattern TRAILING = Pattern.compile("[\\s\"'`]{1,10}$");
    private static final Pattern BETWEEN = Pattern.compile(
            "(?<=\\?)\\s+|,?\\s{1,4}(?:and|or|as well as)\\s{1,4}(?=(?:who|whom|whose|what|when|where|why|which|how)\\b)",
            Pattern.CASE_INSENSITIVE);
    private static final int LONGEST = 1000;

    private Questions() {}

    /**
     * The questions to search by, at least one.
     *
     * @param question what was asked
     * @param written  what a model wrote when it was told to take the question apart, one part a line
     * @param most     how many are wanted at most
     */
    public static List<String> parts(String question, String written, int most) {
        Words asked = Words.of(question);
        Set<String> parts = new LinkedHashSet<>();
        for (String line : written.lines().toList()) {
            String part =
                    TRAILING.matcher(LEADING.matcher(line).replaceFirst("")).replaceFirst("");
            if (part.length() <= LONGEST && asksFor(Words.of(part), asked)) {
                parts.add(part);
            }
        }
        if (parts.isEmpty()) {
            parts.addAll(ownParts(question));
        }
        return parts.stream().limit(most).toList();
    }

    /** The question cut where a second one begins. */
    private static List<String> ownParts(String question) {
        List<String> parts = new ArrayList<>();
        for (String part : BETWEEN.split(question)) {
            if (Words.of(part).all().size() >= 2) {
                parts.add(part.strip());
            }
        }
        return parts.size() < 2 ? List.of(question) : parts;
    }

    /** Whether what a model wrote asks about something in the question, and about no number that is not in it. */
    private static boolean asksFor(Words part, Words asked) {
        return part.all().size() >= 2 && part.shareIn(asked) >= 0.5 && part.numbersIn(asked);
    }

    /**
     * A question that can be understood without what was said before: as a model wrote it, if its words stand in the
     * conversation; else the question behind the one before.
     *
     * @param before what was asked before, the latest last
     */
    public static String standalone(String question, List<String> before, String written) {
        String rewritten = TRAILING.matcher(
                        LEADING.matcher(written.strip().lines().findFirst().orElse(""))
                                .replaceFirst(""))
                .replaceFirst("");
        Words said = Words.of(String.join("\n", before) + "\n" + question);
        Words words = Words.of(rewritten);
        boolean asksTheSame = Words.of(question).isEmpty() || Words.of(question).shareIn(words) >= 0.5;
        if (rewritten.length() <= LONGEST
                && words.all().size() >= 2
                && words.shareIn(said) >= 0.6
                && words.numbersIn(said)
                && asksTheSame) {
            return rewritten;
        }
        return before.isEmpty() ? question : before.getLast() + "\n" + question;
    }
}
