import type { Expired, Released } from '../domain/reservation.ts';
import type { ReservationStore, StockLedger, Tx } from '../ports.ts';

/** Stores a reservation that ended, and frees its stock. The balances are locked first, as everywhere. */
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
  await stock.letGo(tx, ended.lines);
}
