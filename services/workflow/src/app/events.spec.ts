import { dateOfMicros } from '@atlas/runtime/time';
import { describe, expect, it } from 'vitest';
import { NOW, aPending, aStep, anAttempt } from '../../test/samples.ts';
import type { Pending } from '../domain/approval.ts';
import { decide, type Attempt } from '../domain/decide.ts';
import { stepDecided } from './events.ts';

const DAY = 86_400;

/** The deadline in the event of a decision. */
function nextStepDueAt(pending: Pending, attempt: Attempt): Date | null {
  const deciding = decide(pending, attempt, NOW);
  if (!deciding.ok) throw new Error(deciding.problem.detail);
  const { data } = stepDecided(deciding.approval, deciding.decision, 'a'.repeat(64));
  return data.nextStepDueAt === null ? null : dateOfMicros(data.nextStepDueAt);
}

describe('StepDecided', () => {
  it('says the deadline of the next step if that one begins', () => {
    const steps = [aStep({ deadlineSeconds: DAY }), aStep({ deadlineSeconds: 3 * DAY })];
    expect(nextStepDueAt(aPending(steps), anAttempt('approver-1'))).toEqual(new Date(NOW.getTime() + 3 * DAY * 1_000));
  });

  it.each([
    ['if its own step needs more people', [aStep({ quorum: 2 }), aStep()], {}],
    ['if it was the last step', [aStep()], {}],
    ['if the request is rejected', [aStep(), aStep()], { verdict: 'REJECT', comment: 'too dear' }],
  ] as const)('says no deadline %s', (_what, steps, change) => {
    expect(nextStepDueAt(aPending(steps), anAttempt('approver-1', change))).toBeNull();
  });
});
