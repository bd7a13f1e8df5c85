import { openBrowser, type OpenBrowser } from '@atlas/stack/browser';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boxOffice } from '../../../test/boxOffice.ts';
import { stubSessions, stubStore } from '../../../test/stubStore.ts';

/** Tests the page in a real browser. It needs no stack, but a browser takes too long for `make check`. */

/**
 * A script for the page. It clicks everything that can be clicked, then everything that this has opened. Returns the
 * number of clicks.
 */
const CLICK_EVERYTHING = `(async () => {
  const clickable = 'button, a, [role=button], [role=tab], [role=option], [role=menuitem], [role=radio]';
  const nameOf = (found) => found.outerHTML.replace(/ (id|class|data-[a-z-]+|aria-[a-z]+)="[^"]*"/g, '');
  const clicked = new Set();
  for (let before = -1; before < clicked.size;) {
    before = clicked.size;
    for (const found of document.querySelectorAll(clickable)) {
      const name = nameOf(found);
      if (clicked.has(name) || found.getClientRects().length === 0) continue;
      if (getComputedStyle(found).pointerEvents === 'none') continue;
      clicked.add(name);
      found.click();
      await new Promise((next) => requestAnimationFrame(next));
    }
  }
  return clicked.size;
})()`;

const office = await boxOffice('', {}, { store: stubStore(), ...stubSessions });
let origin = '';
let chromium: OpenBrowser;
let page: Page;
/** Every address that the page asked for, even if the browser refused it. */
const asked: string[] = [];
const violations: string[] = [];

beforeAll(async () => {
  origin = await office.app.listen({ port: 0, host: '127.0.0.1' });
  chromium = await openBrowser();
  page = await chromium.browser.newPage();
  // links may open further pages
  page.context().on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text());
  });
  await page.goto(`${origin}/docs/`);
  await page.getByText('--request POST').first().waitFor();
});
afterAll(async () => {
  await chromium.close();
  await office.stop();
});

const foreign = () => asked.filter((url) => !url.startsWith(`${origin}/`) && !/^(data|blob|about):/.test(url));

describe('the reference in a browser', () => {
  it('has the title of the service, and shows roles, events and the address of the server', async () => {
    expect(await page.title()).toBe('Box office');
    const text = await page.locator('body').innerText();
    expect(text).toContain('Takes seats of a show.\n\nRoles: clerk.');
    expect(text).toContain('Emits: SeatsBooked and any number of SeatFreed with 201, or NoticePosted with 201.');
    expect(text).toContain(`${origin}/v1/shows/s-1/bookings`);
    expect(text).toContain('Selected Auth Type: desk');
  });

  it("has no buttons of Scalar's maker, which would send the document to others", async () => {
    const text = await page.locator('body').innerText();
    for (const word of ['Deploy', 'Share', 'Ask AI', 'Generate SDK', 'Configure']) expect(text).not.toContain(word);
    expect(
      await page.locator('a:visible').evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
    ).not.toContainEqual(expect.stringMatching(/^https?:/));
  });

  it('needs nothing that its Content-Security-Policy refuses', () => {
    expect(violations).toEqual([]);
  });

  it('sends a request that is tried out only to its own server', async () => {
    await page.getByRole('button', { name: 'Test Request' }).first().click();
    await page.getByRole('button', { name: /^Send/ }).first().click();
    await expect.poll(() => asked.filter((url) => url === `${origin}/v1/shows/s-1/bookings`)).toHaveLength(1);
    expect(foreign()).toEqual([]);
  });

  it('calls no other host, whatever is clicked', async () => {
    expect(await page.evaluate(CLICK_EVERYTHING)).toBeGreaterThan(15);
    expect(foreign()).toEqual([]);
  });

  it('cannot send anything elsewhere, even if its script tries', async () => {
    const sent = page.evaluate(async () => {
      await fetch('http://127.0.0.2:9/', { method: 'POST', body: 'the document', mode: 'no-cors' });
    });
    await expect(sent).rejects.toThrow('Failed to fetch');
    await expect.poll(() => violations).not.toEqual([]);
  });
});
