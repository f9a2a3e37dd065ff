package dev.outcrop.services.comprehend.documents;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.comprehend.model.Block;
import software.amazon.awssdk.services.comprehend.model.BlockReference;
import software.amazon.awssdk.services.comprehend.model.BlockType;
import software.amazon.awssdk.services.comprehend.model.ChildBlock;
import software.amazon.awssdk.services.comprehend.model.DetectEntitiesResponse;
import software.amazon.awssdk.services.comprehend.model.DocumentMetadata;
import software.amazon.awssdk.services.comprehend.model.DocumentType;
import software.amazon.awssdk.services.comprehend.model.DocumentTypeListItem;
import software.amazon.awssdk.services.comprehend.model.Entity;
import software.amazon.awssdk.services.comprehend.model.ErrorsListItem;
import software.amazon.awssdk.services.comprehend.model.ExtractedCharactersListItem;
import software.amazon.awssdk.services.comprehend.model.PageBasedErrorCode;
import software.amazon.awssdk.services.comprehend.model.RelationshipType;
import software.amazon.awssdk.services.comprehend.model.RelationshipsListItem;

/**
 * What was read of a document that is more than a text.
 *
 * <p>Source: "Outputs for real-time analysis" and "Errors in semi-structured documents", Amazon Comprehend Developer Guide.
 */
public final class ReadDocument {
    private static final int MOST_CHARACTERS = 10_000;

    private final List<PageText> pages;
    private final List<DocumentTypeListItem> types;
    private final List<ErrorsListItem> errors;
    private final String text;

    /**
     * A document of pages; those with more characters than a page may have become errors.
     *
     * @param errors of pages that could not be read
     */
    ReadDocument(List<PageText> pages, List<DocumentTypeListItem> types, List<ErrorsListItem> errors) {
        List<PageText> kept = new ArrayList<>();
        List<ErrorsListItem> wrong = new ArrayList<>(errors);
        for (PageText page : pages) {
            String read = page.text();
            if (read.codePointCount(0, read.length()) > MOST_CHARACTERS) {
                wrong.add(error(
                        page.number(),
                        PageBasedErrorCode.PAGE_CHARACTERS_EXCEEDED,
                        "The page has more than " + MOST_CHARACTERS + " characters."));
            } else {
                kept.add(page);
            }
        }
        this.pages = List.copyOf(kept);
        this.types = List.copyOf(types);
        this.errors = List.copyOf(wrong);
        text = String.join("\n", kept.stream().map(PageText::text).toList());
    }

    static ReadDocument of(List<PageText> pages) {
        return new ReadDocument(
                pages,
                pages.stream().map(page -> type(page.number(), page.type())).toList(),
                List.of());
    }

    /** Documents of one page each as the pages of one. */
    static ReadDocument joined(List<ReadDocument> single) {
        List<PageText> pages = new ArrayList<>();
        List<DocumentTypeListItem> types = new ArrayList<>();
        List<ErrorsListItem> errors = new ArrayList<>();
        for (int i = 0; i < single.size(); i++) {
            int number = i + 1;
            single.get(i).pages.forEach(page -> pages.add(new PageText(number, page.type(), page.lines())));
            single.get(i)
                    .types
                    .forEach(type -> types.add(type.toBuilder().page(number).build()));
            single.get(i)
                    .errors
                    .forEach(error -> errors.add(error.toBuilder().page(number).build()));
        }
        return new ReadDocument(pages, types, errors);
    }

    static DocumentTypeListItem type(int page, DocumentType type) {
        return DocumentTypeListItem.builder().page(page).type(type).build();
    }

    static ErrorsListItem error(int page, PageBasedErrorCode code, String message) {
        return ErrorsListItem.builder()
                .page(page)
                .errorCode(code)
                .errorMessage(message)
                .build();
    }

    /** The lines of all pages that could be read, one below the other. */
    public String text() {
        return text;
    }

    /** Whether any page could be read. */
    public boolean isRead() {
        return !pages.isEmpty();
    }

    /** How many pages there are, and how many characters were read of each. */
    public DocumentMetadata metadata() {
        return DocumentMetadata.builder()
                .pages(types.size())
                .extractedCharacters(pages.stream()
                        .map(page -> ExtractedCharactersListItem.builder()
                                .page(page.number())
                                .count(page.text().codePointCount(0, page.text().length()))
                                .build())
                        .toList())
                .build();
    }

    /** What each page is. */
    public List<DocumentTypeListItem> types() {
        return types;
    }

    /** What went wrong with single pages. */
    public List<ErrorsListItem> errors() {
        return errors;
    }

    /** The lines and words of all pages but those that are plain text, each line before its words. */
    public List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        for (PageText page : pages) {
            if (page.type() != DocumentType.PLAIN_TEXT) {
                page.lines().forEach(line -> add(page.number(), line, blocks));
            }
        }
        return blocks;
    }

    private static void add(int page, PageText.Line line, List<Block> blocks) {
        Block.Builder block = Block.builder()
                .id(line.id())
                .blockType(BlockType.LINE)
                .text(line.text())
                .page(page)
                .geometry(line.geometry().orElse(null));
        if (!line.words().isEmpty()) {
            block.relationships(List.of(RelationshipsListItem.builder()
                    .type(RelationshipType.CHILD)
                    .ids(line.words().stream().map(PageText.Word::id).toList())
                    .build()));
        }
        blocks.add(block.build());
        line.words()
                .forEach(word -> blocks.add(Block.builder()
                        .id(word.id())
                        .blockType(BlockType.WORD)
                        .text(word.text())
                        .page(page)
                        .geometry(word.geometry().orElse(null))
                        .build()));
    }

    /** All of this but the text, in the members that answers and lines of jobs have for it. */
    public DetectEntitiesResponse response() {
        return DetectEntitiesResponse.builder()
                .documentMetadata(metadata())
                .documentType(types)
                .blocks(blocks())
                .errors(errors)
                .build();
    }

    /** Entities of {@link #text} with the blocks that they stand in, in place of offsets; those of plain text keep these. */
    public List<Entity> placed(List<Entity> entities) {
        return entities.stream()
                .map(entity -> {
                    List<BlockReference> references = references(entity.beginOffset(), entity.endOffset());
                    return references.isEmpty()
                            ? entity
                            : entity.toBuilder()
                                    .beginOffset(null)
                                    .endOffset(null)
                                    .blockReferences(references)
                                    .build();
                })
                .toList();
    }

    /** The lines, and in them the words, that a stretch of the text touches, with which part of each; in code points. */
    private List<BlockReference> references(int begin, int end) {
        List<BlockReference> references = new ArrayList<>();
        int at = 0;
        for (PageText page : pages) {
            for (PageText.Line line : page.lines()) {
                int length = line.text().codePointCount(0, line.text().length());
                int from = Math.max(begin - at, 0);
                int to = Math.min(end - at, length);
                if (from < to && page.type() != DocumentType.PLAIN_TEXT) {
                    references.add(BlockReference.builder()
                            .blockId(line.id())
                            .beginOffset(from)
                            .endOffset(to)
                            .childBlocks(words(line, from, to))
                            .build());
                }
                at += length + 1;
            }
        }
        return references;
    }

    private static List<ChildBlock> words(PageText.Line line, int begin, int end) {
        List<ChildBlock> words = new ArrayList<>();
        int unit = 0;
        for (PageText.Word word : line.words()) {
            int start = line.text().indexOf(word.text(), unit);
            if (start >= 0) {
                unit = start + word.text().length();
                int at = line.text().codePointCount(0, start);
                int length = word.text().codePointCount(0, word.text().length());
                int from = Math.max(begin - at, 0);
                int to = Math.min(end - at, length);
                if (from < to) {
                    words.add(ChildBlock.builder()
                            .childBlockId(word.id())
                            .beginOffset(from)
                            .endOffset(to)
                            .build());
                }
            }
        }
        return words;
    }
}
