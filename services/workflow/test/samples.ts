import { close, opened, type Opening, type Approval } from '../src/domain/approval.ts';

export const NOW = new Date('2026-01-05T09:30:00.000Z');
export const LATER = new Date('2026-01-06T09:30:00.000Z');

export const opening: Opening = {
  approvalId: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e11',
  subject: 'first',
  openedBy: 'ops-1',
  openedAt: NOW,
};

/** One in every state. */
export function inEveryState(): { readonly [State in Approval['state']]: Extract<Approval, { state: State }> } {
  const open = opened(opening);
  const closing = close(open, LATER);
  if (!closing.ok) throw new Error(closing.problem.detail);
  return { OPEN: open, CLOSED: closing.closed };
}
