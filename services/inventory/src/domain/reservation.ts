/** What a line of an order asks for. */
export interface WantedLine {
  readonly lineId: string;
  readonly sku: string;
  /** Above zero, in the item's base unit. */
  readonly qty: bigint;
  /** Null leaves the choice to Inventory. */
  readonly warehouseId: string | null;
}

/** A line with the warehouse that serves it. */
export interface HeldLine {
  readonly lineId: string;
  readonly sku: string;
  readonly warehouseId: string;
  readonly qty: bigint;
}

/** A line that no single warehouse could serve whole. */
export interface Shortage {
  readonly sku: string;
  readonly wanted: bigint;
  /** The most that any one warehouse had free, of those that the line allows. */
  readonly available: bigint;
}

interface For<State extends string> {
  readonly state: State;
  readonly reservationId: string;
  readonly orderId: string;
  /** 1 for a new reservation, and one more for each committed change. */
  readonly version: bigint;
}

/** Its lines count against the stock. */
export interface Held extends For<'HELD'> {
  readonly lines: readonly HeldLine[];
  readonly expiresAt: Date;
}
/** Its lines no longer count. */
export interface Released extends For<'RELEASED'> {
  readonly lines: readonly HeldLine[];
  readonly expiresAt: Date;
}
/** Its lines no longer count, because its time was over. */
export interface Expired extends For<'EXPIRED'> {
  readonly lines: readonly HeldLine[];
  readonly expiresAt: Date;
}
/** Nothing was ever held. */
export interface Failed extends For<'FAILED'> {
  readonly shortages: readonly Shortage[];
}
/** One per order. */
export type Reservation = Held | Released | Expired | Failed;
