package dev.outcrop.services.guardrails;

import dev.outcrop.engines.guard.Confidence;
import dev.outcrop.services.guardrails.Finding.ContentFound;
import dev.outcrop.services.guardrails.Finding.GroundingFound;
import dev.outcrop.services.guardrails.Finding.PatternFound;
import dev.outcrop.services.guardrails.Finding.PersonalAbsent;
import dev.outcrop.services.guardrails.Finding.PersonalFound;
import dev.outcrop.services.guardrails.Finding.Placed;
import dev.outcrop.services.guardrails.Finding.TopicFound;
import dev.outcrop.services.guardrails.Finding.WordFound;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a guardrail found in one text, which may have been judged piece by piece: its findings, each once, and the work
 * that they took. For one thread at a time.
 */
public final class Assessment {
    /** How many characters a text unit has at most. */
    static final int TEXT_UNIT = 1000;

    private final Map<Object, Finding> findings = new LinkedHashMap<>();
    private final Map<Policy, Long> judged = new EnumMap<>(Policy.class);
    private long guarded;
    private long total;
    private long images;
    private long nanos;

    /** An assessment in which nothing has been judged yet. */
    Assessment() {}

    /** What makes two findings the same one. */
    private record Place(Class<?> kind, String label, int start, int end) {}

    private record Kind(Class<?> kind, String name) {}

    private static Object identity(Finding finding) {
        return switch (finding) {
            case Placed placed -> new Place(placed.getClass(), placed.label(), placed.start(), placed.end());
            case TopicFound topic -> new Kind(TopicFound.class, topic.name());
            case ContentFound content -> new Kind(ContentFound.class, content.type());
            case PersonalAbsent absent -> new Kind(PersonalAbsent.class, absent.type());
            case GroundingFound grounding -> new Kind(GroundingFound.class, grounding.type());
        };
    }

    /** Adds what was found; of two findings of one kind the graver one counts. */
    void add(Finding finding) {
        findings.merge(identity(finding), finding, Assessment::graver);
    }

    /** Forgets findings that end behind {@code place}, where the text is judged again. */
    void forgetBehind(int place) {
        findings.values().removeIf(finding -> finding instanceof Placed placed && placed.end() > place);
    }

    private static Finding graver(Finding one, Finding other) {
        if (one instanceof ContentFound(String _, Confidence before, String _, boolean _, Verdict _)
                && other instanceof ContentFound(String _, Confidence after, String _, boolean _, Verdict _)) {
            return after.isAtLeast(before) ? other : one;
        }
        return other.verdict().compareTo(one.verdict()) > 0 || (other.detected() && !one.detected()) ? other : one;
    }

    /** Counts {@code characters} that {@code policy} has judged. */
    void judged(Policy policy, long characters) {
        judged.merge(policy, characters, Long::sum);
    }

    /** Counts characters that were looked at, of which {@code guardedCharacters} were judged. */
    void covered(long guardedCharacters, long totalCharacters) {
        guarded += guardedCharacters;
        total += totalCharacters;
    }

    /** Counts images, which nothing here judges. */
    public void unseenImages(long count) {
        images += count;
    }

    /** Counts time. */
    void took(long elapsedNanos) {
        nanos += elapsedNanos;
    }

    /** All findings in the order in which they were made. */
    Collection<Finding> findings() {
        return findings.values();
    }

    /** Whether the text is stopped. */
    public boolean isBlocked() {
        return findings.values().stream().anyMatch(finding -> finding.verdict() == Verdict.BLOCKED);
    }

    /** Whether parts of the text are masked. */
    public boolean isMasked() {
        return findings.values().stream().anyMatch(finding -> finding.verdict() == Verdict.ANONYMIZED);
    }

    /** Whether the guardrail did anything to the text. */
    public boolean isIntervened() {
        return isBlocked() || isMasked();
    }

    /** What AWS says of it in words. */
    public String reason() {
        if (isBlocked()) {
            return "Guardrail blocked.";
        }
        return isMasked() ? "Guardrail masked." : "No action.";
    }

    /** The text units that {@code policy} has judged. */
    int units(Policy policy) {
        return Math.toIntExact((judged.getOrDefault(policy, 0L) + TEXT_UNIT - 1) / TEXT_UNIT);
    }

    /** The policies that judged anything. */
    Collection<Policy> policies() {
        return judged.keySet();
    }

    long guardedCharacters() {
        return guarded;
    }

    long totalCharacters() {
        return total;
    }

    long images() {
        return images;
    }

    /** How long the judging took. */
    public long millis() {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    double exactMillis() {
        return nanos / 1e6;
    }

    /** Whether {@code policy} did anything to the text. */
    boolean intervened(Policy policy) {
        return findings.values().stream()
                .anyMatch(finding -> finding.verdict() != Verdict.NONE && Policy.of(finding) == policy);
    }

    /** Whether a finding is shown: what was found always is, how an answer is grounded, too, and all if asked for. */
    boolean isShown(Finding finding, boolean full) {
        return switch (finding) {
            case GroundingFound _, WordFound _, PersonalFound _, PatternFound _ -> true;
            case TopicFound _, ContentFound _ -> full || finding.detected();
            case PersonalAbsent(String type) -> full && !hasFound(type);
        };
    }

    private boolean hasFound(String type) {
        return findings.values().stream()
                .anyMatch(finding -> finding instanceof PersonalFound(int _, int _, String _, String label, Verdict _)
                        && label.equals(type));
    }
}
