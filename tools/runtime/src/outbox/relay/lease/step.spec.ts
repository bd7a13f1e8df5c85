import { describe, expect, it } from 'vitest';
import { LEASE, epochAt, leaseStep, NO_LEASE, type LeaseInput, type LeaseState } from './step.ts';

function after(...inputs: LeaseInput[]) {
  let state: LeaseState = NO_LEASE;
  let effects: ReturnType<typeof leaseStep>[1] = [];
  for (const input of inputs) [state, effects] = leaseStep(state, input);
  return { state, effects };
}

const granted = { kind: 'granted', epoch: 7n, askedAt: 1_000 } as const;

describe('the lease', () => {
  it('is valid from its grant until it expires, counted from when it was asked for', () => {
    const { state } = after(granted);
    expect(epochAt(state, 1_000 + LEASE.ttlMs - 1)).toBe(7n);
    expect(epochAt(state, 1_000 + LEASE.ttlMs)).toBeUndefined();
  });

  it('is renewed long before it expires, and survives a short outage of the database', () => {
    expect(after(granted).effects).toEqual([{ kind: 'sleep', ms: LEASE.renewMs }]);
    const { state, effects } = after(granted, { kind: 'slept', now: 2_000 }, { kind: 'failed' });
    expect(effects).toEqual([{ kind: 'sleep', ms: LEASE.retryMs }]);
    expect(epochAt(state, 2_500)).toBe(7n);
  });

  it('is lost at once if another instance holds it', () => {
    expect(epochAt(after(granted, { kind: 'denied' }).state, 1_001)).toBeUndefined();
    expect(epochAt(after(granted, { kind: 'lost' }).state, 1_001)).toBeUndefined();
  });

  it('passes to a standby within five seconds of the last renewal', () => {
    expect(LEASE.ttlMs + LEASE.askMs).toBeLessThan(5_000);
  });

  it('is given back at the stop, even if the grant comes after it', () => {
    expect(after(granted, { kind: 'stop' }).effects).toEqual([{ kind: 'release', epoch: 7n }]);
    expect(after({ kind: 'stop' }, granted).effects).toEqual([{ kind: 'release', epoch: 7n }]);
    expect(after({ kind: 'stop' }, { kind: 'slept', now: 0 }).effects).toEqual([]);
  });
});
