import type { components } from '@atlas/generated-orders';
import type { DraftProblem, NewLine } from '../domain/draft.ts';

type Schemas = components['schemas'];

/** A line as the contract gives it, with an id of its own. */
export function newLine({ sku, qty, unitPrice, warehouseId }: Schemas['NewOrderLine'], lineId: string): NewLine {
  return {
    lineId,
    sku,
    qty: BigInt(qty),
    unitPrice: { preciseAmount: BigInt(unitPrice.preciseAmount), fractionDigits: unitPrice.fractionDigits },
    warehouseId: warehouseId === undefined ? undefined : canonical(warehouseId),
  };
}

/**
 * A UUID in lower case, as the database returns it. UUIDs are read in any case and written in lower case (RFC 9562,
 * section 4).
 */
export function canonical(id: string): string {
  return id.toLowerCase();
}

/** The part of the body that a problem is about. */
const POINTERS: Readonly<Record<DraftProblem['code'], string>> = {
  'order-empty': '/lines',
  'currency-unknown': '/currency',
  'amount-too-large': '/lines',
};

/** The answer of an operation if a draft cannot be priced. */
export function unpriced({ code, detail }: DraftProblem) {
  return { status: 422, problem: { code, detail, errors: [{ pointer: POINTERS[code], detail }] } } as const;
}
