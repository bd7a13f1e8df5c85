import { foldRows, type Folding } from './foldRows.ts';
import { instantOf } from './instants.ts';
import { oneOf, type AnyMessage, type MessageOf, type Projection } from './projection.ts';
import { tableOf } from './table.ts';

export interface ApprovalRow {
  readonly approval_id: string;
  readonly subject_type: string;
  readonly subject_id: string;
  readonly subject_version: bigint;
  readonly state: 'PENDING' | 'APPROVED' | 'REJECTED' | 'EXPIRED' | 'CANCELLED';
  readonly requester_id: string | null;
  readonly amount_minor: bigint | null;
  readonly currency: string | null;
  readonly due_at: Date | null;
  readonly requested_at: Date | null;
  readonly escalated: boolean;
  readonly ended_at: Date | null;
}

const table = tableOf<ApprovalRow>('approval', ['approval_id'], {
  approval_id: 'uuid',
  subject_type: 'text',
  subject_id: 'uuid',
  subject_version: 'int8',
  state: 'text',
  requester_id: 'text',
  amount_minor: 'int8',
  currency: 'text',
  due_at: 'timestamptz',
  requested_at: 'timestamptz',
  escalated: 'bool',
  ended_at: 'timestamptz',
});

const isApprovalEvent = oneOf(
  'ApprovalRequested',
  'StepDecided',
  'ApprovalEscalated',
  'ApprovalGranted',
  'ApprovalRejected',
  'ApprovalExpired',
  'ApprovalCancelled',
);
type ApprovalEvent = Extract<AnyMessage, { readonly data: { readonly approvalId: string } }>;

/** A request for approval. It may begin with any event, because there is no request if the policy grants it at once. */
export const approvalRows: Folding<ApprovalRow, 'approval_id'> = {
  table,
  key: ['approval_id'],
  keyOf: (message) => (isApprovalEvent(message) ? { approval_id: message.data.approvalId } : undefined),
  fold: (before, message) => {
    if (!isApprovalEvent(message)) return before;
    const row = before ?? begun(message);
    if (message.type === 'ApprovalRequested') return requested(row, message);
    if (row.state !== 'PENDING') return row;
    switch (message.type) {
      case 'StepDecided': {
        const { nextStepDueAt } = message.data;
        // the next step has a deadline of its own, and has not waited yet
        return nextStepDueAt === null ? row : { ...row, due_at: instantOf(nextStepDueAt), escalated: false };
      }
      case 'ApprovalEscalated':
        return { ...row, escalated: true };
      case 'ApprovalGranted':
        return { ...row, state: 'APPROVED', ended_at: instantOf(message.data.decidedAt) };
      case 'ApprovalRejected':
        return { ...row, state: 'REJECTED', ended_at: instantOf(message.data.decidedAt) };
      case 'ApprovalExpired':
        return { ...row, state: 'EXPIRED', ended_at: instantOf(message.data.expiredAt) };
      case 'ApprovalCancelled':
        return { ...row, state: 'CANCELLED', ended_at: instantOf(message.data.cancelledAt) };
    }
  },
};

function begun({ data }: ApprovalEvent): ApprovalRow {
  return {
    approval_id: data.approvalId,
    subject_type: data.subjectType,
    subject_id: data.subjectId,
    subject_version: data.subjectVersion,
    state: 'PENDING',
    requester_id: null,
    amount_minor: null,
    currency: null,
    due_at: null,
    requested_at: null,
    escalated: false,
    ended_at: null,
  };
}

function requested(row: ApprovalRow, { data }: MessageOf<'ApprovalRequested'>): ApprovalRow {
  return {
    ...row,
    requester_id: data.requesterId,
    amount_minor: data.amountMinor,
    currency: data.currency,
    due_at: instantOf(data.dueAt),
    requested_at: instantOf(data.requestedAt),
  };
}

export interface DecisionRow {
  readonly approval_id: string;
  readonly event_id: string;
  readonly actor_id: string;
  readonly on_behalf_of: string | null;
  readonly decision: 'APPROVE' | 'REJECT';
  readonly decided_at: Date;
}

const decisionTable = tableOf<DecisionRow>('approval_decision', ['approval_id', 'event_id'], {
  approval_id: 'uuid',
  event_id: 'text',
  actor_id: 'text',
  on_behalf_of: 'text',
  decision: 'text',
  decided_at: 'timestamptz',
});

/** The decision of a person. Undefined for other events, and for a decision that this release does not know. */
export function decisionOf({ type, data, meta }: AnyMessage): DecisionRow | undefined {
  if (type !== 'StepDecided' || data.decision === 'UNSPECIFIED') return undefined;
  return {
    approval_id: data.approvalId,
    event_id: meta.id,
    actor_id: data.actorId,
    on_behalf_of: data.onBehalfOf,
    decision: data.decision,
    decided_at: instantOf(data.decidedAt),
  };
}

export const approvals: Projection = {
  name: 'approvals',
  version: 2,
  tables: [table.name, decisionTable.name],
  apply: async (messages, tx) => {
    await foldRows(approvalRows, messages, tx);
    const decisions = messages.flatMap((message) => decisionOf(message) ?? []);
    await decisionTable.write(tx, decisions, 'keep');
  },
};
