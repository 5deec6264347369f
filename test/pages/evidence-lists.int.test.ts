import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { loadCatalogue } from '@vouch/catalogue';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveLists } from './serve-lists.js';

// The pages of evidence lists as a real browser lays them out. Without Chromium on the path these tests are left out, and say so.

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const executablePath = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find((file) => existsSync(file));
const OFFLINE = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-sync'];

/** With papers and without, one category and many, points, one of another province. */
const REGIONS = ['370202', '370705', '370102', '370982', '370104', '5101'];
const PHONE = { width: 360, height: 740 };
/** A sheet of A4 at 96 dots per inch. */
const SHEET = { width: 794, height: 1123 };

describe.skipIf(executablePath === undefined)('the page of evidence lists in a browser', () => {
  let browser: Browser;
  let page: Page;
  let served: Awaited<ReturnType<typeof serveLists>>;
  beforeAll(async () => {
    served = await serveLists(await loadCatalogue());
    browser = await chromium.launch({ executablePath: executablePath as string, args: OFFLINE });
    page = await browser.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.[Symbol.asyncDispose]();
  });

  /** A page of a region as it is laid out: whether it is wider than its window, and what its text is. */
  async function laidOut(region: string, language: string, { media, size }: { media: 'screen' | 'print'; size: typeof PHONE }) {
    await page.setViewportSize(size);
    await page.emulateMedia({ media });
    await page.goto(`${served.url}/evidence-lists/${region}?lang=${language}`);
    const width = await page.evaluate('document.documentElement.scrollWidth');
    const past = await page.evaluate(`[...document.body.querySelectorAll('*')]
        .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(one).position !== 'absolute')
        .map((one) => one.outerHTML.slice(0, 80))`);
    const sizes = await page.evaluate(`[...document.body.querySelectorAll('*')].map((one) => parseFloat(getComputedStyle(one).fontSize))`);
    const [nav, title] = [await page.locator('nav').isVisible(), await page.locator('h1').innerText()];
    return { width, past, smallest: Math.min(...(sizes as number[])), nav, title };
  }

  it.each(['zh-CN', 'en'])('needs no scrolling to the side on a phone, in %s', async (language) => {
    for (const region of REGIONS) {
      const { width, past, smallest, title } = await laidOut(region, language, { media: 'screen', size: PHONE });
      expect([region, width, past]).toEqual([region, PHONE.width, []]);
      expect(smallest).toBeGreaterThanOrEqual(13);
      expect(title).toBe(language === 'en' ? 'What is needed at enrolment' : '入学材料清单');
    }
  });

  it.each(['zh-CN', 'en'])('fits a sheet of paper, without links to other pages, in %s', async (language) => {
    for (const region of REGIONS.slice(0, 2)) {
      expect(await laidOut(region, language, { media: 'print', size: SHEET })).toMatchObject({ width: SHEET.width, past: [], nav: false });
    }
  });

  it('finds a page that is too wide', async () => {
    const { width, past } = await laidOut('370202', 'en', { media: 'screen', size: { width: 120, height: 300 } });
    expect([width, past]).not.toEqual([120, []]);
  });
});
