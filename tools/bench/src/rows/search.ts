import pg from 'pg';
import { compared, interleave, quantile } from '../measure.ts';
import { NotMeasurable, type Row } from '../row.ts';
import { manyOrders, type ManyOrders } from '../search/manyOrders.ts';

const ORDERS = 1_000_000;
const ROUNDS = 5;
const WARMUP = 1;
/** How often each question is asked in a round. */
const REPEATS = 10;
const FILE_ROUNDS = 3;
const CHUNK = 5_000;

/** Searches of orders that people make, and all orders as a file. */
export const searchRow: Row = {
  id: 'search',
  about: 'searches over 1,000,000 orders, and all of them as CSV',
  needsStack: true,
  run: async (measuring) => {
    const system = await manyOrders(ORDERS);
    try {
      const rounds: (readonly number[])[] = [];
      const beforeRound = measuring('search over 1,000,000 orders');
      for (let round = -WARMUP; round < ROUNDS; round++) {
        beforeRound(round + WARMUP + 1, ROUNDS + WARMUP);
        const times = await roundOf(system);
        if (round >= 0) rounds.push(times);
      }
      const at = (q: number) => rounds.map((times) => quantile(times, q));
      const file = await interleave(
        { name: 'CSV', run: () => fileTime(system) },
        [{ name: 'a bare cursor', run: () => cursorTime(system.databaseUrl) }],
        { rounds: FILE_ROUNDS, warmup: 0, beforeRound: measuring('1,000,000 orders as CSV') },
      );
      const { length } = Object.keys(system.questions);
      return [
        {
          title: 'search over 1,000,000 orders',
          unit: 'ms',
          comparison: compared({ name: '99 of 100 searches', values: at(0.99) }, [
            { name: 'half of the searches', values: at(0.5) },
          ]),
          note: `the first 50 orders of ${length} kinds of questions in turn, one at a time over HTTP, with how fresh they are; Postgres, the service and the client share the machine`,
        },
        {
          title: '1,000,000 orders as CSV',
          unit: 'ms',
          comparison: file,
          note: 'the whole file over HTTP; the peer reads the same rows with a cursor of pg, and makes no text',
        },
      ];
    } finally {
      await system.stop();
    }
  },
};

/** Milliseconds of each search of a round. */
async function roundOf({ url, authorization, questions }: ManyOrders): Promise<readonly number[]> {
  const times: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++)
    for (const [what, question] of Object.entries(questions)) {
      const query = new URLSearchParams(
        Object.entries(question).map(([name, value]): [string, string] => [name, String(value)]),
      );
      const began = performance.now();
      const response = await fetch(`${url}/v1/reports/orders?${query.toString()}`, { headers: { authorization } });
      const text = await response.text();
      if (response.status !== 200) throw new NotMeasurable(`${what} is answered with ${text}`);
      times.push(performance.now() - began);
    }
  return times;
}

async function fileTime({ url, authorization }: ManyOrders): Promise<number> {
  const began = performance.now();
  const response = await fetch(`${url}/v1/reports/orders?sort=placedAt`, {
    headers: { authorization, accept: 'text/csv' },
  });
  let lines = 0;
  for await (const bytes of response.body ?? []) for (const byte of bytes) if (byte === 10) lines += 1;
  if (lines !== ORDERS + 1) throw new NotMeasurable(`the file has ${lines} lines`);
  return performance.now() - began;
}

async function cursorTime(databaseUrl: string): Promise<number> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const began = performance.now();
    await client.query('BEGIN');
    await client.query('DECLARE orders CURSOR FOR SELECT * FROM order_summary ORDER BY placed_at, order_id');
    let seen = 0;
    for (let more = true; more;) {
      const { rows } = await client.query(`FETCH ${CHUNK} FROM orders`);
      seen += rows.length;
      more = rows.length === CHUNK;
    }
    if (seen !== ORDERS) throw new NotMeasurable(`the cursor has ${seen} rows`);
    return performance.now() - began;
  } finally {
    await client.end();
  }
}
