import axe from "axe-core";
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before } from "node:test";
import { join } from "node:path";
import { chromium as playwright } from "playwright-core";

/** The server that is tested. */
export const ENDPOINT = process.env.OUTCROP_ENDPOINT ?? "http://localhost:4566";

/** Where pictures of the pages go, if anywhere. */
const PICTURES = process.env.OUTCROP_PICTURES;

/** How long a page may take on a busy machine, in milliseconds. */
export const PATIENCE = 60_000;

/** Starts the browser: the one that the machine names, or the one that npm brings. */
export async function launch() {
  return playwright.launch({
    executablePath: process.env.OUTCROP_CHROMIUM ?? (await packagedBrowser()),
    // Root's browsers have no sandbox; and the fast rasteriser in software needs no graphics card.
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    headless: true,
  });
}

/** npm's browser, with the libraries that it needs and a bare machine has not. */
async function packagedBrowser() {
  // The package unpacks its libraries only where it believes itself on the system that they were built on.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= `nodejs${process.versions.node.split(".")[0]}.x`;
  const { default: chromium } = await import("@sparticuz/chromium");
  return chromium.executablePath();
}

/** A page of a browser of its own, whose errors fail the test that opened it. */
export async function openPage(browser, { width = 1280, height = 900, dark = false } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
    acceptDownloads: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const problems = [];
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("console", (message) => {
    // A call that is refused is said on the page; what the page's own policy forbids must not be.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      problems.push(message.text());
    }
  });
  return { page, problems, close: () => context.close() };
}

/**
 * A browser for the tests of a file. What it gives opens a page for a test, and holds against it afterwards what went
 * wrong on it.
 */
export function browserForTests() {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());
  return async (settings, test) => {
    const opened = await openPage(browser, settings);
    try {
      await test(opened.page);
      assert.deepEqual(opened.problems, []);
    } catch (failure) {
      await picture(opened.page, `failed-${Date.now()}`);
      throw failure;
    } finally {
      await opened.close();
    }
  };
}

/** Signs in with one click. */
export async function signIn(page, path = "/console/") {
  await page.goto(ENDPOINT + path);
  await page.getByRole("button", { name: "Start a development session" }).click();
  await page.getByRole("button", { name: /^root/ }).waitFor();
}

/** Waits until the page is there and fetches nothing any more. */
export async function settled(page) {
  await page.locator("main").waitFor();
  await page.getByRole("status", { name: "Loading" }).first().waitFor({ state: "detached" });
  await page.waitForLoadState("networkidle", { timeout: PATIENCE });
}

const GUIDELINES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What Cloudscape draws around its button of the navigation on a telephone: a nav with an orientation, which no nav has. */
const NOT_OURS = ["nav[aria-orientation]"];

/** Asserts that nothing on the page keeps people who use it by other means out. */
export async function assertAccessible(page, name, runOnly = GUIDELINES) {
  if (!(await page.evaluate(() => "axe" in window))) {
    // The page's policy takes no inline script: axe is given to the page by the browser itself.
    await page.evaluate(axe.source);
  }
  // Colours that are just fading into others have the contrast of neither.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  const { violations } = await page.evaluate(
    ([rules, notOurs]) => window.axe.run({ exclude: notOurs }, { runOnly: rules }),
    [runOnly, NOT_OURS],
  );
  const serious = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`);
  assert.deepEqual(serious, [], `${name} has violations`);
}

/** Keeps a picture of the page, where pictures are wanted. */
export async function picture(page, name) {
  if (PICTURES !== undefined) {
    await mkdir(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }
}
