import { describe, expect, it } from 'vitest';
import { RejoinGroup } from '../ports/kafka.ts';
import { Commits } from './commits.ts';

const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const FENCE = { topic: 't', partition: 0, epoch: 1n, next: undefined };

/** Commits of one partition, with a clock that moves only when `pass` is called. */
function scene() {
  const done: string[] = [];
  const warnings: string[] = [];
  const refusals: Error[] = [];
  const sleeps = new Map<() => void, number>();
  let now = 0;
  const log = { ...SILENT, child: () => log, warn: (_: object, message: string) => void warnings.push(message) };
  const commits = new Commits({
    log,
    offsets: {
      keep: async (_, next) => {
        const refusal = refusals.shift();
        if (refusal) throw refusal;
        done.push(`kept ${next}`);
      },
      kept: () => undefined,
    },
    clock: {
      monotonic: () => now,
      sleep: async (ms, signal) => {
        await new Promise<void>((resolve) => {
          sleeps.set(resolve, now + ms);
          signal?.addEventListener('abort', () => resolve(), { once: true });
        });
      },
    },
  });
  const batch = { topic: 't', partition: 0, commit: async () => void done.push('committed') };
  const idle = (): Promise<void> => new Promise(setImmediate);
  return {
    commits,
    done,
    warnings,
    refusals,
    batch,
    idle,
    note: (next: bigint) => commits.note({ batch, fence: FENCE, next, writtenAt: new Date(0) }),
    /** A batch of its own that ends at an offset. */
    consumed: async (next: bigint, how = { now: false }) => {
      await commits.begin(batch);
      commits.note({ batch, fence: FENCE, next, writtenAt: new Date(0) });
      await commits.end(batch, how);
    },
    pass: async (ms: number) => {
      now += ms;
      for (const [wake, at] of sleeps) if (at <= now) wake();
      await idle();
    },
  };
}

describe('the offsets of a partition', () => {
  it('are committed half a second after the first record that is not committed, first in the database', async () => {
    const { consumed, done, pass } = scene();
    await consumed(1n);
    await pass(300);
    for (const next of [2n, 3n]) await consumed(next);
    await pass(199);
    expect(done).toEqual([]);
    await pass(1);
    expect(done).toEqual(['kept 3', 'committed']);
    await pass(1_000);
    await consumed(4n);
    expect(done).toHaveLength(2);
    await pass(500);
    expect(done.slice(2)).toEqual(['kept 4', 'committed']);
  });

  it('are committed within a batch that takes longer', async () => {
    const { commits, batch, note, done, pass } = scene();
    await commits.begin(batch);
    note(1n);
    await commits.ifDue(batch);
    await pass(499);
    note(2n);
    await commits.ifDue(batch);
    expect(done).toEqual([]);
    await pass(1);
    note(3n);
    await commits.ifDue(batch);
    expect(done).toEqual(['kept 3', 'committed']);
  });

  it('are committed at once at the end of a batch if it says so, and when `flush` is called', async () => {
    const { commits, consumed, done } = scene();
    await consumed(1n);
    await consumed(2n, { now: true });
    expect(done).toEqual(['kept 2', 'committed']);
    await consumed(3n);
    await commits.flush();
    expect(done.slice(2)).toEqual(['kept 3', 'committed']);
    await commits.flush();
    expect(done).toHaveLength(4);
  });

  it('are only committed in Kafka if a transaction has stored them with the effects', async () => {
    const { commits, batch, note, done, pass } = scene();
    await commits.begin(batch);
    commits.kept(batch, 3n);
    note(3n);
    expect(commits.isKept(batch)).toBe(true);
    await commits.end(batch, { now: false });
    await pass(499);
    expect(done).toEqual([]);
    await pass(1);
    expect(done).toEqual(['committed']);
    await commits.begin(batch);
    note(4n);
    expect(commits.isKept(batch)).toBe(false);
    await commits.end(batch, { now: true });
    expect(done.slice(1)).toEqual(['kept 4', 'committed']);
  });

  it('are not committed during a batch that has not moved them, because a set keeps a newer one', async () => {
    const { commits, batch, consumed, done, pass } = scene();
    await consumed(1n);
    await commits.begin(batch);
    await commits.flush();
    await pass(500);
    expect(done).toEqual([]);
  });

  it('are committed later if the database is unavailable', async () => {
    const { commits, refusals, warnings, consumed, done, pass } = scene();
    const failed = 'could not commit offsets';
    refusals.push(new Error('unavailable'), new Error('still unavailable'));
    await consumed(1n, { now: true });
    expect([done, warnings]).toEqual([[], [failed]]);
    await pass(500);
    expect([done, warnings]).toEqual([[], [failed, failed]]);
    await commits.flush();
    expect(done).toEqual(['kept 1', 'committed']);
  });

  it('are dropped once the partition has another owner', async () => {
    const { commits, refusals, warnings, consumed, done, pass } = scene();
    refusals.push(new RejoinGroup('t', 0));
    await consumed(1n);
    await pass(500);
    await consumed(2n);
    await pass(500);
    await consumed(3n);
    commits.clear();
    await pass(500);
    await commits.flush();
    expect([done, warnings]).toEqual([['kept 2', 'committed'], []]);
  });
});
