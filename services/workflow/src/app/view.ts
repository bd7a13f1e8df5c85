import { hasRoleOf, type components } from '@atlas/generated-workflow';
import { approvalsOf, type Approval, type Decision } from '../domain/approval.ts';
import type { Person } from '../domain/eligibility.ts';
import type { Subject } from '../domain/policy.ts';
import { stepView } from './policyView.ts';

type Views = components['schemas'];
type Reader = Pick<Person, 'roles'>;

/** A request, as a list shows it to somebody. */
export function summary(approval: Approval, reader: Reader): Views['ApprovalSummary'] {
  const { approvalId, state, steps, subject, policy, requestedAt } = approval;
  return {
    approvalId,
    state,
    automatic: steps.length === 0,
    subject: subjectFor(withoutLines(subject), reader),
    policy: { policyId: policy.policyId, version: Number(policy.version) },
    requestedAt: requestedAt.toISOString(),
    ...(approval.state === 'PENDING'
      ? { step: approval.step, dueAt: approval.dueAt.toISOString() }
      : { endedAt: approval.endedAt.toISOString() }),
  };
}

/** A request with its steps and decisions, as somebody may see it. */
export function view(approval: Approval, reader: Reader): Views['Approval'] {
  const { steps, decisions } = approval;
  const pending = approval.state === 'PENDING' ? approval : undefined;
  return {
    ...summary(approval, reader),
    subject: subjectFor(approval.subject, reader),
    steps: steps.map((step, index) => ({
      step: index + 1,
      state: stateOfStep(approval, index + 1),
      approvals: approvalsOf(decisions, index + 1),
      ...stepView(step),
    })),
    escalated: pending?.escalated ?? false,
    ...(pending?.assignees ? { assignees: [...pending.assignees] } : {}),
    decisions: decisions.map(decisionOf),
  };
}

function stateOfStep(approval: Approval, step: number): Views['ApprovalStep']['state'] {
  const { decisions, steps } = approval;
  if (decisions.some((decision) => decision.step === step && decision.verdict === 'REJECT')) return 'REJECTED';
  if (approvalsOf(decisions, step) >= (steps[step - 1]?.quorum ?? 0)) return 'APPROVED';
  if (approval.state !== 'PENDING') return 'ENDED';
  return approval.step === step ? 'ACTIVE' : 'WAITING';
}

/** Without the lines, because they would make a page of a list too large. */
function withoutLines({ details: { order: _order, journal: _journal, ...details }, ...subject }: Subject): Subject {
  return { ...subject, details };
}

/** The subject as this reader may see it: only people who trade see amounts of money. Everybody sees quantities. */
function subjectFor(subject: Subject, { roles }: Reader): Views['Subject'] {
  const whole = subjectOf(subject);
  if (hasRoleOf('traders', roles)) return whole;
  const { total: _total, order, journal, ...seen } = whole;
  return {
    ...seen,
    ...(order ? { order: { lines: order.lines.map(({ lineId, sku, qty }) => ({ lineId, sku, qty })) } } : {}),
    ...(journal
      ? { journal: { ...journal, lines: journal.lines.map(({ account, side }) => ({ account, side })) } }
      : {}),
  };
}

function subjectOf({ type, id, version, digest, requesterId, amount, currency, details }: Subject): Views['Subject'] {
  return {
    type,
    id,
    version: Number(version),
    digest,
    requesterId,
    ...(currency === undefined ? { quantity: Number(amount) } : { total: { amountMinor: Number(amount), currency } }),
    ...details,
  };
}

function decisionOf(decision: Decision): Views['Decision'] {
  const { step, verdict, actorId, onBehalfOf, role, comment, subjectVersion, digest, decidedAt } = decision;
  return {
    step,
    decision: verdict,
    actorId,
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
    role,
    ...(comment === undefined ? {} : { comment }),
    subjectVersion: Number(subjectVersion),
    digest,
    decidedAt: decidedAt.toISOString(),
  };
}
