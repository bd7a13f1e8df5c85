import { movementsOf } from './movements.ts';
import { pick, takenOf, type LineQuantity, type Refusal } from './pick.ts';
import { openOf, type Closed, type Committed, type HeldLine, type Reservation } from './reservation.ts';
import type { Shipment } from './shipment.ts';
import type { Movement, StockLevel } from './stock.ts';

export interface Load {
  readonly warehouseId: string;
  readonly lines: readonly LineQuantity[];
}

interface Dispatched {
  readonly ok: true;
  readonly reservation: Committed | Closed;
  readonly shipment: Shipment;
  readonly movements: readonly Movement[];
}

type Refused =
  | Refusal<409, 'reservation-not-committed' | 'quantity-not-open'>
  | Refusal<422, 'line-unknown' | 'line-elsewhere' | 'line-repeated'>;

/**
 * Goods of an order leave a warehouse: a part of what is open, or all of it. `levels` has the balances of all these
 * goods. One movement per line takes the quantity from the stock on hand and from the reserved stock.
 */
export function dispatch(
  reservation: Reservation,
  levels: readonly StockLevel[],
  { warehouseId, lines: wanted }: Load,
  { newId, now }: { readonly newId: () => string; readonly now: Date },
): Dispatched | Refused {
  if (reservation.state !== 'COMMITTED') {
    const detail = `the reservation is ${reservation.state}; stock leaves only while it is COMMITTED`;
    return { ok: false, status: 409, problem: { code: 'reservation-not-committed', detail } };
  }
  const loaded = pick(reservation.lines, wanted, {
    left: openOf,
    tooMuch: { code: 'quantity-not-open', what: 'open' },
    unfit: (line) => elsewhere(line, warehouseId),
  });
  if (!loaded.ok) return loaded;
  const { picked } = loaded;

  const lines = reservation.lines.map((line) => ({ ...line, shipped: line.shipped + takenOf(picked, line.lineId) }));
  const state = lines.every((line) => openOf(line) === 0n) ? 'CLOSED' : 'COMMITTED';
  const { reservationId, orderId } = reservation;
  const shipmentId = newId();
  return {
    ok: true,
    reservation: { state, reservationId, orderId, lines, version: reservation.version + 1n },
    shipment: {
      shipmentId,
      orderId,
      warehouseId,
      state: 'DISPATCHED',
      version: 1n,
      lines: picked.map(({ lineId, sku, taken }) => ({ lineId, sku, qty: taken, returned: 0n })),
      dispatchedAt: now,
      deliveredAt: null,
    },
    movements: movementsOf(
      picked.map(({ sku, taken }) => ({ sku, warehouseId, delta: -taken, reserved: -taken })),
      levels,
      { kind: 'SHIPMENT', sourceId: shipmentId, newId, now },
    ),
  };
}

function elsewhere({ lineId, warehouseId }: HeldLine, from: string) {
  if (warehouseId === from) return undefined;
  return { code: 'line-elsewhere', detail: `line ${lineId} is in warehouse ${warehouseId}` } as const;
}
