package dev.outcrop.engines.documents;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What was read of a file.
 *
 * @param blocks   its pieces in reading order
 * @param pages    how many pages it has; 0 where the format has none
 * @param warnings what was not read, and why
 */
public record Document(List<Block> blocks, int pages, List<Warning> warnings) {
    public Document {
        blocks = List.copyOf(blocks);
        warnings = List.copyOf(warnings);
    }

    /**
     * Something that was not read.
     *
     * @param page the page it is on; 0 for the whole document
     */
    public record Warning(int page, String reason) {
        private static final String PICTURE = "the page is an image without text, and was not read";

        static Warning picture(int page) {
            return new Warning(page, PICTURE);
        }
    }

    /** The pages that are pictures without text and were not read; who can read pictures may do so. */
    public List<Integer> pictures() {
        return warnings.stream()
                .filter(warning -> warning.reason().equals(Warning.PICTURE))
                .map(Warning::page)
                .toList();
    }

    /** The document as Markdown, a blank line between blocks. */
    public String markdown() {
        return blocks.stream().map(Block::markdown).collect(Collectors.joining("\n\n"));
    }

    /** The document as plain text, a blank line between blocks and tabulators between the cells of a row. */
    public String text() {
        return blocks.stream().map(Block::text).collect(Collectors.joining("\n\n"));
    }
}
