import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { serviceEnv } from '@atlas/runtime/service';
import { slonikStore } from '@atlas/runtime/slonik';
import { consumersOf } from './consumers.ts';
import { projections } from './projections/index.ts';
import { reading } from './rebuild/database.ts';
import { failureText, RebuildFailure } from './rebuild/failure.ts';
import { rebuild } from './rebuild/rebuild.ts';
import { ANOTHER_RUNS } from './rebuild/lock.ts';
import { request, type Run } from './rebuild/runs.ts';
import { progressLine, reportOf } from './rebuild/texts.ts';

const HELP = `usage: node services/reporting/src/rebuild.ts [--accept-difference]

Makes the tables of the reports anew from all events, while the old ones serve, and puts them in place if they have the
same rows. The environment is that of the service. The exit code is 0 if the new tables are in place.

  --accept-difference   puts them in place although they differ`;

process.exitCode = await main();

async function main(): Promise<number> {
  let values: { readonly 'accept-difference': boolean; readonly help: boolean };
  try {
    ({ values } = parseArgs({
      options: {
        'accept-difference': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    console.error(`${failureText(error)}\n\n${HELP}`);
    return 2;
  }
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const env = serviceEnv({ PORT: '0', ADMIN_PORT: '0', ...process.env });
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stopping.abort(new RebuildFailure('it was stopped: the old tables stay in use')));
  try {
    const run = await rebuild(() => ask(env.databaseUrl, values['accept-difference']), {
      env,
      consumers: consumersOf(projections),
      projections,
      onProgress: show,
      signal: stopping.signal,
    });
    finishLine();
    console.log(reportOf(run));
    return run.state === 'SWAPPED' ? 0 : 1;
  } catch (error) {
    finishLine();
    console.error(`rebuild: ${failureText(error)}`);
    return 1;
  }
}

async function ask(databaseUrl: string, acceptDifference: boolean): Promise<string> {
  const rebuildId = randomUUID();
  const database = slonikStore(databaseUrl, { maxConnections: 1 });
  try {
    const run = { rebuildId, acceptDifference, requestedBy: 'operator', requestedAt: new Date() };
    if (await reading(database, (connection) => request(connection, run))) return rebuildId;
    throw new RebuildFailure(ANOTHER_RUNS);
  } finally {
    await database.close();
  }
}

function show(run: Run): void {
  const line = progressLine(run);
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${line}`);
  else process.stderr.write(`${line}\n`);
}

function finishLine(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
}
