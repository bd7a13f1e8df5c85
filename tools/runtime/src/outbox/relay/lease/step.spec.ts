import { describe, expect, it } from 'vitest';
import { LEASE, leads, leaseStep, NO_LEASE, type LeaseInput, type LeaseState } from './step.ts';

function after(...inputs: LeaseInput[]) {
  let state: LeaseState = NO_LEASE;
  let effects: ReturnType<typeof leaseStep>[1] = [];
  for (const input of inputs) [state, effects] = leaseStep(state, input);
  return { state, effects };
}

const granted = { kind: 'granted', epoch: 7n, askedAt: 1_000 } as const;

describe('the lease', () => {
  it('leads from its grant until it runs out, counted from the question', () => {
    const { state } = after(granted);
    expect(leads(state, 1_000 + LEASE.ttlMs - 1)).toBe(7n);
    expect(leads(state, 1_000 + LEASE.ttlMs)).toBeUndefined();
  });

  it('is renewed long before it runs out, and survives a database that is away for a moment', () => {
    expect(after(granted).effects).toEqual([{ kind: 'rest', ms: LEASE.renewMs }]);
    const { state, effects } = after(granted, { kind: 'rested', now: 2_000 }, { kind: 'failed' });
    expect(effects).toEqual([{ kind: 'rest', ms: LEASE.retryMs }]);
    expect(leads(state, 2_500)).toBe(7n);
  });

  it('is lost at once where another instance has it', () => {
    expect(leads(after(granted, { kind: 'denied' }).state, 1_001)).toBeUndefined();
    expect(leads(after(granted, { kind: 'lost' }).state, 1_001)).toBeUndefined();
  });

  it('a standby takes over within five seconds of the last renewal', () => {
    expect(LEASE.ttlMs + LEASE.askMs).toBeLessThan(5_000);
  });

  it('is given back at the stop, also where the grant comes after it', () => {
    expect(after(granted, { kind: 'stop' }).effects).toEqual([{ kind: 'release', epoch: 7n }]);
    expect(after({ kind: 'stop' }, granted).effects).toEqual([{ kind: 'release', epoch: 7n }]);
    expect(after({ kind: 'stop' }, { kind: 'rested', now: 0 }).effects).toEqual([]);
  });
});
