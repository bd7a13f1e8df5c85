import type { Refusal } from './pick.ts';

export interface ShippedLine {
  readonly lineId: string;
  readonly sku: string;
  /** How much left; above zero. */
  readonly qty: bigint;
  /** How much of it came back, from zero to `qty`. */
  readonly returned: bigint;
}

/** Goods of one order that left one warehouse together. */
export interface Shipment {
  readonly shipmentId: string;
  readonly orderId: string;
  readonly warehouseId: string;
  /** RETURNED if all of it came back. */
  readonly state: 'DISPATCHED' | 'DELIVERED' | 'RETURNED';
  readonly version: bigint;
  readonly lines: readonly ShippedLine[];
  readonly dispatchedAt: Date;
  /** Null if nobody has said that it arrived. */
  readonly deliveredAt: Date | null;
}

/** confirmDelivery. */
export function deliver(
  shipment: Shipment,
  now: Date,
): { readonly ok: true; readonly shipment: Shipment } | Refusal<409, 'shipment-not-dispatched'> {
  switch (shipment.state) {
    case 'DISPATCHED': {
      const delivered: Shipment = { ...shipment, state: 'DELIVERED', version: shipment.version + 1n, deliveredAt: now };
      return { ok: true, shipment: delivered };
    }
    case 'DELIVERED':
    case 'RETURNED': {
      const detail = `the shipment is ${shipment.state}`;
      return { ok: false, status: 409, problem: { code: 'shipment-not-dispatched', detail } };
    }
  }
}
