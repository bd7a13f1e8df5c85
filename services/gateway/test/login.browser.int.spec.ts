import { openBrowser, type OpenBrowser } from '@atlas/stack/browser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loginScene, type LoginScene } from './loginScene.ts';

/**
 * The whole way in and out in a real browser, with a real Keycloak. Nobody else logs in as Fiona here: Keycloak refuses a
 * person who logs in twice at the same moment.
 */

let here: LoginScene;
let chromium: OpenBrowser;
beforeAll(async () => {
  [here, chromium] = await Promise.all([loginScene(), openBrowser()]);
});
afterAll(async () => {
  await chromium.close();
  await here.stop();
});

describe('a browser', () => {
  it('gets to a page by logging in, keeps no token, and is out after logging out', async () => {
    const page = await chromium.browser.newPage({ viewport: { width: 360, height: 640 } });
    const violations: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) violations.push(message.text());
    });
    const { username = '', password = '' } = here.keycloak.users['fiona'] ?? {};

    await page.goto(`${here.gateway.url}/v1/money`);
    await page.getByLabel('Username').fill(username);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign In' }).click();
    await page.getByRole('heading', { name: 'The page of the service' }).waitFor();
    expect(page.url()).toBe(`${here.gateway.url}/v1/money`);
    expect(await page.evaluate('document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)')).toBe(
      '{}{}',
    );

    await page.goto(`${here.gateway.url}/v1/sales`);
    expect(await page.getByRole('heading').innerText()).toBe('You may not see this page');
    await page.getByRole('link', { name: 'All pages' }).click();
    await page.getByText('You are logged in as Fiona Finance').waitFor();
    // nothing is wider than a phone
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.getByRole('link', { name: 'Money' }).click();
    await page.getByRole('heading', { name: 'The page of the service' }).waitFor();

    await page.goto(`${here.gateway.url}/`);
    await page.getByRole('button', { name: 'Log out' }).press('Enter');
    await page.getByRole('link', { name: 'Log in' }).waitFor();
    expect(page.url()).toBe(`${here.gateway.url}/`);
    await page.goto(`${here.gateway.url}/v1/money`);
    await page.getByLabel('Username').waitFor();
    expect(violations).toEqual([]);
  });

  it('shows a problem in the dark as in the light, to a person without a pointer', async () => {
    const page = await chromium.browser.newPage();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(`${here.gateway.url}/v1/nothing`);
      const [text, back] = await page.evaluate<[string, string]>(
        `['color', 'background-color'].map((name) => {
          const probe = document.body.appendChild(document.createElement('p'));
          probe.style.cssText = 'color: CanvasText; background-color: Canvas';
          return getComputedStyle(probe).getPropertyValue(name);
        })`,
      );
      expect([text, back]).toEqual(
        colorScheme === 'dark' ? ['rgb(255, 255, 255)', 'rgb(18, 18, 18)'] : ['rgb(0, 0, 0)', 'rgb(255, 255, 255)'],
      );
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('All pages');
    }
  });
});
