import { randomUUID } from 'node:crypto';
import type { AnyMessage } from '../src/projections/projection.ts';
import { type Course, idOf, Log, placeOf, play } from './histories.ts';
import { aMessage } from './messages.ts';

/** The events of four months of orders, as if the services had sent them, for the pictures of the reports. */

const DAYS = 125;
const ORDERS = 380;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Type = AnyMessage['type'];

interface Story {
  readonly course: Course;
  /** The last event so far. */
  readonly until?: Type | undefined;
}

const USUAL: Course = {
  lines: 2,
  currency: 'EUR',
  approval: 'asked',
  terms: 'PREPAID',
  payment: 'paid',
  end: 'shipped',
  returned: false,
};

/** The courses of orders, used in turn. */
const COURSES: readonly Course[] = [
  USUAL,
  { ...USUAL, lines: 3, terms: 'NET_30', approval: 'two steps' },
  { ...USUAL, lines: 1, approval: 'auto', returned: true },
  { ...USUAL, currency: 'USD', terms: 'NET_30' },
  { ...USUAL, end: 'cancelled' },
  { ...USUAL, lines: 3, approval: 'escalated', payment: 'declined first' },
  { ...USUAL, lines: 3, end: 'shipped in parts', terms: 'NET_30' },
  { ...USUAL, approval: 'rejected' },
  { ...USUAL, currency: 'USD', lines: 1 },
  { ...USUAL, end: 'shortage' },
  { ...USUAL, lines: 3, payment: 'overpaid' },
];

/** Orders that somebody has to do something about, and how many hours ago they were placed. */
const OPEN: readonly (Story & { readonly hours: number })[] = [
  { course: USUAL, until: 'ApprovalRequested', hours: 80 },
  { course: USUAL, until: 'ApprovalRequested', hours: 5 },
  { course: { ...USUAL, approval: 'escalated' }, until: 'ApprovalEscalated', hours: 120 },
  { course: USUAL, until: 'InvoiceIssued', hours: 26 },
  { course: USUAL, until: 'InvoiceIssued', hours: 250 },
  { course: USUAL, until: 'OrderReleased', hours: 130 },
  { course: USUAL, until: 'OrderReleased', hours: 30 },
  { course: { ...USUAL, lines: 3, end: 'shipped in parts' }, until: 'OrderShipmentRecorded', hours: 60 },
  { course: { ...USUAL, end: 'cancelled' }, until: 'OrderCancellationRequested', hours: 40 },
  { course: USUAL, until: 'OrderPlaced', hours: 0.5 },
];

/** How long people, customers and timers take before an event. All others follow their cause at once. */
const WAITS: { readonly [Name in Type]?: number } = {
  StepDecided: 3 * HOUR,
  ApprovalEscalated: 2 * DAY,
  PaymentSucceeded: 5 * HOUR,
  PaymentFailed: HOUR,
  ShipmentDispatched: 20 * HOUR,
  OrderCancellationRequested: 7 * HOUR,
  ReturnRecorded: 6 * DAY,
};
const PAYMENTS: readonly Type[] = ['PaymentSucceeded', 'PaymentFailed', 'InvoicePaid', 'InvoicePaymentFailed'];

const ITEMS = [
  { sku: 'BOLT-M8', name: 'Bolt M8 × 40, zinc', baseUnit: 'piece', onHand: 4_200n, reorderPoint: 1_000n },
  { sku: 'NUT-M8', name: 'Nut M8, zinc', baseUnit: 'piece', onHand: 3_800n, reorderPoint: 1_000n },
  { sku: 'FRAME-A', name: 'Frame A, oak', baseUnit: 'piece', onHand: 400n, reorderPoint: 300n },
  { sku: 'GLASS-4MM', name: 'Float glass 4 mm', baseUnit: 'square metre', onHand: 1_500n, reorderPoint: 400n },
  { sku: 'PAINT-9010', name: 'Paint RAL 9010, white', baseUnit: 'litre', onHand: 900n, reorderPoint: 200n },
  { sku: 'GLUE-D4', name: 'Wood glue D4', baseUnit: 'litre', onHand: 360n, reorderPoint: 100n },
  { sku: 'HINGE-70', name: 'Hinge 70 mm, brass', baseUnit: 'piece', onHand: 700n, reorderPoint: 550n },
] as const;
const WAREHOUSES = [idOf('w', 0), idOf('w', 1)];

/** The events until an instant, in their sequence. */
export function monthsUntil(end: Date): readonly AnyMessage[] {
  const log = new Log();
  const told = [...stockAt(new Date(end.getTime() - (DAYS + 3) * DAY))];
  const tell = (number: number, { course, until }: Story, start: number): void => {
    const from = log.messages.length;
    play(log, number, course);
    told.push(...retold(log.messages.slice(from), { number, course, until, start, end: end.getTime() }));
  };
  for (let number = 0; number < ORDERS; number += 1)
    tell(number, { course: COURSES[number % COURSES.length] ?? USUAL }, startOf(number, end));
  for (const [index, story] of OPEN.entries()) tell(ORDERS + index, story, end.getTime() - story.hours * HOUR);
  return numbered(told.toSorted((one, other) => one.meta.time.getTime() - other.meta.time.getTime()));
}

/** In the hours of a working day. */
function startOf(number: number, end: Date): number {
  const day = new Date(end.getTime() - (1 - number / ORDERS) * DAYS * DAY);
  day.setUTCHours(7 + ((number * 7) % 10), (number * 13) % 60, (number * 29) % 60, 120);
  const weekday = day.getUTCDay();
  return day.getTime() - (weekday === 6 ? DAY : weekday === 0 ? 2 * DAY : 0);
}

/** The stock in the warehouses before the first order. */
function stockAt(time: Date): readonly AnyMessage[] {
  const changedAt = BigInt(time.getTime()) * 1_000n;
  return ITEMS.flatMap(({ sku, name, baseUnit, onHand, reorderPoint }) => [
    aMessage('ItemChanged', { sku, name, baseUnit, version: 1n, changedAt }, { id: `item ${sku}`, time }),
    ...WAREHOUSES.flatMap((warehouseId) => [
      aMessage(
        'StockMoved',
        {
          movementId: randomUUID(),
          sku,
          warehouseId,
          kind: 'RECEIPT',
          delta: onHand,
          onHandAfter: onHand,
          reservedAfter: 0n,
        },
        { id: `stock ${sku} ${warehouseId}`, time },
      ),
      aMessage(
        'ReorderPointReached',
        { sku, warehouseId, reorderPoint, free: onHand },
        { id: `reorder ${sku} ${warehouseId}`, time },
      ),
    ]),
  ]);
}

interface Telling extends Story {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** The events of one order that have happened by then, with changed times, prices and names. */
function retold(messages: readonly AnyMessage[], telling: Telling): readonly AnyMessage[] {
  const { number, course, until, start, end } = telling;
  const owes = course.terms === 'NET_30' && number % 3 !== 0;
  const result: AnyMessage[] = [];
  let at = start;
  let cause: string | undefined;
  for (const [index, message] of messages.entries()) {
    if (isOfStock(message) || (owes && PAYMENTS.includes(message.type))) continue;
    const wait = WAITS[message.type] ?? 0;
    if (result.length > 0) at += wait * (0.4 + ((number * 31 + index * 7) % 13) / 10) + 60 + ((index * 97) % 400);
    if (at > end) break;
    const isAsked = wait > 0 || result.length === 0;
    const change: Change = {
      micros: BigInt(Math.round(at - message.meta.time.getTime())) * 1_000n,
      price: BigInt(20 + ((number * 37) % 300)),
      dueDate: new Date(at + 30 * DAY).toISOString().slice(0, 10),
      names: namesOf(number),
    };
    const meta: AnyMessage['meta'] = {
      ...message.meta,
      time: new Date(at),
      causationId: isAsked ? undefined : cause,
      actorId: actorOf(message.type, change),
    };
    // cast: the data has the form that it had
    result.push({ ...message, data: changed(message.data, change), meta } as AnyMessage);
    if (message.type !== 'StockMoved') cause = meta.id;
    if (message.type === until) break;
  }
  return result;
}

/** Receipts and items are those of `stockAt`. */
function isOfStock(message: AnyMessage): boolean {
  const { type } = message;
  return (
    type === 'ItemChanged' ||
    type === 'ReorderPointReached' ||
    (type === 'StockMoved' && message.data.kind === 'RECEIPT')
  );
}

interface Change {
  /** Added to each instant. */
  readonly micros: bigint;
  /** The factor for each amount. */
  readonly price: bigint;
  readonly dueDate: string;
  readonly names: ReadonlyMap<string, string>;
}

function changed(value: unknown, change: Change, name = ''): unknown {
  if (typeof value === 'bigint') {
    if (name === 'amountMinor') return value * change.price;
    return name.endsWith('At') ? value + change.micros : value;
  }
  if (name === 'dueDate') return change.dueDate;
  if (typeof value === 'string') return change.names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((one: unknown) => changed(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, changed(one, change, key)]));
}

function namesOf(number: number): ReadonlyMap<string, string> {
  return new Map([
    ['ops-1', ['olga', 'oskar', 'ines'][number % 3] ?? ''],
    ['approver-1', ['april', 'anton'][number % 2] ?? ''],
    ...ITEMS.map(({ sku }, index): [string, string] => [`SKU-${index}`, sku]),
  ]);
}

function actorOf(type: Type, { names }: Change): string | undefined {
  if (PAYMENTS.includes(type)) return 'webhook';
  return names.get(type === 'StepDecided' || type === 'ApprovalGranted' ? 'approver-1' : 'ops-1');
}

/** Sequences of the events of each key, and what is on hand after each movement. */
function numbered(messages: readonly AnyMessage[]): readonly AnyMessage[] {
  const sequences = new Map<string, bigint>();
  const onHand = new Map<string, bigint>();
  return messages.map((message) => {
    const place = placeOf(message);
    const sequence = (sequences.get(place) ?? 0n) + 1n;
    sequences.set(place, sequence);
    const meta = { ...message.meta, sequence };
    if (message.type !== 'StockMoved') return { ...message, meta };
    const onHandAfter = (onHand.get(place) ?? 0n) + message.data.delta;
    onHand.set(place, onHandAfter);
    return { ...message, data: { ...message.data, onHandAfter }, meta };
  });
}
