import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type ServiceEnv, serviceEnv } from '@atlas/runtime/service';
import {
  cloneDatabase,
  deployContracts,
  dropDatabase,
  migrateService,
  readStack,
  serviceEnvironment,
  spawnService,
} from '@atlas/stack';
import pg from 'pg';
import { reportingTopics } from '../../../../services/reporting/test/reportingTopics.ts';
import { NotMeasurable } from '../row.ts';
import { historyOf } from './history.ts';

const SERVICE = 'reporting';
const PROGRAM = fileURLToPath(new URL('../../../../services/reporting/src/rebuild.ts', import.meta.url));
const MAX_SENT = 2_000;
const PATIENCE_MS = 180_000;
const POLL_MS = 200;

/** Reporting as a process that has read all of its topics. */
export interface IdleReporting {
  readonly events: number;
  readonly env: ServiceEnv;
  /** Runs a whole rebuild in a process of its own, and returns its events per second. */
  rebuildRate(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts it with at least `atLeast` events in its topics. */
export async function idleReporting(atLeast: number): Promise<IdleReporting> {
  const info = readStack();
  if (!info) throw new NotMeasurable('no stack is up');
  await using undo = new AsyncDisposableStack();
  const run = `rebuild_${process.pid}_${Date.now().toString(36)}`;
  const namespace = `${run}.`;
  const { ownerUrl, appUrl } = await cloneDatabase(info, SERVICE, run, { template: 'template1' });
  undo.defer(() => dropDatabase(info, run));
  await migrateService(info, SERVICE, { ownerUrl });
  await deployContracts(info, { namespace });
  const events = await fill(namespace, atLeast);
  const service = await spawnService(info, SERVICE, { namespace, name: run, env: { DATABASE_URL: appUrl } });
  undo.defer(() => service.stop());
  const database = new pg.Pool({ connectionString: appUrl, max: 1 });
  undo.defer(() => database.end());
  await untilApplied(database, events);
  const environment = { ...serviceEnvironment(info, SERVICE), DATABASE_URL: appUrl, ATLAS_NAMESPACE: namespace };
  const kept = undo.move();
  return {
    events,
    env: serviceEnv({ PORT: '0', ADMIN_PORT: '0', ...environment }),
    rebuildRate: async () => {
      await rebuild({ ...process.env, ...environment });
      return lastRate(database);
    },
    stop: () => kept.disposeAsync(),
  };
}

async function fill(namespace: string, atLeast: number): Promise<number> {
  const topics = await reportingTopics(namespace);
  try {
    const messages = historyOf(atLeast);
    // the broker refuses requests that are too large
    for (let sent = 0; sent < messages.length; sent += MAX_SENT)
      await topics.send(messages.slice(sent, sent + MAX_SENT));
    return messages.length;
  } finally {
    await topics.close();
  }
}

/** An event that was given up has a row as well, so the wait ends. */
async function untilApplied(database: pg.Pool, events: number): Promise<void> {
  let applied = 0;
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end;) {
    const { rows } = await database.query<{ applied: number; dead: number }>(
      `SELECT count(*) FILTER (WHERE consumer NOT LIKE '%(dead)')::integer AS applied,
        count(*) FILTER (WHERE consumer LIKE '%(dead)')::integer AS dead FROM atlas_inbox`,
    );
    applied = rows[0]?.applied ?? 0;
    if (rows[0]?.dead !== 0) throw new NotMeasurable('Reporting has given up events');
    if (applied === events) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new NotMeasurable(`Reporting has applied ${applied} of ${events} events in time`);
}

async function rebuild(env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout.on('data', (text) => (printed += String(text)));
  child.stderr.on('data', (text) => (printed += String(text)));
  await once(child, 'close');
  if (child.exitCode !== 0) throw new NotMeasurable(`the rebuild has not ended well: ${printed}`);
}

async function lastRate(database: pg.Pool): Promise<number> {
  const { rows } = await database.query<{ rate: number }>(
    `SELECT (events / extract(epoch FROM ended_at - started_at))::double precision AS rate
    FROM rebuild_run ORDER BY ended_at DESC LIMIT 1`,
  );
  return rows[0]?.rate ?? Number.NaN;
}
