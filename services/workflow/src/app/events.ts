import type { ApprovalClosedEvent, ApprovalOpenedEvent } from '@atlas/generated-workflow';
import { microsOf } from '@atlas/runtime/time';
import type { Closed, Open } from '../domain/approval.ts';

/** What other services learn, in the words of the contract. */

export function approvalOpened({ approvalId, version, subject, openedBy, openedAt }: Open): ApprovalOpenedEvent {
  return {
    type: 'ApprovalOpened',
    data: { approvalId, version, subject, openedBy, openedAt: microsOf(openedAt) },
  };
}

export function approvalClosed({ approvalId, version, closedAt }: Closed): ApprovalClosedEvent {
  return { type: 'ApprovalClosed', data: { approvalId, version, closedAt: microsOf(closedAt) } };
}
