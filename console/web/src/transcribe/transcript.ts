/** A word or a punctuation mark of a transcript. */
export interface Item {
  content: string;
  punctuation: boolean;
  start: string;
  end: string;
  confidence: number;
}

interface Written {
  results?: {
    items?: {
      type?: string;
      start_time?: string;
      end_time?: string;
      alternatives?: { content?: string; confidence?: string }[];
    }[];
  };
}

/** Reads the items of a transcript as Amazon Transcribe writes them. */
export function itemsOf(json: string): Item[] {
  const written = JSON.parse(json) as Written;
  return (written.results?.items ?? []).map(({ type, start_time = "", end_time = "", alternatives = [] }) => ({
    content: alternatives[0]?.content ?? "",
    punctuation: type === "punctuation",
    start: start_time,
    end: end_time,
    confidence: Number(alternatives[0]?.confidence ?? 0),
  }));
}
