import type { Approval, Decision, Pending } from '../src/domain/approval.ts';
import { cancel, decide, expire, type Attempt } from '../src/domain/decide.ts';
import type { Delegation } from '../src/domain/delegation.ts';
import type { PolicyInForce, StepRule, Subject } from '../src/domain/policy.ts';
import { request } from '../src/domain/request.ts';

export const NOW = new Date('2026-01-05T09:30:00.000Z');
/** Long after every deadline. */
export const LATER = new Date('2026-02-05T09:30:00.000Z');
export const DIGEST = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

export const subject: Subject = {
  type: 'ORDER',
  id: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e77',
  version: 3n,
  digest: DIGEST,
  requesterId: 'ops-1',
  amount: 250_000n,
  currency: 'EUR',
  details: {},
};

export const aStep = (some: Partial<StepRule> = {}): StepRule => ({
  quorum: 1,
  role: 'approver',
  deadlineSeconds: 172_800,
  escalation: undefined,
  ...some,
});

export const aPolicy = (...steps: readonly StepRule[]): PolicyInForce => ({
  policyId: 'order',
  version: 1n,
  rules: [{ currencies: undefined, upTo: undefined, steps }],
});

/** A new request that needs a decision. */
export function aPending(steps: readonly StepRule[] = [aStep()], some: Partial<Subject> = {}): Pending {
  const ids = { approvalId: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e11', now: NOW };
  const requested = request({ ...subject, ...some }, undefined, aPolicy(...steps), ids);
  if (requested.kind !== 'new' || requested.approval.state !== 'PENDING') throw new Error('the policy asks nobody');
  return requested.approval;
}

export const anAttempt = (id: string, some: Partial<Attempt> = {}): Attempt => ({
  actor: { id, roles: ['approver'] },
  onBehalfOf: undefined,
  verdict: 'APPROVE',
  comment: undefined,
  subjectVersion: subject.version,
  digest: DIGEST,
  ...some,
});

export const aDelegation = (delegatorId: string, delegateId: string, some: Partial<Delegation> = {}): Delegation => ({
  delegationId: `${delegatorId}-${delegateId}`,
  delegatorId,
  delegateId,
  roles: ['approver'],
  startsAt: NOW,
  endsAt: LATER,
  revokedAt: undefined,
  ...some,
});

/** Decides in the name of somebody who delegated. */
export const inTheNameOf = (delegatorId: string, delegateId: string, some: Partial<Delegation> = {}): Attempt =>
  anAttempt(delegateId, {
    onBehalfOf: { id: delegatorId, delegations: [aDelegation(delegatorId, delegateId, some)] },
  });

/** The request after a decision that must be accepted. */
export function afterDeciding(approval: Approval, attempt: Attempt, now = NOW): Approval {
  const deciding = decide(approval, attempt, now);
  if (!deciding.ok) throw new Error(deciding.problem.detail);
  return deciding.approval;
}

/** One request in every state. */
export function inEveryState(): { readonly [State in Approval['state']]: Approval } {
  const pending = aPending();
  const rejecting: Partial<Attempt> = { verdict: 'REJECT' satisfies Decision['verdict'], comment: 'too dear' };
  return {
    PENDING: pending,
    APPROVED: afterDeciding(pending, anAttempt('approver-1')),
    REJECTED: afterDeciding(pending, anAttempt('approver-1', rejecting)),
    EXPIRED: expire(pending, 1, LATER) ?? pending,
    CANCELLED: cancel(pending, NOW) ?? pending,
  };
}
