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

/** The stock of a PREPAID order may leave once it is paid, that of a NET_30 order once it is invoiced. */
export type PaymentTerms = 'PREPAID' | 'NET_30';

/** What was agreed. It never changes after the order is placed. */
export interface Terms {
  readonly orderId: string;
  readonly customerId: string;
  /** The person who drafted it, or changed the draft last, and so may not approve it. */
  readonly requesterId: string;
  readonly currency: string;
  readonly taxRateBasisPoints: number;
  readonly payment: PaymentTerms;
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

/** The approval of exactly this order. */
export interface Confirmation {
  readonly approvalId: string;
  /** Whether the policy approved it without asking anybody. */
  readonly auto: boolean;
  readonly decidedAt: Date;
}

/** What Billing has said about the invoice. */
export interface Invoice {
  readonly invoiceId: string;
  readonly number: string | undefined;
  /** YYYY-MM-DD. */
  readonly dueDate: string | undefined;
  /** When nothing was left to pay. */
  readonly paidAt: Date | undefined;
}

export interface ShipmentLine {
  readonly lineId: string;
  readonly qty: bigint;
  /** The revenue of this part of the line. */
  readonly net: bigint;
}

/** Goods that left a warehouse. */
export interface Shipment {
  readonly shipmentId: string;
  readonly warehouseId: string;
  readonly shippedAt: Date;
  /** The order's version since it was recorded. */
  readonly orderVersion: bigint;
  /** At most one for each line of the order. */
  readonly lines: readonly ShipmentLine[];
}

/** A person who cancelled or discarded the order. */
export interface CancellationRequest {
  readonly requestedBy: string;
  readonly requestedAt: Date;
}

/** A line that no single warehouse could serve completely. */
export interface Shortage {
  readonly sku: string;
  readonly wanted: bigint;
  readonly available: bigint;
}

export interface Cancellation {
  readonly reason:
    | 'REQUESTED'
    | 'INSUFFICIENT_STOCK'
    | 'RESERVATION_EXPIRED'
    | 'APPROVAL_REJECTED'
    | 'APPROVAL_EXPIRED'
    | 'PAYMENT_FAILED';
  /** Empty unless the stock was insufficient. */
  readonly shortages: readonly Shortage[];
  readonly cancelledAt: Date;
}

interface At<State extends string> {
  readonly state: State;
  /** 1 for a new order, and one more for each committed change. */
  readonly version: bigint;
  /** When it got into this state. */
  readonly since: Date;
  readonly terms: Terms;
}
interface Held<State extends string> extends At<State> {
  readonly placement: Placement;
  readonly reservation: Reservation;
}
interface Confirmed<State extends string> extends Held<State> {
  readonly confirmation: Confirmation;
  /** Undefined until Billing has said something about it. */
  readonly invoice: Invoice | undefined;
}
interface Released<State extends string> extends Confirmed<State> {
  /** In the sequence in which they were recorded. */
  readonly shipments: readonly Shipment[];
}

export interface Draft extends At<'DRAFT'> {}
export interface Placed extends At<'PLACED'> {
  readonly placement: Placement;
}
export interface AwaitingApproval extends Held<'AWAITING_APPROVAL'> {}
export interface AwaitingPayment extends Confirmed<'AWAITING_PAYMENT'> {}
export interface Ready extends Released<'READY'> {}
export interface PartiallyFulfilled extends Released<'PARTIALLY_FULFILLED'> {}
export interface Cancelling extends Released<'CANCELLING'> {
  readonly request: CancellationRequest;
}
export interface Fulfilled extends Released<'FULFILLED'> {
  /** Undefined if nobody asked to cancel it. */
  readonly request: CancellationRequest | undefined;
}
/** Nothing of it has left. It keeps what it had before it was cancelled, except the reservation. */
export interface Cancelled extends At<'CANCELLED'> {
  readonly placement: Placement;
  readonly confirmation: Confirmation | undefined;
  readonly invoice: Invoice | undefined;
  /** Undefined unless the reason is REQUESTED. */
  readonly request: CancellationRequest | undefined;
  readonly cancellation: Cancellation;
}
/** A draft that was never placed, so no other service knows it. */
export interface Discarded extends At<'CANCELLED'> {
  readonly request: CancellationRequest;
}
export type Order =
  | Draft
  | Placed
  | AwaitingApproval
  | AwaitingPayment
  | Ready
  | PartiallyFulfilled
  | Cancelling
  | Fulfilled
  | Cancelled
  | Discarded;
