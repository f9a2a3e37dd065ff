import type { Settings } from "./conversation.ts";

/** A model id without the geography of an inference profile, or the ARN around it. */
function plain(modelId: string): string {
  return modelId.slice(modelId.lastIndexOf("/") + 1).replace(/^(us|eu|apac|us-gov|global|jp|au|ca)\./, "");
}

/** Providers whose models know top_k by that name. */
const KNOWS_TOP_K = /^(anthropic|mistral|deepseek|google|minimax|moonshot|nvidia|qwen)\./;
/** What begins an id of AWS's, and no id of a model installed here. */
const PROVIDER = /^[a-z0-9]+\.[a-z]/;

/**
 * How a model is told to choose among the likeliest words only, which Converse has no parameter for; nothing where its
 * family has no such thing.
 *
 * Source: "Inference request parameters and response fields for foundation models", Amazon Bedrock User Guide.
 */
export function topKField(modelId: string, topK: number): Record<string, unknown> | undefined {
  const id = plain(modelId);
  if (id.startsWith("amazon.nova")) {
    return { inferenceConfig: { topK } };
  }
  if (id.startsWith("cohere.")) {
    return { k: topK };
  }
  return KNOWS_TOP_K.test(id) || !PROVIDER.test(id) ? { top_k: topK } : undefined;
}

/** The number that one of the fields above holds. */
export function topKOf(fields: unknown): number | undefined {
  const { top_k, k, inferenceConfig } = (fields ?? {}) as {
    top_k?: unknown;
    k?: unknown;
    inferenceConfig?: { topK?: unknown };
  };
  const found = top_k ?? k ?? inferenceConfig?.topK;
  return typeof found === "number" ? found : undefined;
}

/**
 * A prompt as the body that InvokeModel takes of a model's family.
 *
 * Source: "Inference request parameters and response fields for foundation models", Amazon Bedrock User Guide, and the
 * request schema of the Amazon Nova User Guide.
 */
export function nativeBody(modelId: string, prompt: string, settings: Settings): Record<string, unknown> {
  const id = plain(modelId);
  const { temperature, topP, topK, maxTokens } = settings;
  const stop = settings.stop.split("\n").filter((sequence) => sequence !== "");
  const system = settings.system.trim();
  const some = <K extends string>(name: K) => (stop.length === 0 ? {} : { [name]: stop });
  const few = <K extends string>(name: K) => (topK === undefined ? {} : { [name]: topK });
  // Where a body has no place for a system prompt, it stands before the question.
  const whole = system === "" ? prompt : `${system}\n\n${prompt}`;
  const usual = { max_tokens: maxTokens, temperature, top_p: topP };

  if (id.startsWith("anthropic.")) {
    return {
      anthropic_version: "bedrock-2023-05-31",
      ...usual,
      ...few("top_k"),
      ...some("stop_sequences"),
      ...(system === "" ? {} : { system }),
      messages: [{ role: "user", content: [{ type: "text", text: prompt }] }],
    };
  }
  if (id.startsWith("amazon.nova")) {
    return {
      schemaVersion: "messages-v1",
      ...(system === "" ? {} : { system: [{ text: system }] }),
      messages: [{ role: "user", content: [{ text: prompt }] }],
      inferenceConfig: { maxTokens, temperature, topP, ...few("topK"), ...some("stopSequences") },
    };
  }
  if (id.startsWith("amazon.titan")) {
    return {
      inputText: whole,
      textGenerationConfig: { maxTokenCount: maxTokens, temperature, topP, ...some("stopSequences") },
    };
  }
  if (id.startsWith("meta.llama")) {
    return { prompt: llama(system, prompt), max_gen_len: maxTokens, temperature, top_p: topP };
  }
  if (id.startsWith("cohere.command-r")) {
    const { top_p: p, ...rest } = usual;
    return {
      message: prompt,
      ...(system === "" ? {} : { preamble: system }),
      ...rest,
      p,
      ...few("k"),
      ...some("stop_sequences"),
    };
  }
  if (id.startsWith("cohere.command")) {
    const { top_p: p, ...rest } = usual;
    return { prompt: whole, ...rest, p, ...few("k"), ...some("stop_sequences") };
  }
  if (/^mistral\.(mistral-7b|mixtral|mistral-(large|small)-2402)/.test(id)) {
    return { prompt: `<s>[INST] ${whole} [/INST]`, ...usual, ...few("top_k"), ...some("stop") };
  }
  if (id.startsWith("deepseek.r1")) {
    return { prompt: `<｜begin▁of▁sentence｜><｜User｜>${whole}<｜Assistant｜><think>\n`, ...usual, ...some("stop") };
  }
  return {
    messages: [...(system === "" ? [] : [{ role: "system", content: system }]), { role: "user", content: prompt }],
    ...usual,
    ...(KNOWS_TOP_K.test(id) || !PROVIDER.test(id) ? few("top_k") : {}),
    ...some("stop"),
  };
}

function llama(system: string, prompt: string): string {
  const turn = (role: string, content: string) => `<|start_header_id|>${role}<|end_header_id|>\n\n${content}<|eot_id|>`;
  return [
    "<|begin_of_text|>",
    ...(system === "" ? [] : [turn("system", system)]),
    turn("user", prompt),
    "<|start_header_id|>assistant<|end_header_id|>\n\n",
  ].join("");
}
