import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { PAGES } from "./addresses.mjs";
import { assertAccessible, ENDPOINT, launch, openPage, picture, settled, signIn } from "./browser.mjs";

// One session sees all pages: signing in for each anew took most of the time.
let browser;
let wide;
let narrow;

before(async () => {
  browser = await launch();
  wide = await openPage(browser);
  await signIn(wide.page);
  narrow = await openPage(browser, { width: 360, height: 740 });
  await narrow.page.goto(`${ENDPOINT}/console/`);
  await narrow.page.getByRole("button", { name: "Start a development session" }).click();
  await narrow.page.locator("main").waitFor();
});

after(() => browser.close());

describe("every page", () => {
  for (const [name, path] of Object.entries(PAGES)) {
    it(`${name} is accessible in the light and in the dark`, async () => {
      const { page, problems } = wide;
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(ENDPOINT + path);
      await settled(page);
      await picture(page, `${name}-light`);
      await assertAccessible(page, name);

      await page.emulateMedia({ colorScheme: "dark" });
      await page.locator("body.awsui-dark-mode").waitFor();
      await picture(page, `${name}-dark`);
      // In the dark only the colors are others.
      await assertAccessible(page, `${name} in the dark`, ["color-contrast"]);
      assert.deepEqual(problems.splice(0), []);
    });

    it(`${name} fits a telephone`, async () => {
      const { page, problems } = narrow;
      await page.goto(ENDPOINT + path);
      await settled(page);
      await picture(page, `${name}-narrow`);

      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `${name} is ${overflow} pixels too wide`);
      await assertAccessible(page, `${name} on a telephone`);
      assert.deepEqual(problems.splice(0), []);
    });
  }
});
