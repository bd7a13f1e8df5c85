import type { UnitPrice } from './money.ts';

/** Quantities count the item's base unit; amounts count the currency's minor unit. */
export interface Line {
  readonly lineId: string;
  readonly sku: string;
  readonly qty: bigint;
  readonly unitPrice: UnitPrice;
  /** Where to take it from; undefined leaves it to Inventory. */
  readonly warehouseId: string | undefined;
  readonly net: bigint;
  readonly tax: bigint;
}

/** What was agreed. It never changes after the order is placed. */
export interface Terms {
  readonly orderId: string;
  readonly customerId: string;
  /** The person who drafted it, and so may not approve it. */
  readonly requesterId: string;
  readonly currency: string;
  readonly taxRateBasisPoints: number;
  readonly lines: readonly Line[];
  readonly net: bigint;
  readonly tax: bigint;
  readonly total: bigint;
  readonly createdAt: Date;
}

export interface Placement {
  readonly placedAt: Date;
  /** SHA-256 of the terms in hex. Decisions about the order name it. */
  readonly digest: string;
}

export interface Reservation {
  readonly reservationId: string;
  readonly expiresAt: Date;
}

/** A line that no single warehouse could serve whole. */
export interface Shortage {
  readonly sku: string;
  readonly wanted: bigint;
  readonly available: bigint;
}

export interface Cancellation {
  readonly reason: 'INSUFFICIENT_STOCK' | 'RESERVATION_EXPIRED';
  /** Empty unless the stock was insufficient. */
  readonly shortages: readonly Shortage[];
  readonly cancelledAt: Date;
}

interface At<State extends string> {
  readonly state: State;
  /** 1 for a new order, and one more for each committed change. */
  readonly version: bigint;
  readonly terms: Terms;
}

export interface Draft extends At<'DRAFT'> {}
export interface Placed extends At<'PLACED'> {
  readonly placement: Placement;
}
export interface AwaitingApproval extends At<'AWAITING_APPROVAL'> {
  readonly placement: Placement;
  readonly reservation: Reservation;
}
export interface Cancelled extends At<'CANCELLED'> {
  readonly placement: Placement;
  readonly cancellation: Cancellation;
}
export type Order = Draft | Placed | AwaitingApproval | Cancelled;

/** How an order evolves. A step that the state table does not have is a type error. */
export const evolve = {
  toPlaced: ({ version, terms }: Draft, placement: Placement): Placed => ({
    state: 'PLACED',
    version: version + 1n,
    terms,
    placement,
  }),
  toAwaitingApproval: ({ version, terms, placement }: Placed, reservation: Reservation): AwaitingApproval => ({
    state: 'AWAITING_APPROVAL',
    version: version + 1n,
    terms,
    placement,
    reservation,
  }),
  toCancelled: ({ version, terms, placement }: Placed | AwaitingApproval, cancellation: Cancellation): Cancelled => ({
    state: 'CANCELLED',
    version: version + 1n,
    terms,
    placement,
    cancellation,
  }),
};
