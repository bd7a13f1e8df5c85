import { describe, expect, it } from 'vitest';
import { until } from './until.ts';

describe('waiting until a probe gives true', () => {
  it('asks again after false and after an error', async () => {
    const answers = [
      (): boolean => false,
      (): boolean => {
        throw new Error('not yet');
      },
      (): boolean => true,
    ];
    expect(await until(() => answers.shift()?.() ?? false, { every: 1, timeout: 5_000 })).toBe(true);
    expect(answers).toEqual([]);
  });

  it('ends with false if the time is up', async () => {
    expect(await until(() => false, { every: 1, timeout: 10 })).toBe(false);
  });

  it('throws at an abort, even if a probe never answers', async () => {
    const stop = new AbortController();
    const waiting = until(() => new Promise(() => undefined), { signal: stop.signal, timeout: 60_000 });
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});
