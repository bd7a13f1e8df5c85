export interface ShippedLine {
  readonly lineId: string;
  readonly sku: string;
  /** What left, above zero. */
  readonly qty: bigint;
}

/** Goods of one order that left one warehouse together. */
export interface Shipment {
  readonly shipmentId: string;
  readonly orderId: string;
  readonly warehouseId: string;
  readonly state: 'DISPATCHED';
  readonly version: bigint;
  readonly lines: readonly ShippedLine[];
  readonly dispatchedAt: Date;
}
