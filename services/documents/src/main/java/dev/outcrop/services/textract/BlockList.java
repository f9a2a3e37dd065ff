package dev.outcrop.services.textract;

import dev.outcrop.engines.ocr.Line;
import dev.outcrop.engines.ocr.Page;
import dev.outcrop.engines.ocr.Word;
import dev.outcrop.engines.pages.PlacedLine;
import dev.outcrop.engines.pages.PlacedWord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.UUID;
import software.amazon.awssdk.services.textract.model.Block;
import software.amazon.awssdk.services.textract.model.BlockType;
import software.amazon.awssdk.services.textract.model.Geometry;
import software.amazon.awssdk.services.textract.model.Relationship;
import software.amazon.awssdk.services.textract.model.RelationshipType;
import software.amazon.awssdk.services.textract.model.TextType;

/** The blocks of one page in the making: its text at once, what else is found there afterwards. */
final class BlockList {
    private final Page page;
    private final String pageId = id();
    private final List<String> children = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();
    private final IdentityHashMap<Word, String> words = new IdentityHashMap<>();
    private final IdentityHashMap<Line, String> lines = new IdentityHashMap<>();

    /** The lines and words of a page. */
    BlockList(Page page) {
        this.page = page;
        List<Block> wordBlocks = new ArrayList<>();
        for (Line line : page.lines()) {
            List<String> ids = new ArrayList<>();
            for (Word word : line.words()) {
                Block block = of(BlockType.WORD, Shape.of(page, word.polygon()), word.confidence())
                        .text(word.text())
                        .textType(word.handwritten() ? TextType.HANDWRITING : TextType.PRINTED)
                        .build();
                wordBlocks.add(block);
                words.put(word, block.id());
                ids.add(block.id());
            }
            Block block = of(BlockType.LINE, Shape.of(page, line.polygon()), line.confidence())
                    .text(line.text())
                    .relationships(related(RelationshipType.CHILD, ids))
                    .build();
            lines.put(line, block.id());
            child(block);
        }
        blocks.addAll(wordBlocks);
    }

    static String id() {
        return UUID.randomUUID().toString();
    }

    Page page() {
        return page;
    }

    /**
     * A block of this page with an id of its own.
     *
     * @param confidence 0 to 1
     */
    Block.Builder of(BlockType type, Geometry geometry, double confidence) {
        return Block.builder()
                .blockType(type)
                .id(id())
                .geometry(geometry)
                .confidence((float) (100 * Math.clamp(confidence, 0, 1)))
                .page(page.number());
    }

    /** Adds a block that is no child of the page. */
    void add(Block block) {
        blocks.add(block);
    }

    /** Adds a block that is a child of the page. */
    void child(Block block) {
        blocks.add(block);
        children.add(block.id());
    }

    static List<Relationship> related(RelationshipType type, List<String> ids) {
        return ids.isEmpty()
                ? List.of()
                : List.of(Relationship.builder().type(type).ids(ids).build());
    }

    /** The ids of words. */
    List<String> ofWords(Collection<PlacedWord> some) {
        return some.stream().map(word -> words.get(word.word())).toList();
    }

    /** The ids of lines. */
    List<String> ofLines(Collection<PlacedLine> some) {
        return some.stream().map(line -> lines.get(line.line())).toList();
    }

    /** All blocks, the page's own first. */
    List<Block> all() {
        List<Block> all = new ArrayList<>(blocks.size() + 1);
        all.add(Block.builder()
                .blockType(BlockType.PAGE)
                .id(pageId)
                .geometry(Shape.whole(page))
                .page(page.number())
                .relationships(related(RelationshipType.CHILD, children))
                .build());
        all.addAll(blocks);
        return all;
    }
}
