import { describe, expect, it } from 'vitest';
import { throughConflicts } from './conflicts.ts';
import { VersionConflict } from './contract/atlasError.ts';

/** Work that fails `times` times, and then returns how often it ran. */
function failing(times: number, error: Error = new VersionConflict('show', 1n, 2n)) {
  let runs = 0;
  return {
    runs: () => runs,
    transact: async () => {
      if ((runs += 1) <= times) throw error;
      return runs;
    },
  };
}

describe('a transaction that others are faster than', () => {
  it('runs again until it succeeds', async () => {
    const { transact } = failing(3);
    await expect(throughConflicts(transact)).resolves.toBe(4);
  });

  it('ends with its error after three more tries', async () => {
    const { transact, runs } = failing(9);
    await expect(throughConflicts(transact)).rejects.toBeInstanceOf(VersionConflict);
    expect(runs()).toBe(4);
  });

  it('does not run again after another error', async () => {
    const { transact, runs } = failing(1, new Error('no seat'));
    await expect(throughConflicts(transact)).rejects.toThrow('no seat');
    expect(runs()).toBe(1);
  });

  it('runs again after the errors that its caller names, and waits before each try', async () => {
    const { transact } = failing(2, new Error('busy'));
    const pauses: number[] = [];
    const pause = async (retry: number): Promise<void> => void pauses.push(retry);
    await expect(throughConflicts(transact, { isConflict: () => true, pause })).resolves.toBe(3);
    expect(pauses).toEqual([1, 2]);
  });
});
