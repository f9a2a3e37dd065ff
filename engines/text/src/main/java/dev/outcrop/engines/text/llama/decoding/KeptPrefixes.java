package dev.outcrop.engines.text.llama.decoding;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Sequences whose generation is over and whose state is kept, so that a prompt that begins alike need not be computed
 * again. The one used longest ago goes first, those with a cache point after all others.
 *
 * <p>Knows tokens and sequence ids; what it gives up, its user forgets in the context. Lookup compares with every kept
 * sequence: there are few.
 */
final class KeptPrefixes {
    /** Shorter ones are computed faster than managed. */
    private static final int WORTH_KEEPING = 16;

    private final List<Kept> kept = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private final int maximumTokens;
    private long clock;

    /** A kept sequence. */
    static final class Kept {
        final int sequence;
        final int[] tokens;
        final boolean hasCachePoint;
        private long lastUsed;

        Kept(int sequence, int[] tokens, boolean hasCachePoint) {
            this.sequence = sequence;
            this.tokens = tokens;
            this.hasCachePoint = hasCachePoint;
        }
    }

    /** A kept sequence and how many of its first tokens a prompt shares. */
    record Match(Kept kept, int length) {}

    /**
     * @param sequences     ids from 0 on
     * @param maximumTokens to keep: every step passes over all that is in memory
     */
    KeptPrefixes(int sequences, int maximumTokens) {
        for (int sequence = 0; sequence < sequences; sequence++) {
            free.add(sequence);
        }
        this.maximumTokens = maximumTokens;
    }

    /** A sequence id that is not in use, if there is one. */
    Optional<Integer> takeFree() {
        return Optional.ofNullable(free.poll());
    }

    /** Gives back an id whose state was forgotten. */
    void giveBack(int sequence) {
        free.addFirst(sequence);
    }

    /** The kept sequence that shares the longest beginning with the first {@code limit} tokens. */
    Optional<Match> longest(TokenSequence tokens, int limit) {
        Optional<Match> best = Optional.empty();
        for (Kept candidate : kept) {
            int length = tokens.common(candidate.tokens, limit);
            if (length > 0 && (best.isEmpty() || length > best.get().length())) {
                best = Optional.of(new Match(candidate, length));
            }
        }
        best.ifPresent(match -> match.kept().lastUsed = ++clock);
        return best;
    }

    /**
     * Keeps a sequence.
     *
     * @return the sequences given up for it, itself perhaps, which the caller forgets and gives back
     */
    List<Integer> keep(int sequence, int[] tokens, boolean hasCachePoint) {
        List<Integer> given = new ArrayList<>();
        for (Kept other : kept) {
            if (Arrays.mismatch(other.tokens, tokens) == tokens.length || Arrays.equals(other.tokens, tokens)) {
                other.lastUsed = ++clock;
                return List.of(sequence); // another one begins with all of it
            }
        }
        if (tokens.length < WORTH_KEEPING || tokens.length > maximumTokens) {
            return List.of(sequence);
        }
        boolean cachePoint = hasCachePoint;
        for (Kept other : List.copyOf(kept)) {
            if (Arrays.mismatch(tokens, other.tokens) == other.tokens.length) {
                cachePoint |= other.hasCachePoint; // it begins with all of the other one
                kept.remove(other);
                given.add(other.sequence);
            }
        }
        Kept added = new Kept(sequence, tokens, cachePoint);
        added.lastUsed = ++clock;
        kept.add(added);
        while (keptTokens() > maximumTokens) {
            giveUpOne().ifPresent(given::add);
        }
        return given;
    }

    private long keptTokens() {
        return kept.stream().mapToLong(one -> one.tokens.length).sum();
    }

    /** Gives up the sequence that is missed least, if there is one. */
    Optional<Integer> giveUpOne() {
        Optional<Kept> least = kept.stream()
                .min(Comparator.comparing((Kept one) -> one.hasCachePoint).thenComparingLong(one -> one.lastUsed));
        least.ifPresent(kept::remove);
        return least.map(one -> one.sequence);
    }

    /** How many sequences are kept. */
    int size() {
        return kept.size();
    }
}
