import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PAGES } from "./addresses.mjs";
import { assertAccessible, browserForTests, picture, signIn } from "./browser.mjs";

const withPage = browserForTests();

describe("guardrails", () => {
  it("are made, tried, put into versions and deleted", () =>
    withPage({}, async (page) => {
      const name = `careful-${Date.now()}`;
      await signIn(page, PAGES.guardrails);
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
      await assertAccessible(page, "the form of a guardrail");
      await page.getByRole("tab", { name: "JSON" }).click();
      await page.getByRole("textbox", { name: "The guardrail as JSON" }).getByText(name).waitFor();
      await page.getByRole("button", { name: "Create guardrail" }).click();
      await page.getByText(`Guardrail ${name} was created.`).waitFor();

      await page.getByLabel("Text", { exact: true }).fill("Send the granite to ada@example.com.");
      await page.getByRole("button", { name: "Test", exact: true }).click();
      await page.getByText("The guardrail intervened").waitFor();
      const marked = page.getByRole("region", { name: "The text with what was caught" });
      assert.deepEqual(await marked.locator("mark").allTextContents(), ["granite granite", "ada@example.com Email"]);
      await picture(page, "guardrail-tested");
      await assertAccessible(page, "a tested text");

      await page.getByRole("tab", { name: "Versions" }).click();
      await page.getByRole("button", { name: "Create version" }).click();
      await page.getByText("Version 1 was created.").waitFor();
      await page.getByRole("radio", { name: "1", exact: true }).waitFor({ state: "attached" });
      await page.getByRole("button", { name: "Edit" }).click();
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
    withPage({}, async (page) => {
      await signIn(page, PAGES["guardrail-editor"]);
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
