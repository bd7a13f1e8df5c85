import type { components } from '@atlas/generated-workflow';
import type { Rule, StepRule } from '../domain/policy.ts';
import type { PolicyVersion } from '../domain/policyVersion.ts';

type Views = components['schemas'];

/** A version of a policy, as the contract shows it. Numbers are at most 2^53 - 1, so no digit is lost. */
export function policyVersion(version: PolicyVersion): Views['PolicyVersion'] {
  const { policyId, subjectType, rules, proposedBy, proposedAt, confirmation } = version;
  return {
    policyId,
    subjectType,
    version: Number(version.version),
    rules: rules.map(ruleView),
    proposedBy,
    proposedAt: proposedAt.toISOString(),
    ...(confirmation ? { confirmedBy: confirmation.by, confirmedAt: confirmation.at.toISOString() } : {}),
  };
}

function ruleView({ currencies, upTo, steps }: Rule): Views['Rule'] {
  return {
    ...(currencies ? { currencies: [...currencies] } : {}),
    ...(upTo === undefined ? {} : { upTo: Number(upTo) }),
    steps: steps.map(stepView),
  };
}

/** A step as a rule or a request has it. */
export function stepView({ quorum, role, deadlineSeconds, escalation }: StepRule): Views['StepRule'] {
  return { quorum, role, deadlineSeconds, ...(escalation ? { escalation } : {}) };
}

/** A rule as somebody proposes it. */
export function ruleOf({ currencies, upTo, steps }: Views['Rule']): Rule {
  return {
    currencies,
    upTo: upTo === undefined ? undefined : BigInt(upTo),
    steps: steps.map(({ quorum, role, deadlineSeconds, escalation }) => ({
      quorum,
      role,
      deadlineSeconds,
      escalation,
    })),
  };
}
