import { sql } from 'slonik';
import { VersionConflict } from '@atlas/runtime';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import type { Payment } from '../domain/payment.ts';
import type { PaymentStore } from '../ports.ts';

interface Row extends Omit<Payment, 'providerRef' | 'invoiceId' | 'orderId'> {
  readonly providerRef: string | null;
  readonly invoiceId: string | null;
  readonly orderId: string | null;
}

const PAYMENT = sql.fragment`
  SELECT payment_id AS "paymentId", version, provider, provider_ref AS "providerRef", invoice_id AS "invoiceId",
    order_id AS "orderId", state, currency, amount, captured, applied, refunded, created_at AS "createdAt"
  FROM payment`;

/** Payments in Postgres, in the transaction that the plumbing opened. */
export const pgPaymentStore: PaymentStore = {
  insert: async (tx, payment) => {
    const { rowCount } = await slonikOf(tx).query(sql.prepared('billing.insert_payment', rows<never>())`
      INSERT INTO payment (payment_id, version, provider, provider_ref, invoice_id, order_id, state, currency, amount,
        captured, applied, refunded, created_at)
      VALUES (${payment.paymentId}, ${payment.version}, ${payment.provider}, ${payment.providerRef ?? null},
        ${payment.invoiceId ?? null}, ${payment.orderId ?? null}, ${payment.state}, ${payment.currency},
        ${payment.amount}, ${payment.captured}, ${payment.applied}, ${payment.refunded},
        ${payment.createdAt.toISOString()})
      ON CONFLICT (provider, provider_ref) DO NOTHING`);
    return rowCount === 1;
  },

  load: async (tx, paymentId, expected) => {
    const row = await slonikOf(tx).maybeOne(sql.prepared('billing.lock_payment', rows<Row>())`${PAYMENT}
      WHERE payment_id = ${paymentId} FOR UPDATE`);
    if (row && expected !== undefined && row.version !== expected)
      throw new VersionConflict(`payment ${paymentId}`, expected, row.version);
    return row ? toPayment(row) : undefined;
  },

  findByRef: async (tx, provider, providerRef) => {
    const row = await slonikOf(tx).maybeOne(sql.prepared('billing.find_payment', rows<Row>())`${PAYMENT}
      WHERE provider = ${provider} AND provider_ref = ${providerRef}`);
    return row ? toPayment(row) : undefined;
  },

  ofInvoice: async (tx, invoiceId) =>
    (
      await slonikOf(tx).any(sql.prepared('billing.lock_payments_of_invoice', rows<Row>())`${PAYMENT}
        WHERE invoice_id = ${invoiceId} ORDER BY created_at, payment_id FOR UPDATE`)
    ).map(toPayment),

  read: async (read, paymentId) => {
    const row = await slonikOf(read).maybeOne(sql.prepared('billing.select_payment', rows<Row>())`${PAYMENT}
      WHERE payment_id = ${paymentId}`);
    return row ? toPayment(row) : undefined;
  },

  save: async (tx, payment) => {
    const before = payment.version - 1n;
    const { rowCount } = await slonikOf(tx).query(sql.prepared('billing.update_payment', rows<never>())`
      UPDATE payment SET version = ${payment.version}, provider_ref = ${payment.providerRef ?? null},
        state = ${payment.state}, captured = ${payment.captured}, applied = ${payment.applied},
        refunded = ${payment.refunded}
      WHERE payment_id = ${payment.paymentId} AND version = ${before}`);
    if (rowCount !== 1) throw new VersionConflict(`payment ${payment.paymentId}`, before, payment.version);
  },
};

function toPayment({ providerRef, invoiceId, orderId, ...payment }: Row): Payment {
  return {
    ...payment,
    providerRef: providerRef ?? undefined,
    invoiceId: invoiceId ?? undefined,
    orderId: orderId ?? undefined,
  };
}
