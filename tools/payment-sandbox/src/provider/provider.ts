import type { Faults } from './faults.ts';
import { intentOf, newId, refundOf, type PaymentIntent, type Refund } from './objects.ts';
import { addCapture, addRefund } from './settlement.ts';
import type { Row, Store } from './store.ts';

/** The options of the provider. */
export interface ProviderOptions {
  readonly store: Store;
  readonly faults: Faults;
  /** Stores an event, which is then sent as a webhook. Called in the transaction of the change. */
  readonly emit: (type: EventType, data: object, reference: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds until a payer pays, tries again after a retryable decline, and until a refund is carried out. */
  readonly delays: Delays;
}

export interface Delays {
  readonly payMs: number;
  readonly payAgainMs: number;
  readonly refundMs: number;
}

export type EventType = 'payment.succeeded' | 'payment.failed' | 'refund.succeeded' | 'refund.failed' | 'payout.paid';

/** Why a command is refused: a problem code of the document. */
export type Refused<Code extends string> = { readonly refused: Code };

/** After this many declines, the payer gives up. */
const MAX_TRIES = 4;

/** Payment intents and refunds. Each method is one transaction, or a part of the caller's. */
export class Provider {
  readonly #options: ProviderOptions;

  constructor(options: ProviderOptions) {
    this.#options = options;
  }

  createIntent(given: {
    readonly amount: number;
    readonly currency: string;
    readonly reference: string;
  }): PaymentIntent {
    const { store, now, delays } = this.#options;
    const id = newId('pi');
    store.run(
      'INSERT INTO intent (id, status, amount, currency, reference, created_at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      id,
      'awaiting-payment',
      given.amount,
      given.currency,
      given.reference,
      now(),
      now() + delays.payMs,
    );
    return intentOf(this.#mustHave(id));
  }

  intent(id: string): PaymentIntent | undefined {
    const row = this.#row(id);
    return row && intentOf(row);
  }

  cancelIntent(id: string): PaymentIntent | Refused<'payment-intent-not-found' | 'payment-intent-succeeded'> {
    const row = this.#row(id);
    if (!row) return { refused: 'payment-intent-not-found' };
    if (row['status'] === 'succeeded') return { refused: 'payment-intent-succeeded' };
    if (row['status'] === 'awaiting-payment')
      this.#options.store.run(
        "UPDATE intent SET status = 'cancelled', due_at = NULL, version = version + 1 WHERE id = ?",
        id,
      );
    return intentOf(this.#mustHave(id));
  }

  /**
   * Makes the payer of an intent try now, even if nothing was planned. False if the intent does not wait for payment.
   */
  payNow(id: string): boolean {
    return this.#options.store.transaction(() => {
      const row = this.#row(id);
      if (row?.['status'] !== 'awaiting-payment') return false;
      this.#tryToPay(row, true);
      return true;
    });
  }

  /** Takes money that no merchant has requested and no webhook reports. Only the settlement report has it. */
  chargeSilently(given: {
    readonly amount: number;
    readonly currency: string;
    readonly reference: string;
  }): PaymentIntent {
    return this.#options.store.transaction(() => {
      const { paymentIntentId } = this.createIntent(given);
      this.#capture(this.#mustHave(paymentIntentId));
      return intentOf(this.#mustHave(paymentIntentId));
    });
  }

  createRefund(given: {
    readonly paymentIntentId: string;
    readonly amount: number;
    readonly currency: string;
    readonly reference: string;
  }):
    | Refund
    | Refused<
        'payment-intent-not-found' | 'payment-intent-not-captured' | 'amount-exceeds-captured' | 'currency-mismatch'
      > {
    const { store, now, delays } = this.#options;
    const row = this.#row(given.paymentIntentId);
    if (!row) return { refused: 'payment-intent-not-found' };
    if (row['status'] !== 'succeeded') return { refused: 'payment-intent-not-captured' };
    if (row['currency'] !== given.currency) return { refused: 'currency-mismatch' };
    if (given.amount > Number(row['amount']) - Number(row['refunded'])) return { refused: 'amount-exceeds-captured' };
    const id = newId('re');
    this.#changeRefunded(given.paymentIntentId, given.amount);
    store.run(
      `INSERT INTO refund (id, intent_id, status, amount, currency, reference, created_at, due_at)
       VALUES (?, ?, 'pending', ?, ?, ?, ?, ?)`,
      id,
      given.paymentIntentId,
      given.amount,
      given.currency,
      given.reference,
      now(),
      now() + delays.refundMs,
    );
    const refund = this.refund(id);
    if (!refund) throw new Error(`refund ${id} was not stored`);
    return refund;
  }

  refund(id: string): Refund | undefined {
    const row = this.#options.store.get('SELECT * FROM refund WHERE id = ?', id);
    return row && refundOf(row);
  }

  /** Makes the payments and the refunds that are due. */
  runDue(): void {
    const { store, now } = this.#options;
    store.transaction(() => {
      for (const row of store.all('SELECT * FROM intent WHERE due_at <= ? ORDER BY due_at, rowid', now()))
        this.#tryToPay(row, false);
      for (const row of store.all('SELECT * FROM refund WHERE due_at <= ? ORDER BY due_at, rowid', now()))
        this.#carryOut(row);
    });
  }

  /** When `runDue` next has something to do, or undefined if nothing is planned. */
  nextDue(): number | undefined {
    const row = this.#options.store.get(
      'SELECT min(due_at) AS at FROM (SELECT due_at FROM intent UNION ALL SELECT due_at FROM refund)',
    );
    const at = row?.['at'] ?? null;
    return at === null ? undefined : Number(at);
  }

  #tryToPay(row: Row, byHand: boolean): void {
    const { store, faults, emit, now, delays } = this.#options;
    const { paymentIntentId: id, reference } = intentOf(row);
    const tries = Number(row['tries']) + 1;
    const on = { target: 'createPaymentIntent', reference, subject: `${reference} pays ${tries}` };
    const kind = faults.next('payment', on)?.kind;
    if (kind === 'hold' && !byHand) {
      store.run('UPDATE intent SET due_at = NULL WHERE id = ?', id);
      return;
    }
    if (kind === undefined || kind === 'hold') {
      this.#capture(row);
      emit('payment.succeeded', intentOf(this.#mustHave(id)), reference);
      return;
    }
    const retryable = kind === 'decline-retryable' && tries < MAX_TRIES;
    const failure = retryable
      ? { code: 'insufficient-funds', retryable, message: 'The account has not enough money.' }
      : kind === 'decline-retryable'
        ? { code: 'too-many-tries', retryable, message: 'The payer has tried too often.' }
        : { code: 'card-blocked', retryable, message: 'The card is blocked.' };
    store.run(
      'UPDATE intent SET status = ?, tries = ?, failure = ?, due_at = ?, version = version + 1 WHERE id = ?',
      retryable ? 'awaiting-payment' : 'failed',
      tries,
      JSON.stringify(failure),
      retryable ? now() + delays.payAgainMs : null,
      id,
    );
    emit('payment.failed', intentOf(this.#mustHave(id)), reference);
  }

  #capture(row: Row): void {
    const { store, now } = this.#options;
    const { paymentIntentId: id } = intentOf(row);
    store.run(
      `UPDATE intent SET status = 'succeeded', charge_id = ?, captured_at = ?, failure = NULL, due_at = NULL,
         tries = tries + 1, version = version + 1
       WHERE id = ?`,
      newId('ch'),
      now(),
      id,
    );
    addCapture(store, intentOf(this.#mustHave(id)), now());
  }

  #carryOut(row: Row): void {
    const { store, faults, emit, now } = this.#options;
    const { refundId: id, reference, amount, paymentIntentId } = refundOf(row);
    const fails = faults.next('refund', { target: 'createRefund', reference, subject: `${reference} refund` });
    const failure = fails ? { code: 'account-closed', message: 'The account of the payer is closed.' } : undefined;
    store.run(
      'UPDATE refund SET status = ?, failure = ?, due_at = NULL, version = version + 1 WHERE id = ?',
      failure ? 'failed' : 'succeeded',
      failure ? JSON.stringify(failure) : null,
      id,
    );
    const refund = this.refund(id);
    if (!refund) return;
    if (failure) this.#changeRefunded(paymentIntentId, -amount);
    else addRefund(store, refund, now());
    emit(failure ? 'refund.failed' : 'refund.succeeded', refund, reference);
  }

  #changeRefunded(id: string, by: number): void {
    this.#options.store.run('UPDATE intent SET refunded = refunded + ?, version = version + 1 WHERE id = ?', by, id);
  }

  #row(id: string): Row | undefined {
    return this.#options.store.get('SELECT * FROM intent WHERE id = ?', id);
  }

  #mustHave(id: string): Row {
    const row = this.#row(id);
    if (!row) throw new Error(`there is no intent ${id}`);
    return row;
  }
}
