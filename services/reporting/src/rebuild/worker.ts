import { workerData } from 'node:worker_threads';
import { serviceEnv } from '@atlas/runtime/service';
import { consumersOf } from '../consumers.ts';
import { projections } from '../projections/index.ts';
import { rebuild } from './rebuild.ts';

/** The worker thread of a rebuild. It ends with the process. */
const data: unknown = workerData;
if (typeof data !== 'object' || data === null || !('rebuildId' in data) || typeof data.rebuildId !== 'string')
  throw new Error('a rebuild needs the id of its run');
const { rebuildId } = data;

await rebuild(async () => rebuildId, {
  env: serviceEnv({ ...process.env }),
  consumers: consumersOf(projections),
  projections,
  signal: new AbortController().signal,
});
