import { sql, type CommonQueryMethods } from 'slonik';
import type { components, GetApprovalWorkload } from '@atlas/generated-reporting';
import { rows } from '@atlas/runtime/slonik';
import { pages } from '../pages/index.ts';
import { cellsIn } from './chunks.ts';
import { exactInstant } from './columns.ts';
import type { Cell } from './csv.ts';
import { allOf, type List } from './list.ts';
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
    const oldest = await pendingAfter(db, undefined, OLDEST);
    const deciders = await db.any(sql.prepared('reporting.deciders', rows<DeciderRow>())`
      SELECT d.actor_id AS "actorId", count(*) FILTER (WHERE d.decision = 'APPROVE') AS approved,
        count(*) FILTER (WHERE d.decision = 'REJECT') AS rejected,
        coalesce(percentile_cont(0.5) WITHIN GROUP (
          ORDER BY greatest(0, extract(epoch FROM d.decided_at - a.requested_at)::float8)), 0) AS "medianSeconds"
      FROM approval_decision d LEFT JOIN approval a USING (approval_id)
      WHERE d.decided_at >= ${now}::timestamptz - interval '30 days'
      GROUP BY d.actor_id ORDER BY count(*) DESC, d.actor_id LIMIT ${DECIDERS}`);
    return { pending: pending.map(viewPending), oldest: oldest.map(viewRequest), deciders: deciders.map(viewDecider) };
  },
  page: pages.getApprovalWorkload,
  file: {
    name: 'approvals-pending',
    columns: ['approvalId', 'subjectType', 'subjectId', 'requesterId', 'requestedAt', 'dueAt', 'escalated'],
    rows: async (look, input) => cellsIn(allOf(requests, look, input), (row) => requestCells(viewRequest(row))),
  },
});

/** The requests that wait, the oldest first. */
const requests: Pick<List<GetApprovalWorkload.Input, RequestRow>, 'placeOf' | 'rows'> = {
  placeOf: ({ requestedAtExact, approvalId }) => [requestedAtExact, approvalId],
  rows: ({ db }, _input, after, limit) => pendingAfter(db, after, limit),
};

async function pendingAfter(
  db: CommonQueryMethods,
  after: readonly string[] | undefined,
  limit: number,
): Promise<readonly RequestRow[]> {
  const [since = null, approvalId = null] = after ?? [];
  return db.any(sql.prepared('reporting.pending_after', rows<RequestRow>())`
    SELECT approval_id AS "approvalId", subject_type AS "subjectType", subject_id AS "subjectId",
      requester_id AS "requesterId", requested_at AS "requestedAt", due_at AS "dueAt", escalated,
      ${exactInstant(sql.fragment`requested_at`)} AS "requestedAtExact"
    FROM approval
    WHERE state = 'PENDING' AND requester_id IS NOT NULL AND requested_at IS NOT NULL AND due_at IS NOT NULL
      AND (${since}::timestamptz IS NULL OR (requested_at, approval_id) > (${since}::timestamptz, ${approvalId}::uuid))
    ORDER BY requested_at, approval_id LIMIT ${limit}`);
}

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

interface RequestRow {
  readonly approvalId: string;
  readonly subjectType: SubjectType;
  readonly subjectId: string;
  readonly requesterId: string;
  readonly requestedAt: Date;
  readonly dueAt: Date;
  readonly escalated: boolean;
  readonly requestedAtExact: string;
}

function viewRequest({ requestedAtExact: _none, ...row }: RequestRow): Body['oldest'][number] {
  return { ...row, requestedAt: row.requestedAt.toISOString(), dueAt: row.dueAt.toISOString() };
}

function requestCells(row: Body['oldest'][number]): readonly Cell[] {
  return [row.approvalId, row.subjectType, row.subjectId, row.requesterId, row.requestedAt, row.dueAt, row.escalated];
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
