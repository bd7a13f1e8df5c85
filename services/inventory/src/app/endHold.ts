import { openOf, type Expired, type Released } from '../domain/reservation.ts';
import type { ReservationStore, StockLedger, Tx } from '../ports.ts';

/** Stores a reservation that has ended, and frees what it still held. */
export async function endHold(
  { reservations, stock }: { readonly reservations: ReservationStore; readonly stock: StockLedger },
  tx: Tx,
  ended: Released | Expired,
): Promise<void> {
  await stock.lockAll(
    tx,
    ended.lines.map(({ sku }) => sku),
  );
  await reservations.save(tx, ended);
  await stock.letGo(
    tx,
    ended.lines.map((line) => ({ ...line, qty: openOf(line) })),
  );
}
