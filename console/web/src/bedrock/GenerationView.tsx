import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { bedrock } from "../text/bedrock.ts";
import { Figures } from "./Figures.tsx";
import type { Generation } from "./generation.ts";

/** An answer as it comes, then with what it cost. */
export function GenerationView({ generation }: { generation: Generation | undefined }) {
  if (generation === undefined) {
    return <Box color="text-body-secondary">{bedrock.single.empty}</Box>;
  }
  return (
    <SpaceBetween size="xs">
      <div className="said" data-testid="generated" role="log" aria-label={bedrock.single.answer}>
        {generation.text}
      </div>
      {generation.running && <StatusIndicator type="in-progress">{bedrock.chat.thinking}</StatusIndicator>}
      {generation.failure !== undefined && <FailureAlert failure={generation.failure} />}
      {!generation.running && <Figures turn={generation} />}
    </SpaceBetween>
  );
}
