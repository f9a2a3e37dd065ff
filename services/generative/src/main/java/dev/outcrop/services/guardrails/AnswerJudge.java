package dev.outcrop.services.guardrails;

import java.util.List;
import java.util.Optional;

/**
 * Judges an answer while it is written, window by window: each with what stands before it, so that what only shows in
 * connection is found, and with its last characters held back, so that nothing begins on one side of a window and ends on
 * the other. For one thread at a time.
 *
 * <p>An answer whose grounding is checked is judged as a whole, at its end.
 */
public final class AnswerJudge {
    /** How many new characters make a window. */
    static final int WINDOW = 400;

    private static final int CONTEXT = 600;
    private static final int HELD_BACK = 200;
    /** Beyond this, what has no white space is cut all the same. */
    private static final int LONGEST_WORD = 2000;

    private final Applied guardrail;
    private final GuardrailPolicies policies;
    private final boolean masks;
    private final Assessment assessment = new Assessment();
    private int judged;
    private int released;

    /** @param masks whether what is released is masked; else what would be masked is only told */
    AnswerJudge(Applied guardrail, GuardrailPolicies policies, boolean masks) {
        this.guardrail = guardrail;
        this.policies = policies;
        this.masks = masks;
    }

    /** What was found so far. */
    public Assessment assessment() {
        return assessment;
    }

    /** Whether so much was written that it is to be judged. */
    public boolean isDue(int written) {
        return written - judged >= WINDOW;
    }

    /** Whether anything that was written has not been said yet. */
    public boolean isBehind(int written) {
        return released < written;
    }

    /**
     * Judges what was written since the last time.
     *
     * @param text all that was written
     * @param last whether nothing follows, so that nothing is held back
     * @return what may be said now, masked; empty if the answer is stopped
     */
    public Optional<String> judge(CharSequence text, boolean last, Optional<Applied.Ground> ground) {
        long begun = System.nanoTime();
        int from = beginOfWord(text, Math.max(0, released - CONTEXT));
        String window = text.subSequence(from, text.length()).toString();
        assessment.forgetBehind(released);
        for (Finding finding : policies.judge(window, "")) {
            add(finding, from);
        }
        long fresh = Character.codePointCount(text, judged, text.length());
        for (Policy policy : policies.policies()) {
            assessment.judged(policy, fresh);
        }
        assessment.covered(fresh, fresh);
        judged = text.length();
        if (last && ground.isPresent() && policies.checksGrounding()) {
            List<Finding> grounding = guardrail.grounding(ground.get(), text.toString(), assessment);
            grounding.forEach(assessment::add);
        }
        assessment.took(System.nanoTime() - begun);
        if (assessment.isBlocked()) {
            return Optional.empty();
        }
        int to = last ? text.length() : cut(text);
        String said = new Masking(assessment.findings()).masked(text, released, to);
        released = to;
        return Optional.of(said);
    }

    private void add(Finding finding, int offset) {
        Finding told = finding;
        if (finding instanceof Finding.Placed placed) {
            if (placed.end() + offset <= released) {
                return;
            }
            Finding.Placed moved = Applied.moved(placed, placed.start() + offset, placed.end() + offset);
            told = !masks && placed.verdict() == Verdict.ANONYMIZED ? Applied.told(moved) : moved;
        }
        assessment.add(told);
    }

    /** Where what is said may end: between words, far enough from the end, and in the middle of no finding. */
    private int cut(CharSequence text) {
        int cut = Math.max(released, text.length() - HELD_BACK);
        int word = beginOfWord(text, cut);
        if (word > released) {
            cut = word;
        } else if (text.length() - released < LONGEST_WORD) {
            return released;
        }
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Finding finding : assessment.findings()) {
                if (finding instanceof Finding.Placed placed && placed.start() < cut && placed.end() > cut) {
                    cut = Math.max(released, placed.start());
                    moved = cut > released;
                }
            }
        }
        return cut > released && Character.isLowSurrogate(text.charAt(Math.min(cut, text.length() - 1)))
                ? cut - 1
                : cut;
    }

    /** The place at or before {@code at} where a word begins; {@code at} itself in a word that is too long. */
    private static int beginOfWord(CharSequence text, int at) {
        int begin = at;
        while (begin > 0 && !Character.isWhitespace(text.charAt(begin - 1))) {
            begin--;
            if (at - begin > LONGEST_WORD) {
                return at;
            }
        }
        return begin;
    }
}
