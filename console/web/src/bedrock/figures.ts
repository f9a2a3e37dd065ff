import { bedrock } from "../text/bedrock.ts";
import type { Turn } from "./conversation.ts";

const text = bedrock.chat;

/** What an answer cost, how fast it came, and who truly gave it. */
export function figuresOf(turn: Pick<Turn, "figures" | "model" | "stopped">): string {
  const { figures } = turn;
  return [
    turn.stopped === true ? text.stopped : "",
    figures === undefined ? "" : text.figures(figures.inputTokens, figures.outputTokens, figures.latencyMs),
    figures === undefined || figures.latencyMs === 0
      ? ""
      : text.speed(figures.outputTokens / (figures.latencyMs / 1000)),
    turn.model === undefined ? "" : text.trueModel(turn.model),
  ]
    .filter((part) => part !== "")
    .join(" · ");
}
