import { evolve, type Approval, type Approved, type Cancelled, type Pending } from './approval.ts';
import { ruleFor, type PolicyInForce, type Subject } from './policy.ts';

type Requested =
  /** `superseded` is the request for an older version, which this one ends. */
  | { readonly kind: 'new'; readonly approval: Pending | Approved; readonly superseded: Cancelled | undefined }
  | { readonly kind: 'noop'; readonly because: Approval['state'] | 'STALE' };

/**
 * Makes the request for a subject's approval. `latest` is the request for the subject's highest version so far. A
 * repetition and an older version are no-ops. A newer version ends the request of the older one, because nobody may
 * approve that any more. Throws if the same version comes with another digest, because then its owner contradicts
 * itself.
 */
export function request(
  subject: Subject,
  latest: Approval | undefined,
  policy: PolicyInForce,
  { approvalId, now }: { readonly approvalId: string; readonly now: Date },
): Requested {
  if (latest) {
    if (subject.version < latest.subject.version) return { kind: 'noop', because: 'STALE' };
    if (subject.version === latest.subject.version) {
      if (subject.digest !== latest.subject.digest)
        throw new Error(`version ${subject.version} of ${subject.type} ${subject.id} has two digests`);
      return { kind: 'noop', because: latest.state };
    }
  }
  const { policyId, version } = policy;
  const { steps } = ruleFor(policy, subject);
  const base = {
    approvalId,
    version: 1n,
    subject,
    policy: { policyId, version },
    steps,
    decisions: [],
    requestedAt: now,
  };
  const approval: Pending | Approved =
    steps.length === 0
      ? { ...base, state: 'APPROVED', endedAt: now }
      : evolve.toStep({ ...base, state: 'PENDING' }, 1, now);
  const superseded = latest?.state === 'PENDING' ? evolve.toEnd(latest, 'CANCELLED', now) : undefined;
  return { kind: 'new', approval, superseded };
}
