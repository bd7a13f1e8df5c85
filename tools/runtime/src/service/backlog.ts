import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/sql.ts';
import { COUNT_KEYS } from '../inbox/statements.ts';
import type { InboxMeters } from '../inbox/meters.ts';
import type { OutboxMeters } from '../outbox/meters.ts';
import { BACKLOG } from '../outbox/relay/statements.ts';
import { Sleeper } from '../time/sleeper.ts';

const EVERY_MS = 5_000;

/** Measures what waits, for alarms: the age and length of the outbox, and the parked keys. */
export function watchBacklog(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  meters: Pick<OutboxMeters & InboxMeters, 'pending' | 'oldestAge' | 'parkedKeys'>,
): { stop(): Promise<void> } {
  const sleeper = new Sleeper(clock);
  const look = (): Promise<void> =>
    store.read(async (session) => {
      const [backlog] = await session.query<{ pending: bigint; oldest: Date | null }>(BACKLOG);
      const parked = await session.query<{ state: string; keys: bigint }>(COUNT_KEYS);
      const oldest = backlog?.oldest?.getTime();
      meters.pending.set(Number(backlog?.pending ?? 0n));
      meters.oldestAge.set(oldest === undefined ? 0 : Math.max(0, clock.now().getTime() - oldest) / 1_000);
      for (const state of ['retrying', 'held']) {
        meters.parkedKeys.set(Number(parked.find((row) => row.state === state)?.keys ?? 0n), { state });
      }
    });
  const run = async (): Promise<void> => {
    while (!sleeper.stopped) {
      // an error is ignored, because readiness checks the database as well
      await look().catch(() => undefined);
      await sleeper.sleep(EVERY_MS, { wakeable: false });
    }
  };
  const running = run();
  return {
    stop: async () => {
      sleeper.stop();
      await running;
    },
  };
}
