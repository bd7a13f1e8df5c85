import { exponentOf, notACurrency } from '@atlas/runtime/currency';
import type { PolicyInForce, Rule, StepRule, Subject } from './policy.ts';
import { refuse, type Refusal } from './refusal.ts';

/** A version of a policy, which may not be in force. Only its confirmation is added later. */
export interface PolicyVersion extends PolicyInForce {
  readonly subjectType: Subject['type'];
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly confirmation: { readonly by: string; readonly at: Date } | undefined;
}

/** The longest approval of an order. Stock is held for seven days, and two of them are for the payment. */
const MOST_SECONDS_FOR_ORDERS = 5 * 86_400;

type Proposing = { readonly ok: true; readonly proposal: PolicyVersion } | Refusal<422, 'policy-invalid'>;

/** publishPolicy. `newest` is the newest version so far, whether it is confirmed or not. */
export function propose(rules: readonly Rule[], newest: PolicyVersion, proposedBy: string, now: Date): Proposing {
  const { policyId, subjectType, version } = newest;
  const errors = rules.flatMap((rule, index) => flawsOf(rule, index, rules, subjectType));
  if (errors.length > 0) {
    const problem = { code: 'policy-invalid', detail: 'the rules cannot be used; errors say why', errors } as const;
    return { ok: false, status: 422, problem };
  }
  const proposal = { policyId, subjectType, version: version + 1n, rules, proposedBy, proposedAt: now };
  return { ok: true, proposal: { ...proposal, confirmation: undefined } };
}

type Confirming =
  | { readonly ok: true; readonly confirmed: PolicyVersion }
  | Refusal<403, 'proposer-may-not-confirm'>
  | Refusal<409, 'policy-version-confirmed' | 'policy-version-outdated'>;

/** confirmPolicy: four eyes. `inForce` is the number of the version that is in force. */
export function confirm(proposal: PolicyVersion, inForce: bigint, adminId: string, now: Date): Confirming {
  if (proposal.confirmation)
    return refuse(409, 'policy-version-confirmed', `${proposal.confirmation.by} has confirmed it`);
  if (proposal.version < inForce)
    return refuse(409, 'policy-version-outdated', `version ${inForce} is in force: propose it again`);
  if (proposal.proposedBy === adminId)
    return refuse(403, 'proposer-may-not-confirm', 'you proposed it, so another admin has to confirm it');
  return { ok: true, confirmed: { ...proposal, confirmation: { by: adminId, at: now } } };
}

interface Flaw {
  readonly pointer: string;
  readonly detail: string;
}

function flawsOf(rule: Rule, index: number, rules: readonly Rule[], subjectType: Subject['type']): readonly Flaw[] {
  const pointer = `/rules/${index}`;
  const flaws: Flaw[] = [];
  const matchesAll = rule.currencies === undefined && rule.upTo === undefined;
  const isLast = index === rules.length - 1;
  if (isLast && !matchesAll)
    flaws.push({ pointer, detail: 'the last rule has to match everything: leave out currencies and upTo' });
  if (!isLast && matchesAll)
    flaws.push({ pointer, detail: 'it matches everything, so the rules after it would never match' });
  if (subjectType === 'ADJUSTMENT' && rule.currencies)
    flaws.push({ pointer: `${pointer}/currencies`, detail: 'an adjustment is a quantity and has no currency' });
  if (subjectType !== 'ADJUSTMENT' && rule.upTo !== undefined && !rule.currencies)
    flaws.push({ pointer: `${pointer}/upTo`, detail: 'an amount means nothing without currencies' });
  for (const [at, code] of (rule.currencies ?? []).entries())
    if (exponentOf(code) === undefined)
      flaws.push({ pointer: `${pointer}/currencies/${at}`, detail: notACurrency(code) });
  const seconds = rule.steps.reduce((sum, { deadlineSeconds }) => sum + deadlineSeconds, 0);
  if (subjectType === 'ORDER' && seconds > MOST_SECONDS_FOR_ORDERS)
    flaws.push({
      pointer: `${pointer}/steps`,
      detail: `the steps may take ${seconds} s, but the stock of an order is held for ${MOST_SECONDS_FOR_ORDERS} s and the time of its payment`,
    });
  return [...flaws, ...rule.steps.flatMap((step, at) => flawsOfStep(step, `${pointer}/steps/${at}`))];
}

function flawsOfStep({ role, deadlineSeconds, escalation }: StepRule, pointer: string): readonly Flaw[] {
  const flaws: Flaw[] = [];
  if (escalation && escalation.afterSeconds >= deadlineSeconds)
    flaws.push({ pointer: `${pointer}/escalation/afterSeconds`, detail: 'it would escalate after its deadline' });
  if (escalation && escalation.role === role)
    flaws.push({ pointer: `${pointer}/escalation/role`, detail: `${role} may decide the step from the beginning` });
  return flaws;
}
