import { dayOf, entryOf, instant, newId, type Entry, type PaymentIntent, type Payout, type Refund } from './objects.ts';
import type { Store } from './store.ts';

/** The fee of a charge: 1.4 %, rounded up, and 25 minor units, but not more than the charge. */
export function feeOf(amount: number): number {
  const fee = (BigInt(amount) * 14n + 999n) / 1000n + 25n;
  return fee > BigInt(amount) ? amount : Number(fee);
}

/** Adds a captured charge and its fee to the balance. */
export function addCapture(store: Store, intent: PaymentIntent, at: number): void {
  const { amount, currency, chargeId = null, paymentIntentId, reference } = intent;
  add(store, 'charge', at, { amount, currency, chargeId, paymentIntentId, reference });
  const fee = feeOf(amount);
  if (fee > 0) add(store, 'fee', at, { amount: -fee, currency, chargeId });
}

/** Subtracts a paid refund from the balance. */
export function addRefund(
  store: Store,
  { amount, currency, refundId, paymentIntentId, reference }: Refund,
  at: number,
): void {
  add(store, 'refund', at, { amount: -amount, currency, refundId, paymentIntentId, reference });
}

/**
 * Pays out the rest of everything that was not paid out yet, per currency. If refunds and fees exceed it, pays nothing,
 * and the difference is deducted from later charges.
 */
export function payOut(store: Store, at: number): readonly Payout[] {
  const currencies = store.all('SELECT DISTINCT currency FROM entry WHERE payout_id IS NULL ORDER BY currency');
  return currencies.flatMap(({ currency }) => payOutOne(store, String(currency), at) ?? []);
}

function payOutOne(store: Store, currency: string, at: number): Payout | undefined {
  const rows = store.all('SELECT * FROM entry WHERE payout_id IS NULL AND currency = ? ORDER BY id', currency);
  let [gross, fees] = [0n, 0n];
  const included: number[] = [];
  for (const row of rows) {
    const amount = BigInt(Number(row['amount']));
    const isFee = row['type'] === 'fee';
    // the rest follows with the next payout, because amounts are at most 2^53 - 1
    if (!isFee && gross + amount > BigInt(Number.MAX_SAFE_INTEGER)) break;
    if (isFee) fees -= amount;
    else gross += amount;
    included.push(Number(row['id']));
  }
  if (gross < 1n || gross - fees < 1n) return undefined;
  const payout: Payout = {
    payoutId: newId('po'),
    amount: Number(gross - fees),
    currency,
    gross: Number(gross),
    fees: Number(fees),
    paidAt: instant(at),
  };
  for (const id of included) store.run('UPDATE entry SET payout_id = ? WHERE id = ?', payout.payoutId, id);
  add(store, 'payout', at, { amount: -payout.amount, currency, payoutId: payout.payoutId });
  return payout;
}

/** Entries of a day after the one with the number `after`, and the number of the last one if there are more. */
export function reportOf(
  store: Store,
  { day, after, limit }: { readonly day: string; readonly after: number; readonly limit: number },
): { readonly entries: readonly Entry[]; readonly next?: number } {
  const rows = store.all('SELECT * FROM entry WHERE day = ? AND id > ? ORDER BY id LIMIT ?', day, after, limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    entries: shown.map(entryOf),
    ...(rows.length > limit && last ? { next: Number(last['id']) } : {}),
  };
}

interface NewEntry {
  readonly amount: number;
  readonly currency: string;
  readonly chargeId?: string | null;
  readonly paymentIntentId?: string;
  readonly refundId?: string;
  readonly reference?: string;
  readonly payoutId?: string;
}

function add(store: Store, type: Entry['type'], at: number, entry: NewEntry): void {
  store.run(
    `INSERT INTO entry (type, day, amount, currency, occurred_at, intent_id, charge_id, refund_id, reference, payout_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    type,
    dayOf(at),
    entry.amount,
    entry.currency,
    at,
    entry.paymentIntentId ?? null,
    entry.chargeId ?? null,
    entry.refundId ?? null,
    entry.reference ?? null,
    entry.payoutId ?? null,
  );
}
