import { movementOf, tooLarge, type Cause, type TooLarge } from './movements.ts';
import type { Movement, StockLevel } from './stock.ts';

type Received = { readonly ok: true; readonly movement: Movement } | { readonly ok: false; readonly problem: TooLarge };

/** Goods came in. This makes one movement, which raises what is on hand. */
export function receive(level: StockLevel, qty: bigint, { newId, now }: Pick<Cause, 'newId' | 'now'>): Received {
  const movement = movementOf(level, { delta: qty, reserved: 0n }, { kind: 'RECEIPT', sourceId: null, newId, now });
  const problem = tooLarge(movement.onHandAfter);
  return problem ? { ok: false, problem } : { ok: true, movement };
}
