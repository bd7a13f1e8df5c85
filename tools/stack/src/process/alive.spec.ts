import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { alive, bornAt, startByPs } from './alive.ts';

const gone = (): number => spawnSync('true').pid;

describe('a process', () => {
  it('is alive until it ends', () => {
    expect(alive(process.pid)).toBe(true);
    expect(alive(gone())).toBe(false);
  });

  it.each([bornAt, startByPs])('has a different start from a later process with the same id (%o)', (start) => {
    expect(start(process.pid)).toBe(start(process.pid));
    expect(start(process.pid)).not.toBe(start(1));
    expect(start(gone())).toBeUndefined();
  });
});
