import { share } from './money.ts';
import type { Line, Order, Shipment } from './order.ts';

/** What happened to one line. Quantities that are neither shipped nor cancelled may still leave. */
export interface LineProgress {
  readonly line: Line;
  readonly shipped: bigint;
  readonly cancelled: bigint;
}

/** The part of a line that will never leave. Its amounts are those of the line minus those of its shipments. */
export interface CancelledPart {
  readonly lineId: string;
  readonly qty: bigint;
  readonly net: bigint;
  readonly tax: bigint;
}

/** The quantity that has left, by line. Lines of which nothing has left are not in it. */
export function shippedByLine(shipments: readonly Pick<Shipment, 'lines'>[]): ReadonlyMap<string, bigint> {
  return quantities(shipments.flatMap(({ lines }) => lines));
}

/** The sum of the quantities of each line. */
export function quantities(
  parts: readonly { readonly lineId: string; readonly qty: bigint }[],
): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { lineId, qty } of parts) sums.set(lineId, (sums.get(lineId) ?? 0n) + qty);
  return sums;
}

/** What happened to each line, in the sequence of the lines. */
export function progressOf(order: Order): readonly LineProgress[] {
  const shipped = shippedByLine('shipments' in order ? order.shipments : []);
  const ended = order.state === 'FULFILLED' || order.state === 'CANCELLED';
  return order.terms.lines.map((line) => {
    const left = shipped.get(line.lineId) ?? 0n;
    return { line, shipped: left, cancelled: ended ? line.qty - left : 0n };
  });
}

/**
 * The net amount of the `qty` units that leave after the first `before` ones. It is the difference of two rounded
 * shares of the line, so it is never below zero, and all parts add up to the line: the last one takes the remainder.
 */
export function netOfPart(line: Line, before: bigint, qty: bigint): bigint {
  return share(line.net, before + qty, line.qty) - share(line.net, before, line.qty);
}

/** The lines of an ended order of which something was cancelled. */
export function cancelledParts(order: Order): readonly CancelledPart[] {
  return progressOf(order)
    .filter(({ cancelled }) => cancelled > 0n)
    .map(({ line, shipped, cancelled }) => ({
      lineId: line.lineId,
      qty: cancelled,
      net: line.net - share(line.net, shipped, line.qty),
      tax: line.tax - share(line.tax, shipped, line.qty),
    }));
}
