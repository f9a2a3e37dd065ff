import type { ConverseStreamCommandInput } from "@aws-sdk/client-bedrock-runtime";
import { python, quoted } from "../shell/request.ts";

/** The request as what people type: documents stand as the names of their files. */
type Shown = Record<string, unknown>;

/** As the AWS CLI takes it. */
export function asCli(endpoint: string, region: string, request: ConverseStreamCommandInput): string {
  const { modelId, messages, system, inferenceConfig } = shown(request);
  const options = [
    `--model-id ${modelId as string}`,
    `--messages ${quoted(messages)}`,
    ...(system === undefined ? [] : [`--system ${quoted(system)}`]),
    `--inference-config ${quoted(inferenceConfig)}`,
    `--region ${region}`,
    `--endpoint-url ${endpoint}`,
  ];
  return `aws bedrock-runtime converse \\\n  ${options.join(" \\\n  ")}`;
}

/** As boto3 takes it. */
export function asPython(endpoint: string, region: string, request: ConverseStreamCommandInput): string {
  const values = Object.entries(shown(request)).map(([name, value]) => `    ${name}=${python(value)},`);
  return [
    "import boto3",
    "",
    `client = boto3.client("bedrock-runtime", region_name="${region}", endpoint_url="${endpoint}")`,
    "answer = client.converse(",
    ...values,
    ")",
    'print(answer["output"]["message"]["content"][0]["text"])',
  ].join("\n");
}

/** As the AWS SDK for Java takes it. */
export function asJava(endpoint: string, region: string, request: ConverseStreamCommandInput): string {
  const messages = (request.messages ?? []).map(
    (message) =>
      `Message.builder().role(${JSON.stringify(message.role)}).content(${(message.content ?? [])
        .flatMap((block) => (block.text === undefined ? [] : [`ContentBlock.fromText(${JSON.stringify(block.text)})`]))
        .join(", ")}).build()`,
  );
  const system = request.system?.[0]?.text;
  const { maxTokens, temperature, topP } = request.inferenceConfig ?? {};
  return [
    "BedrockRuntimeClient client = BedrockRuntimeClient.builder()",
    `    .region(Region.of(${JSON.stringify(region)}))`,
    `    .endpointOverride(URI.create(${JSON.stringify(endpoint)}))`,
    "    .build();",
    "ConverseResponse answer = client.converse(request -> request",
    `    .modelId(${JSON.stringify(request.modelId)})`,
    ...(system === undefined ? [] : [`    .system(SystemContentBlock.fromText(${JSON.stringify(system)}))`]),
    `    .messages(\n        ${messages.join(",\n        ")})`,
    `    .inferenceConfig(config -> config.maxTokens(${maxTokens}).temperature(${temperature}f).topP(${topP}f)));`,
    "System.out.println(answer.output().message().content().getFirst().text());",
  ].join("\n");
}

function shown(request: ConverseStreamCommandInput): Shown {
  return JSON.parse(
    JSON.stringify(request, (key, value: unknown) => (key === "bytes" ? "the bytes of the file, in base64" : value)),
  ) as Shown;
}
