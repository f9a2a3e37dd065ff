import type { Block } from "@aws-sdk/client-textract";

/** What a page says, in the forms that people look at. */
export interface ReadPage {
  lines: Block[];
  pairs: { key: string; value: string; confidence: number; block: Block }[];
  tables: { block: Block; rows: string[][] }[];
  answers: { question: string; answer: string; confidence: number; block?: Block }[];
}

/** Puts blocks together that refer to each other. */
export function readPage(blocks: Block[]): ReadPage {
  const byId = new Map(blocks.map((block) => [block.Id, block]));
  const related = (block: Block, type: string): Block[] =>
    (block.Relationships ?? [])
      .filter((relationship) => relationship.Type === type)
      .flatMap((relationship) => relationship.Ids ?? [])
      .flatMap((id) => byId.get(id) ?? []);
  const textOf = (block: Block): string =>
    related(block, "CHILD")
      .map((child) => (child.BlockType === "SELECTION_ELEMENT" ? (child.SelectionStatus === "SELECTED" ? "☑" : "☐") : (child.Text ?? "")))
      .join(" ");
  const ofType = (type: string) => blocks.filter((block) => block.BlockType === type);

  return {
    lines: ofType("LINE"),
    pairs: ofType("KEY_VALUE_SET")
      .filter((block) => block.EntityTypes?.includes("KEY"))
      .map((block) => ({
        key: textOf(block),
        value: related(block, "VALUE").map(textOf).join(" "),
        confidence: block.Confidence ?? 0,
        block,
      })),
    tables: ofType("TABLE").map((block) => {
      const rows: string[][] = [];
      for (const cell of related(block, "CHILD").filter((child) => child.BlockType === "CELL")) {
        const row = (rows[(cell.RowIndex ?? 1) - 1] ??= []);
        row[(cell.ColumnIndex ?? 1) - 1] = textOf(cell);
      }
      return { block, rows: [...rows].map((row) => [...(row ?? [])].map((cell) => cell ?? "")) };
    }),
    answers: ofType("QUERY").map((block) => {
      const result = related(block, "ANSWER")[0];
      return {
        question: block.Query?.Text ?? "",
        answer: result?.Text ?? "",
        confidence: result?.Confidence ?? 0,
        ...(result === undefined ? {} : { block: result }),
      };
    }),
  };
}
