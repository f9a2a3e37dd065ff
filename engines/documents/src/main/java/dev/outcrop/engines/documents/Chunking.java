package dev.outcrop.engines.documents;

import java.util.List;

/**
 * How a document is cut into chunks, as knowledge bases of Amazon Bedrock are told to.
 *
 * <p>Chunks end where sentences, list items or rows end. A heading is never a chunk's last line; a table that is cut repeats
 * its header. A sentence or row that alone is longer than a chunk may be is cut between words. In chunks of fixed size and
 * parents a heading begins a new chunk once half of one is full.
 *
 * <p>Source: "How content chunking works for knowledge bases" in the Amazon Bedrock user guide, and {@code
 * ChunkingConfiguration} of its API reference.
 */
public sealed interface Chunking {
    /** The chunks of a document, in its order; none if it has no text. */
    List<Chunk> chunks(Document document, TokenCounter counter);

    /** {@link #chunks(Document, TokenCounter)} with {@link TokenCounter#APPROXIMATE}. */
    default List<Chunk> chunks(Document document) {
        return chunks(document, TokenCounter.APPROXIMATE);
    }

    /**
     * Chunks of at most so many tokens.
     *
     * @param overlapPercentage how much of {@code maximumTokens} a chunk repeats of the one before it, 0 to 99
     */
    record FixedSize(int maximumTokens, int overlapPercentage) implements Chunking {
        /** What a data source that says nothing gets: about 300 tokens, whole sentences. */
        public static final FixedSize DEFAULT = new FixedSize(300, 0);

        public FixedSize {
            atLeast("maximumTokens", maximumTokens, 1);
            between("overlapPercentage", overlapPercentage, 0, 99);
        }

        @Override
        public List<Chunk> chunks(Document document, TokenCounter counter) {
            return new Chunker(counter)
                    .fixed(document, maximumTokens, (int) (maximumTokens * (long) overlapPercentage / 100));
        }
    }

    /**
     * Children cut from parents; children are embedded, and answered by their parents' text.
     *
     * @param overlapTokens what consecutive parents, and consecutive children, have in common, less than
     *                      {@code childTokens}
     */
    record Hierarchical(int parentTokens, int childTokens, int overlapTokens) implements Chunking {
        public Hierarchical {
            atLeast("childTokens", childTokens, 1);
            atLeast("parentTokens", parentTokens, childTokens);
            between("overlapTokens", overlapTokens, 0, childTokens - 1);
        }

        @Override
        public List<Chunk> chunks(Document document, TokenCounter counter) {
            return new Chunker(counter).hierarchical(document, parentTokens, childTokens, overlapTokens);
        }
    }

    /**
     * Chunks of sentences whose meanings are near: each sentence is compared with the next, and of all these pairs those
     * least alike are cut, as many as {@code breakpointPercentile} leaves over: 10 of 100 for 90. What is longer than
     * {@code maximumTokens} is cut further.
     *
     * @param bufferSize           how many sentences on either side are embedded together with each, 0 or 1
     * @param breakpointPercentile 50 to 99
     */
    record Semantic(int maximumTokens, int bufferSize, int breakpointPercentile, SentenceVectors vectors)
            implements Chunking {
        public Semantic {
            atLeast("maximumTokens", maximumTokens, 1);
            between("bufferSize", bufferSize, 0, 1);
            between("breakpointPercentile", breakpointPercentile, 50, 99);
        }

        @Override
        public List<Chunk> chunks(Document document, TokenCounter counter) {
            return new Chunker(counter).semantic(document, this);
        }
    }

    /** The whole document is one chunk, whose pages are not known. */
    record None() implements Chunking {
        @Override
        public List<Chunk> chunks(Document document, TokenCounter counter) {
            String text = document.markdown().strip();
            return text.isEmpty() ? List.of() : List.of(new Chunk(text, 0, 0, -1, ""));
        }
    }

    /** Embeds texts: for each a vector, all of the same dimension, of any length but zero. */
    @FunctionalInterface
    interface SentenceVectors {
        /** The vectors of {@code texts} in their order. */
        List<float[]> of(List<String> texts);
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", but is " + value);
        }
    }

    private static void between(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be " + least + " to " + most + ", but is " + value);
        }
    }
}
