package dev.outcrop.services.comprehend.documents;

import dev.outcrop.engines.ocr.Page;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import software.amazon.awssdk.services.comprehend.model.BoundingBox;
import software.amazon.awssdk.services.comprehend.model.DocumentType;
import software.amazon.awssdk.services.comprehend.model.Geometry;
import software.amazon.awssdk.services.comprehend.model.Point;
import software.amazon.awssdk.services.textract.model.Block;
import software.amazon.awssdk.services.textract.model.BlockType;
import software.amazon.awssdk.services.textract.model.RelationshipType;

/**
 * What was read of a page.
 *
 * @param number from 1
 * @param lines  in the order of reading
 */
record PageText(int number, DocumentType type, List<Line> lines) {
    PageText {
        lines = List.copyOf(lines);
    }

    /** A line with the words that stand in it, in their order. */
    record Line(String id, String text, Optional<Geometry> geometry, List<Word> words) {}

    /** A word. */
    record Word(String id, String text, Optional<Geometry> geometry) {}

    /** Its lines, one below the other. */
    String text() {
        return String.join("\n", lines.stream().map(Line::text).toList());
    }

    /** A page that has no places: its lines and what blanks part. */
    static PageText of(String text, DocumentType type) {
        List<Line> lines = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            List<Word> words = new ArrayList<>();
            for (String word : line.strip().split("\\s+")) {
                if (!word.isEmpty()) {
                    words.add(new Word(id(), word, Optional.empty()));
                }
            }
            lines.add(new Line(id(), line, Optional.empty(), words));
        }
        return new PageText(1, type, lines);
    }

    /** A page of a PDF that tells its own text. */
    static PageText of(Page page) {
        List<Line> lines = page.lines().stream()
                .map(line -> new Line(
                        id(),
                        line.text(),
                        Optional.of(geometry(page, line.polygon())),
                        line.words().stream()
                                .map(word -> new Word(id(), word.text(), Optional.of(geometry(page, word.polygon()))))
                                .toList()))
                .toList();
        return new PageText(page.number(), DocumentType.NATIVE_PDF, lines);
    }

    /** The pages that Textract tells of. */
    static List<PageText> of(List<Block> blocks, DocumentType type) {
        Map<String, Block> words = new HashMap<>();
        TreeMap<Integer, List<Line>> pages = new TreeMap<>();
        for (Block block : blocks) {
            if (block.blockType() == BlockType.WORD && block.id() != null && block.text() != null) {
                words.put(block.id(), block);
            }
        }
        for (Block block : blocks) {
            List<Line> lines = pages.computeIfAbsent(number(block), _ -> new ArrayList<>());
            if (block.blockType() == BlockType.LINE && block.text() != null) {
                lines.add(new Line(
                        block.id() == null ? id() : block.id(),
                        block.text(),
                        geometry(block),
                        block.relationships().stream()
                                .filter(relationship -> relationship.type() == RelationshipType.CHILD)
                                .flatMap(relationship -> relationship.ids().stream())
                                .filter(words::containsKey)
                                .map(words::get)
                                .map(word -> new Word(word.id(), word.text(), geometry(word)))
                                .toList()));
            }
        }
        return pages.entrySet().stream()
                .map(page -> new PageText(page.getKey(), type, page.getValue()))
                .toList();
    }

    private static int number(Block block) {
        return block.page() == null ? 1 : block.page();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    private static Optional<Geometry> geometry(Block block) {
        return Optional.ofNullable(block.geometry())
                .map(geometry -> Geometry.builder()
                        .boundingBox(Optional.ofNullable(geometry.boundingBox())
                                .map(box -> BoundingBox.builder()
                                        .left(box.left())
                                        .top(box.top())
                                        .width(box.width())
                                        .height(box.height())
                                        .build())
                                .orElse(null))
                        .polygon(geometry.polygon().stream()
                                .map(point -> Point.builder()
                                        .x(point.x())
                                        .y(point.y())
                                        .build())
                                .toList())
                        .build());
    }

    private static Geometry geometry(Page page, List<dev.outcrop.engines.ocr.Point> upright) {
        float left = 1;
        float top = 1;
        float right = 0;
        float bottom = 0;
        List<Point> polygon = new ArrayList<>();
        for (dev.outcrop.engines.ocr.Point corner : upright) {
            dev.outcrop.engines.ocr.Point given = page.asGiven(corner);
            float x = (float) Math.clamp(given.x(), 0, 1);
            float y = (float) Math.clamp(given.y(), 0, 1);
            left = Math.min(left, x);
            top = Math.min(top, y);
            right = Math.max(right, x);
            bottom = Math.max(bottom, y);
            polygon.add(Point.builder().x(x).y(y).build());
        }
        return Geometry.builder()
                .boundingBox(BoundingBox.builder()
                        .left(left)
                        .top(top)
                        .width(right - left)
                        .height(bottom - top)
                        .build())
                .polygon(polygon)
                .build();
    }
}
