import { movementsOf, tooLarge, type TooLarge } from './movements.ts';
import { pick, takenOf, type LineQuantity, type Refusal } from './pick.ts';
import type { Shipment, ShippedLine } from './shipment.ts';
import type { Movement, StockLevel } from './stock.ts';

/** Goods that came back. */
export interface GoodsReturn {
  readonly returnId: string;
  readonly shipmentId: string;
  readonly orderId: string;
  /** Where they are now, which may differ from the warehouse that they left. */
  readonly warehouseId: string;
  readonly lines: readonly Omit<ShippedLine, 'returned'>[];
  /** Whether the customer gets the money back. Inventory only records this; Finance issues the credit note. */
  readonly credit: boolean;
  readonly reason: string;
  readonly recordedBy: string;
  readonly recordedAt: Date;
}

interface Delivery extends Pick<GoodsReturn, 'warehouseId' | 'credit' | 'reason' | 'recordedBy'> {
  readonly lines: readonly LineQuantity[];
}

interface TakenBack {
  readonly ok: true;
  readonly shipment: Shipment;
  readonly goodsReturn: GoodsReturn;
  readonly movements: readonly Movement[];
}

type Refused =
  | Refusal<409, 'quantity-not-shipped'>
  | Refusal<422, 'line-unknown' | 'line-repeated'>
  | { readonly ok: false; readonly status: 422; readonly problem: TooLarge };

/**
 * recordReturn. Never more comes back than left with the shipment. `levels` has the balances of all of its items in the
 * warehouse; goods that come back are free there.
 */
export function takeBack(
  shipment: Shipment,
  levels: readonly StockLevel[],
  { lines: wanted, ...delivery }: Delivery,
  { newId, now }: { readonly newId: () => string; readonly now: Date },
): TakenBack | Refused {
  const back = pick(shipment.lines, wanted, {
    left: ({ qty, returned }) => qty - returned,
    tooMuch: { code: 'quantity-not-shipped', what: 'that left and did not come back' },
  });
  if (!back.ok) return back;
  const { picked } = back;
  const returnId = newId();
  const { warehouseId } = delivery;
  const movements = movementsOf(
    picked.map(({ sku, taken }) => ({ sku, warehouseId, delta: taken, reserved: 0n })),
    levels,
    { kind: 'RETURN', sourceId: returnId, newId, now },
  );
  const problem = movements.map(({ onHandAfter }) => tooLarge(onHandAfter)).find((one) => one !== undefined);
  if (problem) return { ok: false, status: 422, problem };

  const lines = shipment.lines.map((line) => ({ ...line, returned: line.returned + takenOf(picked, line.lineId) }));
  const state = lines.every(({ qty, returned }) => returned === qty) ? 'RETURNED' : shipment.state;
  const { shipmentId, orderId } = shipment;
  return {
    ok: true,
    shipment: { ...shipment, state, lines, version: shipment.version + 1n },
    goodsReturn: {
      returnId,
      shipmentId,
      orderId,
      ...delivery,
      lines: picked.map(({ lineId, sku, taken }) => ({ lineId, sku, qty: taken })),
      recordedAt: now,
    },
    movements,
  };
}
