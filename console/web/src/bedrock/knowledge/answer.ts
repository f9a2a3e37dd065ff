import {
  BedrockAgentRuntimeClient,
  type Citation,
  type KnowledgeBaseVectorSearchConfiguration,
  RetrieveAndGenerateStreamCommand,
  type RetrieveAndGenerateStreamCommandInput,
  type RetrievedReference,
  type TextInferenceConfig,
} from "@aws-sdk/client-bedrock-agent-runtime";
import type { Configuration } from "../../aws/client.ts";
import { streaming } from "../../aws/streaming.ts";

/** An answer as far as it has come. */
export interface Answer {
  text: string;
  citations: Citation[];
}

export function searchOf(results: number, search: string): KnowledgeBaseVectorSearchConfiguration {
  return {
    numberOfResults: results,
    ...(search === "HYBRID" || search === "SEMANTIC" ? { overrideSearchType: search } : {}),
  };
}

export function answerRequest(
  base: string,
  model: string,
  question: string,
  search: KnowledgeBaseVectorSearchConfiguration,
  textInferenceConfig: TextInferenceConfig,
): RetrieveAndGenerateStreamCommandInput {
  return {
    input: { text: question },
    retrieveAndGenerateConfiguration: {
      type: "KNOWLEDGE_BASE",
      knowledgeBaseConfiguration: {
        knowledgeBaseId: base,
        modelArn: model,
        retrievalConfiguration: { vectorSearchConfiguration: search },
        generationConfiguration: { inferenceConfig: { textInferenceConfig } },
      },
    },
  };
}

/** Asks, and tells the answer as it comes. */
export async function answer(
  settings: Configuration,
  request: RetrieveAndGenerateStreamCommandInput,
  told: (answer: Answer) => void,
  signal: AbortSignal,
): Promise<Answer> {
  const client = new BedrockAgentRuntimeClient(streaming(settings, signal));
  const { stream } = await client.send(new RetrieveAndGenerateStreamCommand(request));
  let sofar: Answer = { text: "", citations: [] };
  for await (const event of stream ?? []) {
    if (event.output?.text !== undefined) {
      sofar = { ...sofar, text: sofar.text + event.output.text };
    }
    if (event.citation !== undefined) {
      const { generatedResponsePart, retrievedReferences } = event.citation;
      sofar = {
        ...sofar,
        citations: [
          ...sofar.citations,
          {
            ...(generatedResponsePart === undefined ? {} : { generatedResponsePart }),
            ...(retrievedReferences === undefined ? {} : { retrievedReferences }),
          },
        ],
      };
    }
    told(sofar);
  }
  return sofar;
}

/** A piece of an answer, and the numbers of the sources that stand behind it. */
export interface Piece {
  text: string;
  sources: number[];
}

/** An answer in pieces, and its sources, each once, in the order in which the answer names them. */
export function pieces({ text, citations }: Answer): { pieces: Piece[]; sources: RetrievedReference[] } {
  const sources: RetrievedReference[] = [];
  const numberOf = (reference: RetrievedReference): number => {
    const same = sources.findIndex(
      (other) =>
        other.content?.text === reference.content?.text && addressOf(other) === addressOf(reference),
    );
    return same === -1 ? sources.push(reference) : same + 1;
  };
  const parts: Piece[] = [];
  let at = 0;
  for (const { generatedResponsePart, retrievedReferences = [] } of citations) {
    // A span ends at its last character.
    const end = Math.min(text.length, (generatedResponsePart?.textResponsePart?.span?.end ?? text.length - 1) + 1);
    const numbers = [...new Set(retrievedReferences.map(numberOf))];
    if (end > at) {
      parts.push({ text: text.slice(at, end), sources: numbers });
      at = end;
    } else if (numbers.length > 0) {
      parts.push({ text: "", sources: numbers });
    }
  }
  if (at < text.length) {
    parts.push({ text: text.slice(at), sources: [] });
  }
  return { pieces: parts, sources };
}

/** Where a source is, as people write it. */
export function addressOf({ location }: Pick<RetrievedReference, "location">): string {
  return (
    location?.s3Location?.uri ??
    location?.webLocation?.url ??
    location?.confluenceLocation?.url ??
    location?.salesforceLocation?.url ??
    location?.sharePointLocation?.url ??
    location?.customDocumentLocation?.id ??
    ""
  );
}
