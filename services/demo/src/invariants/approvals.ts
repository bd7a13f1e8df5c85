import type { Answers } from './answers.ts';
import type { EventLog, Invariant } from './log.ts';

type Rule = Answers['policies'][number]['rules'][number];
type Step = Rule['steps'][number];
type Subject = Answers['approvals'][number]['subject'];

function matches({ currencies, upTo = Infinity }: Rule, { total, quantity }: Subject): boolean {
  if (currencies !== undefined && (total === undefined || !currencies.includes(total.currency))) return false;
  return (total?.amountMinor ?? quantity ?? Infinity) <= upTo;
}

/**
 * The people whose approval of a step is valid. They have the role of the step, or that of its escalation if it was
 * escalated.
 */
function approversOf(
  log: EventLog,
  approvalId: string,
  number: number,
  { role, escalation }: Step,
  answers: Answers,
): ReadonlySet<string> {
  const isOf = (event: { readonly approvalId: string; readonly step: number }): boolean =>
    event.approvalId === approvalId && event.step === number;
  const isEscalated = log.all('ApprovalEscalated').some(isOf);
  const roles = [role, ...(isEscalated && escalation !== undefined ? [escalation.role] : [])];
  const people = log
    .all('StepDecided')
    .filter((decided) => isOf(decided) && decided.decision === 'APPROVE')
    .map(({ actorId, onBehalfOf }) => onBehalfOf ?? actorId);
  return new Set(
    people.filter((person) => answers.rolesOf(person).some((held) => roles.some((needed) => needed === held))),
  );
}

export const APPROVALS: readonly Invariant[] = [
  {
    id: 'W1',
    promise: 'nobody approves what they want themselves, and nobody twice',
    broken: (log) => {
      const requesters = new Map(log.all('ApprovalRequested').map((asked) => [asked.approvalId, asked.requesterId]));
      return log.all('ApprovalGranted').flatMap(({ approvalId, deciders }) => {
        const names = deciders.flatMap(({ actorId, onBehalfOf }) => [actorId, ...(onBehalfOf ? [onBehalfOf] : [])]);
        const isOwn = names.includes(requesters.get(approvalId) ?? '');
        return isOwn || new Set(names).size < names.length ? [`approval ${approvalId} lacks a second person`] : [];
      });
    },
  },
  {
    id: 'W2',
    promise: 'each step of what is approved has as many approvals as its policy asks for, by people with the role',
    broken: (log, answers) =>
      log.all('ApprovalGranted').flatMap(({ approvalId, policyId, policyVersion }) => {
        const subject = answers.approvals.find((approval) => approval.approvalId === approvalId)?.subject;
        const policy = answers.policies.find(
          ({ policyId: id, version }) => id === policyId && BigInt(version) === policyVersion,
        );
        const rule = subject && policy?.rules.find((one) => matches(one, subject));
        if (rule === undefined) return [`approval ${approvalId} was granted, and no rule matches it`];
        return rule.steps.flatMap((step, index) => {
          const { size } = approversOf(log, approvalId, index + 1, step, answers);
          if (size >= step.quorum) return [];
          return [`step ${index + 1} of approval ${approvalId} needs ${step.quorum} × ${step.role} and has ${size}`];
        });
      }),
  },
  {
    id: 'W3',
    promise: 'an order is confirmed by an approval of exactly what was placed',
    broken: (log) =>
      log.all('OrderConfirmed').flatMap(({ orderId }) => {
        const asked = log.of('OrderReserved', orderId);
        const isGranted = log
          .all('ApprovalGranted')
          .some(
            ({ subjectId, subjectVersion, digest }) =>
              subjectId === orderId && subjectVersion === asked?.orderVersion && digest === asked.digest,
          );
        return isGranted ? [] : [`order ${orderId} was confirmed, and what was placed was not approved`];
      }),
  },
];
