import type { Clock } from '../ports/clock.ts';
import type { Gauge, Metrics } from '../ports/metrics.ts';
import type { SqlSession, Store } from '../ports/sql.ts';
import { COUNT_DEAD, COUNT_KEYS, COUNT_PARKED } from '../inbox/statements.ts';
import { DEATH_REASONS } from '../inbox/step.ts';
import type { Publisher } from '../outbox/publisher.ts';
import { BACKLOG } from '../outbox/relay/statements.ts';
import { Rounds } from '../time/rounds.ts';
import type { OwnLooker } from './ownGauges.ts';

const EVERY_MS = 5_000;
const STATES = ['retrying', 'held'];

/** Looks at the database. `exports` says whether this instance exports what it finds. */
interface Looker {
  look(session: SqlSession, exports: boolean): Promise<void>;
}

export interface BacklogOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly publisher: Pick<Publisher, 'leads' | 'sincePublished'>;
  readonly lookEveryMs?: number | undefined;
  /** Timers and effects. */
  readonly later?: Looker | undefined;
  /** The figures of the service itself. */
  readonly own?: OwnLooker | undefined;
}

/**
 * Measures what waits in the database, for alarms. Only the instance that holds the relay's lease exports the figures.
 * The others export 0, so that sums over the instances of a service are right. If the database does not answer, the
 * last values stay, and `atlas_backlog_look_age_seconds` rises.
 */
export function watchBacklog(
  { store, clock, publisher, lookEveryMs = EVERY_MS, later, own }: BacklogOptions,
  metrics: Metrics,
): { stop(): Promise<void> } {
  const meters = backlogMeters(metrics, () => age());
  const reasons = new Set<string>([...DEATH_REASONS, 'refused']);
  let lookedAt: number | undefined;
  let waitingSince: number | undefined;
  const age = (): number => (lookedAt === undefined ? 0 : (clock.monotonic() - lookedAt) / 1_000);

  const show = (found: Found): void => {
    const { pending, oldest, keys, events, dead } = found;
    meters.pending.set(pending);
    meters.oldestAge.set(oldest);
    waitingSince = pending === 0 ? undefined : (waitingSince ?? clock.monotonic());
    const waited = waitingSince === undefined ? 0 : clock.monotonic() - waitingSince;
    meters.stalled.set(Math.min(waited, publisher.sincePublished()) / 1_000);
    for (const state of STATES) {
      const head = keys.find((row) => row.state === state);
      meters.parkedKeys.set(Number(head?.keys ?? 0n), { state });
      meters.parkedAge.set(head?.oldest ?? 0, { state });
      meters.parkedEvents.set(Number(events.find((row) => row.state === state)?.events ?? 0n), { state });
    }
    meters.overdue.set(Number(keys.find(({ state }) => state === 'retrying')?.overdue ?? 0n));
    for (const { reason } of dead) reasons.add(reason);
    for (const reason of reasons) {
      const row = dead.find((one) => one.reason === reason);
      meters.dead.set(Number(row?.rows ?? 0n), { reason });
      meters.deadAge.set(row?.oldest ?? 0, { reason });
    }
  };

  const look = async (): Promise<void> => {
    const leads = publisher.leads();
    if (leads === undefined) return;
    show(leads ? await store.read(found) : NOTHING);
    if (leads && own) await store.read((session) => own.look(session));
    else own?.clear();
    lookedAt = leads ? clock.monotonic() : undefined;
  };

  show(NOTHING);
  return new Rounds({
    clock,
    round: async () => {
      await store.read(async (session) => later?.look(session, publisher.leads() === true)).catch(() => undefined);
      await look();
      return lookEveryMs;
    },
    // an error is ignored, because readiness checks the database as well
    failed: () => lookEveryMs,
  }).start();
}

/** Ages are in seconds, by the clock of the database. */
interface Found {
  readonly pending: number;
  readonly oldest: number;
  readonly keys: readonly {
    readonly state: string;
    readonly keys: bigint;
    readonly overdue: bigint;
    readonly oldest: number;
  }[];
  readonly events: readonly { readonly state: string; readonly events: bigint }[];
  readonly dead: readonly { readonly reason: string; readonly rows: bigint; readonly oldest: number }[];
}

const NOTHING: Found = { pending: 0, oldest: 0, keys: [], events: [], dead: [] };

async function found(session: SqlSession): Promise<Found> {
  const [backlog] = await session.query<{ pending: bigint; oldest: number | null }>(BACKLOG);
  return {
    pending: Number(backlog?.pending ?? 0n),
    oldest: Math.max(0, backlog?.oldest ?? 0),
    keys: await session.query<Found['keys'][number]>(COUNT_KEYS),
    events: await session.query<Found['events'][number]>(COUNT_PARKED),
    dead: await session.query<Found['dead'][number]>(COUNT_DEAD),
  };
}

function backlogMeters(metrics: Metrics, lookAge: () => number) {
  const gauge = (name: string, help: string, ...labels: string[]): Gauge => metrics.gauge(name, help, labels);
  metrics.gauge('atlas_backlog_look_age_seconds', 'Time since what waits was last measured', [], (one) =>
    one.set(lookAge()),
  );
  return {
    pending: gauge('atlas_outbox_pending', 'Events that are not published yet'),
    oldestAge: gauge('atlas_outbox_oldest_age_seconds', 'Age of the oldest event that is not published yet'),
    stalled: gauge('atlas_outbox_stalled_seconds', 'Time since an event was last published, if events wait'),
    parkedKeys: gauge('atlas_parked_keys', 'Keys whose events wait', 'state'),
    parkedEvents: gauge('atlas_parked_events', 'Events that wait behind parked keys', 'state'),
    parkedAge: gauge('atlas_parked_oldest_age_seconds', 'Time since the first key was parked', 'state'),
    overdue: gauge('atlas_parked_overdue_keys', 'Parked keys that have been due for half a minute and were not tried'),
    dead: gauge('atlas_dead_rows', 'Dead letters that the database keeps', 'reason'),
    deadAge: gauge('atlas_dead_oldest_age_seconds', 'Age of the oldest dead letter', 'reason'),
  };
}
