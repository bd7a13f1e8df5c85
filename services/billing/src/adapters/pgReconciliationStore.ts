import { sql } from 'slonik';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import type { Finding } from '../domain/reconcile.ts';
import type { Reconciliation, ReconciliationStore } from '../ports.ts';

interface Captured {
  readonly ref: string;
  readonly amountMinor: bigint;
  readonly currency: string;
}

/** Comparisons with the provider's report in Postgres. */
export const pgReconciliationStore: ReconciliationStore = {
  insert: async (tx, run) => {
    await slonikOf(tx).query(sql.prepared('billing.insert_reconciliation', rows<never>())`
      INSERT INTO reconciliation_run (run_id, version, state, first_day, last_day, requested_by, requested_at)
      VALUES (${run.runId}, ${run.version}, ${run.state}, ${run.from}, ${run.to}, ${run.requestedBy},
        ${run.requestedAt.toISOString()})`);
  },

  read: async (read, runId) => {
    const db = slonikOf(read);
    const run = await db.maybeOne(sql.prepared(
      'billing.select_reconciliation',
      rows<Omit<Reconciliation, 'findings'>>(),
    )`
      SELECT run_id AS "runId", version, state, first_day AS "from", last_day AS "to", entries,
        requested_by AS "requestedBy", requested_at AS "requestedAt"
      FROM reconciliation_run WHERE run_id = ${runId}`);
    if (!run) return undefined;
    const findings = await db.any(sql.prepared('billing.select_findings', rows<Finding>())`
      SELECT kind, reference, detail FROM reconciliation_finding WHERE run_id = ${runId} ORDER BY position`);
    return { ...run, findings };
  },

  finish: async (tx, { runId, version, state, entries, findings }) => {
    const db = slonikOf(tx);
    const { rowCount } = await db.query(sql.prepared('billing.finish_reconciliation', rows<never>())`
      UPDATE reconciliation_run SET version = ${version}, state = ${state}, entries = ${entries}
      WHERE run_id = ${runId} AND version = ${version - 1n}`);
    const tuples = findings.map(({ kind, reference, detail }, index) => [runId, index + 1, kind, reference, detail]);
    if (rowCount === 1)
      await db.query(sql.prepared('billing.insert_findings', rows<never>())`
        INSERT INTO reconciliation_finding (run_id, position, kind, reference, detail)
        SELECT * FROM ${sql.unnest(tuples, ['uuid', 'int4', 'text', 'text', 'text'])}`);
    return rowCount === 1;
  },

  known: async (tx, provider, { from, to }, report) => {
    const db = slonikOf(tx);
    const refs = sql.array(
      report.map(({ providerRef }) => providerRef),
      'text',
    );
    const references = sql.array(
      report.map(({ reference }) => reference),
      'text',
    );
    const captured = await db.any(sql.prepared('billing.known_charges', rows<Captured>())`
      SELECT provider_ref AS ref, captured AS "amountMinor", currency FROM payment
      WHERE provider = ${provider} AND state = 'SUCCEEDED' AND provider_ref = ANY(${refs})`);
    const expected = await db.any(sql.prepared('billing.expected_charges', rows<{ readonly ref: string }>())`
      SELECT provider_ref AS ref FROM payment JOIN journal ON reference = payment_id::text
      WHERE provider = ${provider} AND kind IN ('PAYMENT', 'LATE_PAYMENT')
        AND effective_date BETWEEN ${from} AND ${to} ORDER BY journal.position`);
    const refunds = await db.any(sql.prepared(
      'billing.known_refunds',
      rows<{ readonly id: string; readonly succeeded: boolean }>(),
    )`
      SELECT refund_id::text AS id, state = 'SUCCEEDED' AS succeeded FROM refund WHERE refund_id::text = ANY(${references})`);
    const payouts = await db.any(sql.prepared('billing.known_payouts', rows<{ readonly ref: string }>())`
      SELECT reference AS ref FROM journal WHERE kind = 'PAYOUT' AND reference = ANY(${refs})`);
    return {
      captured: new Map(captured.map(({ ref, amountMinor, currency }) => [ref, { amountMinor, currency }])),
      expected: expected.map(({ ref }) => ref),
      refunds: new Map(refunds.map(({ id, succeeded }) => [id, succeeded])),
      payouts: new Set(payouts.map(({ ref }) => ref)),
    };
  },
};
