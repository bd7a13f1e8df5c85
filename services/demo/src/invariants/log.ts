import type {
  InvoiceCredited,
  InvoiceIssued,
  JournalPosted,
  PaymentSucceeded,
  RefundFailed,
  RefundSucceeded,
} from '@atlas/generated-billing';
import type { ShipmentDispatched } from '@atlas/generated-inventory';
import type {
  OrderCancelled,
  OrderConfirmed,
  OrderFulfilled,
  OrderPlaced,
  OrderReleased,
  OrderReserved,
  OrderShipmentRecorded,
} from '@atlas/generated-orders';
import type { ApprovalEscalated, ApprovalGranted, ApprovalRequested, StepDecided } from '@atlas/generated-workflow';
import type { SeenEvent } from '../topics/eventOf.ts';
import type { Answers } from './answers.ts';

/** The events that invariants need. */
interface Payloads {
  readonly ApprovalEscalated: ApprovalEscalated;
  readonly ApprovalGranted: ApprovalGranted;
  readonly ApprovalRequested: ApprovalRequested;
  readonly InvoiceCredited: InvoiceCredited;
  readonly InvoiceIssued: InvoiceIssued;
  readonly JournalPosted: JournalPosted;
  readonly OrderCancelled: OrderCancelled;
  readonly OrderConfirmed: OrderConfirmed;
  readonly OrderFulfilled: OrderFulfilled;
  readonly OrderPlaced: OrderPlaced;
  readonly OrderReleased: OrderReleased;
  readonly OrderReserved: OrderReserved;
  readonly OrderShipmentRecorded: OrderShipmentRecorded;
  readonly PaymentSucceeded: PaymentSucceeded;
  readonly RefundFailed: RefundFailed;
  readonly RefundSucceeded: RefundSucceeded;
  readonly ShipmentDispatched: ShipmentDispatched;
  readonly StepDecided: StepDecided;
}

/** The sent events, each once, and those of a topic and key in the sequence of their first copies. */
export class EventLog {
  readonly events: readonly SeenEvent[];
  readonly #byName: ReadonlyMap<string, readonly SeenEvent[]>;

  /** `events` are in the sequence of the topics, and may have copies. */
  constructor(events: readonly SeenEvent[]) {
    const first = new Map<string, SeenEvent>();
    for (const event of events) if (!first.has(event.id)) first.set(event.id, event);
    this.events = [...first.values()];
    this.#byName = Map.groupBy(this.events, ({ name }) => name);
  }

  /** The payloads of all events with this name. */
  all<Name extends keyof Payloads>(name: Name): readonly Payloads[Name][] {
    // cast: the codec of this message has decoded it
    return (this.#byName.get(name) ?? []).map(({ data }) => data as Payloads[Name]);
  }

  /** The first of them that is about this order. */
  of<Name extends keyof Payloads>(name: Name, orderId: string): Payloads[Name] | undefined {
    return this.all(name).find((data) => 'orderId' in data && data.orderId === orderId);
  }
}

/** A promise about all sent events, and about the answers of the services afterwards. */
export interface Invariant {
  /** Its id in the design. */
  readonly id: string;
  readonly promise: string;
  /** Its violations, in words. Empty if there are none. */
  broken(log: EventLog, answers: Answers): readonly string[];
}

export function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
