import type { ContentBlock, ConverseStreamCommandInput } from "@aws-sdk/client-bedrock-runtime";
import { python, quoted } from "../shell/request.ts";

/** The request as what people type: documents stand as the names of their files. */
type Shown = Record<string, unknown>;

/** Where a request goes. */
export interface Destination {
  endpoint: string;
  region: string;
}

/** As the AWS CLI takes it. */
export function asCli(place: Destination, request: ConverseStreamCommandInput): string {
  const { modelId, messages, system, inferenceConfig, additionalModelRequestFields } = shown(request);
  return command("converse", place, [
    `--model-id ${modelId as string}`,
    `--messages ${quoted(messages)}`,
    ...(system === undefined ? [] : [`--system ${quoted(system)}`]),
    `--inference-config ${quoted(inferenceConfig)}`,
    ...(additionalModelRequestFields === undefined
      ? []
      : [`--additional-model-request-fields ${quoted(additionalModelRequestFields)}`]),
  ]);
}

/** As boto3 takes it. */
export function asPython(place: Destination, request: ConverseStreamCommandInput): string {
  const values = Object.entries(shown(request)).map(([name, value]) => `    ${name}=${python(value)},`);
  return [
    "import boto3",
    "",
    pythonClient(place),
    "answer = client.converse(",
    ...values,
    ")",
    'print(answer["output"]["message"]["content"][0]["text"])',
  ].join("\n");
}

/** As the AWS SDK for Java takes it. */
export function asJava(place: Destination, request: ConverseStreamCommandInput): string {
  const messages = (request.messages ?? []).map(
    (message) =>
      `Message.builder().role(${java(message.role)}).content(${(message.content ?? []).map(javaBlock).join(", ")}).build()`,
  );
  const system = request.system?.[0]?.text;
  const fields = request.additionalModelRequestFields;
  const { maxTokens, temperature, topP, stopSequences = [] } = request.inferenceConfig ?? {};
  const stop = stopSequences.length === 0 ? "" : `.stopSequences(${stopSequences.map(java).join(", ")})`;
  return [
    ...javaClient(place),
    "ConverseResponse answer = client.converse(request -> request",
    `    .modelId(${java(request.modelId)})`,
    ...(system === undefined ? [] : [`    .system(SystemContentBlock.fromText(${java(system)}))`]),
    `    .messages(\n        ${messages.join(",\n        ")})`,
    ...(fields === undefined ? [] : [`    .additionalModelRequestFields(${javaDocument(fields)})`]),
    `    .inferenceConfig(config -> config.maxTokens(${maxTokens}).temperature(${temperature}f).topP(${topP}f)${stop}));`,
    "System.out.println(answer.output().message().content().getFirst().text());",
  ].join("\n");
}

/** A body of a model's own, as the AWS CLI sends it. */
export function invokedByCli(place: Destination, modelId: string, body: Shown): string {
  const options = [`--model-id ${modelId}`, "--cli-binary-format raw-in-base64-out", `--body ${quoted(body)}`];
  return `${command("invoke-model", place, options)} \\\n  answer.json`;
}

/** A body of a model's own, as boto3 sends it. */
export function invokedByPython(place: Destination, modelId: string, body: Shown): string {
  const values = Object.entries(body).map(([name, value]) => `    ${JSON.stringify(name)}: ${python(value)},`);
  return [
    "import json",
    "",
    "import boto3",
    "",
    pythonClient(place),
    "body = {",
    ...values,
    "}",
    `answer = client.invoke_model(modelId=${JSON.stringify(modelId)}, body=json.dumps(body))`,
    'print(json.load(answer["body"]))',
  ].join("\n");
}

/** A body of a model's own, as the AWS SDK for Java sends it. */
export function invokedByJava(place: Destination, modelId: string, body: Shown): string {
  const json = JSON.stringify(body, undefined, 2)
    .split("\n")
    .map((line) => `    ${line.replaceAll("\\", "\\\\").replaceAll('"""', '\\"""')}`);
  return [
    ...javaClient(place),
    'String body = """',
    ...json,
    '    """;',
    "InvokeModelResponse answer = client.invokeModel(request -> request",
    `    .modelId(${java(modelId)})`,
    "    .body(SdkBytes.fromUtf8String(body)));",
    "System.out.println(answer.body().asUtf8String());",
  ].join("\n");
}

function command(operation: string, { endpoint, region }: Destination, options: string[]): string {
  return [`aws bedrock-runtime ${operation}`, ...options, `--region ${region}`, `--endpoint-url ${endpoint}`].join(" \\\n  ");
}

function pythonClient({ endpoint, region }: Destination): string {
  return `client = boto3.client("bedrock-runtime", region_name="${region}", endpoint_url="${endpoint}")`;
}

function javaClient({ endpoint, region }: Destination): string[] {
  return [
    "BedrockRuntimeClient client = BedrockRuntimeClient.builder()",
    `    .region(Region.of(${java(region)}))`,
    `    .endpointOverride(URI.create(${java(endpoint)}))`,
    "    .build();",
  ];
}

/** JSON's strings are Java's. */
function java(value: string | undefined): string {
  return JSON.stringify(value ?? "");
}

function javaBlock({ text, document }: ContentBlock): string {
  if (document === undefined) {
    return `ContentBlock.fromText(${java(text)})`;
  }
  const file = `${document.name ?? ""}.${document.format ?? ""}`;
  const bytes = `SdkBytes.fromByteArray(Files.readAllBytes(Path.of(${java(file)})))`;
  return (
    `ContentBlock.fromDocument(document -> document.name(${java(document.name)}).format(${java(document.format)})` +
    `.source(DocumentSource.fromBytes(${bytes})))`
  );
}

function javaDocument(value: unknown): string {
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([name, member]) => `${java(name)}, ${javaDocument(member)}`);
    return `Document.fromMap(Map.of(${entries.join(", ")}))`;
  }
  return typeof value === "number" ? `Document.fromNumber(${value})` : `Document.fromString(${java(String(value))})`;
}

function shown(request: ConverseStreamCommandInput): Shown {
  return JSON.parse(
    JSON.stringify(request, (key, value: unknown) => (key === "bytes" ? "the bytes of the file, in base64" : value)),
  ) as Shown;
}
