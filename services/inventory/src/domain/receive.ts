import { MAX_QUANTITY, type Movement, type StockLevel } from './stock.ts';

export interface Receipt {
  readonly movementId: string;
  readonly qty: bigint;
  readonly recordedAt: Date;
}

type Received =
  | { readonly ok: true; readonly movement: Movement }
  | { readonly ok: false; readonly problem: { readonly code: 'stock-too-large'; readonly detail: string } };

/** Goods came in. This makes one movement, which raises what is on hand. */
export function receive(level: StockLevel, { movementId, qty, recordedAt }: Receipt): Received {
  const onHandAfter = level.onHand + qty;
  if (onHandAfter > MAX_QUANTITY) {
    return { ok: false, problem: { code: 'stock-too-large', detail: `on hand would be above ${MAX_QUANTITY}` } };
  }
  const movement: Movement = {
    movementId,
    sku: level.sku,
    warehouseId: level.warehouseId,
    kind: 'RECEIPT',
    sourceId: null,
    delta: qty,
    onHandAfter,
    reservedAfter: level.reserved,
    recordedAt,
  };
  return { ok: true, movement };
}
