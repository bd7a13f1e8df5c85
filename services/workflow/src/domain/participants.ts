import type { Approval } from './approval.ts';
import type { Person } from './eligibility.ts';

/** Whether somebody sees every request. Others see only those in which they take part. */
export function seesAll({ roles }: Person): boolean {
  return roles.includes('approver') || roles.includes('admin');
}

/**
 * Whether somebody may read a request: everybody who sees all, and the people who requested it, decided it or are
 * assigned to it.
 */
export function maySee(approval: Approval, person: Person): boolean {
  const { subject, decisions } = approval;
  return (
    seesAll(person) ||
    subject.requesterId === person.id ||
    decisions.some(({ actorId, onBehalfOf }) => actorId === person.id || onBehalfOf === person.id) ||
    (approval.state === 'PENDING' && (approval.assignees ?? []).includes(person.id))
  );
}
