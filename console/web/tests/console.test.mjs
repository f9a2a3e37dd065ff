import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  GetBucketTaggingCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { PAGES } from "./addresses.mjs";
import {
  assertAccessible,
  assertTabsAccessible,
  browserForTests,
  ENDPOINT,
  picture,
  ROOT,
  signIn,
} from "./browser.mjs";

const { anew, signedIn } = browserForTests();

describe("signing in", () => {
  it("takes an access key and says who one is", () =>
    anew(async (page) => {
      await page.goto(`${ENDPOINT}/console/`);
      await picture(page, "signin");
      await assertAccessible(page, "signing in");
      await page.getByLabel("Access key ID").fill("test");
      await page.getByLabel("Secret access key").fill("test");
      await page.getByRole("button", { name: "Sign in" }).click();

      await page.getByRole("button", { name: /^root/ }).click();
      await page.getByText("Account 000000000000").locator("visible=true").first().waitFor();
    }));

  it("says why a key is refused", () =>
    anew(async (page) => {
      await page.goto(`${ENDPOINT}/console/`);
      await page.getByLabel("Access key ID").fill("AKIAIOSFODNN7EXAMPLE");
      await page.getByLabel("Secret access key").fill("wrong");
      await page.getByRole("button", { name: "Sign in" }).click();

      await page.getByTestId("failure").getByText("InvalidClientTokenId").first().waitFor();
    }));

  it("ends where one signs out, and leaves nothing behind", () =>
    anew(async (page) => {
      await signIn(page);
      await page.getByRole("button", { name: /^root/ }).click();
      await page.getByRole("menuitem", { name: "Sign out" }).click();

      await page.getByRole("button", { name: "Start a development session" }).waitFor();
      assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    }));

  it("switches to a role and back, to another account's key, and to another region", () =>
    anew(async (page) => {
      const name = `Analyst${Date.now()}`;
      const iam = new IAMClient(ROOT);
      const trust = {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { AWS: "000000000000" }, Action: "sts:AssumeRole" }],
      };
      await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) }));

      // The root takes on no roles, so a user does.
      await iam.send(new CreateUserCommand({ UserName: name }));
      await iam.send(
        new AttachUserPolicyCommand({ UserName: name, PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }),
      );
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));

      await page.goto(`${ENDPOINT}/console/`);
      await page.getByLabel("Access key ID").fill(AccessKey.AccessKeyId);
      await page.getByLabel("Secret access key").fill(AccessKey.SecretAccessKey);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("button", { name: `user/${name}` }).click();
      await page.getByRole("menuitem", { name: "Switch role" }).click();
      await page.getByLabel("Role ARN").fill(`arn:aws:iam::000000000000:role/${name}`);
      await page.getByRole("button", { name: "Switch", exact: true }).click();
      await page.getByRole("button", { name: new RegExp(`assumed-role/${name}`) }).waitFor();
      // The role has no rights, and the page says so.
      await page.goto(`${ENDPOINT}/console/s3`);
      await page.getByTestId("failure").getByText("AccessDenied").first().waitFor();
      await page.getByRole("button", { name: new RegExp(`assumed-role/${name}`) }).click();
      await page.getByRole("menuitem", { name: "Switch back" }).click();

      await page.getByRole("button", { name: `user/${name}` }).click();
      await page.getByRole("menuitem", { name: "Sign in to another account" }).click();
      await page.getByRole("button", { name: "Start a development session" }).click();
      await page.getByRole("button", { name: /^root/ }).click();
      await page.getByRole("menuitem", { name: `user/${name}, account 000000000000` }).click();
      await page.getByRole("button", { name: `user/${name}` }).click();
      await page.getByRole("menuitem", { name: "Sign out" }).click();
      await page.getByRole("button", { name: /^root/ }).waitFor();

      await page.getByRole("button", { name: "Region: us-east-1" }).click();
      await page.getByRole("menuitemcheckbox", { name: "Europe (Ireland)" }).click();
      await page.getByRole("button", { name: "Region: eu-west-1" }).waitFor();
    }));
});

describe("home", () => {
  it("finds services from the keyboard and shows what is installed", () =>
    signedIn(PAGES.home, async (page) => {
      await page.getByRole("link", { name: "Amazon Bedrock", exact: true }).waitFor();
      await page.getByText("The server is well").waitFor();
      await page.getByRole("cell", { name: "smollm2-135m-instruct" }).or(page.getByRole("rowheader", { name: "smollm2-135m-instruct" })).waitFor();

      await page.keyboard.press("/");
      await page.keyboard.type("bucket");

      await page.getByRole("link", { name: "Amazon S3", exact: true }).waitFor();
      await page.getByRole("link", { name: "Amazon Bedrock", exact: true }).waitFor({ state: "detached" });
    }));
});

describe("chat", () => {
  it("streams a model's answer with its figures and the model's true name", () =>
    signedIn(PAGES.chat, async (page) => {
      await page.getByLabel("Longest answer, in tokens").fill("8");
      await page.getByLabel("Temperature").fill("0");
      await page.getByRole("button", { name: "SmolLM2 135M Instruct" }).waitFor();
      await page.getByLabel("Message", { exact: true }).fill("Say hello.");
      await page.keyboard.press("Enter");

      const answer = page.getByTestId("assistant");
      await answer.getByText(/\d+ tokens in, \d+ out/).waitFor();
      await answer.getByText("Answered by smollm2-135m-instruct").waitFor();
      assert.notEqual((await answer.locator(".said").textContent()).trim(), "");
      await picture(page, "chat-answered");
    }));

  it("shows the conversation as a request", () =>
    signedIn(PAGES.chat, async (page) => {
      await page.getByLabel("Message", { exact: true }).fill("Say hello.");
      await page.getByRole("button", { name: "Show the request" }).click();

      await page.getByLabel("AWS CLI", { exact: true }).getByText("aws bedrock-runtime converse").waitFor();
      await page.getByRole("tab", { name: "Python" }).click();
      await page.getByText("client.converse(").waitFor();
      await page.getByRole("tab", { name: "Java" }).click();
      await page.getByText("BedrockRuntimeClient.builder()").waitFor();
    }));

  it("stops an answer that is under way", () =>
    signedIn(PAGES.chat, async (page) => {
      await page.getByLabel("Longest answer, in tokens").fill("2000");
      await page.getByLabel("Message", { exact: true }).fill("Write a long story about a river.");
      await page.getByRole("button", { name: "Send" }).click();
      await page.getByText("The model is writing").waitFor();
      await page.getByRole("button", { name: "Stop", exact: true }).click();

      await page.getByRole("button", { name: "Send" }).waitFor();
    }));

  it("asks two models at once", () =>
    signedIn(PAGES.compare, async (page) => {
      await page.getByRole("button", { name: "Settings" }).click();
      await page.getByLabel("Longest answer, in tokens").fill("8");
      await page.getByLabel("Message", { exact: true }).fill("Say hello.");
      await page.getByRole("button", { name: "Send" }).click();

      await page.getByTestId("assistant").nth(1).getByText(/tokens in/).waitFor();
      assert.equal(await page.getByTestId("assistant").count(), 2);
      await picture(page, "compare-answered");
    }));
});

describe("the model catalog", () => {
  it("finds a model and says what it is good for", () =>
    signedIn(PAGES.models, async (page) => {
      await page.getByLabel("Find models").fill("smollm2-135m");
      await page.getByRole("radio", { name: "smollm2-135m-instruct" }).check({ force: true });

      await page.getByRole("heading", { name: "SmolLM2 135M Instruct" }).waitFor();
      await page.getByText("Five of ten simple questions right").waitFor();
      assert.equal(await page.getByRole("button", { name: "Pull" }).isDisabled(), true);
    }));
});

describe("trying the AI services", () => {
  it("marks what a text names", () =>
    signedIn(PAGES.comprehend, async (page) => {
      await page.getByRole("button", { name: "Analyze" }).click();

      await page.getByRole("region", { name: "The text with what was found" }).getByText("LOCATION").first().waitFor();
      await picture(page, "comprehend-answered");
      await assertAccessible(page, "found entities");
      await page.getByRole("tab", { name: "Sentiment", exact: true }).click();
      await page.getByText("Negative").first().waitFor();
      await page.getByRole("tab", { name: "Toxicity", exact: true }).click();
      await page.getByText("Toxicity as a whole").first().waitFor();
      await page.getByRole("tab", { name: "Prompt safety", exact: true }).click();
      await page.getByText("SAFE_PROMPT").first().waitFor();
      await assertTabsAccessible(page, "an analysed text", ["Personal data", "Syntax", "Toxicity", "Custom model"]);
      await page.getByText("There is no endpoint.").waitFor();
    }));

  it("draws what is read from a picture", () =>
    signedIn(PAGES.textract, async (page) => {
      const drawn = await page.evaluate(() => {
        const canvas = document.createElement("canvas");
        canvas.width = 900;
        canvas.height = 300;
        const context = canvas.getContext("2d");
        context.fillStyle = "white";
        context.fillRect(0, 0, 900, 300);
        context.fillStyle = "black";
        context.font = "40px sans-serif";
        context.fillText("Invoice number: 4711", 40, 80);
        context.fillText("Total: 12.50", 40, 180);
        return canvas.toDataURL("image/png").split(",")[1];
      });
      await page
        .locator('input[type="file"]')
        .setInputFiles({ name: "invoice.png", mimeType: "image/png", buffer: Buffer.from(drawn, "base64") });
      await page.getByRole("button", { name: "Analyze" }).click();

      await page.getByRole("rowheader", { name: /4711/ }).or(page.getByRole("cell", { name: /4711/ })).first().waitFor();
      assert.ok((await page.locator("polygon").count()) >= 2);
      await picture(page, "textract-answered");
      await assertAccessible(page, "a read page");
      await assertTabsAccessible(page, "a read page", ["Forms", "Tables"]);
    }));

  it("speaks a text", () =>
    signedIn(PAGES.polly, async (page) => {
      await page.getByLabel("Text", { exact: true }).fill("The river carried the old boat down.");
      await page.getByRole("button", { name: "Listen" }).click();

      const audio = page.locator("audio");
      await audio.waitFor();
      await page.waitForFunction(() => document.querySelector("audio").duration > 1);
      await picture(page, "polly-answered");
    }));

  it("writes down what a voice says", () =>
    signedIn(PAGES.transcribe, async (page) => {
      const { PollyClient, SynthesizeSpeechCommand } = await import("@aws-sdk/client-polly");
      const speech = await new PollyClient(ROOT).send(
        new SynthesizeSpeechCommand({
          Text: "The river carried the old boat down.",
          VoiceId: "Matthew",
          Engine: "neural",
          OutputFormat: "mp3",
        }),
      );
      const bucket = `recordings-${Date.now()}`;
      await new S3Client({ ...ROOT, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: bucket }));

      // The bucket is younger than the page.
      await page.reload();
      await page.locator('input[type="file"]').setInputFiles({
        name: "river.mp3",
        mimeType: "audio/mpeg",
        buffer: Buffer.from(await speech.AudioStream.transformToByteArray()),
      });
      await page.getByRole("button", { name: /^Bucket/ }).click();
      await page.getByRole("option", { name: bucket }).click();
      await page.getByRole("button", { name: "Transcribe", exact: true }).click();

      await page.getByTestId("transcript").getByText("river").waitFor();
      await picture(page, "transcribe-answered");
      await assertAccessible(page, "a transcript");
    }));
});

describe("buckets", () => {
  it("are made, filled, looked into, emptied and deleted", () =>
    signedIn(PAGES.buckets, async (page) => {
      const bucket = `console-${Date.now()}`;
      await page.getByRole("button", { name: "Create bucket" }).first().click();
      await page.getByLabel("Bucket name").fill(bucket);
      await page.getByRole("dialog").getByRole("button", { name: "Create bucket" }).click();
      await page.getByText(`Bucket ${bucket} was created.`).waitFor();

      await page.getByRole("radio", { name: bucket }).check({ force: true });
      await page.getByRole("button", { name: "Tags" }).click();
      await page.getByRole("button", { name: "Add tag" }).click();
      await page.getByRole("textbox", { name: "Key", exact: true }).fill("team");
      await page.getByRole("textbox", { name: "Value", exact: true }).fill("rocks");
      await page.getByRole("button", { name: "Save tags" }).click();
      await page.getByText("The tags were saved.").first().waitFor();
      await assertAccessible(page, "the tags of a bucket");
      await page.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).click();

      await page.getByRole("link", { name: bucket }).click();
      await page.getByText("There are no objects here").waitFor();
      const file = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
      await page.getByLabel("Upload files").setInputFiles([file("granite.txt", "A rock."), file("basalt.txt", "Dark.")]);
      await page.getByText("2 files were uploaded.").waitFor();
      await picture(page, "objects");
      await page.getByRole("link", { name: "granite.txt" }).click();
      await page.getByRole("dialog").getByText("A rock.").waitFor();
      await assertAccessible(page, "the preview");
      await page.getByRole("button", { name: "Close", exact: true }).click();

      const s3 = new S3Client({ ...ROOT, forcePathStyle: true });
      assert.deepEqual((await s3.send(new GetBucketTaggingCommand({ Bucket: bucket }))).TagSet, [{ Key: "team", Value: "rocks" }]);
      await s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: "letter.txt",
          Body: gzipSync("Dear geologist, this was compressed."),
          ContentType: "text/plain",
          ContentEncoding: "gzip",
        }),
      );
      await page.getByRole("button", { name: "Refresh" }).click();
      await page.getByRole("link", { name: "letter.txt" }).click();
      await page.getByRole("dialog").getByText("Dear geologist, this was compressed.").waitFor();
      await page.getByRole("button", { name: "Close", exact: true }).click();
      await page.getByRole("checkbox", { name: "letter.txt" }).check({ force: true });
      await page.getByRole("button", { name: "Open", exact: true }).click();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("menuitem", { name: "Download" }).click(),
      ]);
      assert.equal(await readFile(await download.path(), "utf8"), "Dear geologist, this was compressed.");
      await page.getByRole("button", { name: "Open", exact: true }).click();
      await page.getByRole("menuitem", { name: "Tags" }).click();
      await page.getByRole("button", { name: "Add tag" }).click();
      await page.getByRole("textbox", { name: "Key", exact: true }).fill("kind");
      await page.getByRole("textbox", { name: "Value", exact: true }).fill("letter");
      await page.getByRole("button", { name: "Save tags" }).click();
      await page.getByRole("button", { name: "Save tags", disabled: true }).waitFor();
      await page.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).click();
      const tagged = await s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: "letter.txt" }));
      assert.deepEqual(tagged.TagSet, [{ Key: "kind", Value: "letter" }]);

      await page.getByLabel("Find objects by prefix").fill("gran");
      await page.getByRole("link", { name: "basalt.txt" }).waitFor({ state: "detached" });
      await page.getByLabel("Find objects by prefix").fill("");
      await page.getByRole("link", { name: "basalt.txt" }).waitFor();
      // The letter is still selected.
      for (const name of ["granite.txt", "basalt.txt"]) {
        await page.getByRole("checkbox", { name }).check({ force: true });
      }
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      await page.getByText("3 objects were deleted.").waitFor();

      await page.goto(ENDPOINT + PAGES.buckets);
      await page.getByRole("radio", { name: bucket }).check({ force: true });
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      await page.getByText(`Bucket ${bucket} was deleted.`).waitFor();
    }));

  it("of the console's own name is reached by whoever signs", () =>
    anew(async (page) => {
      const s3 = new S3Client({ ...ROOT, forcePathStyle: true });
      await s3.send(new CreateBucketCommand({ Bucket: "console" }));
      const listed = await s3.send(new ListObjectsV2Command({ Bucket: "console" }));
      await page.goto(`${ENDPOINT}/console/`);

      assert.equal(listed.Name, "console");
      await page.getByRole("button", { name: "Start a development session" }).waitFor();
    }));
});

describe("the event history", () => {
  it("shows what was done and its record", () =>
    signedIn(PAGES.events, async (page) => {
      await page.getByRole("button", { name: "Everything" }).click();
      await page.getByRole("option", { name: "Event name" }).click();
      await page.getByLabel("Value").fill("GetCallerIdentity");
      await page.getByRole("button", { name: "Look up", exact: true }).click();

      const row = page.getByRole("radio", { name: /^GetCallerIdentity/ }).first();
      await row.waitFor();
      await row.check({ force: true });
      await page.getByLabel("Event record").getByText('"eventName": "GetCallerIdentity"').waitFor();
    }));
});
