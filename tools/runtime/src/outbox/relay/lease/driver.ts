import { LEASE, leads, leaseStep, NO_LEASE, type LeaseEffect, type LeaseInput } from './step.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Log } from '../../../ports/log.ts';
import type { Statement, Store } from '../../../ports/sql.ts';
import { Rest } from '../../../time/sleeper.ts';

/*
 * Takes the lease where nobody has it, renews it where this instance does, by the database's clock; no row comes back where another one
 * has it. Committed synchronously even where the database is set otherwise: a lease must not be forgotten.
 */
const ASK: Statement = {
  name: 'atlas_lease_ask',
  text: `INSERT INTO atlas_lease AS l (name, owner, epoch, until)
SELECT 'relay', $1, 1, clock_timestamp() + $2::integer * interval '1 millisecond'
FROM (SELECT set_config('synchronous_commit', 'on', true)) AS kept
ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until,
  epoch = CASE WHEN l.owner = excluded.owner AND l.until > clock_timestamp() THEN l.epoch ELSE l.epoch + 1 END
WHERE l.owner = excluded.owner OR l.until <= clock_timestamp()
RETURNING epoch`,
};

const RELEASE: Statement = {
  name: 'atlas_lease_release',
  text: `UPDATE atlas_lease SET until = clock_timestamp() WHERE name = 'relay' AND owner = $1 AND epoch = $2`,
};

export interface Lease {
  /** The epoch under which this instance may act right now. */
  epoch(): bigint | undefined;
  /** Something that named the epoch found another one. */
  lost(): void;
  /** The lease could be asked for lately: readiness. */
  asked(): boolean;
  /** Gives it back, so that a standby need not wait for its end. */
  stop(): Promise<void>;
}

/** Keeps asking for the relay's lease. `changed` is called when this instance gets or loses it. */
export function keepLease(
  { store, clock, log }: { readonly store: Store; readonly clock: Clock; readonly log: Log },
  owner: string,
  changed: (leads: boolean) => void,
): Lease {
  const rest = new Rest(clock);
  let state = NO_LEASE;
  let asked = false;
  const now = (): number => clock.now().getTime();
  const take = (input: LeaseInput): readonly LeaseEffect[] => {
    const before = state.epoch;
    const [after, effects] = leaseStep(state, input);
    state = after;
    if (before !== after.epoch) changed(after.epoch !== undefined);
    return effects;
  };

  const ask = async (): Promise<LeaseInput> => {
    const askedAt = now();
    try {
      const [row] = await store.read((session) => session.query<{ epoch: bigint }>(ASK, [owner, LEASE.ttlMs]));
      asked = true;
      return row ? { kind: 'granted', epoch: row.epoch, askedAt } : { kind: 'denied' };
    } catch (error) {
      if (asked) log.warn({ err: error }, "can't ask for the relay's lease");
      asked = false;
      return { kind: 'failed' };
    }
  };

  const release = async (epoch: bigint): Promise<void> => {
    await store.read((session) => session.query(RELEASE, [owner, epoch])).catch(() => undefined);
  };

  const run = async (): Promise<void> => {
    let effects: readonly LeaseEffect[] = [{ kind: 'ask' }];
    for (let effect = effects[0]; effect; effect = effects[0]) {
      switch (effect.kind) {
        case 'ask':
          effects = take(await ask());
          break;
        case 'rest':
          await rest.rest(effect.ms, { wakes: false });
          effects = take({ kind: 'rested', now: now() });
          break;
        case 'release':
          return release(effect.epoch);
      }
    }
  };
  const running = run();

  return {
    epoch: () => leads(state, now()),
    lost: () => void take({ kind: 'lost' }),
    asked: () => asked,
    stop: async () => {
      const [effect] = take({ kind: 'stop' });
      rest.stop();
      await running;
      if (effect?.kind === 'release') await release(effect.epoch);
    },
  };
}
