import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'slonik';
import type { Replay } from '@atlas/runtime/replay';
import { rows, sqlStateOf } from '@atlas/runtime/slonik';
import { marksOf, reading, transaction, type Database } from './database.ts';
import { RebuildFailure } from './failure.ts';
import { end, type Result } from './runs.ts';

/** A reader waits this long at most for a swap that does not get its locks. */
const LOCK_TIMEOUT_MS = 500;
/** Consumers wait meanwhile, and give up a statement that waits for 2 s. */
const LAST_READ_MS = 1_200;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;
/** The longest report may take minutes. */
const PATIENCE_MS = 15 * 60_000;
/** SQLSTATEs of a lock that was not free in time, and of a deadlock. */
const BUSY = new Set(['55P03', '40P01']);

export interface SwapOptions {
  readonly database: Database;
  readonly replay: Pick<Replay, 'reach' | 'hush'>;
  readonly rebuildId: string;
  /** Of the consumers, with the namespace. */
  readonly group: string;
  readonly projections: readonly { readonly name: string; readonly version: number }[];
  readonly signal: AbortSignal;
  /** Throws if this process may not rebuild any more. */
  readonly stillTheOnlyOne: () => Promise<void>;
  readonly result: Omit<Result, 'state'>;
}

/**
 * Locks the consumers out, reads the last events, and puts the new tables in the place of the old ones, in one
 * transaction. Whoever reads a report meanwhile waits, for a second at most. If somebody reads one for longer, it goes
 * away and comes back. Throws `RebuildFailure` if that goes on for a quarter of an hour.
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
  // it looks at its tables now and then, and does not find them after the swap
  const unhush = replay.hush();
  try {
    await transaction(database, 'read committed', async (connection) => {
      await connection.query(sql.unsafe`SELECT set_config('lock_timeout', ${String(LOCK_TIMEOUT_MS)}, true)`);
      // readers go on, and no transaction of a consumer is open from now on
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
