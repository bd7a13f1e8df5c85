import { approvalsOf, ruleOfStep, type Approval, type Pending } from './approval.ts';
import { refuse, type Refusal } from './refusal.ts';

type Reassigning =
  | { readonly ok: true; readonly before: Pending; readonly approval: Pending }
  | Refusal<409, 'approval-not-pending' | 'deadline-passed'>
  | Refusal<422, 'assignee-is-requester' | 'assignee-decided-before' | 'assignee-is-caller' | 'assignees-too-few'>;

/** reassignApproval. Refuses people who cannot decide, because the step would wait for them forever. */
export function reassign(approval: Approval, assignees: readonly string[], adminId: string, now: Date): Reassigning {
  if (approval.state !== 'PENDING') return refuse(409, 'approval-not-pending', `the request is ${approval.state}`);
  const { subject, decisions, step, steps, dueAt } = approval;
  if (now >= dueAt)
    return refuse(409, 'deadline-passed', `step ${step} had to be decided before ${dueAt.toISOString()}`);
  if (assignees.includes(subject.requesterId))
    return refuse(422, 'assignee-is-requester', 'whoever requested it does not decide');
  if (assignees.includes(adminId)) return refuse(422, 'assignee-is-caller', 'an admin does not decide');
  const before = decisions.flatMap(({ actorId, onBehalfOf }) => [actorId, onBehalfOf]);
  const known = assignees.find((assignee) => before.includes(assignee));
  if (known !== undefined) return refuse(422, 'assignee-decided-before', `${known} has decided before`);
  const wanted = ruleOfStep(steps, step).quorum - approvalsOf(decisions, step);
  if (assignees.length < wanted)
    return refuse(422, 'assignees-too-few', `${wanted} people still have to approve step ${step}`);
  return { ok: true, before: approval, approval: { ...approval, version: approval.version + 1n, assignees } };
}
