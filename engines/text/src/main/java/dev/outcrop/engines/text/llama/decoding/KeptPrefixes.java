package dev.outcrop.engines.text.llama.decoding;

import dev.outcrop.engines.text.llama.binding.LlamaContext.SavedSequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Sequences whose generation is over and whose state is kept, so that a prompt that begins alike need not be computed
 * again: in the context, or saved outside it. The one used longest ago goes first, those with a cache point after all
 * others.
 *
 * <p>Knows tokens and sequence ids; what it gives up in the context, its user forgets there. Lookup compares with every
 * kept sequence: there are few.
 */
final class KeptPrefixes implements AutoCloseable {
    /** Shorter ones are computed faster than managed. */
    private static final int WORTH_KEEPING = 16;

    private final List<Kept> kept = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private final int maximumTokens;
    private long clock;

    /** A kept sequence. */
    static final class Kept {
        private final int[] tokens;
        private final boolean hasCachePoint;
        private final int sequence;
        private Optional<SavedSequence> saved = Optional.empty();
        private long lastUsed;

        private Kept(int sequence, int[] tokens, boolean hasCachePoint) {
            this.sequence = sequence;
            this.tokens = tokens;
            this.hasCachePoint = hasCachePoint;
        }

        int[] tokens() {
            return tokens;
        }

        /** The sequence that holds it in the context, unless it is {@link #saved}. */
        int sequence() {
            return sequence;
        }

        /** Its state outside the context, if it is there. */
        Optional<SavedSequence> saved() {
            return saved;
        }

        boolean inContext() {
            return saved.isEmpty();
        }
    }

    /** A kept sequence and how many of its first tokens a prompt shares. */
    record Match(Kept kept, int length) {}

    /**
     * @param sequences     ids from 0 on
     * @param maximumTokens to keep
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
     * Keeps a sequence of the context.
     *
     * @return the sequences given up for it, itself perhaps, which the caller forgets and gives back
     */
    List<Integer> keep(int sequence, int[] tokens, boolean hasCachePoint) {
        for (Kept other : kept) {
            if (Arrays.mismatch(other.tokens, tokens) == tokens.length || Arrays.equals(other.tokens, tokens)) {
                other.lastUsed = ++clock;
                return List.of(sequence); // another one begins with all of it
            }
        }
        if (tokens.length < WORTH_KEEPING || tokens.length > maximumTokens) {
            return List.of(sequence);
        }
        List<Integer> given = new ArrayList<>();
        boolean cachePoint = hasCachePoint;
        for (Kept other : List.copyOf(kept)) {
            if (Arrays.mismatch(tokens, other.tokens) == other.tokens.length) {
                cachePoint |= other.hasCachePoint; // it begins with all of the other one
                giveUp(other).ifPresent(given::add);
            }
        }
        Kept added = new Kept(sequence, tokens, cachePoint);
        added.lastUsed = ++clock;
        kept.add(added);
        while (keptTokens() > maximumTokens) {
            leastMissed(_ -> true).flatMap(this::giveUp).ifPresent(given::add);
        }
        return given;
    }

    private long keptTokens() {
        return kept.stream().mapToLong(one -> one.tokens.length).sum();
    }

    private Optional<Kept> leastMissed(Predicate<Kept> which) {
        return kept.stream()
                .filter(which)
                .min(Comparator.comparing((Kept one) -> one.hasCachePoint).thenComparingLong(one -> one.lastUsed));
    }

    private Optional<Integer> giveUp(Kept one) {
        kept.remove(one);
        one.saved.ifPresent(SavedSequence::close);
        return one.inContext() ? Optional.of(one.sequence) : Optional.empty();
    }

    /** Gives up the sequence of the context that is missed least, if there is one. */
    Optional<Integer> giveUpOne() {
        return leastMissed(Kept::inContext).flatMap(this::giveUp);
    }

    /** Those that the context holds. */
    List<Kept> inContext() {
        return kept.stream().filter(Kept::inContext).toList();
    }

    /** Notes that a sequence lives on outside the context; the caller forgets it there and gives its id back. */
    void moved(Kept one, SavedSequence state) {
        one.saved = Optional.of(state);
    }

    /** How many sequences are kept. */
    int size() {
        return kept.size();
    }

    /** Lets go of what is kept outside the context. */
    @Override
    public void close() {
        List.copyOf(kept).forEach(this::giveUp);
    }
}
