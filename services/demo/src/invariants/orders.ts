import { type EventLog, type Invariant, sum } from './log.ts';

const TERMINAL = new Set(['OrderCancelled', 'OrderFulfilled']);

/** How much of each line of an order was ordered, has left, or will never leave. */
function quantitiesOf(log: EventLog, orderId: string) {
  const ordered = log.of('OrderPlaced', orderId)?.lines ?? [];
  const shipped = log.all('OrderShipmentRecorded').filter((shipment) => shipment.orderId === orderId);
  const cancelled = log.of('OrderFulfilled', orderId)?.cancelledLines ?? [];
  return ordered.map(({ lineId, qty }) => {
    const ofLine = (lines: readonly { readonly lineId: string; readonly qty: bigint }[]): bigint =>
      sum(lines.filter((line) => line.lineId === lineId).map((line) => line.qty));
    return { lineId, qty, shipped: ofLine(shipped.flatMap(({ lines }) => lines)), cancelled: ofLine(cancelled) };
  });
}

export const ORDERS: readonly Invariant[] = [
  {
    id: 'O1',
    promise: 'an order ends once',
    broken: ({ events }) => {
      const ends = Map.groupBy(
        events.filter(({ name }) => TERMINAL.has(name)),
        ({ key }) => key,
      );
      return [...ends].filter(([, all]) => all.length > 1).map(([key]) => `order ${key} ends more than once`);
    },
  },
  {
    id: 'O2',
    promise: 'the total of an order is the sum of its rounded lines and their tax, in one currency',
    broken: (log) =>
      log.all('OrderConfirmed').flatMap(({ orderId, lines, net, tax, total }) => {
        const money = [net, tax, total, ...lines.flatMap((line) => [line.net, line.tax])];
        const adds =
          sum(lines.map((line) => line.net.amountMinor)) === net.amountMinor &&
          sum(lines.map((line) => line.tax.amountMinor)) === tax.amountMinor &&
          net.amountMinor + tax.amountMinor === total.amountMinor &&
          [log.of('OrderPlaced', orderId)?.total, log.of('InvoiceIssued', orderId)?.total].every(
            (other) => other === undefined || other.amountMinor === total.amountMinor,
          );
        const currencies = new Set(money.map(({ currency }) => currency));
        return adds && currencies.size === 1 ? [] : [`the amounts of order ${orderId} do not add up`];
      }),
  },
  {
    id: 'O3',
    promise: 'no more leaves than was ordered, and nothing of a cancelled order',
    broken: (log) =>
      log.all('OrderPlaced').flatMap(({ orderId }) => {
        const isCancelled = log.of('OrderCancelled', orderId) !== undefined;
        return quantitiesOf(log, orderId)
          .filter(({ qty, shipped, cancelled }) => shipped + cancelled > qty || (isCancelled && shipped > 0n))
          .map(({ lineId, qty, shipped }) => `${shipped} of ${qty} left of line ${lineId} of order ${orderId}`);
      }),
  },
  {
    id: 'O4',
    promise: 'a fulfilled order has shipped something, and all that it has not shipped is cancelled',
    broken: (log) =>
      log.all('OrderFulfilled').flatMap(({ orderId }) => {
        const lines = quantitiesOf(log, orderId);
        const isWhole = lines.every(({ qty, shipped, cancelled }) => shipped + cancelled === qty);
        return isWhole && lines.some(({ shipped }) => shipped > 0n) ? [] : [`order ${orderId} is not whole`];
      }),
  },
  {
    id: 'X3',
    promise: 'nothing leaves for an order that was not released',
    broken: (log) =>
      log
        .all('ShipmentDispatched')
        .filter(({ orderId }) => log.of('OrderReleased', orderId) === undefined)
        .map(({ shipmentId, orderId }) => `shipment ${shipmentId} left, but order ${orderId} was not released`),
  },
];
