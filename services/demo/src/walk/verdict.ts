import { FIRST, RECEIVED, SECOND, type Walk } from './walk.ts';
import type { Journey } from './journey.ts';

/** A promise of the walk-through, and whether it holds. */
export interface Finding {
  readonly holds: boolean;
  readonly promise: string;
  /** What was seen instead. */
  readonly seen: string;
}

/** Judges a walk, promise by promise, by the answers of the services and by the events in the topics. */
export function verdict({ reserved, failed, level }: Walk): readonly Finding[] {
  const left = RECEIVED - FIRST;
  const shortages = failed.order.cancellation?.shortages ?? [];
  return [
    finding(
      `the first order has its ${FIRST} and awaits approval`,
      `${reserved.order.state}, ${level.reserved} reserved of ${level.onHand}`,
      `AWAITING_APPROVAL, ${FIRST} reserved of ${RECEIVED}`,
    ),
    finding(
      `the second is cancelled for lack of stock and reserves nothing`,
      `${failed.order.state}, ${shortages.map(({ wanted, available }) => `${wanted} wanted of ${available}`).join()}`,
      `CANCELLED, ${SECOND} wanted of ${left}`,
    ),
    finding(
      'exactly the expected events were sent, in order',
      `${namesOf(reserved)}; ${namesOf(failed)}`,
      'OrderPlaced StockReserved OrderReserved; OrderPlaced StockReservationFailed OrderCancelled',
    ),
    finding(
      'one correlation id from the request to the last event',
      `${correlationsOf(reserved)}; ${correlationsOf(failed)}`,
      `${reserved.correlationId}; ${failed.correlationId}`,
    ),
  ];
}

function finding(promise: string, seen: string, expected: string): Finding {
  return { promise, seen, holds: seen === expected };
}

function namesOf({ events }: Journey): string {
  return events.map(({ name }) => name).join(' ');
}

function correlationsOf({ events }: Journey): string {
  return [...new Set(events.map(({ correlationId }) => correlationId))].join(' ');
}
