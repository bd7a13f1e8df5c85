import type { ClosePeriod } from '@atlas/generated-billing';
import { closing } from '../domain/period.ts';
import type { Ports } from '../ports.ts';
import { viewPeriod } from './view.ts';

export const closePeriod =
  ({ periods }: Pick<Ports, 'periods'>): ClosePeriod.Handler =>
  async ({ params, ifMatch, ctx }, tx): Promise<ClosePeriod.Result> => {
    const open = await periods.load(tx, params.period, ifMatch);
    const may = closing(open, ctx.now);
    if (!may.ok) return { status: 409, problem: may.problem };
    const closed = { period: open.period, version: 2n, closed: { by: ctx.actor.id, at: ctx.now } };
    await periods.close(tx, closed.period, closed.closed.by, closed.closed.at);
    const unposted = await periods.unposted(tx, closed.period);
    return { status: 200, body: viewPeriod(closed, unposted), version: closed.version };
  };
