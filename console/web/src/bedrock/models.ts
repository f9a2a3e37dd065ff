import { BedrockClient, ListFoundationModelsCommand, type ModelModality } from "@aws-sdk/client-bedrock";
import { useQuery } from "@tanstack/react-query";
import { useClient } from "../aws/client.ts";
import { models } from "../aws/outcrop.ts";
import { type Session, useSession } from "../session/session.ts";
import { bedrock } from "../text/bedrock.ts";

/** A model as a field offers it. */
export interface ModelOption {
  value: string;
  label: string;
  description: string;
  tags: string[];
  arn: string;
}

/** The models that answer with text, or with vectors: those installed here first. */
export function useModels(output: Extract<ModelModality, "TEXT" | "EMBEDDING">) {
  const { session } = useSession();
  const client = useClient((settings) => new BedrockClient(settings));
  return useQuery({
    queryKey: ["offered-models", output, session.region],
    queryFn: ({ signal }) => offered(client, session, output, signal),
  });
}

/** Those installed here first, then AWS's ids, which they stand in for. */
async function offered(
  client: BedrockClient,
  session: Session,
  output: ModelModality,
  signal: AbortSignal,
): Promise<ModelOption[]> {
  const [answer, known] = await Promise.all([
    client.send(new ListFoundationModelsCommand({ byOutputModality: output, byInferenceType: "ON_DEMAND" }), {
      abortSignal: signal,
    }),
    // Whoever may not see the catalog may still choose.
    models(session, signal).catch(() => []),
  ]);
  const here = new Set(known.filter(({ state }) => state === "installed" || state === "endpoint").map(({ id }) => id));
  return (answer.modelSummaries ?? [])
    .map(({ modelId = "", modelArn = "", modelName = modelId, providerName = "" }) => ({
      value: modelId,
      arn: modelArn,
      label: modelName,
      description: `${providerName} · ${modelId}`,
      tags: [here.has(modelId) ? bedrock.chat.installed : bedrock.chat.standIn],
    }))
    .sort((a, b) => Number(here.has(b.value)) - Number(here.has(a.value)) || a.label.localeCompare(b.label));
}
