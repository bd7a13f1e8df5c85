import type { JournalPostedEvent } from '@atlas/generated-billing';
import type { Journal } from '../domain/ledger.ts';
import type { Ledger, Tx } from '../ports.ts';
import { journalPosted } from './events.ts';

/** Posts a journal, and returns its event. */
export async function post(
  ledger: Ledger,
  tx: Tx,
  ctx: { readonly now: Date; readonly newId: () => string },
  what: Omit<Journal, 'journalId' | 'postedAt'>,
): Promise<JournalPostedEvent> {
  return journalPosted(await ledger.post(tx, { ...what, journalId: ctx.newId(), postedAt: ctx.now }));
}

/** The next number of a series for people, such as INV-2026-000001. The series begins again each year. */
export function numberText(series: string, number: bigint): string {
  return `${series}-${String(number).padStart(6, '0')}`;
}

/** The series of a year. */
export function seriesOf(prefix: 'INV' | 'CN', now: Date): string {
  return `${prefix}-${now.getUTCFullYear()}`;
}
