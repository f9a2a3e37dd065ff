package dev.outcrop.engines.language.entities;

import dev.outcrop.engines.language.tagging.SequenceTagger;
import dev.outcrop.engines.language.tagging.WordFeatures;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds names and addresses in English texts by a {@link SequenceTagger}, which {@link EntityRecipe} trained. Safe for
 * concurrent use.
 */
public final class EntityTagger {
    private static final List<EntityKind> KINDS = List.of(EntityKind.values());

    /** Tags: outside, then two for each kind, where an entity begins and where it goes on. */
    static final int TAGS = 1 + 2 * KINDS.size();

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
            double score = 0;
            for (int token = at; token < end; token++) {
                score += tagging.probabilities()[token] / (end - at);
            }
            int last = end - 1;
            while (last > at && tokens.texts().get(last).equals("\n")) {
                last--;
            }
            entities.add(new Entity(KINDS.get(kind), tokens.starts()[at], tokens.end(last), score));
            at = end;
        }
        return List.copyOf(entities);
    }
}
