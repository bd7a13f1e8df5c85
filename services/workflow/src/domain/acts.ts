import type { Approval, Decision, Pending } from './approval.ts';
import { factsOf } from './audit.ts';
import type { Delegation } from './delegation.ts';
import type { Rule } from './policy.ts';
import type { PolicyVersion } from './policyVersion.ts';

/** The acts of people, as facts of the audit chain. */

export function decided(approval: Pick<Approval, 'approvalId' | 'subject' | 'policy'>, decision: Decision): string {
  const { position, step, verdict, actorId, onBehalfOf, delegationId, role, comment } = decision;
  return factsOf('decided', {
    ...subjectOf(approval),
    policyId: approval.policy.policyId,
    policyVersion: approval.policy.version,
    position,
    step,
    verdict,
    actorId,
    onBehalfOf,
    delegationId,
    role,
    comment,
    subjectVersion: decision.subjectVersion,
    digest: decision.digest,
    at: decision.decidedAt,
  });
}

export function reassigned(before: Pending, after: Pending, actorId: string, comment: string, at: Date): string {
  const { step, assignees } = after;
  const facts = { step, actorId, before: before.assignees, assignees, comment, at };
  return factsOf('reassigned', { ...subjectOf(after), ...facts });
}

export function proposed({ policyId, version, rules, proposedBy, proposedAt }: PolicyVersion): string {
  return factsOf('policyProposed', {
    policyId,
    version,
    rules: textOf(rules),
    actorId: proposedBy,
    at: proposedAt,
  });
}

export function confirmed({ policyId, version, rules, confirmation }: PolicyVersion): string {
  return factsOf('policyConfirmed', {
    policyId,
    version,
    rules: textOf(rules),
    actorId: confirmation?.by,
    at: confirmation?.at,
  });
}

export function delegated(delegation: Delegation, reason: string | undefined, at: Date): string {
  const { delegationId, delegatorId, delegateId, roles, startsAt, endsAt } = delegation;
  return factsOf('delegated', { delegationId, actorId: delegatorId, delegateId, roles, startsAt, endsAt, reason, at });
}

export function revoked({ delegationId, delegatorId, delegateId, revokedAt }: Delegation, actorId: string): string {
  return factsOf('delegationRevoked', { delegationId, actorId, delegatorId, delegateId, at: revokedAt });
}

function subjectOf({ approvalId, subject }: Pick<Approval, 'approvalId' | 'subject'>) {
  return { approvalId, subjectType: subject.type, subjectId: subject.id };
}

function textOf(rules: readonly Rule[]): string {
  return JSON.stringify(
    rules.map(({ currencies, upTo, steps }) => ({
      currencies,
      upTo: upTo?.toString(),
      steps: steps.map(({ quorum, role, deadlineSeconds, escalation }) => ({
        quorum,
        role,
        deadlineSeconds,
        escalation: escalation && { afterSeconds: escalation.afterSeconds, role: escalation.role },
      })),
    })),
  );
}
