import { startErp } from '@atlas/erp';
import { readStack } from '@atlas/stack';
import { openShop, type Shop } from '../orders/shop.ts';
import { NotMeasurable } from '../row.ts';
import { type SeenOrders, seenOrders } from './seenOrders.ts';

const ITEMS = 200;

/** All services on the running stack, with databases and a namespace of their own, and a provider that pays at once. */
export interface ReportedErp extends Pick<Shop, 'draft' | 'place'> {
  readonly seen: SeenOrders;
  stop(): Promise<void>;
}

export async function startReportedErp(): Promise<ReportedErp> {
  const info = readStack();
  if (!info) throw new NotMeasurable('no stack is up');
  await using undo = new AsyncDisposableStack();
  const isolated = `fresh_${process.pid}_${Date.now().toString(36)}`;
  const { databases, system, stop } = await startErp(info, { isolated, gateway: false, delays: { payMs: 0 } });
  undo.defer(stop);
  const databaseUrl = databases['reporting']?.appUrl;
  if (databaseUrl === undefined) throw new NotMeasurable('there is no service reporting any more');
  const seen = await seenOrders({ info, url: system.process('reporting').url, databaseUrl });
  undo.defer(() => seen.stop());
  const { draft, place } = await openShop(info, system, ITEMS);
  const kept = undo.move();
  return { draft, place, seen, stop: () => kept.disposeAsync() };
}
