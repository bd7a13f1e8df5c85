import type {
  ApprovalCancelledEvent,
  ApprovalEscalatedEvent,
  ApprovalExpiredEvent,
  ApprovalGrantedEvent,
  ApprovalRejectedEvent,
  ApprovalRequestedEvent,
  OnStepDeadline,
  StepDecidedEvent,
} from '@atlas/generated-workflow';
import { microsOf } from '@atlas/runtime/time';
import {
  ruleOfStep,
  type Approval,
  type Approved,
  type Cancelled,
  type Decision,
  type Expired,
  type Pending,
  type Rejected,
} from '../domain/approval.ts';

/** What other services learn about a request, in the words of the contract. */

export function approvalRequested(approval: Pending): ApprovalRequestedEvent {
  const { subject, policy, steps, dueAt, requestedAt } = approval;
  return {
    type: 'ApprovalRequested',
    data: {
      ...subjectOf(approval),
      requesterId: subject.requesterId,
      amountMinor: subject.amount,
      currency: subject.currency ?? null,
      policyId: policy.policyId,
      policyVersion: policy.version,
      steps: steps.length,
      dueAt: microsOf(dueAt),
      requestedAt: microsOf(requestedAt),
    },
  };
}

/** If the next step begins now, the event also has its deadline. */
export function stepDecided(approval: Approval, decision: Decision, auditHash: string): StepDecidedEvent {
  return {
    type: 'StepDecided',
    data: {
      ...subjectOf(approval),
      step: decision.step,
      decision: decision.verdict,
      ...deciderOf(decision),
      auditHash,
      decidedAt: microsOf(decision.decidedAt),
      nextStepDueAt: approval.state === 'PENDING' && approval.step > decision.step ? microsOf(approval.dueAt) : null,
    },
  };
}

export function approvalEscalated(pending: Pending, escalatedAt: Date): ApprovalEscalatedEvent {
  const { role, escalation } = ruleOfStep(pending.steps, pending.step);
  return {
    type: 'ApprovalEscalated',
    data: {
      ...subjectOf(pending),
      step: pending.step,
      role: escalation?.role ?? role,
      escalatedAt: microsOf(escalatedAt),
    },
  };
}

export function approvalGranted(approval: Approved): ApprovalGrantedEvent {
  const { steps, policy, decisions, endedAt } = approval;
  return {
    type: 'ApprovalGranted',
    data: {
      ...subjectOf(approval),
      auto: steps.length === 0,
      policyId: policy.policyId,
      policyVersion: policy.version,
      deciders: decisions.map(deciderOf),
      decidedAt: microsOf(endedAt),
    },
  };
}

export function approvalRejected(approval: Rejected, decision: Decision): ApprovalRejectedEvent {
  return {
    type: 'ApprovalRejected',
    data: {
      ...subjectOf(approval),
      decider: deciderOf(decision),
      comment: decision.comment ?? '',
      decidedAt: microsOf(approval.endedAt),
    },
  };
}

export function approvalExpired(approval: Expired): ApprovalExpiredEvent {
  return { type: 'ApprovalExpired', data: { ...subjectOf(approval), expiredAt: microsOf(approval.endedAt) } };
}

export function approvalCancelled(approval: Cancelled): ApprovalCancelledEvent {
  return { type: 'ApprovalCancelled', data: { ...subjectOf(approval), cancelledAt: microsOf(approval.endedAt) } };
}

/** The timers of a request from now on: those of its active step, or none once it has ended. */
export function timersOf(approval: Approval): NonNullable<OnStepDeadline.Result['timers']> {
  const key = approval.approvalId;
  if (approval.state !== 'PENDING')
    return [
      { cancel: 'stepDeadline', key },
      { cancel: 'stepEscalation', key },
    ];
  const { step, dueAt, escalatesAt, escalated } = approval;
  const data = { approvalId: key, step };
  return [
    { set: 'stepDeadline', key, at: dueAt, data },
    escalatesAt && !escalated
      ? { set: 'stepEscalation', key, at: escalatesAt, data }
      : { cancel: 'stepEscalation', key },
  ];
}

function subjectOf({ approvalId, subject }: Approval) {
  return {
    approvalId,
    subjectType: subject.type,
    subjectId: subject.id,
    subjectVersion: subject.version,
    digest: subject.digest,
  };
}

function deciderOf({ actorId, onBehalfOf }: Decision) {
  return { actorId, onBehalfOf: onBehalfOf ?? null };
}
