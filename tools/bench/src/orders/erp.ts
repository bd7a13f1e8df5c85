import { startErp } from '@atlas/erp';
import { readStack } from '@atlas/stack';
import { NotMeasurable } from '../row.ts';
import { openShop, type Shop } from './shop.ts';

const ITEMS = 200;

/** Two services on the running stack, each in a process of its own, with databases and a namespace of their own. */
export interface TwoServices extends Pick<Shop, 'draft' | 'place'> {
  /** The log of the service that reserves stock. */
  readonly log: string;
  stop(): Promise<void>;
}

export async function startTwoServices(): Promise<TwoServices> {
  const info = readStack();
  if (!info) throw new NotMeasurable('no stack is up');
  const isolated = `bench_${process.pid}_${Date.now().toString(36)}`;
  await using undo = new AsyncDisposableStack();
  const { system, stop } = await startErp(info, { isolated, services: ['orders', 'inventory'], gateway: false });
  undo.defer(stop);
  const { draft, place } = await openShop(info, system, ITEMS);
  const kept = undo.move();
  return { draft, place, log: system.process('inventory').log, stop: () => kept.disposeAsync() };
}
