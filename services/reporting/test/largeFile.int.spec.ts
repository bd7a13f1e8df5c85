import { once } from 'node:events';
import { IncomingMessage, request } from 'node:http';
import { contract } from '@atlas/generated-reporting';
import { deployContracts, mintToken, type ServiceProcess, spawnService } from '@atlas/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportingDatabase, type ReportingDatabase } from './reportingDatabase.ts';
import { stackOf } from './reportingTopics.ts';

const ORDERS = 75_000;
/** How many orders are written per statement, which may not take long. */
const STEP = 25_000;
/** The length of a name in each order. It makes the file large with fewer rows. */
const NAME = 1_600;
const MIB = 2 ** 20;
/** The heap of the service may not grow beyond this. The file has more text, because its orders have long names. */
const HEAP_MIB = 72;
/** The memory that the service may use outside of its heap, where the buffers of its sockets are. */
const BUFFERS_MIB = 64;
const LOOK_EVERY = 8 * MIB;

let database: ReportingDatabase;
let service: ServiceProcess;
beforeAll(async () => {
  const stack = stackOf();
  const namespace = `large-file-${process.pid}-${Date.now().toString(36)}.`;
  database = await reportingDatabase(`reporting_large_file_${process.pid}`);
  await fill();
  await deployContracts(stack, { namespace });
  service = await spawnService(stack, contract.service, {
    namespace,
    name: 'reporting-large-file',
    env: { DATABASE_URL: database.url, NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}` },
  });
});
afterAll(async () => {
  await service.stop();
  await database.close();
});

/** Fills the table without indexes, and then creates the one that the file needs. */
async function fill(): Promise<void> {
  const indexes = await database.asOwner(
    `SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'order_summary' AND indexname NOT LIKE '%_pkey'`,
  );
  for (const { indexname } of indexes) await database.asOwner(`DROP INDEX ${String(indexname)}`);
  for (let first = 1; first < ORDERS; first += STEP)
    await database.asOwner(`INSERT INTO order_summary
      SELECT gen_random_uuid(), 'FULFILLED', now(), gen_random_uuid(), 'ops-' || repeat('x', ${NAME}), 'EUR', n, 1,
        '{BOLT-M8}', NULL, NULL, timestamptz '2020-01-01' + n * interval '1 second', 1
      FROM generate_series(${first}, ${first + STEP - 1}) AS n`);
  for (const { indexdef } of indexes) if (/placed_at/.test(String(indexdef))) await database.asOwner(String(indexdef));
  await database.asOwner('ANALYZE order_summary');
}

/** Begins to read the file of all orders. */
async function open(): Promise<IncomingMessage> {
  const token = await mintToken(stackOf(), { sub: 'sam', roles: ['ops'] });
  const headers = { accept: 'text/csv', authorization: `Bearer ${token}` };
  const asked = request(`${service.url}/v1/reports/orders?sort=placedAt`, { headers });
  asked.end();
  const [answer]: readonly unknown[] = await once(asked, 'response');
  if (!(answer instanceof IncomingMessage)) throw new Error('there is no answer');
  return answer;
}

/** Bytes that the service has outside of its heap. */
async function buffers(): Promise<number> {
  const text = await (await fetch(`${service.adminUrl}/metrics`)).text();
  return Number(/^nodejs_external_memory_bytes(?:\{.*\})? (\S+)$/m.exec(text)?.[1]);
}

/** How many transactions read orders, and how many statements they have begun. */
const reading = async (): Promise<readonly unknown[]> =>
  (
    await database.asOwner(`SELECT a.query_start::text AS began FROM pg_locks l JOIN pg_stat_activity a USING (pid)
      WHERE l.relation = 'order_summary'::regclass AND l.pid <> pg_backend_pid()`)
  ).map(({ began }) => began);

describe('the file of very many orders', () => {
  it('passes through a service that could not keep it in memory', async () => {
    const answer = await open();
    let [lines, bytes, most] = [0, 0, 0];
    let looked = Promise.resolve();
    const look = async (): Promise<void> => {
      most = Math.max(most, await buffers());
    };
    answer.on('data', (chunk: Buffer) => {
      const before = bytes;
      bytes += chunk.length;
      for (let at = chunk.indexOf('\n'); at >= 0; at = chunk.indexOf('\n', at + 1)) lines += 1;
      if (Math.floor(bytes / LOOK_EVERY) > Math.floor(before / LOOK_EVERY)) looked = looked.then(look);
    });
    await once(answer, 'end');
    await looked;
    expect(lines).toBe(ORDERS + 1);
    expect(bytes / MIB).toBeGreaterThan(HEAP_MIB);
    expect(most / MIB).toBeLessThan(BUFFERS_MIB);
  });

  it('waits for a client that does not read, and no more rows are read meanwhile', async () => {
    const answer = await open();
    await once(answer, 'readable');
    let last = await reading();
    await expect
      .poll(
        async () => {
          const before = last;
          last = await reading();
          return before[0] === last[0] && last.length === 1;
        },
        { interval: 500 },
      )
      .toBe(true);
    expect((await buffers()) / MIB).toBeLessThan(BUFFERS_MIB);
    answer.destroy();
    await expect.poll(reading).toEqual([]);
  });
});
