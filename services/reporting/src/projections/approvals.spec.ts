import { describe, expect, it } from 'vitest';
import { aMessage, DIGEST, micros, minutesLater, ORDER, OTHER } from '../../test/messages.ts';
import { approvalRows, decisionOf, type ApprovalRow } from './approvals.ts';
import type { AnyMessage } from './projection.ts';

const subject = {
  approvalId: OTHER,
  subjectType: 'ORDER' as const,
  subjectId: ORDER,
  subjectVersion: 3n,
  digest: DIGEST,
};
const requested = aMessage('ApprovalRequested', {
  ...subject,
  requesterId: 'ops-1',
  amountMinor: 5n,
  currency: null,
  policyId: 'order',
  policyVersion: 1n,
  steps: 1,
  dueAt: micros(60),
  requestedAt: micros(),
});
const stepDecided = (decision: 'UNSPECIFIED' | 'APPROVE' | 'REJECT', nextStepDueAt: bigint | null = null) =>
  aMessage('StepDecided', {
    ...subject,
    step: 1,
    decision,
    actorId: 'approver-1',
    onBehalfOf: 'approver-2',
    auditHash: DIGEST,
    decidedAt: micros(1),
    nextStepDueAt,
  });
const nextStep = stepDecided('APPROVE', micros(90));
const escalated = aMessage('ApprovalEscalated', { ...subject, step: 1, role: 'finance', escalatedAt: micros(2) });
const granted = aMessage('ApprovalGranted', {
  ...subject,
  auto: true,
  policyId: null,
  policyVersion: null,
  deciders: [],
  decidedAt: micros(3),
});
const rejected = aMessage('ApprovalRejected', {
  ...subject,
  decider: { actorId: 'approver-1', onBehalfOf: null },
  comment: 'no',
  decidedAt: micros(4),
});
const expired = aMessage('ApprovalExpired', { ...subject, expiredAt: micros(5) });
const cancelled = aMessage('ApprovalCancelled', { ...subject, cancelledAt: micros(6) });

const after = (...messages: readonly AnyMessage[]) =>
  messages.reduce<ApprovalRow | undefined>(approvalRows.fold, undefined);

describe('a request for approval', () => {
  it.each([
    ['PENDING until its end', [requested, stepDecided('APPROVE')], { state: 'PENDING', due_at: minutesLater(60) }],
    ['escalated', [requested, escalated], { state: 'PENDING', escalated: true }],
    ['due when its next step is', [requested, nextStep], { state: 'PENDING', due_at: minutesLater(90) }],
    ['not escalated when its next step begins', [requested, escalated, nextStep], { escalated: false }],
    ['escalated in its next step', [requested, nextStep, escalated], { escalated: true, due_at: minutesLater(90) }],
    ['APPROVED', [requested, granted], { state: 'APPROVED', requester_id: 'ops-1', ended_at: minutesLater(3) }],
    ['APPROVED without a request', [granted], { state: 'APPROVED', requester_id: null, requested_at: null }],
    ['REJECTED', [requested, rejected], { state: 'REJECTED', ended_at: minutesLater(4) }],
    ['EXPIRED', [requested, expired], { state: 'EXPIRED', ended_at: minutesLater(5) }],
    ['CANCELLED', [requested, cancelled], { state: 'CANCELLED', ended_at: minutesLater(6) }],
    ['what it was at its end', [requested, rejected, granted, escalated], { state: 'REJECTED', escalated: false }],
  ] as const)('is %s', (_, messages, row) => {
    expect(after(...messages)).toMatchObject(row);
  });
});

describe('a decision', () => {
  it('says who decided, for whom and when', () => {
    expect(decisionOf(stepDecided('REJECT'))).toEqual({
      approval_id: OTHER,
      event_id: 'event-StepDecided',
      actor_id: 'approver-1',
      on_behalf_of: 'approver-2',
      decision: 'REJECT',
      decided_at: minutesLater(1),
    });
  });

  it.each([stepDecided('UNSPECIFIED'), granted, rejected])('is not made from $type with $data.decision', (message) => {
    expect(decisionOf(message)).toBeUndefined();
  });
});
