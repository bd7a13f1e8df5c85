import { sql, type CommonQueryMethods } from 'slonik';
import { sha256 } from '@atlas/runtime/digest';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import { decided } from '../domain/acts.ts';
import { firstBroken, type Entry } from '../domain/audit.ts';
import type { Audited, Read, Tx } from '../ports.ts';
import { toApproval, type ApprovalRow, type DecisionRow } from './approvalRows.ts';
import { factsOfRows } from './auditedRows.ts';
import { auditHead } from './pgAuditLog.ts';

const PAGE = 1000;

type AuditCheck =
  | { readonly intact: true; readonly entries: bigint }
  /** The number of the first entry that is wrong, and what is wrong. */
  | { readonly intact: false; readonly seq: bigint; readonly because: string };

/** Reads the whole audit chain, and compares decisions, policies and delegations with their entries. */
export async function checkAudit(session: Tx | Read): Promise<AuditCheck> {
  const db = slonikOf(session);
  let last: Audited | undefined;
  for (;;) {
    const page = await entriesAfter(db, last?.seq ?? 0n);
    const broken = firstBroken(page, sha256, last);
    if (broken !== undefined) return wrong(broken, 'it was changed or removed, or one was added before it');
    const different = await differentDecision(db, page);
    if (different !== undefined) return wrong(different, 'the decision in its table is another one');
    last = page.at(-1) ?? last;
    if (page.length < PAGE) break;
  }
  const head = await auditHead(db);
  const entries = last?.seq ?? 0n;
  if (head.seq !== entries || (last && head.hash !== last.hash))
    return wrong(entries + 1n, `the chain ends before its head, which is entry ${head.seq}`);
  const { unaudited } = await db.one(sql.prepared('audit.unaudited', rows<{ readonly unaudited: bigint }>())`
    SELECT count(*) AS unaudited FROM audit_entry e LEFT JOIN decision d ON d.audit_seq = e.seq
    WHERE e.facts LIKE '{"kind":"decided",%' AND d.audit_seq IS NULL`);
  if (unaudited > 0n) return wrong(entries, `${unaudited} decisions were removed`);
  return (await otherRow(db)) ?? { intact: true, entries };
}

interface FactsRow {
  readonly seq: bigint;
  readonly facts: string;
}

/** Whether a policy or a delegation is not as its entry says, or has none, or is not there any more. */
async function otherRow(db: CommonQueryMethods): Promise<AuditCheck | undefined> {
  const audited = await db.any(sql.prepared('audit.other_entries', rows<FactsRow>())`
    SELECT seq, facts FROM audit_entry
    WHERE facts NOT LIKE '{"kind":"decided",%' AND facts NOT LIKE '{"kind":"reassigned",%' ORDER BY seq`);
  const there = new Set(await factsOfRows(db));
  const missing = audited.find(({ facts }) => !there.has(facts));
  if (missing) return wrong(missing.seq, 'the policy or the delegation is another one, or was removed');
  return there.size === audited.length
    ? undefined
    : wrong((audited.at(-1)?.seq ?? 0n) + 1n, 'there is a policy or a delegation without an entry');
}

function wrong(seq: bigint, because: string): AuditCheck {
  return { intact: false, seq, because };
}

function entriesAfter(db: CommonQueryMethods, seq: bigint): Promise<readonly Entry[]> {
  return db.any(sql.prepared('audit.entries', rows<Entry>())`
    SELECT seq, facts, hash FROM audit_entry WHERE seq > ${seq} ORDER BY seq LIMIT ${PAGE}`);
}

type AuditedDecision = DecisionRow & { readonly audit_seq: bigint };

async function differentDecision(db: CommonQueryMethods, page: readonly Entry[]): Promise<bigint | undefined> {
  const first = page.at(0)?.seq ?? 1n;
  const last = page.at(-1)?.seq ?? 0n;
  const decisions = await db.any(sql.prepared('audit.decisions', rows<AuditedDecision>())`
    SELECT approval_id, position, step, verdict, actor_id, on_behalf_of, delegation_id, role, comment, subject_version,
      digest, decided_at, audit_seq
    FROM decision WHERE audit_seq BETWEEN ${first} AND ${last} ORDER BY audit_seq`);
  const approvals = await db.any(sql.prepared('audit.approvals', rows<ApprovalRow>())`
    SELECT * FROM approval WHERE approval_id = ANY (${sql.array(
      decisions.map((decision) => decision.approval_id),
      'uuid',
    )})`);
  for (const row of decisions) {
    const approval = approvals.find((candidate) => candidate.approval_id === row.approval_id);
    const [decision] = approval ? toApproval(approval, [row]).decisions : [];
    const entry = page[Number(row.audit_seq - first)];
    if (!approval || !decision || entry?.facts !== decided(toApproval(approval, []), decision)) return row.audit_seq;
  }
  return undefined;
}
