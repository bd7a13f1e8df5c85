import type { Rule, StepRule } from '../domain/policy.ts';

/** A rule as the column `rules` keeps it. Amounts are at most 2^53 - 1, so no digit is lost. */
export interface RuleJson {
  readonly currencies?: readonly string[] | undefined;
  readonly upTo?: number | undefined;
  readonly steps: readonly StepJson[];
}

/** A step as the columns `rules` and `steps` keep it. */
export interface StepJson extends Omit<StepRule, 'escalation'> {
  readonly escalation?: StepRule['escalation'];
}

export function toRule({ currencies, upTo, steps }: RuleJson): Rule {
  return { currencies, upTo: upTo === undefined ? undefined : BigInt(upTo), steps: steps.map(toStep) };
}

export function toStep({ quorum, role, deadlineSeconds, escalation }: StepJson): StepRule {
  return { quorum, role, deadlineSeconds, escalation };
}

export function fromRule({ currencies, upTo, steps }: Rule): RuleJson {
  return { currencies, upTo: upTo === undefined ? undefined : Number(upTo), steps };
}
