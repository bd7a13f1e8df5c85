import type { ServiceContract } from '../contract/service.ts';
import { AtlasError } from '../contract/atlasError.ts';
import type { Check } from '../ports/readiness.ts';
import type { RunningMessaging } from './startMessaging.ts';
import type { Statement, Store } from '../ports/sql.ts';
import { pendingMigrations } from '../migrate/pendingMigrations.ts';

const PING: Statement = { name: 'atlas_ping', text: 'SELECT 1 AS one' };
const PATIENCE_MS = 2_000;

export interface ReadinessOptions {
  readonly contract: Pick<ServiceContract, 'service' | 'migrations'>;
  readonly migrations: URL | undefined;
  readonly store: Store;
  /** Absent if the keys that verify tokens can't be missing. */
  readonly keys: (() => Promise<Check>) | undefined;
  readonly messaging: () => RunningMessaging | undefined;
}

/** The checks of what this instance needs. A check that fails has a note. */
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
    return [...checks, ...(await messaging())];
  };

  async function messaging(): Promise<readonly Check[]> {
    const running = options.messaging();
    let found: readonly Check[] = [];
    // most of these checks need the database, so they get no more time than its own check
    const { ok, ...failed } = await guarded('messaging', async () => {
      found = (await running?.readiness()) ?? [];
      return { name: 'messaging', ok: true };
    });
    return ok ? found : [{ ok, ...failed }];
  }
}

/** A check that throws or takes too long is not ok, and says why. */
async function guarded(name: string, check: () => Promise<Check>): Promise<Check> {
  const late = Promise.withResolvers<Check>();
  const timer = setTimeout(
    () => late.resolve({ name, ok: false, note: `no answer in ${PATIENCE_MS} ms` }),
    PATIENCE_MS,
  );
  try {
    return await Promise.race([check(), late.promise]);
  } catch (error) {
    return {
      name,
      ok: false,
      note: error instanceof AtlasError ? error.message : `the check of ${name} failed: ${String(error)}`,
    };
  } finally {
    clearTimeout(timer);
  }
}
