import {
  approvalsOf,
  evolve,
  ruleOfStep,
  type Approval,
  type Approved,
  type Cancelled,
  type Decision,
  type Expired,
  type Pending,
  type Rejected,
} from './approval.ts';
import type { Delegation } from './delegation.ts';
import { eligibility, type Eligibility, type Person } from './eligibility.ts';
import { refuse, type Refusal } from './refusal.ts';

/** A decision that somebody wants to make. */
export interface Attempt {
  readonly actor: Person;
  readonly onBehalfOf: { readonly id: string; readonly delegations: readonly Delegation[] } | undefined;
  readonly verdict: Decision['verdict'];
  readonly comment: string | undefined;
  /** The version and the digest that they saw. */
  readonly subjectVersion: bigint;
  readonly digest: string;
}

type Deciding =
  | { readonly ok: true; readonly approval: Pending | Approved | Rejected; readonly decision: Decision }
  | Extract<Eligibility, { ok: false }>
  | Refusal<409, 'approval-not-pending' | 'deadline-passed' | 'subject-version-differs' | 'subject-digest-differs'>
  | Refusal<422, 'comment-missing'>;

/** decideApproval. `now` is the time of the database, which decides about the deadline and the delegations. */
export function decide(approval: Approval, attempt: Attempt, now: Date): Deciding {
  if (approval.state !== 'PENDING') return refuse(409, 'approval-not-pending', `the request is ${approval.state}`);
  if (now >= approval.dueAt)
    return refuse(
      409,
      'deadline-passed',
      `step ${approval.step} had to be decided before ${approval.dueAt.toISOString()}`,
    );
  const { subject, step } = approval;
  if (attempt.subjectVersion !== subject.version)
    return refuse(
      409,
      'subject-version-differs',
      `version ${subject.version} is to be approved, not ${attempt.subjectVersion}: read it again`,
    );
  if (attempt.digest !== subject.digest)
    return refuse(409, 'subject-digest-differs', 'what you saw is not what is to be approved: read it again');
  const eligible = eligibility(approval, attempt.actor, attempt.onBehalfOf, now);
  if (!eligible.ok) return eligible;
  const { verdict, comment } = attempt;
  if (verdict === 'REJECT' && !comment?.trim()) return refuse(422, 'comment-missing', 'say why you reject it');
  const decision: Decision = {
    position: approval.decisions.length + 1,
    step,
    verdict,
    actorId: attempt.actor.id,
    onBehalfOf: attempt.onBehalfOf?.id,
    delegationId: eligible.delegation?.delegationId,
    role: eligible.role,
    comment,
    subjectVersion: attempt.subjectVersion,
    digest: attempt.digest,
    decidedAt: now,
  };
  return { ok: true, approval: afterwards(approval, decision, now), decision };
}

function afterwards(before: Pending, decision: Decision, now: Date): Pending | Approved | Rejected {
  const { step, steps } = before;
  const pending = { ...before, decisions: [...before.decisions, decision] };
  if (decision.verdict === 'REJECT') return evolve.toEnd(pending, 'REJECTED', now);
  const next = { ...pending, version: pending.version + 1n };
  if (approvalsOf(pending.decisions, step) < ruleOfStep(steps, step).quorum) return next;
  if (step === steps.length) return evolve.toEnd(pending, 'APPROVED', now);
  return evolve.toStep(next, step + 1, now);
}

/** OrderCancelled. Undefined is the no-op of the state table: the request has ended. */
export function cancel(approval: Approval, now: Date): Cancelled | undefined {
  switch (approval.state) {
    case 'PENDING':
      return evolve.toEnd(approval, 'CANCELLED', now);
    case 'APPROVED':
    case 'REJECTED':
    case 'EXPIRED':
    case 'CANCELLED':
      return undefined;
  }
}

/** The timer of a step's deadline. Undefined is a no-op: the request has ended, or another step is active. */
export function expire(approval: Approval, step: number, now: Date): Expired | undefined {
  switch (approval.state) {
    case 'PENDING':
      return approval.step === step && now >= approval.dueAt ? evolve.toEnd(approval, 'EXPIRED', now) : undefined;
    case 'APPROVED':
    case 'REJECTED':
    case 'EXPIRED':
    case 'CANCELLED':
      return undefined;
  }
}

/** The timer of a step's escalation. Undefined is a no-op: the request has ended, or another step is active. */
export function escalate(approval: Approval, step: number): Pending | undefined {
  switch (approval.state) {
    case 'PENDING':
      return approval.step === step && !approval.escalated
        ? { ...approval, version: approval.version + 1n, escalated: true }
        : undefined;
    case 'APPROVED':
    case 'REJECTED':
    case 'EXPIRED':
    case 'CANCELLED':
      return undefined;
  }
}
