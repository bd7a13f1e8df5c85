import { describe, expect, it } from 'vitest';
import {
  DIGEST,
  LATER,
  NOW,
  aDelegation,
  aPending,
  aStep,
  afterDeciding,
  anAttempt,
  inEveryState,
  inTheNameOf,
  subject,
} from '../../test/samples.ts';
import type { Approval } from './approval.ts';
import { cancel, decide, escalate, expire, type Attempt } from './decide.ts';

const every = inEveryState();

/** The state after a decision, or the code of the problem. */
function outcome(approval: Approval, attempt: Attempt, now = NOW): string {
  const deciding = decide(approval, attempt, now);
  return deciding.ok ? deciding.approval.state : deciding.problem.code;
}

describe('the state table of an approval', () => {
  const ended = { approve: 'approval-not-pending', cancelled: undefined, deadline: undefined, waited: undefined };
  it.each([
    { state: 'PENDING', approve: 'APPROVED', cancelled: 'CANCELLED', deadline: 'EXPIRED', waited: 'PENDING' },
    { state: 'APPROVED', ...ended },
    { state: 'REJECTED', ...ended },
    { state: 'EXPIRED', ...ended },
    { state: 'CANCELLED', ...ended },
  ] as const)(
    '$state: approving gives $approve, OrderCancelled $cancelled, the deadline $deadline, the escalation $waited',
    (row) => {
      const approval = every[row.state];
      expect(approval.state).toBe(row.state);
      expect(outcome(approval, anAttempt('approver-2'))).toBe(row.approve);
      expect(cancel(approval, NOW)?.state).toBe(row.cancelled);
      expect(expire(approval, 1, LATER)?.state).toBe(row.deadline);
      expect(escalate(approval, 1)?.state).toBe(row.waited);
    },
  );
});

describe('a decision', () => {
  const pending = aPending();

  it('keeps the version and the digest that the person saw, and raises the version of the request', () => {
    const deciding = decide(pending, anAttempt('approver-1', { comment: 'good' }), NOW);
    expect(deciding).toMatchObject({
      ok: true,
      approval: { state: 'APPROVED', version: 2n, endedAt: NOW },
      decision: { position: 1, step: 1, role: 'approver', subjectVersion: 3n, digest: DIGEST, comment: 'good' },
    });
  });

  it.each([
    ['about an older version', { subjectVersion: subject.version - 1n }, 'subject-version-differs'],
    ['about a newer version', { subjectVersion: subject.version + 1n }, 'subject-version-differs'],
    ['about another digest', { digest: '0'.repeat(64) }, 'subject-digest-differs'],
    ['without the role of the step', { actor: { id: 'finance-1', roles: ['finance'] } }, 'not-eligible'],
    ['that rejects without a comment', { verdict: 'REJECT', comment: ' \n' }, 'comment-missing'],
  ] as const)('%s is refused', (_what, some, code) => {
    expect(outcome(pending, anAttempt('approver-1', some))).toBe(code);
  });

  it('is accepted before the deadline, but not at it', () => {
    expect(outcome(pending, anAttempt('approver-1'), new Date(pending.dueAt.getTime() - 1))).toBe('APPROVED');
    expect(outcome(pending, anAttempt('approver-1'), pending.dueAt)).toBe('deadline-passed');
  });
});

describe('the requester', () => {
  const requesterId = subject.requesterId;

  it.each([
    ['in person', anAttempt(requesterId)],
    ['as a delegate', inTheNameOf('approver-1', requesterId)],
    ['through a delegate', inTheNameOf(requesterId, 'approver-1')],
  ] as const)('may not decide %s', (_how, attempt) => {
    expect(outcome(aPending(), attempt)).toBe('requester-may-not-decide');
  });
});

describe('a delegate', () => {
  it('decides in the name of somebody, and both are recorded', () => {
    expect(decide(aPending(), inTheNameOf('approver-1', 'stand-in'), NOW)).toMatchObject({
      decision: { actorId: 'stand-in', onBehalfOf: 'approver-1', delegationId: 'approver-1-stand-in' },
    });
  });

  it.each([
    ['has not begun', { startsAt: LATER, endsAt: new Date(LATER.getTime() + 1) }],
    ['has ended', { startsAt: new Date(0), endsAt: NOW }],
    ['was revoked', { revokedAt: NOW }],
  ])('is refused if the delegation %s', (_what, some) => {
    expect(outcome(aPending(), inTheNameOf('approver-1', 'stand-in', some))).toBe('delegation-not-active');
  });

  it('is refused if somebody else delegated, or to somebody else', () => {
    for (const [from, to] of [
      ['approver-2', 'stand-in'],
      ['approver-1', 'approver-2'],
    ] as const) {
      const onBehalfOf = { id: 'approver-1', delegations: [aDelegation(from, to)] };
      expect(outcome(aPending(), anAttempt('stand-in', { onBehalfOf }))).toBe('delegation-not-active');
    }
  });

  it('may do only what the delegator may do', () => {
    const attempt = inTheNameOf('finance-1', 'approver-1', { roles: ['finance'] });
    expect(outcome(aPending(), attempt)).toBe('not-eligible');
    expect(outcome(aPending([aStep({ role: 'finance' })]), attempt)).toBe('APPROVED');
  });
});

describe('a quorum of two', () => {
  const pending = aPending([aStep({ quorum: 2 })]);
  const once = afterDeciding(pending, anAttempt('approver-1'));

  it('is met by two people', () => {
    expect(once.state).toBe('PENDING');
    expect(outcome(once, anAttempt('approver-2'))).toBe('APPROVED');
    expect(outcome(once, inTheNameOf('approver-2', 'approver-3'))).toBe('APPROVED');
  });

  it('counts one person once, however many delegations they hold', () => {
    expect(outcome(once, anAttempt('approver-1'))).toBe('already-decided');
    for (const delegator of ['approver-2', 'approver-3'])
      expect(outcome(once, inTheNameOf(delegator, 'approver-1'))).toBe('already-decided');
  });

  it('counts one person once, even if others decide in their name', () => {
    expect(outcome(once, inTheNameOf('approver-1', 'approver-2'))).toBe('already-decided');
    const stoodIn = afterDeciding(pending, inTheNameOf('approver-1', 'approver-2'));
    expect(outcome(stoodIn, anAttempt('approver-1'))).toBe('already-decided');
  });

  it('is not needed for a rejection', () => {
    expect(outcome(once, anAttempt('approver-2', { verdict: 'REJECT', comment: 'no' }))).toBe('REJECTED');
  });
});

describe('a request of two steps', () => {
  const first = aStep({ escalation: { afterSeconds: 60, role: 'finance' } });
  const second = aStep({ role: 'finance', deadlineSeconds: 60 });
  const pending = aPending([first, second]);
  const later = new Date(NOW.getTime() + 1000);
  const next = afterDeciding(pending, anAttempt('approver-1'), later);

  it('continues with the second one, whose time counts from then', () => {
    expect(next).toMatchObject({ state: 'PENDING', step: 2, dueAt: new Date(later.getTime() + 60_000) });
  });

  it('needs another person for the second one', () => {
    const roles = ['approver', 'finance'];
    expect(outcome(next, anAttempt('approver-1', { actor: { id: 'approver-1', roles } }))).toBe('already-decided');
    expect(outcome(next, anAttempt('finance-1', { actor: { id: 'finance-1', roles } }))).toBe('APPROVED');
  });

  it('does not end or escalate by a timer of the first one', () => {
    expect(expire(next, 1, LATER)).toBeUndefined();
    expect(escalate(next, 1)).toBeUndefined();
  });
});

describe('an escalation', () => {
  const pending = aPending([aStep({ escalation: { afterSeconds: 60, role: 'finance' } })]);
  const finance = anAttempt('finance-1', { actor: { id: 'finance-1', roles: ['finance'] } });

  it('lets the other role decide, too, and happens once', () => {
    expect(outcome(pending, finance)).toBe('not-eligible');
    const escalated = escalate(pending, 1) ?? pending;
    expect(escalated).toMatchObject({ version: 2n, escalated: true, dueAt: pending.dueAt });
    expect(outcome(escalated, finance)).toBe('APPROVED');
    expect(outcome(escalated, anAttempt('approver-1'))).toBe('APPROVED');
    expect(escalate(escalated, 1)).toBeUndefined();
  });
});

describe('the deadline', () => {
  it('does not end a request before its time', () => {
    const pending = aPending();
    expect(expire(pending, 1, new Date(pending.dueAt.getTime() - 1))).toBeUndefined();
    expect(expire(pending, 1, pending.dueAt)?.state).toBe('EXPIRED');
  });
});
