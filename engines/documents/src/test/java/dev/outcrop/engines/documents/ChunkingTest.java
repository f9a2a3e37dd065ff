package dev.outcrop.engines.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.documents.Block.Heading;
import dev.outcrop.engines.documents.Block.Paragraph;
import dev.outcrop.engines.documents.Block.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ChunkingTest {
    /** A word is a token. */
    private static final TokenCounter WORDS =
            text -> text.isBlank() ? 0 : text.strip().split("\\s+").length;

    private static Document document(Block... blocks) {
        return new Document(List.of(blocks), 3, List.of());
    }

    private static List<String> texts(Chunking chunking, Document document) {
        return chunking.chunks(document, WORDS).stream().map(Chunk::text).toList();
    }

    @Test
    void endsChunksWhereSentencesEnd() {
        Document document = document(new Paragraph("One two three. Four five six. Seven eight. Nine.", 1));

        assertThat(texts(new Chunking.FixedSize(5, 0), document))
                .containsExactly("One two three.", "Four five six. Seven eight.", "Nine.");
    }

    @Test
    void repeatsTheLastSentencesOrWordsOfTheChunkBefore() {
        Document document = document(new Paragraph("One two. Three four five six seven. Eight nine ten. Eleven.", 1));

        assertThat(texts(new Chunking.FixedSize(8, 40), document))
                .containsExactly("One two. Three four five six seven.", "five six seven. Eight nine ten. Eleven.");
    }

    @Test
    void cutsASentenceThatIsTooLongBetweenWords() {
        Document document = document(new Paragraph("a b c d e f g", 1));

        assertThat(texts(new Chunking.FixedSize(3, 0), document)).containsExactly("a b c", "d e f", "g");
    }

    @Test
    void keepsAHeadingWithWhatItHeads() {
        Document document = document(
                new Paragraph("One two three four.", 1),
                new Heading(2, "Head", 2),
                new Paragraph("Five six seven. Eight.", 2));

        List<Chunk> chunks = new Chunking.FixedSize(7, 0).chunks(document, WORDS);

        assertThat(chunks)
                .containsExactly(
                        new Chunk("One two three four.", 1, 1, -1, ""),
                        new Chunk("## Head\n\nFive six seven. Eight.", 2, 2, -1, ""));
    }

    @Test
    void repeatsATablesHeaderAndCutsNoRow() {
        Document document = document(
                new Table(List.of(List.of("k", "v"), List.of("a", "1"), List.of("b", "2"), List.of("c", "3")), 1));

        assertThat(texts(new Chunking.FixedSize(20, 50), document)).containsExactly("""
                        | k | v |
                        | --- | --- |
                        | a | 1 |
                        | b | 2 |""", """
                        | k | v |
                        | --- | --- |
                        | c | 3 |""");
    }

    @Test
    void cutsChildrenFromParents() {
        Document document = document(new Paragraph("One two. Three four. Five six. Seven eight.", 1));

        List<Chunk> chunks = new Chunking.Hierarchical(4, 2, 0).chunks(document, WORDS);

        assertThat(chunks)
                .containsExactly(
                        new Chunk("One two.", 1, 1, 0, "One two. Three four."),
                        new Chunk("Three four.", 1, 1, 0, "One two. Three four."),
                        new Chunk("Five six.", 1, 1, 1, "Five six. Seven eight."),
                        new Chunk("Seven eight.", 1, 1, 1, "Five six. Seven eight."));
    }

    @Test
    void cutsWhereTheMeaningTurns() {
        Document document = document(new Paragraph("Cats purr. Cats nap. Cats eat. Rain falls. Rain pours.", 1));
        Chunking.SentenceVectors vectors = texts -> texts.stream()
                .map(text -> text.startsWith("Cats") ? new float[] {1, 0.1f} : new float[] {0.1f, 1})
                .toList();

        assertThat(texts(new Chunking.Semantic(100, 0, 75, vectors), document))
                .containsExactly("Cats purr. Cats nap. Cats eat.", "Rain falls. Rain pours.");
        assertThat(texts(new Chunking.Semantic(4, 0, 75, vectors), document))
                .containsExactly("Cats purr. Cats nap.", "Cats eat.", "Rain falls. Rain pours.");
    }

    @Test
    void embedsASentenceWithItsNeighboursAndCutsAsManyPairsAsThePercentileLeavesOver() {
        String text = IntStream.range(0, 101).mapToObj(i -> "Word" + i + ".").collect(Collectors.joining(" "));
        List<String> embedded = new ArrayList<>();
        Chunking.SentenceVectors vectors = texts -> {
            embedded.addAll(texts);
            return texts.stream()
                    .map(words -> new float[] {words.hashCode() % 97, 1 + words.hashCode() % 89})
                    .toList();
        };

        List<Chunk> chunks =
                new Chunking.Semantic(1000, 1, 90, vectors).chunks(document(new Paragraph(text, 1)), WORDS);

        assertThat(embedded).hasSize(101).startsWith("Word0. Word1.", "Word0. Word1. Word2.");
        assertThat(chunks).hasSize(11);
    }

    @Test
    void knowsNoPagesOfADocumentThatIsNotCut() {
        assertThat(new Chunking.None().chunks(document(new Heading(1, "A", 1), new Paragraph("b", 2)), WORDS))
                .containsExactly(new Chunk("# A\n\nb", 0, 0, -1, ""));
        assertThat(new Chunking.None().chunks(document(), WORDS)).isEmpty();
    }

    @Property(tries = 200)
    void makesNoChunkLongerThanAllowedAndLosesNoWord(
            @ForAll @Size(min = 1, max = 30) List<@IntRange(min = 1, max = 25) Integer> lengths,
            @ForAll @IntRange(min = 3, max = 40) int maximum,
            @ForAll @IntRange(min = 0, max = 60) int overlap) {
        List<Block> blocks = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (int length : lengths) {
            List<String> sentence = new ArrayList<>();
            for (int i = 0; i < length; i++) {
                sentence.add("W" + words.size() + (i == length - 1 ? "." : ""));
                words.add(sentence.getLast());
            }
            blocks.add(new Paragraph(String.join(" ", sentence), 1));
        }

        List<Chunk> chunks = new Chunking.FixedSize(maximum, overlap).chunks(new Document(blocks, 1, List.of()), WORDS);

        assertThat(chunks).allMatch(chunk -> WORDS.count(chunk.text()) <= maximum);
        assertThat(chunks.stream()
                        .flatMap(chunk -> Arrays.stream(chunk.text().split("\\s+")))
                        .distinct())
                .containsExactlyElementsOf(words);
    }
}
