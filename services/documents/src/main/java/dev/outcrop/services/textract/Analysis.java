package dev.outcrop.services.textract;

import dev.outcrop.engines.ocr.Page;
import dev.outcrop.engines.pages.Answer;
import dev.outcrop.engines.pages.KeyValue;
import dev.outcrop.engines.pages.LayoutElement;
import dev.outcrop.engines.pages.PageStructure;
import dev.outcrop.engines.pages.Questions;
import dev.outcrop.engines.pages.SelectionMark;
import dev.outcrop.engines.pages.Table;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.textract.model.Block;
import software.amazon.awssdk.services.textract.model.BlockType;
import software.amazon.awssdk.services.textract.model.EntityType;
import software.amazon.awssdk.services.textract.model.FeatureType;
import software.amazon.awssdk.services.textract.model.Query;
import software.amazon.awssdk.services.textract.model.Relationship;
import software.amazon.awssdk.services.textract.model.RelationshipType;
import software.amazon.awssdk.services.textract.model.SelectionStatus;

/**
 * What AnalyzeDocument tells of a page.
 *
 * <p>Source: "Text Detection and Document Analysis Response Objects", Amazon Textract Developer Guide.
 */
final class Analysis {
    private final PageStructure structure;
    private final BlockList blocks;
    private final IdentityHashMap<SelectionMark, String> marks = new IdentityHashMap<>();

    private Analysis(Page page) {
        structure = PageStructure.of(page);
        blocks = new BlockList(page);
    }

    /** The blocks of a page with what {@code features} asks for. */
    static List<Block> of(Page page, Set<FeatureType> features, Queries queries) {
        Analysis analysis = new Analysis(page);
        if (features.contains(FeatureType.TABLES)) {
            analysis.structure.tables().forEach(analysis::table);
        }
        if (features.contains(FeatureType.FORMS)) {
            analysis.structure.keyValues().forEach(analysis::keyValue);
            analysis.structure.selectionMarks().forEach(analysis::mark);
        }
        if (features.contains(FeatureType.SIGNATURES)) {
            analysis.structure
                    .signatures()
                    .forEach(signature -> analysis.blocks.child(analysis.blocks
                            .of(BlockType.SIGNATURE, Shape.of(page, signature.box()), signature.confidence())
                            .build()));
        }
        if (features.contains(FeatureType.LAYOUT)) {
            analysis.structure.layout().forEach(element -> analysis.blocks.child(analysis.layout(element)));
        }
        if (features.contains(FeatureType.QUERIES)) {
            Questions questions = new Questions(List.of(analysis.structure));
            queries.on(page.number()).forEach(query -> analysis.query(query, questions.answer(query.text())));
        }
        return analysis.blocks.all();
    }

    private static Relationship children(List<String> ids) {
        return Relationship.builder().type(RelationshipType.CHILD).ids(ids).build();
    }

    private void table(Table table) {
        List<String> cells = new ArrayList<>();
        List<Block> made = new ArrayList<>();
        for (Table.Cell cell : table.cells()) {
            List<String> content = new ArrayList<>(blocks.ofWords(cell.words()));
            cell.marks().forEach(mark -> content.add(mark(mark)));
            Block block = blocks.of(BlockType.CELL, Shape.of(blocks.page(), cell.box()), table.confidence())
                    .rowIndex(cell.row())
                    .columnIndex(cell.column())
                    .rowSpan(1)
                    .columnSpan(1)
                    .entityTypes(entities(cell.roles()))
                    .relationships(BlockList.related(RelationshipType.CHILD, content))
                    .build();
            made.add(block);
            cells.add(block.id());
        }
        List<String> merged = new ArrayList<>();
        for (Table.MergedCell cell : table.merged()) {
            List<String> covered = new ArrayList<>();
            for (int i = 0; i < cells.size(); i++) {
                if (cell.covers(table.cells().get(i))) {
                    covered.add(cells.get(i));
                }
            }
            Block block = blocks.of(BlockType.MERGED_CELL, Shape.of(blocks.page(), cell.box()), table.confidence())
                    .rowIndex(cell.row())
                    .columnIndex(cell.column())
                    .rowSpan(cell.rowSpan())
                    .columnSpan(cell.columnSpan())
                    .entityTypes(entities(cell.roles()))
                    .relationships(children(covered))
                    .build();
            made.add(block);
            merged.add(block.id());
        }
        List<Relationship> relationships = new ArrayList<>(List.of(children(cells)));
        relationships.addAll(BlockList.related(RelationshipType.MERGED_CELL, merged));
        around(table.title(), BlockType.TABLE_TITLE, RelationshipType.TABLE_TITLE, table, made, relationships);
        around(table.footer(), BlockType.TABLE_FOOTER, RelationshipType.TABLE_FOOTER, table, made, relationships);
        blocks.child(blocks.of(BlockType.TABLE, Shape.of(blocks.page(), table.box()), table.confidence())
                .entityTypes(table.structured() ? EntityType.STRUCTURED_TABLE : EntityType.SEMI_STRUCTURED_TABLE)
                .relationships(relationships)
                .build());
        made.forEach(blocks::add);
    }

    private void around(
            List<dev.outcrop.engines.pages.PlacedLine> lines,
            BlockType type,
            RelationshipType relation,
            Table table,
            List<Block> made,
            List<Relationship> relationships) {
        List<String> ids = new ArrayList<>();
        for (dev.outcrop.engines.pages.PlacedLine line : lines) {
            Block block = blocks.of(type, Shape.of(blocks.page(), line.box()), table.confidence())
                    .relationships(BlockList.related(RelationshipType.CHILD, blocks.ofWords(line.words())))
                    .build();
            made.add(block);
            ids.add(block.id());
        }
        relationships.addAll(BlockList.related(relation, ids));
    }

    private static List<EntityType> entities(Set<Table.Role> roles) {
        return roles.stream()
                .map(role -> switch (role) {
                    case COLUMN_HEADER -> EntityType.COLUMN_HEADER;
                    case SECTION_TITLE -> EntityType.TABLE_SECTION_TITLE;
                    case SUMMARY -> EntityType.TABLE_SUMMARY;
                })
                .toList();
    }

    /** The id of a box to tick, of which there is one block however many things refer to it. */
    private String mark(SelectionMark mark) {
        return marks.computeIfAbsent(mark, _ -> {
            Block block = blocks.of(BlockType.SELECTION_ELEMENT, Shape.of(blocks.page(), mark.box()), mark.confidence())
                    .selectionStatus(mark.selected() ? SelectionStatus.SELECTED : SelectionStatus.NOT_SELECTED)
                    .build();
            blocks.add(block);
            return block.id();
        });
    }

    private void keyValue(KeyValue pair) {
        List<String> content =
                pair.mark().map(mark -> List.of(mark(mark))).orElseGet(() -> blocks.ofWords(pair.value()));
        Block value = blocks.of(BlockType.KEY_VALUE_SET, Shape.of(blocks.page(), pair.valueBox()), pair.confidence())
                .entityTypes(EntityType.VALUE)
                .relationships(BlockList.related(RelationshipType.CHILD, content))
                .build();
        List<Relationship> relationships =
                new ArrayList<>(BlockList.related(RelationshipType.VALUE, List.of(value.id())));
        relationships.add(children(blocks.ofWords(pair.key())));
        blocks.child(blocks.of(BlockType.KEY_VALUE_SET, Shape.of(blocks.page(), pair.keyBox()), pair.confidence())
                .entityTypes(EntityType.KEY)
                .relationships(relationships)
                .build());
        blocks.child(value);
    }

    private Block layout(LayoutElement element) {
        List<String> content = new ArrayList<>();
        if (element.kind() == LayoutElement.Kind.LIST) {
            for (LayoutElement item : element.items()) {
                Block block = layout(item);
                blocks.child(block);
                content.add(block.id());
            }
        } else {
            content.addAll(blocks.ofLines(element.lines()));
        }
        BlockType type = switch (element.kind()) {
            case TITLE -> BlockType.LAYOUT_TITLE;
            case HEADER -> BlockType.LAYOUT_HEADER;
            case FOOTER -> BlockType.LAYOUT_FOOTER;
            case SECTION_HEADER -> BlockType.LAYOUT_SECTION_HEADER;
            case PAGE_NUMBER -> BlockType.LAYOUT_PAGE_NUMBER;
            case LIST -> BlockType.LAYOUT_LIST;
            case FIGURE -> BlockType.LAYOUT_FIGURE;
            case TABLE -> BlockType.LAYOUT_TABLE;
            case KEY_VALUE -> BlockType.LAYOUT_KEY_VALUE;
            case TEXT -> BlockType.LAYOUT_TEXT;
        };
        return blocks.of(type, Shape.of(blocks.page(), element.box()), element.confidence())
                .relationships(BlockList.related(RelationshipType.CHILD, content))
                .build();
    }

    private void query(Query query, Optional<Answer> answer) {
        List<String> results = answer.map(found -> {
                    Block result = blocks.of(
                                    BlockType.QUERY_RESULT, Shape.of(blocks.page(), found.box()), found.confidence())
                            .text(found.text())
                            .build();
                    blocks.child(result);
                    return List.of(result.id());
                })
                .orElse(List.of());
        blocks.child(Block.builder()
                .blockType(BlockType.QUERY)
                .id(BlockList.id())
                .page(blocks.page().number())
                .query(asked -> asked.text(query.text()).alias(query.alias()))
                .relationships(BlockList.related(RelationshipType.ANSWER, results))
                .build());
    }
}
