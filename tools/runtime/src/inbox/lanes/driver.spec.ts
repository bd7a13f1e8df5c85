import { describe, expect, it } from 'vitest';
import { runLanes } from './driver.ts';

const nothing = { resolve: async () => {}, mustStop: () => false };

describe('a run of records in lanes', () => {
  it('throws the error of a record once those beside it have ended, and starts no other', async () => {
    const other = Promise.withResolvers<undefined>();
    const started: number[] = [];
    const running = runLanes(['a', 'b', 'c'], 2, {
      ...nothing,
      run: async (record) => {
        started.push(record);
        if (record === 0) throw new Error('broken');
        return other.promise;
      },
    });
    let over = false;
    const ended = running.finally(() => (over = true)).catch((error: unknown) => error);
    await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);
    other.resolve(undefined);
    expect(await ended).toEqual(new Error('broken'));
    expect(started).toEqual([0, 1]);
  });

  it('throws the error of a resolve, also that of the last one', async () => {
    const started: number[] = [];
    const failing = (at: number) =>
      runLanes(['a', 'a', 'a'], 2, {
        ...nothing,
        run: async (record) => void started.push(record),
        resolve: async (record) => {
          if (record === at) throw new Error(`no commit at ${record}`);
        },
      });
    await expect(failing(2)).rejects.toThrow('no commit at 2');
    started.length = 0;
    await expect(failing(0)).rejects.toThrow('no commit at 0');
    expect(started).toEqual([0]);
  });

  it('starts no record if the stop comes while it resolves another one', async () => {
    const started: number[] = [];
    let stops = false;
    const end = await runLanes(['a', 'a', 'a'], 1, {
      run: async (record) => void started.push(record),
      resolve: async () => {
        stops = true;
      },
      mustStop: () => stops,
    });
    expect(end).toEqual({ kind: 'stopped' });
    expect(started).toEqual([0]);
  });

  it('ends early if it must stop, and says so', async () => {
    const started: number[] = [];
    const end = await runLanes(['a', 'b', 'c'], 1, {
      ...nothing,
      run: async (record) => void started.push(record),
      mustStop: () => started.length === 2,
    });
    expect(end).toEqual({ kind: 'stopped' });
    expect(started).toEqual([0, 1]);
  });
});
