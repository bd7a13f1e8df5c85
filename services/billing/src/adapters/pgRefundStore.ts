import { sql } from 'slonik';
import { VersionConflict } from '@atlas/runtime';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import type { Refund } from '../domain/refund.ts';
import type { RefundStore } from '../ports.ts';

interface Row extends Omit<Refund, 'note' | 'providerRef' | 'failure'> {
  readonly note: string | null;
  readonly providerRef: string | null;
  readonly failure: string | null;
}

const REFUND = sql.fragment`
  SELECT refund_id AS "refundId", version, payment_id AS "paymentId", state, currency, amount, automatic,
    requester_id AS "requesterId", note, digest, provider_ref AS "providerRef", failure, refusals,
    unclear, requested_at AS "requestedAt"
  FROM refund`;

/** Refunds in Postgres, in the transaction that the plumbing opened. */
export const pgRefundStore: RefundStore = {
  insert: async (tx, refund) => {
    await slonikOf(tx).query(sql.prepared('billing.insert_refund', rows<never>())`
      INSERT INTO refund (refund_id, version, payment_id, state, currency, amount, automatic, requester_id, note, digest,
        requested_at)
      VALUES (${refund.refundId}, ${refund.version}, ${refund.paymentId}, ${refund.state}, ${refund.currency},
        ${refund.amount}, ${refund.automatic}, ${refund.requesterId}, ${refund.note ?? null}, ${refund.digest},
        ${refund.requestedAt.toISOString()})`);
  },

  load: async (tx, refundId, expected) => {
    const row = await slonikOf(tx).maybeOne(sql.prepared('billing.lock_refund', rows<Row>())`${REFUND}
      WHERE refund_id = ${refundId} FOR UPDATE`);
    if (row && expected !== undefined && row.version !== expected)
      throw new VersionConflict(`refund ${refundId}`, expected, row.version);
    return row ? toRefund(row) : undefined;
  },

  read: async (read, refundId) => {
    const row = await slonikOf(read).maybeOne(sql.prepared('billing.select_refund', rows<Row>())`${REFUND}
      WHERE refund_id = ${refundId}`);
    return row ? toRefund(row) : undefined;
  },

  save: async (tx, refund) => {
    const before = refund.version - 1n;
    const { rowCount } = await slonikOf(tx).query(sql.prepared('billing.update_refund', rows<never>())`
      UPDATE refund SET version = ${refund.version}, state = ${refund.state},
        provider_ref = ${refund.providerRef ?? null}, failure = ${refund.failure ?? null},
        refusals = ${refund.refusals}, unclear = ${refund.unclear}
      WHERE refund_id = ${refund.refundId} AND version = ${before}`);
    if (rowCount !== 1) throw new VersionConflict(`refund ${refund.refundId}`, before, refund.version);
  },
};

function toRefund({ note, providerRef, failure, ...refund }: Row): Refund {
  return {
    ...refund,
    note: note ?? undefined,
    providerRef: providerRef ?? undefined,
    failure: failure ?? undefined,
  };
}
