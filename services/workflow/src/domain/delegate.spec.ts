import { describe, expect, it } from 'vitest';
import { NOW, aDelegation } from '../../test/samples.ts';
import { delegate, revoke, type Around, type NewDelegation } from './delegate.ts';

const days = (count: number): Date => new Date(NOW.getTime() + count * 86_400_000);

const created = (some: Partial<NewDelegation> = {}, around: Partial<Around> = {}) =>
  delegate(
    {
      delegationId: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e33',
      delegator: { id: 'a', roles: ['approver'] },
      delegateId: 'b',
      startsAt: undefined,
      endsAt: days(10),
      ...some,
    },
    { others: [], delegateIsRequester: false, now: NOW, ...around },
  );

const codeOf = (result: ReturnType<typeof delegate>) => (result.ok ? 'ok' : result.problem.code);

describe('a delegation', () => {
  it('begins now unless it says when, and lends the roles that decide', () => {
    const delegator = { id: 'a', roles: ['ops', 'finance', 'approver'] };
    expect(created({ delegator })).toMatchObject({
      delegation: {
        delegatorId: 'a',
        delegateId: 'b',
        roles: ['finance', 'approver'],
        startsAt: NOW,
        endsAt: days(10),
      },
    });
    expect(created({ startsAt: days(3) })).toMatchObject({ delegation: { startsAt: days(3) } });
  });

  it.each([
    ['that ends when it begins', { endsAt: NOW }],
    ['that has ended', { endsAt: days(-1) }],
    ['that begins in the past', { startsAt: days(-1) }],
    ['of more than 31 days', { endsAt: new Date(days(31).getTime() + 1) }],
    ['that begins in two years', { startsAt: days(700), endsAt: days(701) }],
    ['whose time is not a time', { endsAt: new Date(Number.NaN) }],
  ])('%s is refused', (_what, some) => {
    expect(codeOf(created(some))).toBe('delegation-period-invalid');
  });

  it('of 31 days is not refused', () => {
    expect(codeOf(created({ endsAt: days(31) }))).toBe('ok');
  });

  it('to the person themself is refused', () => {
    expect(codeOf(created({ delegateId: 'a' }))).toBe('delegation-to-self');
  });

  it('is refused to somebody who has twenty of them', () => {
    const others = Array.from({ length: 20 }, (_, index) => aDelegation('a', `delegate-${index}`));
    expect(codeOf(created({}, { others }))).toBe('delegations-too-many');
    expect(codeOf(created({}, { others: others.slice(1) }))).toBe('ok');
  });

  it('to somebody whose request waits is refused', () => {
    expect(codeOf(created({}, { delegateIsRequester: true }))).toBe('delegate-is-requester');
  });
});

describe('a second delegation', () => {
  const during = { startsAt: days(1), endsAt: days(5) };

  it.each([
    ['back to the delegator is a loop', 'b', 'a', 'delegation-loop'],
    ['of what was received is a chain', 'c', 'a', 'delegation-chain'],
    ['to somebody who delegates is a chain', 'b', 'c', 'delegation-chain'],
    ['to the same person is refused', 'a', 'b', 'delegation-exists'],
    ['to another person is allowed', 'a', 'c', 'ok'],
    ['of another person to the same delegate is allowed', 'c', 'b', 'ok'],
  ])('%s', (_what, from, to, code) => {
    expect(codeOf(created({}, { others: [aDelegation(from, to, during)] }))).toBe(code);
  });

  it.each([
    ['before it begins', { endsAt: days(1) }],
    ['after it has ended', { startsAt: days(5), endsAt: days(6) }],
  ])('may be a loop %s', (_when, some) => {
    expect(codeOf(created(some, { others: [aDelegation('b', 'a', during)] }))).toBe('ok');
  });

  it('may be a loop if the first one was revoked', () => {
    expect(codeOf(created({}, { others: [aDelegation('b', 'a', { ...during, revokedAt: NOW })] }))).toBe('ok');
  });
});

describe('revoking a delegation', () => {
  const delegation = aDelegation('a', 'b');

  it.each([
    ['the person who delegated', 'a', ['approver']],
    ['an admin', 'root', ['admin']],
  ])('is possible for %s', (_who, id, roles) => {
    expect(revoke(delegation, { id, roles }, NOW)).toMatchObject({ ok: true, revoked: { revokedAt: NOW } });
  });

  it.each([
    ['the delegate', 'b'],
    ['somebody else', 'c'],
  ])('is refused for %s', (_who, id) => {
    expect(revoke(delegation, { id, roles: ['approver'] }, NOW)).toMatchObject({
      status: 403,
      problem: { code: 'not-your-delegation' },
    });
  });

  it('changes nothing if it is no longer valid', () => {
    const actor = { id: 'a', roles: ['approver'] };
    expect(revoke({ ...delegation, revokedAt: NOW }, actor, days(1))).toEqual({ ok: true, revoked: undefined });
    expect(revoke(delegation, actor, delegation.endsAt)).toEqual({ ok: true, revoked: undefined });
  });
});
