import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assertAccessible, browserForTests, ENDPOINT, picture, signIn } from "./browser.mjs";

const SETTINGS = { endpoint: ENDPOINT, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
const NOW = Date.now();
const withPage = browserForTests();

/** Chooses from a field that drops down. */
async function choose(page, label, option) {
  await page.getByRole("button", { name: new RegExp(`^${label}`) }).last().click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

describe("cost and usage", () => {
  it("are shown by day, by service and by model", () =>
    withPage({}, async (page) => {
      const bedrock = await import("@aws-sdk/client-bedrock-runtime");
      const asked = await new bedrock.BedrockRuntimeClient(SETTINGS).send(
        new bedrock.ConverseCommand({
          modelId: "amazon.nova-micro-v1:0",
          messages: [{ role: "user", content: [{ text: "Hello" }] }],
          inferenceConfig: { maxTokens: 4 },
        }),
      );
      assert.ok(asked.usage.inputTokens > 0);
      await signIn(page, "/console/cost");

      const row = page.getByRole("row", { name: /bedrock-runtime amazon.nova-micro-v1:0/ });
      // The record is written half a second late at most.
      for (let looks = 0; looks < 30 && (await row.count()) === 0; looks++) {
        await page.getByRole("button", { name: /^Refresh/ }).first().click();
        await page.waitForTimeout(200);
      }
      await row.getByText(/^\$0\.\d*[1-9]/).waitFor();
      await choose(page, "Group by", "Model");
      await choose(page, "Show", "Tokens");
      await page.getByRole("button", { name: "amazon.nova-micro-v1:0" }).waitFor();
      await picture(page, "cost");
      await assertAccessible(page, "cost");
    }));
});

describe("CloudWatch", () => {
  it("draws metrics, raises alarms and keeps dashboards", () =>
    withPage({}, async (page) => {
      const namespace = `Shop${NOW}`;
      const cloudwatch = new CloudWatchClient(SETTINGS);
      await cloudwatch.send(
        new PutMetricDataCommand({
          Namespace: namespace,
          MetricData: [5, 4, 3, 2, 1, 0].flatMap((minutes) => [
            { MetricName: "Orders", Value: 10 + minutes, Timestamp: new Date(NOW - minutes * 60_000) },
            {
              MetricName: "Refunds",
              Dimensions: [{ Name: "Country", Value: "NL" }],
              Value: 3,
              Timestamp: new Date(NOW - minutes * 60_000),
            },
          ]),
        }),
      );

      await signIn(page, "/console/cloudwatch/metrics");
      await choose(page, "Namespace", namespace);
      await page.getByRole("checkbox", { name: "Orders" }).check({ force: true });
      await page.getByRole("checkbox", { name: "Refunds (Country=NL)" }).check({ force: true });
      await choose(page, "Time range", "Last 15 minutes");
      await page.getByRole("button", { name: "Orders Average" }).waitFor();
      await page.getByRole("button", { name: "Refunds (Country=NL) Average" }).waitFor();
      await picture(page, "metrics-drawn");
      await assertAccessible(page, "drawn metrics");

      await page.getByRole("checkbox", { name: "Refunds (Country=NL)" }).uncheck({ force: true });
      await page.getByRole("button", { name: "Create alarm" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Alarm name").fill(`many-${NOW}`);
      await dialog.getByLabel("Threshold", { exact: true }).fill("5");
      await assertAccessible(page, "the form of an alarm");
      await dialog.getByRole("button", { name: "Create alarm" }).click();
      await page.getByText(`Alarm many-${NOW} was created.`).waitFor();
      await page.goto(`${ENDPOINT}/console/cloudwatch/alarms/many-${NOW}`);
      await page.getByText("Orders > 5 for 1 × 60 s").waitFor();
      await page.getByText("In alarm").first().waitFor();
      await page.getByText(/Threshold Crossed/).first().waitFor();
      await page.getByText(/updated from INSUFFICIENT_DATA to ALARM/).waitFor();
      await picture(page, "alarm");
      await assertAccessible(page, "an alarm");

      await page.goto(`${ENDPOINT}/console/cloudwatch/dashboards`);
      await page.getByRole("button", { name: "Create dashboard" }).click();
      await page.getByLabel("Dashboard name").fill(`shop-${NOW}`);
      await page.getByRole("dialog").getByRole("button", { name: "Create dashboard" }).click();
      await page.getByRole("button", { name: "Add text" }).click();
      await page.getByLabel("Markdown").fill("# Our shop\n\nCall **the owner** when it burns.");
      await page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
      await page.getByRole("button", { name: "Add metric" }).click();
      await choose(page, "Namespace", namespace);
      await choose(page, "Metric", "Orders");
      await page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("The dashboard was saved.").waitFor();
      await page.reload();
      await page.getByRole("heading", { name: "Our shop" }).waitFor();
      await page.getByRole("button", { name: "Orders Sum" }).waitFor();
      await picture(page, "dashboard");
      await assertAccessible(page, "a dashboard");
      await page.getByRole("button", { name: "Edit source" }).click();
      await page.getByRole("textbox", { name: "JSON as PutDashboard takes it" }).getByText('"markdown"').waitFor();
    }));
});

describe("logs", () => {
  it("are searched, followed and asked", () =>
    withPage({}, async (page) => {
      const group = `/shop/orders-${NOW}`;
      const logs = new CloudWatchLogsClient(SETTINGS);
      const write = (...messages) =>
        logs.send(
          new PutLogEventsCommand({
            logGroupName: group,
            logStreamName: "till",
            logEvents: messages.map((message, at) => ({ message, timestamp: Date.now() - 1000 + at })),
          }),
        );

      await signIn(page, "/console/logs");
      await page.getByRole("button", { name: "Create log group" }).first().click();
      await page.getByLabel("Log group name").fill(group);
      await page.getByRole("dialog").getByRole("button", { name: "Create log group" }).click();
      await page.getByText(`Log group ${group} was created.`).waitFor();
      await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: "till" }));
      await write('{"level":"INFO","text":"bought bread"}', '{"level":"ERROR","text":"no change"}', "plain words");

      await page.getByRole("link", { name: group }).click();
      await page.getByRole("cell", { name: "plain words" }).waitFor();
      await page.getByLabel("Filter pattern").fill('{ $.level = "ERROR" }');
      await page.getByRole("button", { name: "Search" }).click();
      await page.getByRole("cell", { name: "plain words" }).waitFor({ state: "detached" });
      await page.getByRole("cell", { name: /no change/ }).click();
      await page.getByLabel("Event", { exact: true }).getByText('"level": "ERROR"').waitFor();
      await picture(page, "log-events");
      await assertAccessible(page, "log events");

      await page.goto(`${ENDPOINT}/console/logs/tail`);
      await choose(page, "Log groups", group);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Start" }).click();
      await page.getByText("Waiting for events").waitFor();
      const late = page.getByRole("cell", { name: "a late customer" }).first();
      // The session may begin a moment after the page has asked for it.
      for (let writes = 0; writes < 20 && !(await late.isVisible()); writes++) {
        await write("a late customer");
        await page.waitForTimeout(500);
      }
      await late.waitFor();
      await page.getByRole("button", { name: "Stop" }).click();
      await page.getByText("The session has ended.").waitFor();
      await picture(page, "live-tail");

      await page.goto(`${ENDPOINT}/console/logs/insights`);
      await choose(page, "Log groups", group);
      await page.keyboard.press("Escape");
      await page.getByLabel("Query").fill('filter level = "ERROR" | stats count(*) as errors by bin(1m)');
      await page.getByRole("button", { name: "Run query" }).click();
      await page.getByText(/1 of \d+ records matched/).waitFor();
      await page.getByRole("columnheader", { name: "errors" }).waitFor();
      await page.getByRole("tab", { name: "Chart" }).click();
      await page.getByRole("button", { name: "errors" }).waitFor();
      await picture(page, "insights");
      await assertAccessible(page, "Insights");
    }));
});
