import { LEASE, epochAt, leaseStep, NO_LEASE, type LeaseEffect, type LeaseInput } from './step.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Log } from '../../../ports/log.ts';
import type { Statement, Store } from '../../../ports/sql.ts';
import { Sleeper } from '../../../time/sleeper.ts';

/*
 * Takes the lease if nobody holds it, and renews it if this instance holds it, by the database's clock. Returns no row
 * if another instance holds it. Commits synchronously, whatever the database's setting, because a lease must survive a
 * crash.
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
  /** The epoch under which this instance may act now, undefined if it does not hold the lease. */
  epoch(): bigint | undefined;
  /** Call it if a statement has found another epoch than this instance's. */
  lost(): void;
  /** Whether the database has answered the last question for the lease. */
  connected(): boolean;
  /** Gives the lease back, so that a standby need not wait until it expires. */
  stop(): Promise<void>;
}

/** Asks for the relay's lease again and again. Calls `changed` when this instance gets or loses it. */
export function keepLease(
  { store, clock, log }: { readonly store: Store; readonly clock: Clock; readonly log: Log },
  owner: string,
  changed: (leads: boolean) => void,
): Lease {
  const sleeper = new Sleeper(clock);
  let state = NO_LEASE;
  let connected = false;
  const now = (): number => clock.monotonic();
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
      connected = true;
      return row ? { kind: 'granted', epoch: row.epoch, askedAt } : { kind: 'denied' };
    } catch (error) {
      if (connected) log.warn({ err: error }, "can't ask the database for the relay's lease");
      connected = false;
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
        case 'sleep':
          await sleeper.sleep(effect.ms, { wakeable: false });
          effects = take({ kind: 'slept', now: now() });
          break;
        case 'release':
          return release(effect.epoch);
      }
    }
  };
  const running = run();

  return {
    epoch: () => epochAt(state, now()),
    lost: () => void take({ kind: 'lost' }),
    connected: () => connected,
    stop: async () => {
      const [effect] = take({ kind: 'stop' });
      sleeper.stop();
      await running;
      if (effect?.kind === 'release') await release(effect.epoch);
    },
  };
}
