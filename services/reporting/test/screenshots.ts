import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openBrowser } from '@atlas/stack/browser';
import type { ReportId } from '../src/pages/report.ts';
import { drawn } from './drawn.ts';
import { samples } from './pageSamples.ts';

/** Takes the pictures of docs/reference/reports.md anew, from the samples of the tests. */

const FOLDER = fileURLToPath(new URL('../../../docs/reference/reports/', import.meta.url));
const DESKTOP = { width: 1080, height: 760 };
const LOW = { width: 1080, height: 500 };
const PHONE = { width: 360, height: 720 };

interface Shot {
  readonly name: string;
  readonly id: ReportId;
  readonly size: typeof DESKTOP;
  readonly theme: 'light' | 'dark';
  /** What stands at the top of the picture. */
  readonly from?: string;
}

const SHOTS: readonly Shot[] = [
  { name: 'orders', id: 'searchOrders', size: LOW, theme: 'light' },
  { name: 'orders-phone', id: 'searchOrders', size: PHONE, theme: 'dark' },
  { name: 'timeline', id: 'getOrderTimeline', size: LOW, theme: 'light', from: 'figure' },
  { name: 'timeline-dark', id: 'getOrderTimeline', size: LOW, theme: 'dark', from: 'figure' },
  { name: 'timeline-phone', id: 'getOrderTimeline', size: PHONE, theme: 'dark', from: 'figure' },
  { name: 'sales-daily', id: 'getDailySales', size: DESKTOP, theme: 'light', from: 'h2' },
  { name: 'receivables-aging', id: 'getReceivablesAging', size: DESKTOP, theme: 'light', from: '.fresh' },
  { name: 'stock-position', id: 'getStockPosition', size: DESKTOP, theme: 'dark', from: '.filters' },
  { name: 'approval-workload', id: 'getApprovalWorkload', size: DESKTOP, theme: 'light', from: 'h2' },
  { name: 'saga-health', id: 'getSagaHealth', size: DESKTOP, theme: 'light', from: '.fresh' },
];

mkdirSync(FOLDER, { recursive: true });
const chromium = await openBrowser();
const page = await chromium.browser.newPage();
const documents = drawn(samples);
for (const { name, id, size, theme, from } of SHOTS) {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: theme });
  await page.setContent(documents[id]);
  const top = from === undefined ? undefined : await page.locator(from).first().boundingBox();
  const clip = { x: 0, y: Math.max(0, (top?.y ?? 0) - 16), ...size };
  await page.screenshot({ path: `${FOLDER}${name}.png`, fullPage: true, clip });
}
await chromium.close();
