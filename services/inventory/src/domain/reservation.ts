/** A line of an order, as Inventory needs it. */
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
  /** How much of it has left, from zero to `qty`. */
  readonly shipped: bigint;
  /** Whether the order leaves the choice of the warehouse to Inventory. It matters if the stock is held again. */
  readonly anyWarehouse: boolean;
}

/** A line that no single warehouse could serve completely. */
export interface Shortage {
  readonly sku: string;
  readonly wanted: bigint;
  /** The most free stock in any single warehouse that the line allows. */
  readonly available: bigint;
}

interface For<State extends string> {
  readonly state: State;
  readonly reservationId: string;
  readonly orderId: string;
  /** 1 for a new reservation, and one more for each committed change. */
  readonly version: bigint;
}
interface WithLines<State extends string> extends For<State> {
  readonly lines: readonly HeldLine[];
}

/** Its lines reserve stock until its time is over. */
export interface Held extends WithLines<'HELD'> {
  readonly expiresAt: Date;
}
/** The open part of its lines reserves stock, without an end. Only in this state stock can leave. */
export type Committed = WithLines<'COMMITTED'>;
/** Everything has left. */
export type Closed = WithLines<'CLOSED'>;
/** Its lines no longer reserve stock, because the order was cancelled. A part may have left before. */
export type Released = WithLines<'RELEASED'>;
/** Its lines no longer reserve stock, because its time was over. */
export interface Expired extends WithLines<'EXPIRED'> {
  readonly expiresAt: Date;
}
/** Nothing is held, because something was short: when the order was placed, or when it was released after EXPIRED. */
export interface Failed extends For<'FAILED'> {
  readonly shortages: readonly Shortage[];
}
/** One per order. */
export type Reservation = Held | Committed | Closed | Released | Expired | Failed;

/** The quantity that has not left yet. */
export function openOf({ qty, shipped }: Pick<HeldLine, 'qty' | 'shipped'>): bigint {
  return qty - shipped;
}

/** The lines that reserve stock. */
export function countedLines(reservation: Reservation): readonly HeldLine[] {
  switch (reservation.state) {
    case 'HELD':
    case 'COMMITTED':
      return reservation.lines;
    case 'CLOSED':
    case 'RELEASED':
    case 'EXPIRED':
    case 'FAILED':
      return [];
  }
}
