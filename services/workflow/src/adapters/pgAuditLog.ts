import { sql, type CommonQueryMethods } from 'slonik';
import { sha256 } from '@atlas/runtime/digest';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import { link } from '../domain/audit.ts';
import type { Audited, AuditLog } from '../ports.ts';

/** The chain in Postgres. Its head is a row, so that two transactions cannot append after the same entry. */
export const pgAuditLog: AuditLog = {
  append: async (tx, facts) => {
    const db = slonikOf(tx);
    const head = await db.one(sql.prepared('workflow.lock_audit_head', rows<Audited>())`
      SELECT seq, hash FROM audit_head FOR UPDATE`);
    const entry = { seq: head.seq + 1n, hash: link(head.hash, facts, sha256) };
    await db.query(sql.prepared('workflow.insert_audit_entry', rows<never>())`
      INSERT INTO audit_entry (seq, facts, hash) VALUES (${entry.seq}, ${facts}, ${entry.hash})`);
    await db.query(sql.prepared('workflow.move_audit_head', rows<never>())`
      UPDATE audit_head SET seq = ${entry.seq}, hash = ${entry.hash}`);
    return entry;
  },
};

/** The last entry that was appended, without a lock. */
export function auditHead(db: CommonQueryMethods): Promise<Audited> {
  return db.one(sql.prepared('audit.head', rows<Audited>())`SELECT seq, hash FROM audit_head`);
}
