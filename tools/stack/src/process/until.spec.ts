import { describe, expect, it } from 'vitest';
import { until } from './until.ts';

describe('until', () => {
  it('asks again after a no and after a throw', async () => {
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

  it('is false when the time is up', async () => {
    expect(await until(() => false, { every: 1, timeout: 10 })).toBe(false);
  });

  it('throws at an abort, even while a probe never answers', async () => {
    const stop = new AbortController();
    const waiting = until(() => new Promise(() => undefined), { signal: stop.signal, timeout: 60_000 });
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});
