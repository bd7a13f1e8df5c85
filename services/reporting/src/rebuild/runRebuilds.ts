import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { sql } from 'slonik';
import { rows, slonikStore } from '@atlas/runtime/slonik';
import type { Projection } from '../projections/projection.ts';
import { reading } from './database.ts';
import { requested } from './runs.ts';

const LOOK_EVERY_MS = 1_000;

interface Options {
  readonly databaseUrl: string;
  readonly projections: readonly Projection[];
}

/**
 * Runs the rebuilds that people ask for, in a worker thread of this process, so that requests and events do not wait
 * for them. First, if nothing is consumed yet, stores the versions of the projections, because their tables are then
 * complete from the first event on. Never ends; does not keep the process alive.
 */
export async function runRebuilds({ databaseUrl, projections }: Options): Promise<never> {
  const database = slonikStore(databaseUrl, { maxConnections: 1 });
  const built = JSON.stringify(projections.map(({ name, version }) => ({ name, version })));
  const note = sql.type(rows<never>())`SELECT FROM public.rebuild_not_needed(${built}::jsonb)`;
  let noted = false;
  for (;;) {
    // an error is ignored, because readiness checks the database as well
    noted ||= await reading(database, (connection) => connection.query(note)).then(
      () => true,
      () => false,
    );
    const rebuildId = await reading(database, requested).catch(() => undefined);
    if (rebuildId !== undefined) await inWorker(rebuildId);
    await sleep(LOOK_EVERY_MS, undefined, { ref: false });
  }
}

/** Resolves when the thread has ended. The outcome of the rebuild is in its run. */
async function inWorker(rebuildId: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { rebuildId } });
  // the run says why it failed, except if another process has the lock
  worker.on('error', (error) => process.stderr.write(`rebuild ${rebuildId}: ${String(error)}\n`));
  worker.on('exit', resolve);
  await promise;
}
