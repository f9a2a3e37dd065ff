package dev.outcrop.engines.speech.whisper;

import java.util.List;

/**
 * Which tokens may follow: Whisper's rules of times, and tokens that are never written.
 *
 * <p>Source: OpenAI's {@code ApplyTimestampRules}, {@code SuppressTokens} and {@code SuppressBlank}.
 */
final class TokenRules {
    /** The first segment begins within the first second. */
    private static final int LATEST_START = 50;

    /** Smaller logarithms than this add nothing to a sum. */
    private static final float NEGLIGIBLE = -18;

    private final WhisperTokenizer tokenizer;
    private final int space;

    TokenRules(WhisperTokenizer tokenizer) {
        this.tokenizer = tokenizer;
        int[] spaces = tokenizer.encode(" ");
        this.space = spaces.length == 1 ? spaces[0] : tokenizer.end();
    }

    /**
     * Takes away what may not follow, and shares its probability among what may.
     *
     * @param logarithms logarithms of the probabilities of all tokens, which are changed
     * @param written    what was written so far, times included
     * @param lastTime   the last time token that there is sound for
     */
    void apply(float[] logarithms, List<Integer> written, int lastTime) {
        int end = tokenizer.end();
        int firstTime = tokenizer.firstTime();
        for (int token : tokenizer.suppressed()) {
            logarithms[token] = Float.NEGATIVE_INFINITY;
        }
        boolean textAllowed = true;
        int earliest = firstTime;
        int latest = Math.min(lastTime, tokenizer.lastTime());
        int count = written.size();
        if (count == 0) {
            textAllowed = false;
            logarithms[end] = Float.NEGATIVE_INFINITY;
            latest = Math.min(latest, firstTime + LATEST_START);
        } else {
            boolean timeLast = written.get(count - 1) >= firstTime;
            boolean timeBefore = count < 2 || written.get(count - 2) >= firstTime;
            if (timeLast && timeBefore) {
                latest = firstTime - 1;
            } else if (timeLast) {
                textAllowed = false;
            }
            for (int i = count - 1; i >= 0; i--) {
                if (written.get(i) >= firstTime) {
                    // A segment has a length, but the next one may begin where it ends.
                    earliest = written.get(i) + (timeLast && !timeBefore ? 0 : 1);
                    break;
                }
            }
            if (count == 1) {
                logarithms[space] = Float.NEGATIVE_INFINITY;
                logarithms[end] = Float.NEGATIVE_INFINITY;
            }
        }
        for (int token = firstTime; token < logarithms.length; token++) {
            if (token < earliest || token > latest) {
                logarithms[token] = Float.NEGATIVE_INFINITY;
            }
        }
        if (textAllowed && latest >= earliest) {
            // Where all times together are likelier than any word, it is a time.
            float best = Float.NEGATIVE_INFINITY;
            for (int token = 0; token <= end; token++) {
                best = Math.max(best, logarithms[token]);
            }
            textAllowed = logarithmOfSum(logarithms, earliest, latest + 1) <= best;
            if (!textAllowed) {
                logarithms[end] = Float.NEGATIVE_INFINITY;
            }
        }
        if (!textAllowed) {
            for (int token = 0; token < end; token++) {
                logarithms[token] = Float.NEGATIVE_INFINITY;
            }
        }
        float all = logarithmOfSum(logarithms, 0, logarithms.length);
        if (all == Float.NEGATIVE_INFINITY) {
            logarithms[end] = 0;
            return;
        }
        for (int token = 0; token < logarithms.length; token++) {
            logarithms[token] -= all;
        }
    }

    /** The logarithm of the sum of probabilities that are given by their logarithms. */
    static float logarithmOfSum(float[] logarithms, int from, int to) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            largest = Math.max(largest, logarithms[i]);
        }
        if (largest == Float.NEGATIVE_INFINITY) {
            return largest;
        }
        double sum = 0;
        for (int i = from; i < to; i++) {
            float relative = logarithms[i] - largest;
            if (relative > NEGLIGIBLE) {
                sum += Math.exp(relative);
            }
        }
        return (float) (largest + Math.log(sum));
    }
}
