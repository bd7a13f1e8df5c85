import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { contract } from '@atlas/generated-reporting';
import { deployContracts, mintToken, spawnService } from '@atlas/stack';
import { openBrowser } from '@atlas/stack/browser';
import { hrefOf, type QueryValue, type ReportId } from '../src/pages/report.ts';
import { idOf } from './histories.ts';
import { monthsUntil } from './months.ts';
import { reportingDatabase } from './reportingDatabase.ts';
import { reportingTopics, stackOf } from './reportingTopics.ts';

/** Takes new pictures for docs/reference/reports.md from a running service. Needs the stack. */

const FOLDER = fileURLToPath(new URL('../../../docs/reference/reports/', import.meta.url));
const DESKTOP = { width: 1080, height: 760 };
const PHONE = { width: 360, height: 720 };
/** An order with events of many services, which was approved in two steps and has left completely. */
const ORDER = { orderId: idOf('o', 363) };

interface Shot {
  readonly name: string;
  readonly id: ReportId;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly size: typeof DESKTOP;
  readonly theme: 'light' | 'dark';
  /** Only this part of the page, instead of all of it. */
  readonly part?: string;
}

const SHOTS: readonly Shot[] = [
  { name: 'orders', id: 'searchOrders', query: { limit: 8 }, size: DESKTOP, theme: 'light' },
  { name: 'orders-phone', id: 'searchOrders', query: { limit: 5 }, size: PHONE, theme: 'dark' },
  { name: 'timeline', id: 'getOrderTimeline', size: DESKTOP, theme: 'light' },
  { name: 'timeline-dark', id: 'getOrderTimeline', size: DESKTOP, theme: 'dark', part: 'figure' },
  { name: 'timeline-phone', id: 'getOrderTimeline', size: PHONE, theme: 'dark', part: 'figure' },
  { name: 'saga-health', id: 'getSagaHealth', size: DESKTOP, theme: 'light' },
  { name: 'saga-health-phone', id: 'getSagaHealth', query: { limit: 3 }, size: PHONE, theme: 'light' },
  { name: 'sales-daily', id: 'getDailySales', query: { currency: 'EUR' }, size: DESKTOP, theme: 'light' },
  { name: 'receivables-aging', id: 'getReceivablesAging', query: { limit: 6 }, size: DESKTOP, theme: 'light' },
  { name: 'stock-position', id: 'getStockPosition', query: { limit: 8 }, size: DESKTOP, theme: 'dark' },
  { name: 'approval-workload', id: 'getApprovalWorkload', size: DESKTOP, theme: 'light' },
];
const ROLES = ['ops', 'finance', 'approver'];
const MAX_SENT = 2_000;

const stack = stackOf();
const namespace = `pictures-${Date.now().toString(36)}.`;
await using undo = new AsyncDisposableStack();
const database = await reportingDatabase('reporting_pictures');
undo.defer(() => database.close());
await deployContracts(stack, { namespace });
const messages = monthsUntil(new Date());
const topics = await reportingTopics(namespace);
for (let sent = 0; sent < messages.length; sent += MAX_SENT) await topics.send(messages.slice(sent, sent + MAX_SENT));
await topics.close();
const service = await spawnService(stack, contract.service, {
  namespace,
  name: 'reporting-pictures',
  env: { DATABASE_URL: database.url },
});
undo.defer(() => service.stop());
await untilApplied(messages.length);

mkdirSync(FOLDER, { recursive: true });
const chromium = await openBrowser();
undo.defer(() => chromium.close());
const authorization = `Bearer ${await mintToken(stack, { sub: 'olga', roles: ROLES })}`;
const page = await chromium.browser.newPage({ locale: 'en-GB', extraHTTPHeaders: { authorization } });
for (const { name, id, query = {}, size, theme, part } of SHOTS) {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: theme });
  await page.goto(service.url + hrefOf(id, query, ORDER));
  const path = `${FOLDER}${name}.png`;
  if (part === undefined) await page.screenshot({ path, fullPage: true });
  else await page.locator(part).first().screenshot({ path });
  console.log(path);
}

async function untilApplied(events: number): Promise<void> {
  for (;;) {
    const [row] = await database.asOwner('SELECT count(*)::integer AS applied FROM atlas_inbox');
    if (row?.['applied'] === events) return;
    await sleep(500);
  }
}
