import { sql } from 'slonik';
import type { components, GetApprovalWorkload } from '@atlas/generated-reporting';
import { rows } from '@atlas/runtime/slonik';
import { report } from './report.ts';
import { TOPICS } from './topics.ts';

type Body = components['schemas']['ApprovalWorkload'];
type SubjectType = components['schemas']['SubjectType'];

const OLDEST = 50;
const DECIDERS = 200;

export const getApprovalWorkload = report<GetApprovalWorkload.Input, Body>({
  topics: [TOPICS.approvals],
  body: async ({ db, at }) => {
    const now = at.toISOString();
    const pending = await db.any(sql.prepared('reporting.pending_approvals', rows<PendingRow>())`
      SELECT subject_type AS "subjectType", count(*) AS waiting,
        count(*) FILTER (WHERE due_at < ${now}::timestamptz) AS overdue, count(*) FILTER (WHERE escalated) AS escalated,
        min(requested_at) AS "oldestSince"
      FROM approval WHERE state = 'PENDING' GROUP BY subject_type ORDER BY subject_type`);
    const oldest = await db.any(sql.prepared('reporting.oldest_approvals', rows<OldestRow>())`
      SELECT approval_id AS "approvalId", subject_type AS "subjectType", subject_id AS "subjectId",
        requester_id AS "requesterId", requested_at AS "requestedAt", due_at AS "dueAt", escalated
      FROM approval
      WHERE state = 'PENDING' AND requester_id IS NOT NULL AND requested_at IS NOT NULL AND due_at IS NOT NULL
      ORDER BY requested_at, approval_id LIMIT ${OLDEST}`);
    const deciders = await db.any(sql.prepared('reporting.deciders', rows<DeciderRow>())`
      SELECT d.actor_id AS "actorId", count(*) FILTER (WHERE d.decision = 'APPROVE') AS approved,
        count(*) FILTER (WHERE d.decision = 'REJECT') AS rejected,
        coalesce(percentile_cont(0.5) WITHIN GROUP (
          ORDER BY greatest(0, extract(epoch FROM d.decided_at - a.requested_at)::float8)), 0) AS "medianSeconds"
      FROM approval_decision d LEFT JOIN approval a USING (approval_id)
      WHERE d.decided_at >= ${now}::timestamptz - interval '30 days'
      GROUP BY d.actor_id ORDER BY count(*) DESC, d.actor_id LIMIT ${DECIDERS}`);
    return { pending: pending.map(viewPending), oldest: oldest.map(viewOldest), deciders: deciders.map(viewDecider) };
  },
});

interface PendingRow {
  readonly subjectType: SubjectType;
  readonly waiting: bigint;
  readonly overdue: bigint;
  readonly escalated: bigint;
  readonly oldestSince: Date | null;
}

function viewPending({ subjectType, waiting, overdue, escalated, oldestSince }: PendingRow): Body['pending'][number] {
  return {
    subjectType,
    waiting: Number(waiting),
    overdue: Number(overdue),
    escalated: Number(escalated),
    ...(oldestSince === null ? {} : { oldestSince: oldestSince.toISOString() }),
  };
}

interface OldestRow {
  readonly approvalId: string;
  readonly subjectType: SubjectType;
  readonly subjectId: string;
  readonly requesterId: string;
  readonly requestedAt: Date;
  readonly dueAt: Date;
  readonly escalated: boolean;
}

function viewOldest(row: OldestRow): Body['oldest'][number] {
  return { ...row, requestedAt: row.requestedAt.toISOString(), dueAt: row.dueAt.toISOString() };
}

interface DeciderRow {
  readonly actorId: string;
  readonly approved: bigint;
  readonly rejected: bigint;
  readonly medianSeconds: number;
}

function viewDecider({ actorId, approved, rejected, medianSeconds }: DeciderRow): Body['deciders'][number] {
  return { actorId, approved: Number(approved), rejected: Number(rejected), medianSeconds };
}
