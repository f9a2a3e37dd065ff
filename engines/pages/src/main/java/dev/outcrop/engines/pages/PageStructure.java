package dev.outcrop.engines.pages;

import dev.outcrop.engines.ocr.Page;
import java.util.List;

/**
 * What a page is made of.
 *
 * @param layout in the order of reading
 */
public record PageStructure(
        Sheet sheet,
        List<Table> tables,
        List<KeyValue> keyValues,
        List<SelectionMark> selectionMarks,
        List<LayoutElement> layout,
        List<Signature> signatures) {
    public PageStructure {
        tables = List.copyOf(tables);
        keyValues = List.copyOf(keyValues);
        selectionMarks = List.copyOf(selectionMarks);
        layout = List.copyOf(layout);
        signatures = List.copyOf(signatures);
    }

    /** The structure of a page, whose pixels are looked at now. The cost is some ten milliseconds. */
    public static PageStructure of(Page page) {
        Sheet sheet = Sheet.of(page);
        List<Ruling> rulings = Rulings.find(sheet);
        List<SelectionMark> marks = SelectionMarks.find(sheet);
        List<Grid> grids = new RuledTables(sheet)
                .find(rulings.stream()
                        .filter(ruling -> marks.stream()
                                .noneMatch(mark -> mark.box().grown(3).holds(ruling.box())))
                        .toList());
        List<Table> tables = new Tables(sheet, marks).find(grids);
        List<KeyValue> pairs = new Forms(sheet, rulings, grids, tables, marks).find();
        List<Box> figures = Figures.find(sheet, tables);
        return new PageStructure(
                sheet,
                tables,
                pairs,
                marks,
                new Layout(sheet, tables, pairs).find(figures),
                Signatures.find(sheet, rulings, marks, figures));
    }
}
