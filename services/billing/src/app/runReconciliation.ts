import type { RunReconciliation } from '@atlas/generated-billing';
import { dayOf } from '../domain/calendar.ts';
import type { Ports, Reconciliation } from '../ports.ts';
import { refusal } from './refusal.ts';
import { viewReconciliation } from './view.ts';

const MOST_DAYS = 31;
const DAY_MS = 86_400_000;

export const runReconciliation =
  ({ reconciliations }: Pick<Ports, 'reconciliations'>): RunReconciliation.Handler =>
  async ({ body: { from, to }, ctx }, tx): Promise<RunReconciliation.Result> => {
    const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
    const today = dayOf(ctx.now);
    if (days < 1 || days > MOST_DAYS || to > today)
      return refusal('days-invalid', '/to', `from 1 to ${MOST_DAYS} days, the last of them ${today} or before`);
    const run: Reconciliation = {
      runId: ctx.newId(),
      version: 1n,
      state: 'RUNNING',
      from,
      to,
      entries: 0n,
      found: 0n,
      findings: [],
      requestedBy: ctx.actor.id,
      requestedAt: ctx.now,
    };
    await reconciliations.insert(tx, run);
    const { runId } = run;
    return {
      status: 201,
      body: viewReconciliation(run),
      version: run.version,
      headers: { Location: `/v1/reconciliation-runs/${runId}` },
      effects: [{ start: 'fetchSettlement', key: runId, data: { runId, from, to } }],
    };
  };
