import { describe, expect, it } from 'vitest';
import { LATER, NOW, aPending, aPolicy, aStep, inEveryState, subject } from '../../test/samples.ts';
import type { Rule } from './policy.ts';
import { ruleFor } from './policy.ts';
import { request } from './request.ts';

const ids = { approvalId: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e12', now: NOW };
const every = inEveryState();

describe('a request', () => {
  it('of a subject that the policy asks nobody about is granted at once', () => {
    expect(request(subject, undefined, aPolicy(), ids)).toMatchObject({
      approval: { state: 'APPROVED', version: 1n, steps: [], endedAt: NOW },
    });
  });

  it('keeps the steps of the policy, and the first one is active', () => {
    const steps = [aStep({ escalation: { afterSeconds: 60, role: 'finance' } }), aStep()];
    expect(aPending(steps)).toMatchObject({
      state: 'PENDING',
      policy: { policyId: 'order', version: 1n },
      steps,
      step: 1,
      dueAt: new Date(NOW.getTime() + 172_800_000),
      escalatesAt: new Date(NOW.getTime() + 60_000),
    });
  });
});

describe('a second request of a subject', () => {
  it.each(['PENDING', 'APPROVED', 'REJECTED', 'EXPIRED', 'CANCELLED'] as const)(
    'in the same version does nothing if the first one is %s',
    (state) => {
      expect(request(subject, every[state], aPolicy(), ids)).toEqual({ kind: 'noop', because: state });
    },
  );

  it('in an older version does nothing', () => {
    const older = { ...subject, version: subject.version - 1n };
    expect(request(older, every.PENDING, aPolicy(), ids)).toEqual({ kind: 'noop', because: 'STALE' });
  });

  it('in the same version with another digest is an error of its owner', () => {
    expect(() => request({ ...subject, digest: 'other' }, every.PENDING, aPolicy(), ids)).toThrow('two digests');
  });

  it('in a newer version ends the first one if nobody has decided it, and nothing else', () => {
    const newer = { ...subject, version: subject.version + 1n };
    const at = { ...ids, now: LATER };
    expect(request(newer, every.PENDING, aPolicy(aStep()), at)).toMatchObject({
      approval: { state: 'PENDING', subject: newer },
      superseded: { state: 'CANCELLED', subject, endedAt: LATER },
    });
    expect(request(newer, every.REJECTED, aPolicy(aStep()), at)).toMatchObject({ superseded: undefined });
  });
});

describe('the rule for a subject', () => {
  const rule = (some: Partial<Rule>, quorum: number): Rule => ({
    currencies: undefined,
    upTo: undefined,
    steps: [aStep({ quorum })],
    ...some,
  });
  const rules = [
    rule({ currencies: ['EUR', 'USD'], upTo: 100n }, 1),
    rule({ currencies: ['EUR'], upTo: 1000n }, 2),
    rule({ currencies: ['JPY'] }, 3),
    rule({}, 4),
  ];

  it.each([
    [100n, 'EUR', 1],
    [101n, 'EUR', 2],
    [1000n, 'EUR', 2],
    [1001n, 'EUR', 4],
    [101n, 'USD', 4],
    [1_000_000n, 'JPY', 3],
    [1n, 'KWD', 4],
    [1n, undefined, 4],
  ] as const)('of %d %s is the first one that matches, the one with a quorum of %d', (amount, currency, quorum) => {
    const policy = { policyId: 'order', version: 1n, rules };
    expect(ruleFor(policy, { ...subject, amount, currency }).steps[0]?.quorum).toBe(quorum);
  });
});
