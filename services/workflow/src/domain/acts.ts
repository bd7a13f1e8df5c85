import type { Approval, Decision } from './approval.ts';
import { factsOf } from './audit.ts';

/** What people did, as entries of the audit chain. */

export function decided(
  { approvalId, subject, policy }: Pick<Approval, 'approvalId' | 'subject' | 'policy'>,
  decision: Decision,
): string {
  const { position, step, verdict, actorId, onBehalfOf, delegationId, role, comment } = decision;
  return factsOf('decided', {
    approvalId,
    subjectType: subject.type,
    subjectId: subject.id,
    policyId: policy.policyId,
    policyVersion: policy.version,
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
