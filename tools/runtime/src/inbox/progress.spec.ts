import { beforeEach, describe, expect, it } from 'vitest';
import { Progress } from './progress.ts';

const gauges = new Map<string, number>();
const gaugeOf = (name: string) => ({
  set: (value: number, labels: Readonly<Record<string, string>> = {}) =>
    void gauges.set(`${name} ${Object.values(labels).join('/')}`, value),
});
let seconds = 0;
let progress: Progress;

const JUST_FETCHED = 0;
const at = (high: bigint, committed = 0n, low = 0n) => ({ topic: 'ns.t', partition: 0, committed, low, high });
const record = (timestamp: number) => ({ topic: 'ns.t', partition: 0, timestamp: new Date(timestamp * 1_000) });

beforeEach(() => {
  gauges.clear();
  seconds = 1_000;
  progress = new Progress({
    namespace: 'ns.',
    meters: { lag: gaugeOf('lag'), oldestUnread: gaugeOf('age') },
    clock: { now: () => new Date(seconds * 1_000), monotonic: () => seconds * 1_000, sleep: async () => undefined },
  });
  progress.assigned([{ topic: 'ns.t', partition: 0 }]);
});

describe('a partition that makes no progress', () => {
  it('is named after a minute, with the records that wait, until it moves again', () => {
    progress.head(record(990));
    progress.look([at(5n)], JUST_FETCHED);
    seconds += 59;
    expect(progress.stuck()).toEqual([]);
    seconds += 1;
    progress.look([at(7n)], JUST_FETCHED);
    expect(progress.stuck()).toEqual(['ns.t/0 has made no progress for 60 s, 7 records wait']);
    expect(gauges.get('age t/0')).toBe(70);
    progress.moved('ns.t', 0, 1n);
    expect(progress.stuck()).toEqual([]);
  });

  it('is not named if Kafka does not say what there is to read', () => {
    progress.head(record(990));
    progress.look([at(5n)], JUST_FETCHED);
    seconds += 100;
    progress.look([], JUST_FETCHED);
    expect(progress.stuck()).toEqual([]);
  });

  it('is not named if fetches find nothing, because only markers of transactions are left in the log', () => {
    progress.moved('ns.t', 0, 4n);
    progress.look([at(5n)], JUST_FETCHED);
    seconds += 100;
    progress.look([at(5n)], JUST_FETCHED);
    expect(progress.stuck()).toEqual([]);
    expect(gauges.get('lag t/0')).toBe(1);
    expect(gauges.get('age t/0')).toBe(0);
  });

  it('is named if nothing is fetched', () => {
    progress.look([at(5n)], JUST_FETCHED);
    seconds += 100;
    progress.look([at(5n)], 100_000);
    expect(progress.stuck()).toEqual(['ns.t/0 has made no progress for 100 s, 5 records wait']);
  });

  it('is not named if it has waited for records for long, and then gets some', () => {
    progress.look([at(0n)], JUST_FETCHED);
    seconds += 1_000;
    progress.head(record(seconds));
    progress.look([at(1n)], JUST_FETCHED);
    expect(progress.stuck()).toEqual([]);
  });
});

describe('the lag of a partition', () => {
  it('begins at 0, counts from what is consumed and what the log still has, and is 0 for other partitions', () => {
    expect(gauges.get('lag t/0')).toBe(0);
    progress.look([at(9n, 2n)], JUST_FETCHED);
    expect(gauges.get('lag t/0')).toBe(7);
    progress.moved('ns.t', 0, 6n);
    progress.look([at(9n, 2n)], JUST_FETCHED);
    expect(gauges.get('lag t/0')).toBe(3);
    progress.look([at(9n, 2n, 8n)], JUST_FETCHED);
    expect(gauges.get('lag t/0')).toBe(1);
    progress.assigned([{ topic: 'ns.t', partition: 1 }]);
    expect(gauges.get('lag t/0')).toBe(0);
  });
});
