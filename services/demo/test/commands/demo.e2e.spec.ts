import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { stackStatus } from '@atlas/stack';
import { openBrowser, type OpenBrowser } from '@atlas/stack/browser';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { SERVICES } from '../../src/system/services.ts';
import { demoCommand, type Command } from './command.ts';

const [first = ''] = SERVICES;

/** The rows of all timelines: time, how long after the cause, service, what, who and why. */
function rowsOf(stdout: string): readonly (readonly string[])[] {
  return stdout
    .split('\n')
    .filter((line) => /^ {2}\d\d:\d\d:\d\d\.\d{3} /.test(line))
    .map((line) => line.trim().split(/ {2,}/));
}

/** The running processes of this repository's services. */
function services(): readonly string[] {
  const folder = fileURLToPath(new URL('../../../', import.meta.url));
  const { stdout } = spawnSync('ps', ['-eo', 'args='], { encoding: 'utf8' });
  const programs = SERVICES.flatMap((service) =>
    ['main', 'migrate'].map((name) => `${folder}${service}/src/${name}.ts`),
  );
  return stdout.split('\n').filter((line) => programs.some((program) => line.includes(program)));
}

/** The metrics that the alert rules use. */
async function metricsOfAlerts(): Promise<ReadonlySet<string>> {
  const rules = await readFile(new URL('../../../../docs/reference/alerts.yaml', import.meta.url), 'utf8');
  return new Set([...rules.matchAll(/atlas_\w+/g)].map(([name]) => name.replace(/_count$/, '')));
}

describe('make demo ONCE=1', () => {
  it('prints a timeline for each order, with who did what, and exits with the verdict', async () => {
    const { exitCode, stdout, stderr } = await demoCommand(['--once']).ended();
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stderr).toBe('');
    const rows = rowsOf(stdout);
    const what = (rows: readonly (readonly string[])[]): readonly string[] =>
      rows.map(([, , service, text, who]) => `${service}: ${text} ${who}`);
    expect(what(rows)).toEqual(
      expect.arrayContaining([
        'orders: The order was placed with 1 line. olga',
        expect.stringMatching(/^inventory: No stock is held, because there is not enough of BOLT-\w+\. olga$/),
        'workflow: The order is approved. april',
        'billing: The invoice is paid. webhook',
        'orders: All of the order has left. olga',
        'billing: Money was paid back. webhook',
        'billing: A payment through psp ended without money, because it was declined. webhook',
      ]),
    );
    expect(stdout).toMatch(/The trial balance\n\n {2}account +debit +credit +currency\n/);
    expect(stdout).toContain('None stands still.');
    expect(stdout.match(/^ {2}✓ (?:the|its|what|each|Reporting|and) /gm)).toHaveLength(16);
    expect(stdout).not.toContain('✗');
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^All 16 promises were kept, in \d+ s: exit code 0\.$/);
    // what is stopped a second later cannot be tried
    expect(stdout).not.toMatch(/password|curl|http:\S+\/(docs|metrics|v1|subjects)/);
  });
});

type Page = Awaited<ReturnType<OpenBrowser['browser']['newPage']>>;

describe('make demo, after its stories,', () => {
  let command: Command;
  let addresses: readonly string[];
  beforeAll(async () => {
    command = demoCommand([]);
    await command.says('Everything stays up until Ctrl-C.');
    addresses = (command.printed().match(/http:\S+\/(docs|metrics|health\/ready|subjects)/g) ?? []).toSorted();
  });
  afterAll(async () => {
    command.interrupt();
    await command.ended();
  });

  /** The first match of the pattern in the printed text, or its group. */
  const printed = (form: RegExp): string => {
    const [whole, group] = form.exec(command.printed()) ?? [];
    if (whole === undefined) throw new Error(`${form} was not printed`);
    return group ?? whole;
  };
  const logIn = async (page: Page, name: string): Promise<void> => {
    await page.getByLabel('Username').fill(name);
    await page.getByLabel('Password', { exact: true }).fill(printed(new RegExp(`log in as ${name} .*password (\\S+)`)));
    await page.getByRole('button', { name: 'Sign In' }).click();
  };
  const heading = (page: Page, name: string | RegExp): Promise<void> =>
    page.getByRole('heading', { level: 1, name }).waitFor();

  it('answers at the addresses that it printed', async () => {
    // Three for each service and for the gateway, one for the registry.
    expect(addresses).toHaveLength(3 * (SERVICES.length + 1) + 1);
    const exported = new Set<string>();
    for (const address of addresses) {
      const answer = await fetch(address);
      expect(answer.status, address).toBe(200);
      for (const [, name = ''] of (await answer.text()).matchAll(/^# TYPE (atlas_\w+)/gm)) exported.add(name);
    }
    expect([...(await metricsOfAlerts())].filter((name) => !exported.has(name))).toEqual([]);
    expect(services()).toHaveLength(SERVICES.length);
  });

  it('shows its orders to a person who logs in with a browser, as far as their roles allow, until they log out', async () => {
    const timeline = printed(/http:\S+\/timeline/);
    const door = new URL(timeline).origin;
    const chromium = await openBrowser();
    onTestFinished(() => chromium.close());
    const page = await chromium.browser.newPage({ viewport: { width: 320, height: 640 } });
    const violations: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) violations.push(message.text());
    });
    const fits = async () => expect(await page.evaluate('document.documentElement.scrollWidth'), page.url()).toBe(320);

    await page.goto(timeline);
    await logIn(page, 'olga');
    await heading(page, /^Order /);
    expect(page.url()).toBe(timeline);
    const rows = (await page.getByRole('row').allInnerTexts()).join('\n');
    for (const text of ['The order was placed with 1 line.', 'The invoice is paid.', 'All of the order has left.'])
      expect(rows).toContain(text);
    await fits();
    // no token is in a place where a script could read it
    expect(await page.evaluate('document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)')).toBe(
      '{}{}',
    );
    await page.getByRole('link', { name: 'Saga health' }).click();
    await page.getByText('No order stands still.').waitFor();
    await fits();
    await page.getByRole('link', { name: 'All pages, and to log out' }).click();
    await page.getByText('You are logged in as Olga Ops.').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Read sales per day' }).waitFor();
    expect(await page.getByRole('link', { name: 'Read sales per day' }).count()).toBe(0);
    await fits();

    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(`${door}/v1/reports/sales-daily`);
    await heading(page, 'You may not see this page');
    await fits();
    expect(await page.evaluate(CANVAS)).toBe('rgb(18, 18, 18)');
    // with the keyboard only
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Log out' }).press('Enter');
    await page.getByRole('link', { name: 'Log in' }).waitFor();
    expect(page.url()).toBe(`${door}/`);

    await page.goto(`${door}/v1/reports/sales-daily`);
    await logIn(page, 'fiona');
    await heading(page, 'Sales per day');
    await page.getByRole('heading', { level: 2, name: 'EUR' }).waitFor();
    await fits();
    expect(violations).toEqual([]);
  });

  it('stays up until Ctrl-C, and leaves nothing running', async () => {
    command.interrupt();
    const { exitCode } = await command.ended();
    expect(exitCode).toBe(0);
    expect(services()).toEqual([]);
    const ours = addresses.filter((address) => !address.endsWith('/subjects'));
    for (const address of ours) await expect(fetch(address)).rejects.toThrow('fetch failed');
  });
});

/** The colour of the page's background. */
const CANVAS = `(() => {
  const probe = document.body.appendChild(document.createElement('p'));
  probe.style.cssText = 'background-color: Canvas';
  return getComputedStyle(probe).backgroundColor;
})()`;

describe('make demo', () => {
  it.each(['… migrate', `… ${first}`])(
    'leaves no service running if it is interrupted at "%s", and leaves a stack as it was',
    async (seen) => {
      const before = await stackStatus();
      const command = demoCommand(['--once']);
      await command.says(seen);
      command.interrupt();
      const { exitCode, stderr } = await command.ended();
      expect([exitCode, stderr.trim()]).toEqual([130, 'stopped, together with all that it started']);
      expect(services()).toEqual([]);
      expect(await stackStatus()).toEqual(before);
    },
  );

  it('names the log of the service that fails, and stops the others', async () => {
    const { exitCode, stdout, stderr } = await demoCommand(['--once'], { LOG_LEVEL: 'loud' }).ended();
    expect(exitCode).toBe(1);
    for (const service of SERVICES) expect(stdout).toContain(`✗ ${service.padEnd(9)} failed`);
    expect(stderr).toMatch(/does not start\n.*LOG_LEVEL is not one of .*\n {2}log: .*\.log\n$/s);
    expect(stderr).toContain(`${first} does not start`);
    expect(stderr).not.toContain('    at ');
  });

  it('prints its usage if an argument is wrong', async () => {
    const { exitCode, stderr } = await demoCommand(['--twice']).ended();
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/--twice.*usage: make demo/s);
  });
});
