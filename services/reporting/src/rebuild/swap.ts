import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'slonik';
import type { Replay } from '@atlas/runtime/replay';
import { rows, sqlStateOf } from '@atlas/runtime/slonik';
import { marksOf, reading, transaction, type Database } from './database.ts';
import { RebuildFailure } from './failure.ts';
import { end, type Result } from './runs.ts';

/** The longest that a reader waits for a swap that does not get its locks. */
const LOCK_TIMEOUT_MS = 500;
/** The longest time for reading the last events. Consumers wait meanwhile, and give up a statement after 2 s. */
const LAST_READ_MS = 1_200;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;
/** How long to try, because the longest report may take minutes. */
const PATIENCE_MS = 15 * 60_000;
/** SQLSTATEs of a lock that was not free in time, and of a deadlock. */
const BUSY = new Set(['55P03', '40P01']);

export interface SwapOptions {
  readonly database: Database;
  readonly replay: Pick<Replay, 'reach' | 'hush'>;
  readonly rebuildId: string;
  /** The group of the consumers, with the namespace. */
  readonly group: string;
  readonly projections: readonly { readonly name: string; readonly version: number }[];
  readonly signal: AbortSignal;
  /** Throws if this process may not rebuild any more. */
  readonly stillTheOnlyOne: () => Promise<void>;
  readonly result: Omit<Result, 'state'>;
}

/**
 * In one transaction, locks the consumers out, reads the last events, and replaces the old tables by the new ones.
 * Readers of reports wait meanwhile, for at most a second. If somebody reads a report for longer, it gives up and tries
 * again later. Throws `RebuildFailure` if that goes on for a quarter of an hour.
 */
export async function swap(options: SwapOptions): Promise<void> {
  const { database, replay, group, signal, stillTheOnlyOne } = options;
  let wait = FIRST_WAIT_MS;
  for (const givenUpAt = performance.now() + PATIENCE_MS; ;) {
    const marks = await reading(database, (connection) => marksOf(connection, group));
    await replay.reach(marks, signal);
    await stillTheOnlyOne();
    if (await swapNow(options)) return;
    if (performance.now() > givenUpAt)
      throw new RebuildFailure(
        'a report is read without a break, so the new tables could not be put in place: end the transactions that read the tables, and rebuild again',
      );
    await sleep(wait, undefined, { signal });
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  }
}

/** False if somebody holds a lock, or if there is too much to read meanwhile. */
async function swapNow({
  database,
  replay,
  rebuildId,
  group,
  projections,
  signal,
  result,
}: SwapOptions): Promise<boolean> {
  const built = JSON.stringify(projections.map(({ name, version }) => ({ name, version })));
  const tooLong = AbortSignal.timeout(LAST_READ_MS);
  // the replay looks at its tables regularly, and would log that they are missing after the swap
  const unhush = replay.hush();
  try {
    await transaction(database, 'read committed', async (connection) => {
      await connection.query(sql.unsafe`SELECT set_config('lock_timeout', ${String(LOCK_TIMEOUT_MS)}, true)`);
      // readers continue, and from now on no transaction of a consumer is open
      await connection.query(sql.unsafe`LOCK TABLE public.atlas_fence IN EXCLUSIVE MODE`);
      await replay.reach(await marksOf(connection, group), AbortSignal.any([signal, tooLong]));
      await connection.query(
        sql.type(rows<never>())`SELECT FROM public.rebuild_swap(${rebuildId}::uuid, ${built}::jsonb)`,
      );
      await end(connection, rebuildId, { ...result, state: 'SWAPPED' });
    });
    return true;
  } catch (error) {
    unhush();
    signal.throwIfAborted();
    if (error === tooLong.reason || BUSY.has(sqlStateOf(error) ?? '') || isNamed(error, 'ATLAS_LOCKED')) return false;
    throw error;
  }
}

function isNamed(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
