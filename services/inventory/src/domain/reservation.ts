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
  /** What of it has left, from zero to `qty`. */
  readonly shipped: bigint;
  /** Whether the order leaves the choice of the warehouse to Inventory. It matters if the stock is held once more. */
  readonly anyWarehouse: boolean;
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
interface WithLines<State extends string> extends For<State> {
  readonly lines: readonly HeldLine[];
}

/** Its lines count against the stock, until its time is over. */
export interface Held extends WithLines<'HELD'> {
  readonly expiresAt: Date;
}
/** What is open of its lines counts against the stock, without an end. Only from here stock can leave. */
export type Committed = WithLines<'COMMITTED'>;
/** Everything has left. */
export type Closed = WithLines<'CLOSED'>;
/** Its lines no longer count, because the order was cancelled. Some of it may have left before. */
export type Released = WithLines<'RELEASED'>;
/** Its lines no longer count, because its time was over. */
export interface Expired extends WithLines<'EXPIRED'> {
  readonly expiresAt: Date;
}
/** Nothing is held, because something was short: when the order was placed, or when it was released after EXPIRED. */
export interface Failed extends For<'FAILED'> {
  readonly shortages: readonly Shortage[];
}
/** One per order. */
export type Reservation = Held | Committed | Closed | Released | Expired | Failed;

/** What has not left yet. */
export function openOf({ qty, shipped }: Pick<HeldLine, 'qty' | 'shipped'>): bigint {
  return qty - shipped;
}

/** The lines that count against the stock. */
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
