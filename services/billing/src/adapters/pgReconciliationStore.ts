import { sql } from 'slonik';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import type { Finding, KnownRefund } from '../domain/reconcile.ts';
import type { Reconciliation, ReconciliationStore } from '../ports.ts';

interface Recorded {
  readonly ref: string;
  readonly amountMinor: bigint;
  readonly currency: string;
}

/** As many as an answer may have by the contract. */
const MOST_FINDINGS = 1_000;

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
        requested_by AS "requestedBy", requested_at AS "requestedAt",
        (SELECT count(*) FROM reconciliation_finding f WHERE f.run_id = r.run_id) AS found
      FROM reconciliation_run r WHERE run_id = ${runId}`);
    if (!run) return undefined;
    const findings = await db.any(sql.prepared('billing.select_findings', rows<Finding>())`
      SELECT kind, reference, detail FROM reconciliation_finding WHERE run_id = ${runId} ORDER BY position
      LIMIT ${MOST_FINDINGS}`);
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
    const captured = await db.any(sql.prepared('billing.known_charges', rows<Recorded>())`
      SELECT provider_ref AS ref, captured AS "amountMinor", currency FROM payment
      WHERE provider = ${provider} AND state = 'SUCCEEDED' AND provider_ref = ANY(${refs})`);
    const refunds = await db.any(sql.prepared(
      'billing.known_refunds',
      rows<KnownRefund & { readonly refundId: string }>(),
    )`
      SELECT refund_id::text AS "refundId", amount AS "amountMinor", currency,
        CASE state WHEN 'SUCCEEDED' THEN provider_ref END AS "paidAs"
      FROM refund WHERE refund_id::text = ANY(${references})`);
    const payouts = await db.any(sql.prepared('billing.known_payouts', rows<Recorded>())`
      SELECT reference AS ref, amount AS "amountMinor", currency FROM journal JOIN journal_line USING (journal_id)
      WHERE kind = 'PAYOUT' AND account = 'BANK' AND reference = ANY(${refs})`);
    // a person may have paid a refund: then the journal has no line for the provider
    const expected = await db.any(sql.prepared(
      'billing.expected_entries',
      rows<{ readonly kind: string; readonly ref: string }>(),
    )`
      SELECT kind, coalesce(payment.provider_ref, refund.provider_ref, reference) AS ref
      FROM journal JOIN journal_line USING (journal_id)
      LEFT JOIN payment ON kind IN ('PAYMENT', 'LATE_PAYMENT') AND payment_id::text = reference
      LEFT JOIN refund ON kind = 'REFUND' AND refund_id::text = reference
      WHERE kind IN ('PAYMENT', 'LATE_PAYMENT', 'REFUND', 'PAYOUT') AND account = 'PSP_CLEARING'
        AND effective_date BETWEEN ${from} AND ${to} ORDER BY journal.position`);
    const expectedOf = (...kinds: readonly string[]): readonly string[] =>
      expected.filter(({ kind }) => kinds.includes(kind)).map(({ ref }) => ref);
    return {
      captured: new Map(captured.map(({ ref, ...amount }) => [ref, amount])),
      refunds: new Map(refunds.map(({ refundId, ...refund }) => [refundId, refund])),
      payouts: new Map(payouts.map(({ ref, ...amount }) => [ref, amount])),
      expected: {
        charges: expectedOf('PAYMENT', 'LATE_PAYMENT'),
        refunds: expectedOf('REFUND'),
        payouts: expectedOf('PAYOUT'),
      },
    };
  },
};
