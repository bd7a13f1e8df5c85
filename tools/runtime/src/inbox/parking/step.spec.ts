import { describe, expect, it } from 'vitest';
import { parkedStep } from './step.ts';

const policy = { retries: 5, baseMs: 100, capMs: 2_000 };
const failed = { kind: 'failed', error: 'no such seat' } as const;
const longest = (): number => 0.999_999;

describe('a parked key', () => {
  it('is tried again after longer and longer waits, and its event is given up after five retries', () => {
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
      kind: 'deadLetter',
      reason: 'failed',
      tries: 6,
      error: 'no such seat',
    });
  });

  it('goes on with its next event once the first is committed', () => {
    expect(parkedStep(4, policy, { kind: 'committed' })).toEqual({ kind: 'next' });
  });

  it('is left as it is while database or registry are unavailable', () => {
    expect(parkedStep(5, policy, { kind: 'unavailable' })).toEqual({ kind: 'leave' });
  });

  it('gives up an event that can not be decoded', () => {
    expect(parkedStep(0, policy, { kind: 'undecodable', error: 'short' })).toMatchObject({
      kind: 'deadLetter',
      tries: 1,
    });
  });
});
