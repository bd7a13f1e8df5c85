import { describe, expect, it } from 'vitest';
import type { SeenEvent } from '../topics/eventOf.ts';
import { brokenInvariants, INVARIANTS } from './index.ts';

const euros = (amountMinor: bigint) => ({ amountMinor, currency: 'EUR' });
const debit = (account: string, amountMinor: bigint) => ({ account, side: 'DEBIT', amount: euros(amountMinor) });
const credit = (account: string, amountMinor: bigint) => ({ account, side: 'CREDIT', amount: euros(amountMinor) });

type Data = Readonly<Record<string, unknown>>;

/** An event of a topic that has the name of its source. The sequence counts per source and key. */
function logOf(entries: readonly (readonly [source: string, key: string, name: string, data: Data])[]): SeenEvent[] {
  const sequences = new Map<string, number>();
  return entries.map(([source, key, name, data], index) => {
    const sequence = (sequences.get(`${source} ${key}`) ?? 0) + 1;
    sequences.set(`${source} ${key}`, sequence);
    const cause = index === 0 ? {} : { causationId: `e-${index - 1}` };
    const time = new Date(index);
    return { id: `e-${index}`, name, source, topic: source, time, correlationId: 'c', ...cause, sequence, key, data };
  });
}

const LINES = [{ lineId: 'l', qty: 3n, net: euros(100n), tax: euros(19n) }];
const total = euros(119n);
const asked = { orderVersion: 3n, digest: 'd' };
const granted = {
  approvalId: 'w',
  subjectVersion: 3n,
  digest: 'd',
  deciders: [{ actorId: 'april', onBehalfOf: null }],
};

const begun = (orderId: string, number: string) =>
  [
    ['orders', orderId, 'OrderPlaced', { orderId, total, lines: LINES }],
    ['orders', orderId, 'OrderReserved', { orderId, ...asked }],
    ['workflow', orderId, 'ApprovalRequested', { approvalId: `w-${orderId}`, requesterId: 'olga' }],
    ['workflow', orderId, 'ApprovalGranted', { ...granted, approvalId: `w-${orderId}`, subjectId: orderId }],
    ['orders', orderId, 'OrderConfirmed', { orderId, lines: LINES, net: euros(100n), tax: euros(19n), total }],
    ['billing', orderId, 'InvoiceIssued', { orderId, invoiceId: `i-${orderId}`, number, total }],
    [
      'ledger',
      `j-${orderId}`,
      'JournalPosted',
      { reference: `i-${orderId}`, lines: [debit('AR', 119n), credit('DEFERRED_REVENUE', 100n), credit('TAX', 19n)] },
    ],
  ] as const;

/** Two orders: one is paid and ships, the other one is cancelled before it is paid. */
const GOOD = logOf([
  ...begun('a', 'R-7'),
  [
    'billing',
    'a',
    'PaymentSucceeded',
    { orderId: 'a', paymentId: 'p', provider: 'psp', providerRef: '1', amount: total },
  ],
  ['ledger', 'p', 'JournalPosted', { reference: 'p', lines: [debit('PSP_CLEARING', 119n), credit('AR', 119n)] }],
  ['orders', 'a', 'OrderReleased', { orderId: 'a' }],
  ['inventory', 'a', 'ShipmentDispatched', { orderId: 'a', shipmentId: 's' }],
  ['orders', 'a', 'OrderShipmentRecorded', { orderId: 'a', shipmentId: 's', lines: [{ lineId: 'l', qty: 3n }] }],
  ['orders', 'a', 'OrderFulfilled', { orderId: 'a', cancelledLines: [] }],
  [
    'ledger',
    's',
    'JournalPosted',
    { reference: 's', lines: [debit('DEFERRED_REVENUE', 100n), credit('REVENUE', 100n)] },
  ],
  ...begun('b', 'R-8'),
  ['orders', 'b', 'OrderCancelled', { orderId: 'b' }],
  ['billing', 'b', 'InvoiceCredited', { orderId: 'b', creditNoteId: 'n', total }],
  [
    'ledger',
    'n',
    'JournalPosted',
    { reference: 'n', lines: [debit('DEFERRED_REVENUE', 100n), debit('TAX', 19n), credit('AR', 119n)] },
  ],
]);

type Change = (log: readonly SeenEvent[]) => readonly SeenEvent[];

/** The log with other members in the first event of a name. */
const withData =
  (name: string, change: Data): Change =>
  (log) => {
    const at = log.findIndex((event) => event.name === name);
    return log.map((event, index) => (index === at ? { ...event, data: { ...dataOf(event), ...change } } : event));
  };

const dataOf = ({ data }: SeenEvent): Data => (typeof data === 'object' && data !== null ? { ...data } : {});

/** The log with one more event at its end, which follows the last one of its key. */
const and =
  (source: string, key: string, name: string, data: Data): Change =>
  (log) => {
    const sequence = 1 + log.filter((event) => event.topic === source && event.key === key).length;
    const about = { id: 'more', correlationId: 'c', time: new Date(), sequence };
    return [...log, { ...about, name, source, topic: source, key, data }];
  };

const without =
  (name: string): Change =>
  (log) =>
    log.filter((event) => event.name !== name);

const BROKEN: readonly (readonly [id: string, what: string, change: Change])[] = [
  ['O1', 'an order that ends twice', and('orders', 'a', 'OrderCancelled', { orderId: 'a' })],
  ['O2', 'a total that is not the sum', withData('OrderConfirmed', { total: euros(120n) })],
  ['O2', 'another total on the invoice', withData('InvoiceIssued', { total: euros(120n) })],
  ['O3', 'more that left than was ordered', withData('OrderShipmentRecorded', { lines: [{ lineId: 'l', qty: 4n }] })],
  ['O3', 'a part of a cancelled order that left', withData('OrderShipmentRecorded', { orderId: 'b' })],
  ['O4', 'a rest that is neither shipped nor cancelled', withData('OrderShipmentRecorded', { lines: [] })],
  ['X3', 'goods that leave before the release', without('OrderReleased')],
  ['X3', 'an event whose cause was not sent', (log) => log.filter(({ id }) => id !== 'e-0')],
  ['X1', 'a gap', (log) => log.filter(({ id }) => id !== 'e-1')],
  ['X1', 'two events of a key in the wrong sequence', (log) => log.toReversed()],
  ['W1', 'a requester who approves', withData('ApprovalRequested', { requesterId: 'april' })],
  ['W3', 'a confirmation without an approval', without('ApprovalGranted')],
  ['W3', 'an approval of something else', withData('ApprovalGranted', { digest: 'other' })],
  ['B1', 'a journal out of balance', withData('JournalPosted', { lines: [debit('AR', 1n), credit('TAX', 2n)] })],
  ['B3', 'more money back than came', and('billing', 'a', 'RefundSucceeded', { paymentId: 'p', amount: euros(120n) })],
  [
    'B4',
    'a charge that is two payments',
    and('billing', 'a', 'PaymentSucceeded', { paymentId: 'q', provider: 'psp', providerRef: '1', amount: total }),
  ],
  ['B5', 'a cancelled order with an open invoice', withData('InvoiceCredited', { total: euros(1n) })],
  [
    'B5',
    'money for a cancelled order that stays',
    and('billing', 'b', 'PaymentSucceeded', { orderId: 'b', paymentId: 'q', providerRef: '2', amount: total }),
  ],
  ['B6', 'revenue that stays deferred', (log) => log.filter(({ key, topic }) => topic !== 'ledger' || key !== 's')],
  ['B8', 'a number that is missing', withData('InvoiceIssued', { number: 'R-6' })],
];

describe('the invariants', () => {
  it('hold for a good log, also with copies', () => {
    expect(brokenInvariants(GOOD)).toEqual([]);
    expect(brokenInvariants([...GOOD, ...GOOD])).toEqual([]);
  });

  it.each(BROKEN)('%s sees %s', (id, _what, change) => {
    const found = brokenInvariants(change(GOOD));
    expect(found.filter((text) => text.startsWith(`${id}: `))).not.toEqual([]);
  });

  it('are all seen broken here', () => {
    expect(new Set(BROKEN.map(([id]) => id))).toEqual(new Set(INVARIANTS.map(({ id }) => id)));
  });
});
