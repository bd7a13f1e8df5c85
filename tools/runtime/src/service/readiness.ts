import type { ServiceContract } from '../contract/service.ts';
import type { Check } from '../ports/readiness.ts';
import type { RunningMessaging } from './startMessaging.ts';
import type { Statement, Store } from '../ports/sql.ts';
import { pendingMigrations } from '../migrate/pendingMigrations.ts';
import { guarded } from './guarded.ts';

const PING: Statement = { name: 'atlas_ping', text: 'SELECT 1 AS one' };

export interface ReadinessOptions {
  readonly contract: Pick<ServiceContract, 'service' | 'migrations'>;
  readonly migrations: URL | undefined;
  readonly store: Store;
  /** Absent if the keys that verify tokens can't be missing. */
  readonly keys: (() => Promise<Check>) | undefined;
  readonly messaging: () => RunningMessaging | undefined;
}

/** The checks of everything that this instance needs. A check that fails has a note. */
export function readiness(options: ReadinessOptions): () => Promise<readonly Check[]> {
  let migrated = false;
  const migrations = async (): Promise<Check> => {
    if (migrated) return { name: 'migrations', ok: true };
    const { contract, store } = options;
    const pending = await store.read((session) => pendingMigrations(session, contract, options.migrations));
    migrated = pending.length === 0;
    if (migrated) return { name: 'migrations', ok: true };
    return {
      name: 'migrations',
      ok: false,
      note: `not applied: ${pending.join(', ')}; run the migrations of ${contract.service}`,
    };
  };
  return async () => {
    const checks = await Promise.all([
      guarded('database', async () => {
        await options.store.read((session) => session.query(PING));
        return { name: 'database', ok: true };
      }),
      guarded('migrations', migrations),
      ...(options.keys === undefined ? [] : [guarded('keys', options.keys)]),
    ]);
    return [...checks, ...((await options.messaging()?.readiness()) ?? [])];
  };
}
