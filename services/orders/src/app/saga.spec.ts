import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryOrders } from '../../test/memoryOrders.ts';
import { saga } from '../../test/saga.ts';
import { LINE_ID, ORDER_ID, aDraft, aLine, inEveryState } from '../../test/samples.ts';
import { shippedByLine } from '../domain/quantities.ts';
import type { Line, Order, PaymentTerms } from '../domain/order.ts';
import { waitsFor } from '../domain/waitsFor.ts';

const SECOND_LINE = '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e23';
const INVOICES = ['0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e66', '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e67'] as const;
const SHIPMENTS = Array.from({ length: 6 }, (_, index) => `0199f3a2-6f0a-7c51-9b61-2f1d5a0c9f0${index}`);

/** What comes in: commands at the order's version, and events that may be stale, repeated, early or wrong. */
const incoming = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ what: 'next' } as const) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom('place', 'discard', 'update', 'cancel') }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom('reserved', 'short', 'expired') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constantFrom('granted', 'rejected', 'silence'),
      version: fc.bigInt(1n, 5n),
      same: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constantFrom('invoiced', 'paid', 'declined'),
      invoiceId: fc.constantFrom(...INVOICES),
      final: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constantFrom('dispatched', 'released'),
      shipmentId: fc.constantFrom(...SHIPMENTS),
      last: fc.boolean(),
      lines: fc.array(fc.record({ lineId: fc.constantFrom(LINE_ID, SECOND_LINE), qty: fc.bigInt(0n, 7n) }), {
        maxLength: 3,
      }),
    }),
  },
);
type Incoming = typeof incoming extends fc.Arbitrary<infer T> ? T : never;

/** The part of the sent events that the invariants look at. */
interface Sent {
  readonly type: string;
  readonly data: {
    readonly orderVersion?: bigint;
    readonly digest?: string;
    readonly lines?: readonly Part[];
    readonly cancelledLines?: readonly Part[];
  };
}
interface Part {
  readonly lineId: string;
  readonly qty: bigint;
  readonly net?: { readonly amountMinor: bigint };
  readonly tax?: { readonly amountMinor: bigint };
}

type Saga = ReturnType<typeof saga>;
type Answer = { readonly events?: readonly Sent[] };

async function handle(order: Order, about: Saga, it: Incoming): Promise<Answer> {
  const { version } = order;
  const digest = 'placement' in order ? order.placement.digest : '';
  switch (it.what) {
    case 'next':
      return next(order, about);
    case 'place':
    case 'discard':
    case 'cancel':
      return about[it.what](version);
    case 'update':
      return about.update({ taxRateBasisPoints: 700 }, { ifMatch: version });
    case 'reserved':
    case 'short':
    case 'expired':
      return about[it.what]();
    case 'granted':
    case 'rejected':
    case 'silence':
      return about[it.what]({ subjectVersion: it.version, digest: it.same ? digest : '' });
    case 'invoiced':
    case 'paid':
      return about[it.what](it.invoiceId);
    case 'declined':
      return about.declined(it);
    case 'dispatched':
      return about.dispatched(
        it.lines.map((line) => ({ ...line, sku: 'BOLT-M8' })),
        { shipmentId: it.shipmentId, last: it.last },
      );
    case 'released':
      return about.released(it.lines);
  }
}

/** What the order waits for. */
async function next(order: Order, about: Saga): Promise<Answer> {
  switch (order.state) {
    case 'DRAFT':
      return about.place(order.version);
    case 'PLACED':
      return about.reserved();
    case 'AWAITING_APPROVAL':
      return about.granted({ subjectVersion: order.version, digest: order.placement.digest });
    case 'AWAITING_PAYMENT':
      return order.invoice ? about.paid(order.invoice.invoiceId) : about.invoiced();
    case 'READY':
    case 'PARTIALLY_FULFILLED':
      return about.dispatched([{ lineId: LINE_ID, sku: 'BOLT-M8', qty: 1n }]);
    case 'CANCELLING':
      return about.released([...shippedByLine(order.shipments)].map(([lineId, qty]) => ({ lineId, qty })));
    case 'FULFILLED':
    case 'CANCELLED':
      return {};
  }
}

/** The result of a sequence of commands and events for an order. */
interface Outcome {
  readonly order: Order;
  readonly sent: readonly Sent[];
  readonly granted: ReadonlySet<string>;
}

const TERMS = [aLine(), aLine({ lineId: SECOND_LINE, qty: 7n, unitPrice: { preciseAmount: 1n, fractionDigits: 2 } })];

/**
 * The invariants that a sequence breaks, at the first step that breaks any. `reached` collects the states on the way.
 */
async function play(payment: PaymentTerms, sequence: readonly Incoming[], reached: Set<string>) {
  const { orders, run, get } = memoryOrders();
  const about = saga(orders, run);
  const granted = new Set<string>();
  const noting: Saga = {
    ...about,
    granted: (change) => {
      granted.add(`${change.subjectVersion} ${change.digest}`);
      return about.granted(change);
    },
  };
  await run((tx) => orders.insert(tx, aDraft({ payment, lines: TERMS })));
  const sent: Sent[] = [];
  for (const it of sequence) {
    const before = get(ORDER_ID);
    const { events = [] } = await handle(before, noting, it).catch((error: unknown): Answer => {
      if (get(ORDER_ID) !== before) throw error;
      return {};
    });
    sent.push(...events);
    reached.add(get(ORDER_ID).state);
    const broken = brokenBy({ order: get(ORDER_ID), sent, granted });
    if (broken.length > 0) return broken;
  }
  return [];
}

function parts(sent: readonly Sent[], lineId: string, of: 'lines' | 'cancelledLines', type: string): readonly Part[] {
  return sent
    .filter((event) => event.type === type)
    .flatMap(({ data }) => data[of] ?? [])
    .filter((part) => part.lineId === lineId);
}

function sum(amounts: readonly (bigint | undefined)[]): bigint {
  return amounts.reduce<bigint>((total, amount) => total + (amount ?? 0n), 0n);
}

/** O1, O3, O4, W3 and X4 of the design, seen from the events that were sent. */
function brokenBy({ order, sent, granted }: Outcome): readonly string[] {
  const types = sent.map(({ type }) => type);
  const once = types.filter((type) => type !== 'OrderShipmentRecorded');
  const terminal = types.findIndex((type) => type === 'OrderCancelled' || type === 'OrderFulfilled');
  const reserved = sent.find(({ type }) => type === 'OrderReserved')?.data;
  const left = sum(
    order.terms.lines.flatMap(({ lineId }) =>
      parts(sent, lineId, 'lines', 'OrderShipmentRecorded').map(({ qty }) => qty),
    ),
  );
  const ended = order.state === 'CANCELLED' || order.state === 'FULFILLED';
  const rules: Readonly<Record<string, boolean>> = {
    'no event follows a terminal one': terminal === -1 || terminal === types.length - 1,
    'only shipments are sent more than once': new Set(once).size === once.length,
    'what is cancelled has not left': order.state !== 'CANCELLED' || !types.includes('OrderShipmentRecorded'),
    'of what is fulfilled something left': order.state !== 'FULFILLED' || left > 0n,
    'what is confirmed was granted':
      !types.includes('OrderConfirmed') || granted.has(`${reserved?.orderVersion} ${reserved?.digest}`),
    'what has not ended waits for something': (waitsFor(order) === undefined) === ended,
  };
  const broken = Object.keys(rules).filter((rule) => rules[rule] === false);
  return [...broken, ...order.terms.lines.flatMap((line) => brokenByLine(line, order.state, sent))];
}

function brokenByLine({ lineId, qty, net, tax }: Line, state: Order['state'], sent: readonly Sent[]) {
  const shipped = parts(sent, lineId, 'lines', 'OrderShipmentRecorded');
  const cancelled = parts(sent, lineId, 'cancelledLines', 'OrderFulfilled');
  const all = [...shipped, ...cancelled];
  const accounted = sum(all.map((part) => part.qty));
  const split = sum(all.map((part) => part.net?.amountMinor));
  const rules: Readonly<Record<string, boolean>> = {
    'not more than was ordered is shipped and cancelled': accounted <= qty,
    'what is fulfilled is shipped or cancelled': state !== 'FULFILLED' || accounted === qty,
    'no part is below zero': all.every((part) => (part.net?.amountMinor ?? -1n) >= 0n),
    'the parts add up to the line': state === 'FULFILLED' ? split === net : split <= net,
    'not more tax than there is is cancelled': sum(cancelled.map((part) => part.tax?.amountMinor)) <= tax,
  };
  return Object.keys(rules).filter((rule) => rules[rule] === false);
}

describe('whatever comes in, in any sequence, an order', () => {
  const reached = new Set<string>();

  it('ends at most once, ships and cancels what was ordered, and is confirmed only by a grant of its own', async () => {
    const property = fc.asyncProperty(
      fc.constantFrom<PaymentTerms>('PREPAID', 'NET_30'),
      fc.array(incoming, { minLength: 5, maxLength: 40 }),
      async (payment, sequence) => {
        expect(await play(payment, sequence, reached)).toEqual([]);
      },
    );
    await fc.assert(property, { numRuns: 500 });
  });

  it('gets into each state in these tests', () => {
    expect([...reached].toSorted()).toEqual(Object.keys(inEveryState()).toSorted());
  });
});
