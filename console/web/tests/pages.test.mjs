import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { PAGES } from "./addresses.mjs";
import { assertAccessible, follow, launch, openPage, picture, settled, signIn } from "./browser.mjs";

// One session sees all pages, and another sees them on a telephone meanwhile: the server answers both at once.
let browser;

/** Of a session; what is around it would be inherited. */
const ONE_BY_ONE = { concurrency: 1 };

before(async () => {
  browser = await launch();
});

after(() => browser.close());

describe("every page", { concurrency: 2 }, () => {
  describe("is accessible in the light and in the dark", ONE_BY_ONE, () => {
    let opened;
    before(async () => {
      opened = await openPage(browser);
      await signIn(opened.page, PAGES.nowhere);
    });
    for (const [name, path] of Object.entries(PAGES)) {
      it(name, async () => {
        const { page, problems } = opened;
        await page.emulateMedia({ colorScheme: "light" });
        await follow(page, path);
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
    }
  });

  describe("fits a telephone", ONE_BY_ONE, () => {
    let opened;
    before(async () => {
      opened = await openPage(browser, { width: 360, height: 740 });
      await signIn(opened.page, PAGES.nowhere);
    });
    for (const [name, path] of Object.entries(PAGES)) {
      it(name, async () => {
        const { page, problems } = opened;
        await follow(page, path);
        await settled(page);
        await picture(page, `${name}-narrow`);

        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(overflow <= 0, `${name} is ${overflow} pixels too wide`);
        await assertAccessible(page, `${name} on a telephone`);
        assert.deepEqual(problems.splice(0), []);
      });
    }
  });
});
