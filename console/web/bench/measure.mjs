// Measures the console in a browser whose processor is slowed down: node bench/measure.mjs ENDPOINT
// Prints one JSON object: milliseconds as medians of the loads, bytes as they went over the wire.
import { launch } from "../tests/browser.mjs";

const LOADS = 5;
/** As Lighthouse slows a desktop's processor to a telephone's of the middle class. */
const SLOWDOWN = 4;
const PATIENCE = 120_000;

const endpoint = process.argv[2];
const browser = await launch();
const runs = [];
try {
  for (let load = 0; load < LOADS; load++) {
    runs.push(await measured());
  }
} finally {
  await browser.close();
}
const median = (name) => runs.map((run) => run[name]).sort((a, b) => a - b)[Math.floor(LOADS / 2)];
console.log(JSON.stringify(Object.fromEntries(Object.keys(runs[0]).map((name) => [name, median(name)]))));

/** One load with nothing cached: the sign-in page, home, and what a reader does there. */
async function measured() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
  await page.addInitScript(() => {
    window.measured = { interactions: [], shift: 0 };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (entry.interactionId > 0) window.measured.interactions.push(entry.duration);
      }
    }).observe({ type: "event", durationThreshold: 16, buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (!entry.hadRecentInput) window.measured.shift += entry.value;
      }
    }).observe({ type: "layout-shift", buffered: true });
  });

  await page.goto(`${endpoint}/console/`);
  const button = page.getByRole("button", { name: "Start a development session" });
  await button.waitFor();
  const signInPaint = await firstPaint(page);
  const shellBytes = await bytes(page, /\.(js|css)$/);

  await button.click();
  await page.getByRole("button", { name: /^root/ }).waitFor();
  // The page that a reader with a session opens, with the cache of the visit before.
  const began = Date.now();
  await page.goto(`${endpoint}/console/`);
  await page.getByRole("heading", { name: "Console home" }).waitFor();
  const homeShown = Date.now() - began;
  const homePaint = await firstPaint(page);
  await page.getByRole("link", { name: "Amazon Bedrock", exact: true }).waitFor();

  await page.keyboard.press("/");
  await page.keyboard.type("bucket", { delay: 120 });
  await page.getByRole("link", { name: "Amazon Bedrock", exact: true }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "All services" }).click();
  await page.getByRole("menuitem", { name: "Amazon S3" }).waitFor();
  // Durations are told once the next frame is painted.
  await page.waitForTimeout(500);
  const { interactions, shift } = await page.evaluate(() => window.measured);
  await context.close();
  return { signInPaint, shellBytes, homePaint, homeShown, slowestInteraction: Math.max(0, ...interactions), shift };
}

function firstPaint(page) {
  return page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN);
}

function bytes(page, names) {
  return page.evaluate(
    (source) =>
      performance
        .getEntriesByType("resource")
        .filter(({ name }) => new RegExp(source).test(name))
        .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
    names.source,
  );
}
