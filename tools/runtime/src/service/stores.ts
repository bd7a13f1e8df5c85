import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_CONNECTIONS, type PoolOptions } from '../adapters/slonik/pool.ts';
import { isNotLetIn } from '../adapters/slonik/sqlState.ts';
import { slonikStore, type PooledStore } from '../adapters/slonik/store.ts';
import { AtlasError } from '../contract/atlasError.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Store } from '../ports/sql.ts';

/** The database by purpose. Each part has connections of its own, so that none takes those of another. */
export interface Stores {
  /** HTTP: commands and queries. */
  readonly commands: Store;
  readonly consumers: Store;
  /** Timers and effects. */
  readonly timers: Store;
  readonly relay: Store;
  /** Readiness, metrics and the clean-up. */
  readonly watch: Store;
  close(): Promise<void>;
}

/** While an event waits for a lock, others of its partition wait too, so this is shorter than for requests. */
const CONSUMER_LOCK_MS = 2_000;

/** The most connections of each part. docs/reference/limits.md has their sum. */
export const CONNECTIONS: Readonly<Record<Exclude<keyof Stores, 'close'>, number>> = {
  commands: MAX_CONNECTIONS,
  consumers: MAX_CONNECTIONS,
  timers: 5,
  /** The relay may work, renew its lease and look up schemas at the same time. */
  relay: 3,
  watch: 2,
};

/**
 * The connections of handlers that no client waits for. A statement may take half the time of a handler, `handlerMs`.
 */
export function consumerStore(
  databaseUrl: string,
  handlerMs: number,
  options: Pick<PoolOptions, 'maxConnections' | 'settings'> = {},
): PooledStore {
  return slonikStore(databaseUrl, {
    statementTimeout: Math.ceil(handlerMs / 2),
    lockTimeout: CONSUMER_LOCK_MS,
    ...options,
  });
}

/** Makes the stores, whose connections are opened when they are needed. Exports how many are in use. */
export function openStores(databaseUrl: string, handlerMs: number, metrics: Metrics): Stores {
  const all = {
    commands: slonikStore(databaseUrl, { maxConnections: CONNECTIONS.commands }),
    consumers: consumerStore(databaseUrl, handlerMs, { maxConnections: CONNECTIONS.consumers }),
    timers: consumerStore(databaseUrl, handlerMs, { maxConnections: CONNECTIONS.timers }),
    relay: slonikStore(databaseUrl, { maxConnections: CONNECTIONS.relay }),
    watch: slonikStore(databaseUrl, { maxConnections: CONNECTIONS.watch }),
  };
  const help = 'Connections to the database that are busy, and uses that wait for one, by pool';
  metrics.gauge('atlas_pool_connections', help, ['pool', 'state'], (gauge) => {
    for (const [pool, store] of Object.entries(all)) {
      const { busy, waiting } = store.use();
      gauge.set(busy, { pool, state: 'busy' });
      gauge.set(waiting, { pool, state: 'waiting' });
    }
  });
  return {
    ...all,
    close: async () => {
      await Promise.all(Object.values(all).map((store) => store.close()));
    },
  };
}

const RETRY_MS = 500;

/**
 * Waits until the database answers, because it may start later or slower than the service. Throws the last error after
 * `patienceMs` milliseconds, or at once if the database answers with a refusal, for example of the password.
 */
export async function waitForDatabase(store: Store, patienceMs: number, log: Log): Promise<void> {
  for (const end = performance.now() + patienceMs; ;) {
    try {
      await store.read((session) => session.query({ name: 'atlas_ping', text: 'SELECT 1 AS one' }));
      return;
    } catch (error) {
      const waits = error instanceof AtlasError && error.code === 'ATLAS_DATABASE_UNAVAILABLE' && !isNotLetIn(error);
      if (!waits || performance.now() >= end) throw error;
      log.warn({ reason: error.message }, 'waiting for the database');
    }
    await sleep(RETRY_MS);
  }
}
