import { batch } from "../../text/batch.ts";

const text = batch.create;

/**
 * How many records a JSON Lines file has.
 *
 * @throws Error that names the first line that is no record
 */
export async function recordsOf(file: File): Promise<number> {
  const lines = (await file.text()).split("\n");
  let count = 0;
  lines.forEach((line, index) => {
    if (line.trim() === "") {
      return;
    }
    let record: unknown;
    try {
      record = JSON.parse(line);
    } catch (fault) {
      throw new Error(text.fault(index + 1, fault instanceof Error ? fault.message : String(fault)));
    }
    if (typeof record !== "object" || record === null || !("modelInput" in record)) {
      throw new Error(text.fault(index + 1, text.noInput));
    }
    count++;
  });
  return count;
}
