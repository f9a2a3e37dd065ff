import Box from "@cloudscape-design/components/box";
import { useQuery } from "@tanstack/react-query";
import { type Price, price } from "../aws/outcrop.ts";
import { useSession } from "../session/session.ts";
import { bedrock } from "../text/bedrock.ts";
import { money } from "../text/format.ts";
import type { Figures as Counted, Turn } from "./conversation.ts";

const text = bedrock.chat;

/** What an answer cost, how fast it came, and who truly gave it. */
export function Figures({ turn }: { turn: Pick<Turn, "figures" | "asked" | "model" | "stopped"> }) {
  const { figures, asked } = turn;
  const { session } = useSession();
  const known = useQuery({
    queryKey: ["price", asked],
    enabled: asked !== undefined && figures !== undefined,
    staleTime: Infinity,
    queryFn: ({ signal }) => price(session, asked ?? "", signal),
  });
  const parts = [
    turn.stopped === true ? text.stopped : "",
    figures === undefined ? "" : text.figures(figures.inputTokens, figures.outputTokens, figures.latencyMs),
    figures === undefined || figures.latencyMs === 0 ? "" : text.speed(figures.outputTokens / (figures.latencyMs / 1000)),
    figures === undefined || known.data === undefined ? "" : text.cost(costOf(figures, known.data)),
    turn.model === undefined ? "" : text.trueModel(turn.model),
  ];
  return <Box variant="small">{parts.filter((part) => part !== "").join(" · ")}</Box>;
}

function costOf({ inputTokens, outputTokens }: Counted, { currency, perMillion }: Price): string {
  const { InputTokens = "0", OutputTokens = "0" } = perMillion;
  return money((inputTokens * Number(InputTokens) + outputTokens * Number(OutputTokens)) / 1e6, currency);
}
