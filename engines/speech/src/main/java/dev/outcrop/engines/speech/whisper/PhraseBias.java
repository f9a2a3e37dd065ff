package dev.outcrop.engines.speech.whisper;

import dev.outcrop.engines.speech.RecognitionOptions.BoostedPhrase;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Prefers phrases while decoding: each token that goes on with a phrase gains, and what a phrase that was only begun has
 * gained is taken back.
 *
 * <p>Source: shallow fusion with a prefix tree, as in Zhao et al., "Shallow-Fusion End-to-End Contextual Biasing", 2019.
 */
final class PhraseBias {
    private static final double HIGHEST_BONUS = 10;

    private final Node root = new Node();

    /** A prefix of phrases. */
    private static final class Node {
        private final Map<Integer, Node> children = new HashMap<>();
        private double bonus;
        private boolean complete;
    }

    /**
     * Where a text stands among the phrases.
     *
     * @param owed what it has gained by a phrase that is not complete yet
     */
    record Place(Node node, double owed) {}

    /**
     * What a token would change.
     *
     * @param gain what is added to the text's score
     */
    record Move(Place place, double gain) {}

    PhraseBias(List<BoostedPhrase> phrases, WhisperTokenizer tokenizer) {
        for (BoostedPhrase phrase : phrases) {
            double bonus = Math.clamp(phrase.bonus(), 0, HIGHEST_BONUS);
            String text = phrase.text().strip();
            if (!text.isEmpty() && bonus > 0) {
                add(tokenizer.encode(" " + text), bonus);
                add(tokenizer.encode(text), bonus);
            }
        }
    }

    private void add(int[] tokens, double bonus) {
        Node node = root;
        for (int token : tokens) {
            node = node.children.computeIfAbsent(token, _ -> new Node());
            node.bonus = Math.max(node.bonus, bonus);
        }
        node.complete |= node != root;
    }

    Place start() {
        return new Place(root, 0);
    }

    /** The tokens that would gain. */
    Collection<Integer> preferred(Place place) {
        return place.node().children.keySet();
    }

    /** Whether there is nothing to prefer. */
    boolean isEmpty() {
        return root.children.isEmpty();
    }

    /** What the next token does to a text's place and score. */
    Move after(Place place, int token) {
        Node next = place.node().children.get(token);
        double gain = 0;
        double owed = place.owed();
        if (next == null) {
            gain = -owed;
            owed = 0;
            next = root.children.get(token);
        }
        if (next == null) {
            return new Move(start(), gain);
        }
        gain += next.bonus;
        owed = next.complete ? 0 : owed + next.bonus;
        return new Move(new Place(next.children.isEmpty() ? root : next, owed), gain);
    }
}
