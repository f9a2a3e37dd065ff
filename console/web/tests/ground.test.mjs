import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  assertAccessible,
  assertTabsAccessible,
  browserForTests,
  choose,
  chooseRange,
  chooseTimes,
  ENDPOINT,
  PATIENCE,
  picture,
  ROOT,
} from "./browser.mjs";

const NOW = Date.now();
const HOUR = 3_600_000;
const { signedIn } = browserForTests();

describe("cost and usage", () => {
  it("are shown by day, by service and by model", () =>
    signedIn("/console/cost", async (page) => {
      const bedrock = await import("@aws-sdk/client-bedrock-runtime");
      const asked = await new bedrock.BedrockRuntimeClient(ROOT).send(
        new bedrock.ConverseCommand({
          modelId: "amazon.nova-micro-v1:0",
          messages: [{ role: "user", content: [{ text: "Hello" }] }],
          inferenceConfig: { maxTokens: 4 },
        }),
      );
      assert.ok(asked.usage.inputTokens > 0);

      const row = page.getByRole("row", { name: /bedrock-runtime amazon.nova-micro-v1:0/ });
      // The record is written half a second late at most.
      for (const deadline = Date.now() + PATIENCE; Date.now() < deadline && (await row.count()) === 0; ) {
        await page.getByRole("button", { name: /^Refresh/ }).first().click();
        await page.waitForTimeout(200);
      }
      await row.getByText(/^\$0\.\d*[1-9]/).waitFor();
      await assertTabsAccessible(page, "cost", ["Day by day"]);
      await choose(page, "Group by", "Model");
      await choose(page, "Show", "Tokens");
      // What else the server was asked for may leave this model among the others.
      await page.getByRole("button", { name: /^(amazon.nova-micro-v1:0|Others)$/ }).first().waitFor();
      await picture(page, "cost");
      await assertAccessible(page, "cost");
      const lastYear = (month, day) => new Date(new Date().getFullYear() - 1, month, day);
      await chooseTimes(page, lastYear(0, 1), lastYear(0, 31), { days: true });
      await page.getByText("Nothing was used in this time").first().waitFor();
      await chooseRange(page, "Last 7 days");
      await row.first().waitFor();
    }));
});

describe("CloudWatch", () => {
  it("draws metrics, raises alarms and keeps dashboards", () =>
    signedIn("/console/cloudwatch/metrics", async (page) => {
      const namespace = `Shop${NOW}`;
      const cloudwatch = new CloudWatchClient(ROOT);
      await cloudwatch.send(
        new PutMetricDataCommand({
          Namespace: namespace,
          // Some are of the minutes to come: however long the pages take, the alarm finds a value.
          MetricData: Array.from({ length: 16 }, (_, at) => 5 - at).flatMap((minutes) => [
            { MetricName: "Orders", Value: 20 + minutes, Timestamp: new Date(NOW - minutes * 60_000) },
            {
              MetricName: "Refunds",
              Dimensions: [{ Name: "Country", Value: "NL" }],
              Value: 3,
              Timestamp: new Date(NOW - minutes * 60_000),
            },
          ]),
        }),
      );

      // The page was opened before there were these.
      await page.reload();
      await choose(page, "Namespace", namespace);
      await page.getByRole("checkbox", { name: "Orders" }).check({ force: true });
      await page.getByRole("checkbox", { name: "Refunds (Country=NL)" }).check({ force: true });
      await chooseRange(page, "Last 15 minutes");
      await page.getByRole("button", { name: "Orders Average" }).waitFor();
      await page.getByRole("button", { name: "Refunds (Country=NL) Average" }).waitFor();
      await chooseTimes(page, new Date(NOW - 30 * 24 * HOUR), new Date(NOW - 29 * 24 * HOUR));
      await page.getByText("No data in this time").waitFor();
      await chooseTimes(page, new Date(NOW - HOUR), new Date(NOW));
      await page.getByRole("button", { name: "Orders Average" }).waitFor();
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

      await page.goto(`${ENDPOINT}/console/cloudwatch/alarms`);
      await page.getByRole("button", { name: "Create composite alarm" }).first().click();
      await dialog.getByLabel("Alarm name").fill(`either-${NOW}`);
      await choose(page, "Alarms", `many-${NOW}`);
      await page.keyboard.press("Escape");
      await picture(page, "composite-form");
      assert.equal(await dialog.getByLabel("Rule").inputValue(), `ALARM("many-${NOW}")`);
      await dialog.getByLabel("Rule").fill(`ALARM("many-${NOW}") AND NOT ALARM("never`);
      await dialog.getByRole("button", { name: "Create composite alarm" }).click();
      await dialog.getByTestId("failure").waitFor();
      await dialog.getByLabel("Rule").fill(`NOT OK("many-${NOW}")`);
      await assertAccessible(page, "the form of a composite alarm");
      await dialog.getByRole("button", { name: "Create composite alarm" }).click();
      await page.getByText(`Alarm either-${NOW} was created.`).waitFor();
      await page.getByRole("link", { name: `either-${NOW}` }).click();
      await page.getByRole("table", { name: "The alarms that it watches" }).getByRole("link", { name: `many-${NOW}` }).waitFor();
      await page.getByRole("button", { name: "Edit" }).click();
      await dialog.getByLabel("Description").fill("Too many, or nobody knows.");
      await dialog.getByRole("button", { name: "Save changes" }).click();
      await page.getByText(`Alarm either-${NOW} was changed.`).waitFor();
      await picture(page, "composite-alarm");
      await assertAccessible(page, "a composite alarm");

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
      await page.getByRole("button", { name: "Save changes" }).click();
      await page.getByText("The dashboard was saved.").waitFor();
      await page.reload();
      await page.getByRole("heading", { name: "Our shop" }).waitFor();
      await page.getByRole("button", { name: "Orders Sum" }).waitFor();
      await picture(page, "dashboard");
      await assertAccessible(page, "a dashboard");
      await page.getByRole("button", { name: "Edit source" }).click();
      await page.getByRole("textbox", { name: "JSON as PutDashboard takes it" }).getByText('"markdown"').waitFor();

      // By now the alarm has been looked after, which takes the server some seconds.
      await page.goto(`${ENDPOINT}/console/cloudwatch/alarms/many-${NOW}`);
      await page.getByText("Orders > 5 for 1 × 60 s").waitFor();
      await page.getByText("In alarm").first().waitFor();
      await page.getByText(/Threshold Crossed/).first().waitFor();
      await page.getByText(/updated from INSUFFICIENT_DATA to ALARM/).waitFor();
      await picture(page, "alarm");
      await assertAccessible(page, "an alarm");
      await page.getByRole("button", { name: "Edit" }).click();
      await dialog.getByLabel("Threshold", { exact: true }).fill("7");
      await dialog.getByRole("button", { name: "Save changes" }).click();
      await page.getByText("Orders > 7 for 1 × 60 s").waitFor();
    }));
});

describe("logs", () => {
  it("are searched, followed and asked", () =>
    signedIn("/console/logs", async (page) => {
      const group = `/shop/orders-${NOW}`;
      const logs = new CloudWatchLogsClient(ROOT);
      const write = (...messages) =>
        logs.send(
          new PutLogEventsCommand({
            logGroupName: group,
            logStreamName: "till",
            logEvents: messages.map((message, at) => ({ message, timestamp: Date.now() - 1000 + at })),
          }),
        );

      await page.getByRole("button", { name: "Create log group" }).first().click();
      await page.getByLabel("Log group name").fill(group);
      await page.getByRole("dialog").getByRole("button", { name: "Create log group" }).click();
      await page.getByText(`Log group ${group} was created.`).waitFor();
      await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: "till" }));
      await write('{"level":"INFO","text":"bought bread"}', '{"level":"ERROR","text":"no change"}', "plain words");

      await page.getByRole("link", { name: group }).click();
      await page.getByRole("cell", { name: "plain words" }).waitFor();
      await chooseTimes(page, new Date(NOW - 9 * HOUR), new Date(NOW - 8 * HOUR));
      await page.getByText("No events in this time").waitFor();
      await chooseTimes(page, new Date(NOW - HOUR), new Date(NOW + HOUR));
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
      for (const deadline = Date.now() + PATIENCE; Date.now() < deadline && !(await late.isVisible()); ) {
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
      await chooseTimes(page, new Date(NOW - HOUR), new Date(NOW + HOUR));
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

describe("IAM", () => {
  it("gives rights by a policy made of fields, and says which statement decided", () =>
    signedIn("/console/iam/users", async (page) => {
      const user = `clerk-${NOW}`;
      const policy = `Till-${NOW}`;
      await page.getByRole("button", { name: "Create user" }).first().click();
      await page.getByLabel("User name").fill(user);
      await page.getByRole("dialog").getByRole("button", { name: "Create user" }).click();
      await page.getByText(`${user} was created.`).waitFor();

      await page.goto(`${ENDPOINT}/console/iam/policies/create`);
      await page.getByLabel("Policy name").fill(policy);
      await page.getByLabel("Actions, one a line").fill("s3:GetObject\nnonsense");
      await page.getByLabel("Findings").getByText("Statement 1: nonsense is no action").waitFor();
      await page.getByRole("button", { name: "Create policy" }).click();
      await page.getByTestId("failure").getByText("MalformedPolicyDocument").first().waitFor();
      await page.getByLabel("Actions, one a line").fill("s3:*");
      await page.getByLabel("Name (Sid)").fill("Read");
      await page.getByRole("button", { name: "Add statement" }).click();
      await page.getByLabel("Name (Sid)").nth(1).fill("Never");
      await page.getByRole("button", { name: /^Effect/ }).nth(1).click();
      await page.getByRole("option", { name: "Deny" }).click();
      await page.getByLabel("Actions, one a line").nth(1).fill("s3:DeleteObject");
      await page.getByLabel("Findings").getByText("Nothing was found to be wrong.").waitFor();
      await page.getByRole("tab", { name: "JSON" }).click();
      const json = page.getByRole("textbox", { name: "Policy document" });
      await json.getByText('"Never"').waitFor();
      await picture(page, "policy-json");
      await assertAccessible(page, "the policy editor");
      await page.getByRole("button", { name: "Create policy" }).click();
      await page.getByText(`Policy ${policy} was created.`).waitFor();
      await page.getByText("Statement 2: Never").waitFor();
      await picture(page, "policy-visual");

      await page.goto(`${ENDPOINT}/console/iam/users/${user}`);
      await page.getByRole("button", { name: "Attach policy" }).click();
      await page.getByRole("combobox", { name: "Policy" }).fill(policy);
      await page.getByRole("option", { name: `${policy} arn:aws:` }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Attach policy" }).click();
      await page.getByRole("link", { name: policy }).waitFor();
      await picture(page, "user");
      await assertAccessible(page, "a user");
      await assertTabsAccessible(page, "a user", ["Groups", "Tags"]);
      await tag(page, "office", "Delft");
      await assertTabsAccessible(page, "a user", ["Access keys"]);
      await page.getByRole("button", { name: "Create access key" }).click();
      await page.getByLabel("Secret access key").getByText(/^[A-Za-z0-9/+]{40}$/).waitFor();
      await page.getByRole("button", { name: "Done" }).click();

      await page.getByRole("button", { name: "Simulate" }).click();
      await page.getByLabel("Actions, one a line").fill("s3:GetObject\ns3:DeleteObject\nkms:Decrypt");
      await page.getByRole("button", { name: "Simulate" }).click();
      await page.getByRole("row", { name: /s3:GetObject/ }).getByRole("button", { name: `${policy}, statement 1 (Read)` }).waitFor();
      await page.getByRole("row", { name: /s3:DeleteObject/ }).getByRole("button", { name: `${policy}, statement 2 (Never)` }).waitFor();
      await page.getByRole("row", { name: /kms:Decrypt/ }).getByText("No statement allows it.").waitFor();
      await picture(page, "simulated");
      await assertAccessible(page, "a simulation");

      await page.goto(`${ENDPOINT}/console/iam/users`);
      await page.getByRole("radio", { name: user }).check({ force: true });
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      await page.getByText(`${user} was deleted.`).waitFor();
    }));
});

describe("KMS and Secrets Manager", () => {
  it("encrypt, decrypt and keep what nobody else may read", () =>
    signedIn("/console/kms", async (page) => {
      await page.getByRole("button", { name: "Create key" }).first().click();
      await page.getByLabel("Alias", { exact: true }).fill(`till-${NOW}`);
      await page.getByRole("dialog").getByRole("button", { name: "Create key" }).click();
      await page.getByText(/^Key .* was created.$/).waitFor();
      await page.getByLabel("Find keys by ID or alias").fill(`till-${NOW}`);
      await page.getByRole("row", { name: new RegExp(`alias/till-${NOW}`) }).getByRole("link").click();
      await page.getByLabel("Text", { exact: true }).fill("four loaves");
      await page.getByRole("button", { name: "Encrypt", exact: true }).click();
      await page.waitForFunction(() => [...document.querySelectorAll("textarea")].some((field) => field.value.length > 100));
      await page.getByRole("button", { name: "Decrypt", exact: true }).click();
      await page.getByLabel("Decrypted text").getByText("four loaves").waitFor();
      await picture(page, "key");
      await assertAccessible(page, "a key");
      await assertTabsAccessible(page, "a key", ["Aliases", "Key policy", "Grants"]);
      await page.getByRole("button", { name: "Create grant" }).click();
      await page.getByLabel("Name", { exact: true }).fill("till");
      await page.getByLabel("Principal that gets the rights").fill("arn:aws:iam::000000000000:root");
      await assertAccessible(page, "the form of a grant");
      await page.getByRole("dialog").getByRole("button", { name: "Create grant" }).click();
      await page.getByText(/^Grant [0-9a-f]{64} was created\.$/).waitFor();
      await page.getByRole("radio", { name: "till", exact: true }).check({ force: true });
      await page.getByRole("button", { name: "Revoke" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
      await page.getByText("Grant till was revoked.").waitFor();
      await page.getByText("There are no grants").waitFor();
      await assertTabsAccessible(page, "a key", ["Tags"]);
      await tag(page, "till", "3");
      await assertTabsAccessible(page, "a key", ["Rotation"]);
      await page.getByText("Rotate the key automatically").click();
      await page.getByText(/Every 365 days/).waitFor();
      await page.getByRole("button", { name: "Disable" }).click();
      await page.getByText("Disabled", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Schedule deletion" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Schedule deletion" }).click();
      await page.getByText("Pending deletion", { exact: true }).waitFor();

      const secret = `till/pin-${NOW}`;
      await page.goto(`${ENDPOINT}/console/secrets`);
      await page.getByRole("button", { name: "Create secret" }).first().click();
      await page.getByLabel("Name", { exact: true }).fill(secret);
      await page.getByLabel("Value", { exact: true }).fill('{"pin":"4711"}');
      await page.getByRole("dialog").getByRole("button", { name: "Create secret" }).click();
      await page.getByRole("link", { name: secret }).click();
      await page.getByRole("button", { name: "Reveal value" }).click();
      await page.getByLabel("Value", { exact: true }).getByText('"pin": "4711"').waitFor();
      await picture(page, "secret");
      await assertAccessible(page, "a secret");
      await page.getByRole("button", { name: "Change value" }).click();
      await page.getByRole("dialog").getByLabel("Value", { exact: true }).fill('{"pin":"0815"}');
      await page.getByRole("dialog").getByRole("button", { name: "Save changes" }).click();
      await page.getByText("The value was saved as a new version.").waitFor();
      await assertTabsAccessible(page, "a secret", ["Rotation", "Tags"]);
      await tag(page, "till", "3");
      await assertTabsAccessible(page, "a secret", ["Versions"]);
      await page.getByText("AWSPREVIOUS").waitFor();
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByRole("button", { name: "Restore" }).click();
      await page.getByText(`${secret} was restored.`).waitFor();
    }));
});

/** Gives what the page is about a tag, which stays when the page is left. */
async function tag(page, key, value) {
  await page.getByRole("button", { name: "Add tag" }).click();
  await page.getByRole("textbox", { name: "Key", exact: true }).fill(key);
  await page.getByRole("textbox", { name: "Value", exact: true }).fill(value);
  await page.getByRole("button", { name: "Save tags" }).click();
  await page.getByText("The tags were saved.").first().waitFor();
  await page.getByRole("button", { name: "Save tags", disabled: true }).waitFor();
}
