import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PAGES } from "./addresses.mjs";
import { assertAccessible, assertTabsAccessible, browserForTests, choose, PATIENCE, picture, ROOT } from "./browser.mjs";

const { signedIn } = browserForTests();

/** A bucket of its own with files in it, by their keys. */
async function bucketWith(files) {
  const s3 = new S3Client({ ...ROOT, forcePathStyle: true });
  const bucket = `bedrock-pages-${Date.now()}`;
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  for (const [key, body] of Object.entries(files)) {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  }
  return bucket;
}

/** A model of each family whose bodies differ. */
const FAMILIES = [
  "smollm2-135m-instruct",
  "anthropic.claude-3-haiku-20240307-v1:0",
  "amazon.nova-micro-v1:0",
  "amazon.titan-text-express-v1",
  "meta.llama3-8b-instruct-v1:0",
  "mistral.mistral-7b-instruct-v0:2",
  "mistral.mistral-large-2407-v1:0",
  "cohere.command-r-v1:0",
  "cohere.command-text-v14",
  "ai21.jamba-1-5-mini-v1:0",
  "deepseek.v3-v1:0",
  "openai.gpt-oss-20b-1:0",
];

describe("guardrails", () => {
  it("are made, tried, put into versions and deleted", () =>
    signedIn(PAGES.guardrails, async (page) => {
      const name = `careful-${Date.now()}`;
      await page.getByRole("button", { name: "Create guardrail" }).click();
      await page.getByLabel("Name", { exact: true }).fill(name);
      await page.getByRole("button", { name: "Denied topics" }).click();
      await page.getByRole("button", { name: "Add topic" }).click();
      await page.getByRole("textbox", { name: "Name", exact: true }).nth(1).fill("Investing");
      await page.getByLabel("Definition").fill("Advice about how to invest money.");
      await page.getByLabel("Examples, one a line").fill("Which shares should I buy?");
      await page.getByRole("button", { name: "Words", exact: true }).click();
      await page.getByLabel("Words, one a line").fill("granite\nbasalt");
      await page.getByRole("button", { name: "Personal data" }).click();
      await page.getByRole("button", { name: "Add type" }).click();
      await page.getByRole("button", { name: /^Type/ }).click();
      await page.getByRole("option", { name: "Email" }).click();
      await page.getByRole("button", { name: "Tiers" }).click();
      await choose(page, "Content filters", "Standard");
      assert.equal(await page.getByLabel("Guardrail profile").inputValue(), "us.guardrail.v1:0");
      await picture(page, "guardrail-form");
      await assertAccessible(page, "the form of a guardrail");
      await page.getByRole("tab", { name: "JSON" }).click();
      await page.getByRole("textbox", { name: "The guardrail as JSON" }).getByText(name).waitFor();
      await page.getByRole("button", { name: "Create guardrail" }).click();
      await page.getByText(`Guardrail ${name} was created.`).waitFor();

      await page.getByLabel("Text", { exact: true }).fill("Send the granite to ada-maria@example.com.");
      await page.getByRole("button", { name: "Test", exact: true }).click();
      await page.getByText("The guardrail intervened").waitFor();
      const marked = page.getByRole("region", { name: "The text with what was caught" });
      assert.deepEqual(await marked.locator("mark").allTextContents(), ["granite Word", "ada-maria@example.com Email"]);
      await picture(page, "guardrail-tested");
      await assertAccessible(page, "a tested text");
      await assertTabsAccessible(page, "a guardrail", ["Policies"]);
      await page.getByText("content filters Standard, denied topics Classic").waitFor();

      await page.getByRole("tab", { name: "Versions" }).click();
      await page.getByRole("button", { name: "Create version" }).click();
      await page.getByText("Version 1 was created.").waitFor();
      await page.getByRole("radio", { name: "1", exact: true }).waitFor({ state: "attached" });
      await assertAccessible(page, "the versions of a guardrail");
      await page.getByRole("button", { name: "Edit" }).click();
      // Versions have descriptions, too: the form must be there first.
      await page.getByRole("button", { name: "Save changes" }).waitFor();
      await page.getByLabel("Description", { exact: true }).fill("Keeps rocks apart.");
      await page.getByRole("button", { name: "Save changes" }).click();
      await page.getByText(`Guardrail ${name} was changed.`).waitFor();
      await page.getByText("Keeps rocks apart.").waitFor();

      await page.getByRole("link", { name: "Guardrails", exact: true }).first().click();
      await page.getByRole("radio", { name }).check({ force: true });
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      await page.getByText(`Guardrail ${name} was deleted.`).waitFor();
    }));

  it("say what is wrong with what is typed", () =>
    signedIn(PAGES["guardrail-editor"], async (page) => {
      await page.getByRole("tab", { name: "JSON" }).click();
      const editor = page.getByRole("textbox", { name: "The guardrail as JSON" });
      await editor.fill('{"name": }');
      await page.getByText(/^Line 1: /).waitFor();
      assert.equal(await page.getByRole("button", { name: "Create guardrail" }).isDisabled(), true);

      await editor.fill('{"name": "empty", "blockedInputMessaging": "No.", "blockedOutputsMessaging": "No."}');
      await page.getByRole("button", { name: "Create guardrail" }).click();
      await page.getByTestId("failure").getByText("ValidationException").first().waitFor();
    }));
});

describe("knowledge bases", () => {
  it("are made step by step, synced, asked and deleted", () =>
    signedIn(PAGES["knowledge-bases"], async (page) => {
      const bucket = await bucketWith({
        "handbook/vacation.txt": "Every employee of Acme has thirty days of paid vacation each year.",
        "handbook/travel.txt": "Flights of less than six hours are booked in economy class.",
        "handbook/broken.pdf": "This is no PDF at all.",
      });
      const name = `handbook-${Date.now()}`;
      await page.getByRole("button", { name: "Create knowledge base" }).click();
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByText("This is needed.").first().waitFor();
      await page.getByLabel("Name", { exact: true }).fill(name);
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByRole("button", { name: /^Bucket/ }).click();
      await page.getByRole("option", { name: bucket }).click();
      await page.getByLabel("Prefix").fill("handbook/");
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByLabel("Embedding model").getByText(/./).first().waitFor();
      await picture(page, "knowledge-wizard-model");
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByText(`s3://${bucket}/handbook/`).waitFor();
      await page.getByRole("button", { name: "Create", exact: true }).click();
      await page.getByText(`Knowledge base ${name} was created.`).waitFor();

      await page.getByRole("tab", { name: "Data sources" }).click();
      const history = page.getByRole("table", { name: "Sync history of documents" });
      await history.getByText("Complete").waitFor();
      await page.getByText(/broken\.pdf/).first().waitFor();
      await picture(page, "knowledge-synced");
      await assertAccessible(page, "the syncs of a data source");
      await page.getByRole("tab", { name: "Documents" }).click();
      const documents = page.getByRole("table", { name: "Documents" });
      await documents.getByRole("row").filter({ hasText: "vacation.txt" }).getByText("Indexed").waitFor();
      await documents.getByRole("row").filter({ hasText: "broken.pdf" }).getByText("Failed").waitFor();
      await picture(page, "knowledge-documents");
      await assertAccessible(page, "the documents of a data source");

      await assertTabsAccessible(page, "a knowledge base", ["Details", "Test"]);
      await page.getByLabel("Longest answer, in tokens").fill("48");
      await page.getByLabel("Question").fill(
        // The smallest model answers with what it is told, and so with what its sources say.
        "Repeat this sentence: Every employee of Acme has thirty days of paid vacation each year.",
      );
      await page.getByRole("button", { name: "Ask", exact: true }).click();
      await page.getByTestId("answer").waitFor();
      await page.getByRole("button", { name: "Ask", exact: true }).waitFor();
      await picture(page, "knowledge-answered");
      await assertAccessible(page, "an answer with its sources");
      await page.getByRole("button", { name: "Open source 1" }).first().click();
      await page.getByTestId("chunk").getByText("thirty days of paid vacation").waitFor();
      await picture(page, "knowledge-source");
      await page.getByRole("button", { name: "Close", exact: true }).click();
      await page.getByRole("button", { name: /^What to do/ }).click();
      await page.getByRole("option", { name: "Find only" }).click();
      await page.getByRole("button", { name: "Ask", exact: true }).click();
      await page.getByText("2 pieces were found").waitFor();

      await page.getByRole("link", { name: "Knowledge bases", exact: true }).first().click();
      await page.getByRole("radio", { name }).check({ force: true });
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      await page.getByText(`Knowledge base ${name} is being deleted.`).waitFor();
      await page.getByRole("radio", { name }).waitFor({ state: "detached" });
    }));
});

describe("a single prompt", () => {
  it("is answered, stopped and shown as a request", () =>
    signedIn(PAGES.text, async (page) => {
      await page.getByRole("button", { name: "SmolLM2 135M Instruct" }).waitFor();
      await page.getByLabel("Longest answer, in tokens").fill("8");
      await page.getByLabel("Temperature").fill("0");
      await page.getByLabel("Top K").fill("40");
      await page.getByLabel("Prompt", { exact: true }).fill("Name a rock.");
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await page.getByText(/\d+ tokens in, \d+ out.* \$0\.00 at AWS's price/).waitFor();
      assert.notEqual((await page.getByTestId("generated").textContent()).trim(), "");
      await picture(page, "text-answered");

      await page.getByLabel("Longest answer, in tokens").fill("2000");
      await page.getByLabel("Prompt", { exact: true }).fill("Write a long story about a river.");
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await page.getByRole("button", { name: "Stop", exact: true }).click();
      await page.getByText("Stopped").waitFor();

      await page.getByRole("button", { name: "Show the request" }).click();
      const shown = page.getByLabel("AWS CLI", { exact: true });
      await shown.getByText("Write a long story").waitFor();
      await shown.getByText("--additional-model-request-fields '{\"top_k\":40}'").waitFor();
      await assertAccessible(page, "a prompt as a request");
      await page.getByRole("button", { name: "Close", exact: true }).click();
    }));

  it("is shown as InvokeModel takes it of each family of models", () =>
    signedIn(PAGES.text, async (page) => {
      const { BedrockRuntimeClient, InvokeModelCommand } = await import("@aws-sdk/client-bedrock-runtime");
      const runtime = new BedrockRuntimeClient(ROOT);
      await page.getByRole("button", { name: "SmolLM2 135M Instruct" }).waitFor();
      await page.getByLabel("Longest answer, in tokens").fill("2");
      await page.getByLabel("System prompt").fill("You are a poet.");
      await page.getByLabel("Top K").fill("40");
      await page.getByLabel("Stop sequences").fill("THE END");
      await page.getByLabel("Prompt", { exact: true }).fill("Don't say \"hello\".");
      for (const modelId of FAMILIES) {
        await page.getByRole("button", { name: /^Model/ }).click();
        await page.getByRole("option", { name: new RegExp(` ${modelId.replaceAll(".", "\\.")} `) }).first().click();
        await page.getByRole("button", { name: "Show the request" }).click();
        await page.getByRole("button", { name: "InvokeModel" }).click();
        const command = await page.locator("pre").textContent();
        const body = /--body '(.*)' \\\n/.exec(command)?.[1].replaceAll("'\\''", "'");

        const answer = await runtime.send(new InvokeModelCommand({ modelId, body }));
        assert.notEqual(answer.body.length, 0, modelId);
        await page.getByRole("button", { name: "Close", exact: true }).click();
      }
    }));
});

describe("prompts", () => {
  it("are written in variants, run side by side, kept in versions and deleted", () =>
    signedIn(PAGES["prompt-editor"], async (page) => {
      const name = `explain-${Date.now()}`;
      await page.getByLabel("Name", { exact: true }).fill(name);
      const variant = (number) => page.getByRole("group", { name: `Variant variant-${number}` });
      await variant(1).getByLabel("Text", { exact: true }).fill("Explain {{topic}} in five words.");
      await variant(1).getByRole("button", { name: "Settings" }).click();
      await variant(1).getByLabel("Longest answer, in tokens").fill("8");
      await page.getByRole("button", { name: "Add variant" }).click();
      await variant(2).getByLabel("Text", { exact: true }).fill("What is {{topic}}, {{reader}}?");
      await page.getByLabel("topic", { exact: true }).fill("granite");
      await page.getByLabel("reader", { exact: true }).fill("dear child");
      await page.getByRole("button", { name: "Run all variants" }).click();
      await variant(1).getByText(/\d+ tokens in/).waitFor();
      await variant(2).getByText(/\d+ tokens in/).waitFor();
      await picture(page, "prompt-compared");
      await assertAccessible(page, "variants side by side");
      await variant(2).getByText("Keep this one").click();
      await page.getByRole("button", { name: "Create prompt" }).click();
      await page.getByText(`Prompt ${name} was created.`).waitFor();

      await page.getByRole("group", { name: "Variant variant-2" }).getByText("What is {{topic}}, {{reader}}?").waitFor();
      await page.getByRole("button", { name: "Create version" }).click();
      await page.getByText("Version 1 was created.").waitFor();
      await page.getByRole("radio", { name: "1", exact: true }).waitFor({ state: "attached" });
      await page.getByLabel("Description", { exact: true }).fill("For children");
      await page.getByRole("button", { name: "Save changes" }).click();
      await page.getByText(`Prompt ${name} was changed.`).waitFor();

      await page.getByRole("link", { name: "Prompts", exact: true }).first().click();
      await page.getByRole("cell", { name: "For children" }).first().waitFor();
      await page.getByRole("radio", { name }).check({ force: true });
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      await page.getByText(`Prompt ${name} was deleted.`).waitFor();
    }));
});

describe("batch jobs", () => {
  it("are created from a file, watched to their end, and lead to their results", () =>
    signedIn(PAGES["batch-form"], async (page) => {
      const bucket = await bucketWith({});
      const name = `words-${Date.now()}`;
      const body = {
        messages: [{ role: "user", content: [{ text: "Say a word." }] }],
        inferenceConfig: { maxTokens: 1 },
      };
      const records = Array.from({ length: 100 }, (_, index) =>
        JSON.stringify({ recordId: `R${index}`, modelInput: body }),
      );
      const choose = (lines) =>
        page.locator('input[type="file"]').setInputFiles({
          name: "words.jsonl",
          mimeType: "application/jsonl",
          buffer: Buffer.from(lines.join("\n")),
        });
      const pick = async (label) => {
        await page.getByRole("button", { name: new RegExp(`^${label}`) }).click();
        await page.getByRole("option", { name: bucket }).locator("visible=true").click();
      };

      await page.getByLabel("Name", { exact: true }).fill(name);
      await page.getByRole("button", { name: /^Model/ }).click();
      await page.getByRole("option", { name: /amazon\.nova-lite-v1:0/ }).first().click();
      await choose(["no JSON"]);
      await page.getByText(/Line 1 of the file is no record/).waitFor();
      await choose(records);
      await page.getByText("100 records").waitFor();
      await pick("Bucket of the input");
      await pick("Bucket of the results");
      await page.getByRole("button", { name: "Create job" }).click();
      await page.getByText(`Job ${name} was created.`).waitFor();

      await page.getByRole("row").filter({ hasText: name }).getByText("Completed").waitFor();
      await page.getByRole("radio", { name }).check({ force: true });
      await page.getByText("100 answered, 0 failed").waitFor();
      await picture(page, "batch-completed");
      await assertAccessible(page, "a job that has ended");
      await page.getByRole("link", { name: "Show the results in Amazon S3" }).click();
      await page.getByRole("link", { name: "words.jsonl.out" }).waitFor();
    }));
});

describe("invocation logs", () => {
  it("are turned on, read from both places, and turned off", () =>
    signedIn(PAGES.logs, async (page) => {
      const bucket = await bucketWith({});
      await page.getByRole("tab", { name: "Settings" }).click();
      await page.getByText("To Amazon S3").click();
      await page.getByRole("button", { name: /^Bucket/ }).click();
      await page.getByRole("option", { name: bucket }).click();
      await page.getByText("To CloudWatch Logs").click();
      await page.getByLabel("Log group").fill(`/aws/bedrock/${bucket}`);
      await assertAccessible(page, "the settings of logs");
      await picture(page, "logs-settings");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByText("What models are asked is written down from now on.").waitFor();
      try {
        const { BedrockRuntimeClient, ConverseCommand } = await import("@aws-sdk/client-bedrock-runtime");
        const runtime = new BedrockRuntimeClient(ROOT);
        await runtime.send(
          new ConverseCommand({
            modelId: "amazon.nova-lite-v1:0",
            messages: [{ role: "user", content: [{ text: "Say basalt." }] }],
            inferenceConfig: { maxTokens: 3 },
          }),
        );

        await page.getByRole("tab", { name: "Records" }).click();
        const row = page.getByRole("table", { name: "Records" }).getByRole("row").filter({ hasText: "Converse" });
        await appears(page, row);
        await row.first().click();
        await page.getByRole("textbox", { name: "The record" }).getByText("amazon.nova-lite-v1:0").first().waitFor();
        await picture(page, "logs-record");
        await assertAccessible(page, "a record");
        await page.getByRole("button", { name: "Amazon S3", exact: true }).click();
        await appears(page, row);
      } finally {
        await page.getByRole("tab", { name: "Settings" }).click();
        await page.getByRole("button", { name: "Turn logging off" }).click();
        await page.getByText("Nothing is written down any more.").waitFor();
      }
    }));
});

/** Looks again until what is written some seconds later is there. */
async function appears(page, locator) {
  const deadline = Date.now() + PATIENCE;
  while ((await locator.count()) === 0) {
    assert.ok(Date.now() < deadline, "no record was written");
    await page.getByRole("button", { name: "Refresh: Records" }).click();
    await page.waitForTimeout(500);
  }
}
