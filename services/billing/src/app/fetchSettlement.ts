import type { FetchSettlement } from '@atlas/generated-billing';
import { reconcile, type ReportLine } from '../domain/reconcile.ts';
import type { Ports } from '../ports.ts';
import { PROVIDER } from './collect.ts';
import { noteProviderEvent, type TimerChange } from './noteProviderEvent.ts';

const DAY_MS = 86_400_000;

export const fetchSettlement = ({
  provider,
  providerEvents,
  reconciliations,
}: Pick<Ports, 'provider' | 'providerEvents' | 'reconciliations'>): FetchSettlement.Handler => ({
  perform: async ({ data: { from, to }, call }) => {
    if (!provider) throw new Error('no payment provider is configured');
    const entries: ReportLine[] = [];
    for (let day = Date.parse(from); day <= Date.parse(to); day += DAY_MS)
      entries.push(...(await provider.settlementOf(new Date(day).toISOString().slice(0, 10), call)));
    return { entries };
  },

  settle: async ({ data: { runId }, outcome: { entries }, ctx }, tx) => {
    const run = await reconciliations.read(tx, runId);
    if (!run || run.state === 'DONE') return { events: [], noop: run?.state ?? 'UNKNOWN' };
    const known = await reconciliations.known(tx, PROVIDER, run, entries);
    const { findings, missed } = reconcile(entries, known);
    await reconciliations.finish(tx, {
      ...run,
      version: run.version + 1n,
      state: 'DONE',
      entries: BigInt(entries.length),
      findings,
    });
    const timers: TimerChange[] = [];
    for (const { entryId, ...says } of missed) {
      const event = { provider: PROVIDER, eventId: `report/${entryId}`, ...says };
      timers.push(...(await noteProviderEvent(providerEvents, tx, ctx.now, event)));
    }
    return { events: [], timers };
  },
});
