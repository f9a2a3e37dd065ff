import {
  BedrockRuntimeClient,
  type ContentBlock,
  ConverseStreamCommand,
  type ConverseStreamCommandInput,
  type DocumentFormat,
  type Message,
} from "@aws-sdk/client-bedrock-runtime";
import type { Configuration } from "../aws/client.ts";
import { streaming } from "../aws/streaming.ts";
import { topKField } from "./families.ts";

/** What a model is asked with beside the conversation. */
export interface Settings {
  system: string;
  temperature: number;
  topP: number;
  /** Nothing where the model's own is meant. */
  topK?: number;
  maxTokens: number;
  stop: string;
}

export const USUAL: Settings = { system: "", temperature: 0.7, topP: 0.9, maxTokens: 512, stop: "" };

export interface Attachment {
  name: string;
  format: DocumentFormat;
  bytes: Uint8Array;
}

export interface Figures {
  inputTokens: number;
  outputTokens: number;
  latencyMs: number;
}

/** One thing that was said, with what it cost if a model said it. */
export interface Turn {
  role: "user" | "assistant";
  text: string;
  attachments: Attachment[];
  /** The model that was asked. */
  asked?: string;
  /** The one that truly answered. */
  model?: string;
  figures?: Figures;
  stopped?: boolean;
}

export const FORMATS: DocumentFormat[] = ["pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"];
export const MOST_ATTACHMENTS = 5;
export const LARGEST_ATTACHMENT = 4_500_000;

/** The request that asks {@code modelId} to go on with the conversation. */
export function requestOf(modelId: string, turns: Turn[], settings: Settings): ConverseStreamCommandInput {
  const stopSequences = settings.stop.split("\n").filter((sequence) => sequence !== "");
  const fields = settings.topK === undefined ? undefined : topKField(modelId, settings.topK);
  return {
    modelId,
    messages: turns.map(messageOf),
    ...(settings.system.trim() === "" ? {} : { system: [{ text: settings.system }] }),
    inferenceConfig: {
      maxTokens: settings.maxTokens,
      temperature: settings.temperature,
      topP: settings.topP,
      ...(stopSequences.length === 0 ? {} : { stopSequences }),
    },
    ...(fields === undefined ? {} : { additionalModelRequestFields: fields as ConverseStreamCommandInput["additionalModelRequestFields"] }),
  };
}

function messageOf(turn: Turn): Message {
  const documents = turn.attachments.map(
    (attachment): ContentBlock.DocumentMember => ({
      document: { name: documentName(attachment.name), format: attachment.format, source: { bytes: attachment.bytes } },
    }),
  );
  return { role: turn.role, content: [...documents, { text: turn.text }] };
}

/** Document names may hold letters, digits, hyphens, parentheses, brackets and single blanks only. */
function documentName(file: string): string {
  return file
    .replace(/\.[^.]*$/, "")
    .replace(/[^A-Za-z0-9\-()[\] ]/g, "-")
    .replace(/\s+/g, " ")
    .slice(0, 200);
}

/**
 * Asks a model, and tells the text as it comes.
 *
 * @param signal ends the request itself, and with it the model's work
 * @returns what was said, and what it cost
 */
export async function ask(
  settings: Configuration,
  request: ConverseStreamCommandInput,
  told: (text: string) => void,
  signal: AbortSignal,
): Promise<{ text: string; asked: string; model: string; figures?: Figures }> {
  const client = new BedrockRuntimeClient(streaming(settings, signal));
  let model = request.modelId ?? "";
  const command = new ConverseStreamCommand(request);
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const headers = (result.response as { headers?: Record<string, string> }).headers;
      model = headers?.["x-outcrop-model"] ?? model;
      return result;
    },
    { step: "deserialize", name: "trueModel", priority: "low" },
  );
  const answer = await client.send(command);
  let text = "";
  let figures: Figures | undefined;
  for await (const event of answer.stream ?? []) {
    if (event.contentBlockDelta?.delta?.text !== undefined) {
      text += event.contentBlockDelta.delta.text;
      told(text);
    }
    if (event.metadata !== undefined) {
      figures = {
        inputTokens: event.metadata.usage?.inputTokens ?? 0,
        outputTokens: event.metadata.usage?.outputTokens ?? 0,
        latencyMs: event.metadata.metrics?.latencyMs ?? 0,
      };
    }
  }
  return { text, asked: request.modelId ?? "", model, ...(figures === undefined ? {} : { figures }) };
}
