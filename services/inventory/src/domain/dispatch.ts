import { movementsOf } from './movements.ts';
import { openOf, type Closed, type Committed, type HeldLine, type Reservation } from './reservation.ts';
import type { Shipment } from './shipment.ts';
import type { Movement, StockLevel } from './stock.ts';

export interface Load {
  readonly warehouseId: string;
  readonly lines: readonly LoadedLine[];
}

interface LoadedLine {
  readonly lineId: string;
  /** Above zero. */
  readonly qty: bigint;
}

interface Problem<Code extends string> {
  readonly code: Code;
  readonly detail: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

interface Refusal<Status extends number, Code extends string> {
  readonly ok: false;
  readonly status: Status;
  readonly problem: Problem<Code>;
}

type Refused =
  | Refusal<409, 'reservation-not-committed' | 'quantity-not-open'>
  | Refusal<422, 'line-unknown' | 'line-elsewhere' | 'line-repeated'>;

type Dispatched =
  | Refused
  | {
      readonly ok: true;
      readonly reservation: Committed | Closed;
      readonly shipment: Shipment;
      readonly movements: readonly Movement[];
    };

/**
 * Goods of an order leave a warehouse: some of what is open, or all of it. `levels` has the balances of all of them.
 * One movement for each line takes the quantity from what is on hand and from what is reserved.
 */
export function dispatch(
  reservation: Reservation,
  levels: readonly StockLevel[],
  load: Load,
  { newId, now }: { readonly newId: () => string; readonly now: Date },
): Dispatched {
  if (reservation.state !== 'COMMITTED') {
    const detail = `the reservation is ${reservation.state}; stock leaves only while it is COMMITTED`;
    return { ok: false, status: 409, problem: { code: 'reservation-not-committed', detail } };
  }
  const picked: (HeldLine & { readonly taken: bigint })[] = [];
  for (const [index, { lineId, qty }] of load.lines.entries()) {
    const line = reservation.lines.find((held) => held.lineId === lineId);
    const refused = line ? refusal(line, { index, qty, load }) : unknownLine(index, lineId);
    if (refused) return refused;
    if (line) picked.push({ ...line, taken: qty });
  }

  const lines = reservation.lines.map((line) => {
    const taken = picked.find(({ lineId }) => lineId === line.lineId)?.taken ?? 0n;
    return { ...line, shipped: line.shipped + taken };
  });
  const state = lines.every((line) => openOf(line) === 0n) ? 'CLOSED' : 'COMMITTED';
  const { reservationId, orderId } = reservation;
  const shipmentId = newId();
  return {
    ok: true,
    reservation: { state, reservationId, orderId, lines, version: reservation.version + 1n },
    shipment: {
      shipmentId,
      orderId,
      warehouseId: load.warehouseId,
      state: 'DISPATCHED',
      version: 1n,
      lines: picked.map(({ lineId, sku, taken }) => ({ lineId, sku, qty: taken })),
      dispatchedAt: now,
    },
    movements: movementsOf(
      picked.map(({ sku, warehouseId, taken }) => ({ sku, warehouseId, delta: -taken, reserved: -taken })),
      levels,
      { kind: 'SHIPMENT', sourceId: shipmentId, newId, now },
    ),
  };
}

function refusal(
  line: HeldLine,
  { index, qty, load }: { readonly index: number; readonly qty: bigint; readonly load: Load },
): Refused | undefined {
  const { lineId } = line;
  if (load.lines.findIndex((other) => other.lineId === lineId) < index) {
    return invalid('line-repeated', `/lines/${index}/lineId`, `line ${lineId} is named twice`);
  }
  if (line.warehouseId !== load.warehouseId) {
    return invalid('line-elsewhere', `/lines/${index}/lineId`, `line ${lineId} is in warehouse ${line.warehouseId}`);
  }
  if (qty > openOf(line)) {
    const detail = `line ${lineId} has ${openOf(line)} open, which is less than ${qty}`;
    const errors = [{ pointer: `/lines/${index}/qty`, detail }];
    return { ok: false, status: 409, problem: { code: 'quantity-not-open', detail, errors } };
  }
  return undefined;
}

function unknownLine(index: number, lineId: string): Refused {
  return invalid('line-unknown', `/lines/${index}/lineId`, `the order has no line ${lineId}`);
}

function invalid(code: 'line-unknown' | 'line-elsewhere' | 'line-repeated', pointer: string, detail: string): Refused {
  return { ok: false, status: 422, problem: { code, detail, errors: [{ pointer, detail }] } };
}
