import type { DeciderRole, StepRule, Subject } from './policy.ts';

/** A decision as it is stored. It never changes. */
export interface Decision {
  /** Its number in the request, from 1. */
  readonly position: number;
  readonly step: number;
  readonly verdict: 'APPROVE' | 'REJECT';
  readonly actorId: string;
  /** The person in whose name it was made; undefined if in their own. */
  readonly onBehalfOf: string | undefined;
  readonly delegationId: string | undefined;
  /** The role that entitled them when they decided. */
  readonly role: DeciderRole;
  readonly comment: string | undefined;
  /** The version and the digest that they saw. */
  readonly subjectVersion: bigint;
  readonly digest: string;
  readonly decidedAt: Date;
}

interface At<State extends string> {
  readonly state: State;
  readonly approvalId: string;
  /** 1 for a new request, and one more for each committed change. */
  readonly version: bigint;
  readonly subject: Subject;
  /** The version of the policy that was in force when the request was made. */
  readonly policy: { readonly policyId: string; readonly version: bigint };
  /** A copy of the rule's steps, so that later policies do not change them. Empty if the policy asks nobody. */
  readonly steps: readonly StepRule[];
  readonly decisions: readonly Decision[];
  readonly requestedAt: Date;
}

export interface Pending extends At<'PENDING'> {
  /** The active step, from 1. */
  readonly step: number;
  readonly dueAt: Date;
  /** Undefined if the step never escalates. */
  readonly escalatesAt: Date | undefined;
  readonly escalated: boolean;
  /** The only people who may decide the active step with its own role. Undefined means everybody with the role. */
  readonly assignees: readonly string[] | undefined;
}

interface AtTheEnd<State extends string> extends At<State> {
  readonly endedAt: Date;
}
export interface Approved extends AtTheEnd<'APPROVED'> {}
export interface Rejected extends AtTheEnd<'REJECTED'> {}
export interface Expired extends AtTheEnd<'EXPIRED'> {}
export interface Cancelled extends AtTheEnd<'CANCELLED'> {}
export type Ended = Approved | Rejected | Expired | Cancelled;
export type Approval = Pending | Ended;

/** How a request evolves. A step that the state table does not have is a type error. */
export const evolve = {
  toStep: (
    from: Omit<Pending, 'step' | 'dueAt' | 'escalatesAt' | 'escalated' | 'assignees'>,
    step: number,
    now: Date,
  ): Pending => {
    const { deadlineSeconds, escalation } = ruleOfStep(from.steps, step);
    return {
      ...from,
      step,
      dueAt: secondsAfter(now, deadlineSeconds),
      escalatesAt: escalation && secondsAfter(now, escalation.afterSeconds),
      escalated: false,
      assignees: undefined,
    };
  },
  toEnd: <State extends Ended['state']>(pending: Pending, state: State, endedAt: Date): AtTheEnd<State> => {
    const { approvalId, version, subject, policy, steps, decisions, requestedAt } = pending;
    return { state, approvalId, version: version + 1n, subject, policy, steps, decisions, requestedAt, endedAt };
  },
};

/** The rule of a step, which counts from 1. */
export function ruleOfStep(steps: readonly StepRule[], step: number): StepRule {
  const rule = steps[step - 1];
  if (!rule) throw new Error(`there is no step ${step} among ${steps.length}`);
  return rule;
}

/** How many people have approved a step. */
export function approvalsOf(decisions: readonly Decision[], step: number): number {
  return decisions.filter((decision) => decision.step === step && decision.verdict === 'APPROVE').length;
}

function secondsAfter(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1000);
}
