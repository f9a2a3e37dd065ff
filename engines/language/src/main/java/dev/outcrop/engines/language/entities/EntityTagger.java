package dev.outcrop.engines.language.entities;

import dev.outcrop.engines.language.tagging.SequenceTagger;
import dev.outcrop.engines.language.tagging.WordFeatures;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds names and addresses in English texts by a {@link SequenceTagger}, which {@link EntityRecipe} trained. Safe for
 * concurrent use.
 */
public final class EntityTagger {
    private static final List<EntityKind> KINDS = List.of(EntityKind.values());

    /** Tags: outside, then two for each kind, where an entity begins and where it goes on. */
    static final int TAGS = 1 + 2 * KINDS.size();

    /** Small words that stand in names of persons and places. */
    private static final Set<String> WITHIN = Set.of(
            "of", "the", "de", "da", "di", "do", "du", "del", "della", "der", "den", "la", "le", "el", "al", "van",
            "von", "bin", "ibn", "y", "upon", "on");

    private final SequenceTagger tagger;

    /**
     * An entity.
     *
     * @param start where it begins, in UTF-16 units
     * @param end   where it ends, exclusive
     * @param score how probable it is that its tokens are just that, 0 to 1
     */
    public record Entity(EntityKind kind, int start, int end, double score) {}

    EntityTagger(SequenceTagger tagger) {
        this.tagger = tagger;
    }

    private static final class Holder {
        private static final EntityTagger SHIPPED =
                new EntityTagger(SequenceTagger.read(EntityTagger.class, "entities.bin.gz", TAGS));
    }

    /** The tagger that ships, for English; read when it is first asked for. */
    public static EntityTagger shipped() {
        return Holder.SHIPPED;
    }

    /** Writes the weights as {@link #shipped} reads them. */
    void write(OutputStream out) throws IOException {
        tagger.write(out);
    }

    /** The entities of a text, in the order of their places. */
    public List<Entity> find(String text) {
        Tokens tokens = Tokens.of(text);
        List<Entity> entities = new ArrayList<>();
        SequenceTagger.Tagging tagging = tagger.tag(new WordFeatures(tokens.texts()));
        int[] tags = tagging.tags();
        int at = 0;
        while (at < tags.length) {
            if (tags[at] == 0) {
                at++;
                continue;
            }
            int kind = (tags[at] - 1) / 2;
            int end = at + 1;
            while (end < tags.length && tags[end] == 2 * kind + 2) {
                end++;
            }
            add(text, tokens, tagging.probabilities(), KINDS.get(kind), at, end, entities);
            at = end;
        }
        return List.copyOf(entities);
    }

    /**
     * Adds what is a name among tokens that were tagged as one: where some of them have capitals, other small words than
     * those that names hold part persons and places from what the tagger ran on to, and begin no name of any kind.
     */
    private static void add(
            String text,
            Tokens tokens,
            float[] probabilities,
            EntityKind kind,
            int from,
            int to,
            List<Entity> entities) {
        boolean capitals = false;
        for (int token = from; token < to; token++) {
            capitals |= isCapital(tokens, token);
        }
        boolean parted = kind == EntityKind.PERSON || kind == EntityKind.LOCATION;
        int at = from;
        while (at < to) {
            int end = at;
            while (end < to && (!capitals || !parted || !parts(tokens, end))) {
                end++;
            }
            int start = at;
            while (start < end && capitals && kind != EntityKind.ADDRESS && isSmall(tokens, start)) {
                start++;
            }
            int last = end - 1;
            while (last > start && !endsName(text, tokens, last)) {
                last--;
            }
            if (start < end) {
                double score = 0;
                for (int token = start; token < end; token++) {
                    score += probabilities[token] / (end - start);
                }
                entities.add(new Entity(kind, tokens.starts()[start], tokens.end(last), score));
            }
            at = end + 1;
        }
    }

    private static boolean isCapital(Tokens tokens, int token) {
        return Character.isUpperCase(tokens.texts().get(token).codePointAt(0));
    }

    private static boolean isSmall(Tokens tokens, int token) {
        return Character.isLowerCase(tokens.texts().get(token).codePointAt(0));
    }

    private static boolean parts(Tokens tokens, int token) {
        return isSmall(tokens, token) && !WITHIN.contains(tokens.texts().get(token));
    }

    /** A name ends in a letter or digit, or in the full stop of an abbreviation, but in no other mark and no end of a line. */
    private static boolean endsName(String text, Tokens tokens, int token) {
        String last = tokens.texts().get(token);
        boolean abbreviates = last.equals(".")
                && Character.isLetter(text.codePointBefore(tokens.starts()[token]))
                && tokens.end(token) < text.length();
        return abbreviates || Character.isLetterOrDigit(last.codePointAt(0));
    }
}
