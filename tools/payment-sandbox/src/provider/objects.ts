import { randomBytes } from 'node:crypto';
import type { components } from '@atlas/generated-payment-sandbox/types';
import type { Row } from './store.ts';

export type PaymentIntent = components['schemas']['PaymentIntent'];
export type Refund = components['schemas']['Refund'];
export type Payout = components['schemas']['Payout'];
export type Entry = components['schemas']['SettlementEntry'];

/** `pi_` and 24 hexadecimal digits, for example. */
export function newId(prefix: 'pi' | 'ch' | 're' | 'po' | 'evt'): string {
  return `${prefix}_${randomBytes(12).toString('hex')}`;
}

export function instant(ms: number): string {
  return new Date(ms).toISOString();
}

/** The day in UTC, by which reports are named. */
export function dayOf(ms: number): string {
  return instant(ms).slice(0, 10);
}

/** A row of `intent` in the form of the document. */
export function intentOf(row: Row): PaymentIntent {
  const [chargeId, capturedAt, failure] = [row['charge_id'], row['captured_at'], row['failure']];
  return {
    paymentIntentId: text(row['id']),
    status: oneOf(['awaiting-payment', 'succeeded', 'failed', 'cancelled'], row['status']),
    amount: Number(row['amount']),
    currency: text(row['currency']),
    reference: text(row['reference']),
    ...(chargeId === null ? {} : { chargeId: text(chargeId) }),
    ...(capturedAt === null ? {} : { capturedAt: instant(Number(capturedAt)) }),
    refundedAmount: Number(row['refunded']),
    ...(failure === null ? {} : { failure: failureOf(failure) }),
    version: Number(row['version']),
    createdAt: instant(Number(row['created_at'])),
  };
}

/** A row of `refund` in the form of the document. */
export function refundOf(row: Row): Refund {
  const failure = row['failure'];
  return {
    refundId: text(row['id']),
    paymentIntentId: text(row['intent_id']),
    status: oneOf(['pending', 'succeeded', 'failed'], row['status']),
    amount: Number(row['amount']),
    currency: text(row['currency']),
    reference: text(row['reference']),
    ...(failure === null ? {} : { failure: failureOf(failure) }),
    version: Number(row['version']),
    createdAt: instant(Number(row['created_at'])),
  };
}

/** A row of `entry` in the form of the document. */
export function entryOf(row: Row): Entry {
  const common = {
    entryId: `en_${text(row['id'])}`,
    amount: Number(row['amount']),
    currency: text(row['currency']),
    occurredAt: instant(Number(row['occurred_at'])),
  };
  const paidOut = row['payout_id'] === null ? {} : { payoutId: text(row['payout_id']) };
  const type = oneOf(['charge', 'refund', 'fee', 'payout'], row['type']);
  const about = { paymentIntentId: text(row['intent_id']), reference: text(row['reference']) };
  switch (type) {
    case 'charge':
      return { type, ...common, ...about, chargeId: text(row['charge_id']), ...paidOut };
    case 'refund':
      return { type, ...common, ...about, refundId: text(row['refund_id']), ...paidOut };
    case 'fee':
      return { type, ...common, chargeId: text(row['charge_id']), ...paidOut };
    case 'payout':
      return { type, ...common, payoutId: text(row['payout_id']) };
  }
}

function failureOf(value: Row[string] | undefined): NonNullable<PaymentIntent['failure']> {
  const parsed: { code: string; retryable: boolean; message: string } = JSON.parse(text(value));
  return parsed;
}

function oneOf<const Name extends string>(names: readonly Name[], value: Row[string] | undefined): Name {
  const found = names.find((name) => name === value);
  if (found === undefined) throw new Error(`the store has ${String(value)}, which is not one of ${names.join(', ')}`);
  return found;
}

function text(value: Row[string] | undefined): string {
  return String(value ?? '');
}
