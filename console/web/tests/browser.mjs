import axe from "axe-core";
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before } from "node:test";
import { join } from "node:path";
import { chromium as playwright } from "playwright-core";

/** The server that is tested. */
export const ENDPOINT = process.env.OUTCROP_ENDPOINT ?? "http://localhost:4566";

/** What the clients of tests are made with. */
export const ROOT = {
  endpoint: ENDPOINT,
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
};

/** Where pictures of the pages go, if anywhere. */
const PICTURES = process.env.OUTCROP_PICTURES;

/** How long a page may take on a busy machine, in milliseconds. */
export const PATIENCE = 60_000;

/** How long a page must have asked for nothing to be believed at rest. */
const REST = 120;

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

/** The requests of a page that are under way. */
const PENDING = new WeakMap();

/** A page of a browser of its own, whose errors fail the test that opened it. */
export async function openPage(browser, { width = 1280, height = 900 } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: "light",
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
  const pending = new Set();
  page.on("request", (request) => pending.add(request));
  page.on("requestfinished", (request) => pending.delete(request));
  page.on("requestfailed", (request) => pending.delete(request));
  PENDING.set(page, pending);
  return { page, problems, close: () => context.close() };
}

/**
 * A browser for the tests of a file. `signedIn` runs a test on a page that all tests of the file share, which has a
 * session and begins at an address; `anew` on a page of its own, which has none. What went wrong on a page is held against
 * the test.
 */
export function browserForTests() {
  let browser;
  let shared;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());
  const watched = async ({ page, problems }, test) => {
    try {
      await test(page);
      assert.deepEqual(problems, []);
    } catch (failure) {
      await picture(page, `failed-${Date.now()}`);
      throw failure;
    } finally {
      problems.splice(0);
    }
  };
  return {
    async signedIn(path, test) {
      if (shared === undefined) {
        shared = await openPage(browser);
        await signIn(shared.page);
      }
      await watched(shared, async (page) => {
        await page.goto(ENDPOINT + path);
        await test(page);
      });
    },
    async anew(test) {
      const opened = await openPage(browser);
      try {
        await watched(opened, test);
      } finally {
        await opened.close();
      }
    },
  };
}

/** Signs in with one click. */
export async function signIn(page, path = "/console/") {
  await page.goto(ENDPOINT + path);
  await page.getByRole("button", { name: "Start a development session" }).click();
  await page.getByRole("button", { name: "Start a development session" }).waitFor({ state: "detached" });
}

/** Goes to another page of the console as a link there does, without loading it all anew. */
export async function follow(page, path) {
  await page.evaluate((to) => {
    // Each page names itself in the title when it is there.
    document.title = "";
    window.history.pushState(null, "", to);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }, path);
  await page.waitForFunction(() => document.title !== "", undefined, { timeout: PATIENCE });
}

/** Waits until the page is there and fetches nothing any more. */
export async function settled(page) {
  await page.locator("main").waitFor();
  const pending = PENDING.get(page);
  const deadline = Date.now() + PATIENCE;
  for (let quiet = Date.now(); Date.now() - quiet < REST; ) {
    assert.ok(Date.now() < deadline, `still under way: ${[...pending].map((request) => request.url()).join(", ")}`);
    await page.waitForTimeout(20);
    if (pending.size > 0) {
      quiet = Date.now();
    }
  }
  await page.getByRole("status", { name: "Loading" }).first().waitFor({ state: "detached" });
}

/** Chooses from a field that drops down. */
export async function choose(page, label, option) {
  await page.getByRole("button", { name: new RegExp(`^${label}`) }).last().click();
  await page.getByRole("option", { name: option, exact: true }).locator("visible=true").click();
}

/** Chooses the time until now in a field that asks for a stretch of time. */
export async function chooseRange(page, option) {
  await page.getByRole("button", { name: /^Time range/ }).click();
  await page.getByRole("button", { name: "Until now" }).click();
  await page.getByRole("radio", { name: option }).check({ force: true });
  await page.getByRole("button", { name: "Apply" }).click();
}

/** Chooses the time between two moments there, or between two days. */
export async function chooseTimes(page, from, to, { days = false } = {}) {
  await page.getByRole("button", { name: /^Time range/ }).click();
  await page.getByRole("button", { name: "Between two times" }).click();
  const two = (number) => String(number).padStart(2, "0");
  for (const [end, moment] of [["Start", from], ["End", to]]) {
    const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
    await page.getByLabel(`${end} date`).fill(day);
    if (!days) {
      await page.getByLabel(`${end} time`).fill([moment.getHours(), moment.getMinutes(), moment.getSeconds()].map(two).join(":"));
    }
  }
  await page.getByRole("button", { name: "Apply" }).click();
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
    ([rules, notOurs]) => window.axe.run({ exclude: notOurs }, { runOnly: rules, resultTypes: ["violations"] }),
    [runOnly, NOT_OURS],
  );
  const serious = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`);
  assert.deepEqual(serious, [], `${name} has violations`);
}

/** Opens each of a page's inner tabs, which must be as accessible as the page. */
export async function assertTabsAccessible(page, of, names) {
  for (const name of names) {
    await page.getByRole("tab", { name, exact: true }).click();
    await settled(page);
    await picture(page, `${of} ${name}`.toLowerCase().replaceAll(" ", "-"));
    await assertAccessible(page, `${of}: ${name}`);
  }
}

/** Keeps a picture of the page, where pictures are wanted. */
export async function picture(page, name) {
  if (PICTURES !== undefined) {
    await mkdir(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }
}
