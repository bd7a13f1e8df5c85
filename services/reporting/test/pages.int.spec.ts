import { openBrowser } from '@atlas/stack/browser';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { REPORTS, type ReportId } from '../src/pages/report.ts';
import { drawn } from './drawn.ts';
import { hostileSamples } from './hostileSamples.ts';
import { ORDER_ID, samples, type Samples } from './pageSamples.ts';
import { pathOf, servePages } from './pageServer.ts';

/** Tests the pages in a real browser. They need no stack, but a browser takes too long for `make check`. */

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const LOOKS = [
  { theme: 'light', width: 1280 },
  { theme: 'dark', width: 1280 },
  { theme: 'light', width: 320 },
  { theme: 'dark', width: 320 },
] as const;

const chromium = await openBrowser();
const documents = new Map<string, string>();
const server = await servePages(documents);
let page: Page;
/** Messages of the console, and requests to other hosts. */
let complaints: string[] = [];

function show(all: Samples): void {
  const pages = drawn(all);
  for (const id of REPORTS) documents.set(pathOf(id, ORDER_ID), pages[id]);
}

async function open(id: ReportId): Promise<void> {
  await page.goto(server.origin + pathOf(id, ORDER_ID));
}

beforeAll(async () => {
  show(samples);
  // one page for all tests, because this kind of browser ends with its first context
  page = await chromium.browser.newPage();
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith('data:') && !request.url().startsWith(`${server.origin}/v1/reports/`))
      complaints.push(request.url());
  });
});
beforeEach(async () => {
  complaints = [];
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ media: null, colorScheme: null });
});
afterAll(async () => {
  await server.stop();
  await chromium.close();
});

async function accessibilityFaults(): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found: axe.AxeResults = await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(TAGS)}, resultTypes: ['violations'] })`,
  );
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
}

/** Which elements are wider than the window and do not scroll within themselves. */
async function sidewaysScroll(): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

describe.each(REPORTS)('the page of %s', (id) => {
  it.each(LOOKS)('can be used by everybody in the $theme at a width of $width', async ({ theme, width }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await open(id);
    await page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })");
    expect(await accessibilityFaults()).toEqual([]);
    expect(await sidewaysScroll()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('can be used by keyboard only, and shows which element has the focus', async () => {
    await open(id);
    await page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })");
    const wanted: number = await page.evaluate(
      'document.querySelectorAll(\'a[href], button, input, select, summary, [tabindex="0"]\').length',
    );
    const reached = new Set<string>();
    for (let step = 0; step < wanted * 4 && reached.size < wanted; step++) {
      await page.keyboard.press('Tab');
      const at: { readonly path: string; readonly outline: string; readonly tag: string } =
        await page.evaluate(FOCUSED);
      if (at.tag === 'BODY') continue;
      expect(at.outline, at.path).toBe('solid 3px');
      reached.add(at.path);
    }
    expect(reached.size).toBe(wanted);
  });

  it('names each table, and has no motion for people who ask for that', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(id);
    expect(
      await page.evaluate(
        "[...document.querySelectorAll('table')].filter((table) => !table.caption?.innerText).length",
      ),
    ).toBe(0);
    expect(await page.evaluate('getComputedStyle(document.documentElement).scrollBehavior')).toBe('auto');
    expect(await page.evaluate('document.getAnimations().length')).toBe(0);
  });

  it('runs nothing of hostile texts, keeps its width, and shows them', async () => {
    show(hostileSamples);
    try {
      await page.setViewportSize({ width: 320, height: 800 });
      await open(id);
      expect(await page.evaluate("document.querySelectorAll('script, img, iframe, [onload], [onerror]').length")).toBe(
        0,
      );
      expect(await page.title()).toMatch(/ · Atlas reports$/);
      expect(await sidewaysScroll()).toBe(0);
      expect(complaints).toEqual([]);
    } finally {
      show(samples);
    }
  });

  it('needs no colours to be printed, and leaves out what cannot be clicked', async () => {
    await page.emulateMedia({ media: 'print' });
    await open(id);
    expect(
      await page
        .locator('nav, .filters, .skip')
        .evaluateAll((found) => found.filter((one) => one.getClientRects().length > 0).length),
    ).toBe(0);
    expect(await page.locator('h1').isVisible()).toBe(true);
  });
});

/** The focused element by its position, and its outline. In a date field the focus moves within one element. */
const FOCUSED = `(() => {
  const focused = document.activeElement;
  const path = [];
  for (let at = focused; at.parentElement; at = at.parentElement) path.unshift([...at.parentElement.children].indexOf(at));
  const { outlineStyle, outlineWidth } = getComputedStyle(focused);
  return { path: path.join('/'), outline: outlineStyle + ' ' + outlineWidth, tag: focused.tagName };
})()`;

describe('the pages together', () => {
  it('skip to the report with the first key', async () => {
    await open('getDailySales');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
  });

  it('are searched by a form without a script', async () => {
    await open('searchOrders');
    await page.getByText('Filters', { exact: true }).click();
    await page.getByLabel('State').selectOption('READY');
    await page.getByLabel('Item (SKU)').fill('BOLT-M8');
    await page.keyboard.press('Enter');
    await page.waitForURL(/sku=BOLT-M8/);
    const asked = new URL(page.url());
    expect(asked.pathname).toBe('/v1/reports/orders');
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({ state: 'READY', sku: 'BOLT-M8', sort: '-placedAt' });
  });

  it('lead from an order without progress to its timeline, and from an effect to its cause', async () => {
    await open('getSagaHealth');
    await page.getByRole('region', { name: 'on this page' }).getByRole('link').first().click();
    await page.waitForURL(/timeline/);
    expect(await page.locator('h1').innerText()).toBe(`Order ${ORDER_ID}`);
    await page.getByRole('link', { name: 'Follows from No. 13' }).first().click();
    expect(new URL(page.url()).hash).toBe('#e13');
  });
});
