import { beforeEach, describe, expect, it } from 'vitest';
import type { IncomingBatch, IncomingRecord, KafkaPort } from '../ports/kafka.ts';
import { Limits } from './limits.ts';

/** What the consumer got, which calls it received, and how to give it a batch. */
let got: bigint[];
let calls: string[];
let give: (batch: IncomingBatch) => Promise<void>;
let limits: Limits;
const forever = new AbortController().signal;

beforeEach(async () => {
  got = [];
  calls = [];
  limits = new Limits([{ topic: 't', partition: 0, next: 0n }]);
  const never = (): never => {
    throw new Error('not part of this test');
  };
  const port: KafkaPort = {
    send: never,
    partitions: never,
    positions: never,
    close: never,
    run: async (_options, handlers) => {
      give = (one) => handlers.batch(one);
      return {
        pause: (topic, partition) => void calls.push(`pause ${topic}/${partition}`),
        resume: (topic, partition) => void calls.push(`resume ${topic}/${partition}`),
        seek: never,
        isJoined: () => true,
        sinceFetch: () => 0,
        stop: async () => undefined,
      };
    },
  };
  await limits.limited(port).run(
    { group: 'g', topics: ['t'] },
    {
      assigned: () => undefined,
      batch: async (batch) => {
        for (const { offset } of batch.records) {
          got.push(offset);
          batch.resolve(offset);
        }
      },
    },
  );
});

function batch(...offsets: bigint[]): IncomingBatch {
  const record = { topic: 't', partition: 0, key: null, value: null, headers: {}, timestamp: new Date(0) };
  return {
    topic: 't',
    partition: 0,
    highWatermark: 0n,
    records: offsets.map((offset): IncomingRecord => ({ ...record, offset })),
    unreadable: undefined,
    resolve: () => undefined,
    commit: async () => undefined,
    heartbeat: async () => undefined,
    isStale: () => false,
  };
}

const upTo = (next: bigint) => limits.reach([{ topic: 't', partition: 0, next }], forever);

describe('a limited consumer', () => {
  it('gets nothing before a limit is set, and its partition is paused', async () => {
    await give(batch(0n, 1n));
    expect(got).toEqual([]);
    expect(calls).toEqual(['pause t/0']);
    await upTo(0n);
  });

  it('gets the records before the limit, then those before the next one', async () => {
    const first = upTo(2n);
    await give(batch(0n, 1n, 2n));
    await first;
    expect(got).toEqual([0n, 1n]);
    expect(limits.marks()).toEqual([{ topic: 't', partition: 0, next: 2n }]);
    const second = upTo(3n);
    await give(batch(2n, 3n));
    await second;
    expect(got).toEqual([0n, 1n, 2n]);
    expect(calls).toEqual(['resume t/0', 'pause t/0', 'resume t/0', 'pause t/0']);
  });

  it('has reached a limit whose record was deleted as soon as it sees a later record', async () => {
    const reached = upTo(5n);
    await give(batch(0n));
    expect(limits.behind()).toEqual(['t/0']);
    await give(batch(7n));
    await reached;
    expect(got).toEqual([0n]);
  });

  it('goes on if the limit moves while a batch is in work', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = upTo(1n);
    const working = give({
      ...batch(0n, 1n),
      resolve: () => {
        void limits.reach([{ topic: 't', partition: 0, next: 2n }], forever).then(resolve);
      },
    });
    await working;
    expect(limits.behind()).toEqual(['t/0']);
    await give(batch(1n));
    await promise;
    expect(got).toEqual([0n, 1n]);
    void first;
  });

  it('does not go back when records come again', async () => {
    const first = upTo(2n);
    await give(batch(0n, 1n));
    await first;
    await give(batch(0n));
    expect(limits.marks()).toEqual([{ topic: 't', partition: 0, next: 2n }]);
  });

  it('stops waiting when the signal aborts', async () => {
    const abort = new AbortController();
    const reached = limits.reach([{ topic: 't', partition: 0, next: 9n }], abort.signal);
    abort.abort(new Error('enough'));
    await expect(reached).rejects.toThrow('enough');
  });

  it('does not read a partition that was added meanwhile', async () => {
    await give({ ...batch(0n), partition: 1 });
    expect(got).toEqual([]);
    expect(calls).toEqual(['pause t/1']);
  });
});
