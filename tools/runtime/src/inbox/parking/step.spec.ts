import { describe, expect, it } from 'vitest';
import { parkedStep } from './step.ts';

const policy = { retries: 5, baseMs: 100, capMs: 2_000 };
const failed = { kind: 'failed', error: 'no such seat' } as const;
const longest = (): number => 0.999_999;

describe('a parked key', () => {
  it('is tried again later and later, and is dead after five retries', () => {
    expect(parkedStep(3, policy, failed, longest)).toEqual({
      kind: 'reschedule',
      tries: 4,
      ms: 799,
      error: 'no such seat',
    });
    expect(parkedStep(4, policy, failed, longest)).toEqual({
      kind: 'reschedule',
      tries: 5,
      ms: 1_599,
      error: 'no such seat',
    });
    expect(parkedStep(5, policy, failed, longest)).toEqual({
      kind: 'bury',
      reason: 'failed',
      tries: 6,
      error: 'no such seat',
    });
  });

  it('goes on with its next event once the first is settled', () => {
    expect(parkedStep(4, policy, { kind: 'settled' })).toEqual({ kind: 'next' });
  });

  it('is left as it is while database or registry are away', () => {
    expect(parkedStep(5, policy, { kind: 'away' })).toEqual({ kind: 'leave' });
  });

  it('gives up bytes that are no event', () => {
    expect(parkedStep(0, policy, { kind: 'undecodable', error: 'short' })).toMatchObject({ kind: 'bury', tries: 1 });
  });
});
