import type { PromptVariant } from "@aws-sdk/client-bedrock-agent";
import type { ConverseStreamCommandInput } from "@aws-sdk/client-bedrock-runtime";
import { requestOf, type Settings, USUAL } from "../conversation.ts";
import { topKField, topKOf } from "../families.ts";

/** A variant as it is written: its name, its text with variables, its model and settings. */
export interface Variant {
  name: string;
  text: string;
  model: string | undefined;
  settings: Settings;
}

const VARIABLE = /\{\{\s*([0-9a-zA-Z_-]+)\s*\}\}/g;

/** The names of the variables in texts, each once, in the order in which they come. */
export function variablesOf(texts: string[]): string[] {
  return [...new Set(texts.flatMap((text) => [...text.matchAll(VARIABLE)].map((found) => found[1] ?? "")))];
}

/** The text with its variables filled in. */
export function filled(text: string, values: Record<string, string>): string {
  return text.replace(VARIABLE, (_, name: string) => values[name] ?? "");
}

export function requestFor(variant: Variant, model: string, values: Record<string, string>): ConverseStreamCommandInput {
  return requestOf(model, [{ role: "user", text: filled(variant.text, values), attachments: [] }], variant.settings);
}

/** As the service keeps it. */
export function stored(variant: Variant, model: string): PromptVariant {
  const { temperature, topP, maxTokens, stop } = variant.settings;
  const stopSequences = stop.split("\n").filter((sequence) => sequence !== "");
  const { topK } = variant.settings;
  const fields = topK === undefined ? undefined : topKField(model, topK);
  return {
    name: variant.name,
    templateType: "TEXT",
    modelId: model,
    templateConfiguration: {
      text: { text: variant.text, inputVariables: variablesOf([variant.text]).map((name) => ({ name })) },
    },
    inferenceConfiguration: {
      text: { temperature, topP, maxTokens, ...(stopSequences.length === 0 ? {} : { stopSequences }) },
    },
    ...(fields === undefined
      ? {}
      : { additionalModelRequestFields: fields as PromptVariant["additionalModelRequestFields"] }),
  };
}

/** What the service keeps, to be written on; nothing if it is a conversation. */
export function written(variant: PromptVariant): Variant | undefined {
  const template = variant.templateConfiguration?.text;
  if (template === undefined) {
    return undefined;
  }
  const topK = topKOf(variant.additionalModelRequestFields);
  const { temperature, topP, maxTokens, stopSequences } = variant.inferenceConfiguration?.text ?? {};
  return {
    name: variant.name ?? "",
    text: template.text ?? "",
    model: variant.modelId,
    settings: {
      ...USUAL,
      temperature: temperature ?? USUAL.temperature,
      topP: topP ?? USUAL.topP,
      ...(topK === undefined ? {} : { topK }),
      maxTokens: maxTokens ?? USUAL.maxTokens,
      stop: (stopSequences ?? []).join("\n"),
    },
  };
}
