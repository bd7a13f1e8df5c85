import { describe, expect, it } from 'vitest';
import { parkedStep, PATIENCE_MS } from './step.ts';

const policy = { retries: 5, baseMs: 100, capMs: 2_000 };
const failed = { kind: 'failed', error: 'no such seat' } as const;
const slow = { kind: 'slow', error: 'locked' } as const;
const longest = (): number => 0.999_999;
const after = (tries: number, waitedMs = 0) => ({ tries, waitedMs });

describe('a parked key', () => {
  it('is tried again after longer and longer waits, and its event is given up after five retries', () => {
    expect(parkedStep(after(3), policy, failed, longest)).toEqual({
      kind: 'reschedule',
      tries: 4,
      ms: 799,
      error: 'no such seat',
    });
    expect(parkedStep(after(4), policy, failed, longest)).toEqual({
      kind: 'reschedule',
      tries: 5,
      ms: 1_599,
      error: 'no such seat',
    });
    expect(parkedStep(after(5), policy, failed, longest)).toEqual({
      kind: 'deadLetter',
      reason: 'failed',
      tries: 6,
      error: 'no such seat',
    });
  });

  it('whose event is slow is tried for ten minutes at least, because the event may not be at fault', () => {
    const step = (tries: number, waitedMs: number) => parkedStep(after(tries, waitedMs), policy, slow, longest);
    expect(step(0, 0)).toEqual({ kind: 'reschedule', tries: 1, ms: 1_999, error: 'locked' });
    expect(step(40, PATIENCE_MS - 1)).toEqual({ kind: 'reschedule', tries: 41, ms: 30_999, error: 'locked' });
    expect(step(4, PATIENCE_MS)).toMatchObject({ kind: 'reschedule', tries: 5 });
    expect(step(5, PATIENCE_MS)).toEqual({ kind: 'deadLetter', reason: 'failed', tries: 6, error: 'locked' });
  });

  it('goes on with its next event once the first is committed', () => {
    expect(parkedStep(after(4), policy, { kind: 'committed' })).toEqual({ kind: 'next' });
  });

  it('is tried again without counting a try while the database or the registry is unavailable', () => {
    const away = { kind: 'unavailable', error: 'no answer' } as const;
    const again = { kind: 'reschedule', tries: 5, error: 'no answer' };
    expect(parkedStep(after(5), policy, away)).toEqual({ ...again, ms: 1_000 });
    expect(parkedStep(after(5, 60_000), policy, away)).toEqual({ ...again, ms: 15_000 });
    expect(parkedStep(after(5, 10 * PATIENCE_MS), policy, away)).toEqual({ ...again, ms: 30_000 });
  });

  it('is left as it is if the outcome of the try is unknown', () => {
    expect(parkedStep(after(5), policy, { kind: 'unclear' })).toEqual({ kind: 'leave' });
  });

  it('whose schema is not known is tried for ten minutes, then held, and its event is never given up', () => {
    const unknown = { kind: 'unknownSchema', error: 'no schema 7' } as const;
    expect(parkedStep(after(0, PATIENCE_MS - 1), { ...policy, retries: 0 }, unknown)).toMatchObject({
      kind: 'reschedule',
      tries: 0,
    });
    expect(parkedStep(after(0, PATIENCE_MS), policy, unknown)).toEqual({
      kind: 'hold',
      tries: 0,
      error: 'no schema 7',
    });
  });

  it('gives up an event that cannot be decoded', () => {
    expect(parkedStep(after(0), policy, { kind: 'undecodable', error: 'short' })).toMatchObject({
      kind: 'deadLetter',
      tries: 1,
    });
  });
});
