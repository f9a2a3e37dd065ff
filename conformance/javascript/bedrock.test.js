// The AWS SDK for JavaScript against a running Outcrop: OUTCROP_ENDPOINT says where it is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BedrockClient, ListFoundationModelsCommand } from "@aws-sdk/client-bedrock";
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

const settings = {
  endpoint: process.env.OUTCROP_ENDPOINT,
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  maxAttempts: 1,
};
const modelId = "anthropic.claude-3-haiku-20240307-v1:0";
const messages = [{ role: "user", content: [{ text: "Count to five." }] }];
const inferenceConfig = { maxTokens: 24, temperature: 0 };

test("the caller is the account of the development key", async () => {
  const identity = await new STSClient(settings).send(new GetCallerIdentityCommand({}));
  assert.equal(identity.Account, "000000000000");
});

test("foundation models are listed", async () => {
  const list = await new BedrockClient(settings).send(new ListFoundationModelsCommand({ byProvider: "Amazon" }));
  assert.ok(list.modelSummaries.some((model) => model.modelId === "amazon.titan-embed-text-v2:0"));
});

test("a stream, which the SDK asks for over HTTP/2, says what the plain answer says", async () => {
  const runtime = new BedrockRuntimeClient(settings);
  const plain = await runtime.send(new ConverseCommand({ modelId, messages, inferenceConfig }));
  const stream = await runtime.send(new ConverseStreamCommand({ modelId, messages, inferenceConfig }));
  let text = "";
  let usage;
  for await (const event of stream.stream) {
    text += event.contentBlockDelta?.delta?.text ?? "";
    usage = event.metadata?.usage ?? usage;
  }
  assert.equal(text, plain.output.message.content[0].text);
  assert.equal(usage.outputTokens, plain.usage.outputTokens);
});

test("an unknown model is a ValidationException", async () => {
  const runtime = new BedrockRuntimeClient(settings);
  await assert.rejects(
    runtime.send(new InvokeModelCommand({ modelId: "nobody.nothing-v1", body: "{}" })),
    (error) => error.name === "ValidationException" && error.$metadata.httpStatusCode === 400,
  );
});
