import type { components } from '@atlas/generated-workflow';
import type { Approval } from '../domain/approval.ts';

/** One of them, as the contract shows it. */
export function view(approval: Approval): components['schemas']['Approval'] {
  const { approvalId, subject, state, openedBy, openedAt } = approval;
  return {
    approvalId,
    subject,
    state,
    openedBy,
    openedAt: openedAt.toISOString(),
    ...(approval.state === 'CLOSED' ? { closedAt: approval.closedAt.toISOString() } : {}),
  };
}
