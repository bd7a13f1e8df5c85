import { describe, expect, it } from 'vitest';
import {
  LATER,
  NOW,
  aPending,
  aStep,
  afterDeciding,
  anAttempt,
  inEveryState,
  inTheNameOf,
} from '../../test/samples.ts';
import { decide } from './decide.ts';
import { reassign } from './reassign.ts';

const every = inEveryState();
const escalation = { afterSeconds: 60, role: 'finance' } as const;

function codeOf(result: ReturnType<typeof reassign> | ReturnType<typeof decide>): string {
  return result.ok ? result.approval.state : result.problem.code;
}

describe('reassigning', () => {
  it('raises the version, keeps the deadline, and lets nobody else with the role decide', () => {
    const pending = aPending([aStep({ escalation })]);
    const result = reassign(pending, ['approver-7'], 'admin-1', NOW);
    expect(result).toMatchObject({ approval: { version: 2n, assignees: ['approver-7'], dueAt: pending.dueAt } });
    if (!result.ok) return;
    expect(codeOf(decide(result.approval, anAttempt('approver-1'), NOW))).toBe('not-eligible');
    expect(codeOf(decide(result.approval, anAttempt('approver-7'), NOW))).toBe('APPROVED');
    expect(codeOf(decide(result.approval, inTheNameOf('approver-7', 'approver-1'), NOW))).toBe('APPROVED');
    expect(codeOf(decide(result.approval, inTheNameOf('approver-2', 'approver-7'), NOW))).toBe('not-eligible');
  });

  it('asks for the role nevertheless', () => {
    const result = reassign(aPending(), ['finance-1'], 'admin-1', NOW);
    const attempt = anAttempt('finance-1', { actor: { id: 'finance-1', roles: ['finance'] } });
    expect(result.ok && codeOf(decide(result.approval, attempt, NOW))).toBe('not-eligible');
  });

  it('applies only to the active step', () => {
    const result = reassign(aPending([aStep(), aStep()]), ['approver-7'], 'admin-1', NOW);
    const next = result.ok ? afterDeciding(result.approval, anAttempt('approver-7')) : undefined;
    expect(next).toMatchObject({ step: 2, assignees: undefined });
  });

  it.each([
    ['the requester', ['ops-1', 'approver-1'], 'assignee-is-requester'],
    ['the admin', ['admin-1', 'approver-1'], 'assignee-is-caller'],
    ['somebody who has decided', ['approver-2', 'approver-1'], 'assignee-decided-before'],
    ['somebody in whose name another person has decided', ['approver-3', 'approver-4'], 'assignee-decided-before'],
    ['too few people', ['approver-5'], 'assignees-too-few'],
    ['as many as still have to approve', ['approver-5', 'approver-6'], 'PENDING'],
  ])('to %s gives %3$s', (_whom, assignees, expected) => {
    const once = afterDeciding(aPending([aStep({ quorum: 4 })]), anAttempt('approver-1'));
    const twice = afterDeciding(once, inTheNameOf('approver-3', 'approver-2'));
    expect(codeOf(reassign(twice, assignees, 'admin-1', NOW))).toBe(expected);
  });

  it.each(['APPROVED', 'REJECTED', 'EXPIRED', 'CANCELLED'] as const)('is refused in %s', (state) => {
    expect(codeOf(reassign(every[state], ['approver-7'], 'admin-1', NOW))).toBe('approval-not-pending');
  });

  it('is refused after the deadline', () => {
    expect(codeOf(reassign(every.PENDING, ['approver-7'], 'admin-1', LATER))).toBe('deadline-passed');
  });
});
