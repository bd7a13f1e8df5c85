import { describe, expect, it } from 'vitest';
import type { SeenEvent } from '../topics/eventOf.ts';
import type { Answers } from './answers.ts';
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
  policyId: 'order',
  policyVersion: 2n,
  subjectVersion: 3n,
  digest: 'd',
  deciders: [{ actorId: 'april', onBehalfOf: null }],
};

const begun = (orderId: string, number: string) =>
  [
    ['orders', orderId, 'OrderPlaced', { orderId, total, lines: LINES }],
    ['orders', orderId, 'OrderReserved', { orderId, ...asked }],
    ['workflow', orderId, 'ApprovalRequested', { approvalId: `w-${orderId}`, requesterId: 'olga' }],
    [
      'workflow',
      orderId,
      'StepDecided',
      { approvalId: `w-${orderId}`, step: 1, decision: 'APPROVE', actorId: 'april', onBehalfOf: null },
    ],
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

const money = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const balance = (account: 'AR' | 'PSP_CLEARING', amount: number) => ({
  account,
  currency: 'EUR',
  debit: String(amount),
  credit: '0',
});
const approver = { quorum: 1, role: 'approver', deadlineSeconds: 60 } as const;
const escalated = { ...approver, escalation: { afterSeconds: 30, role: 'finance' } } as const;

/** The answers about these two orders: the first is paid, and the provider has paid nothing out yet. */
const ANSWERS: Answers = {
  since: new Date(1000),
  invoices: [
    { orderId: 'a', total: money(119), credited: money(0), paid: money(119), open: money(0) },
    { orderId: 'b', total: money(119), credited: money(119), paid: money(0), open: money(0) },
  ],
  owed: [{ currency: 'EUR', totalMinor: 7 }],
  before: [balance('AR', 7), balance('PSP_CLEARING', 40)],
  accounts: [balance('AR', 7), balance('PSP_CLEARING', 159)],
  report: [
    { type: 'charge', amount: 119, currency: 'EUR' },
    { type: 'fee', amount: -3, currency: 'EUR' },
  ],
  approvals: ['a', 'b'].map((order) => ({ approvalId: `w-${order}`, subject: { total: money(119) } })),
  policies: [
    {
      policyId: 'order',
      version: 2,
      rules: [{ currencies: ['EUR'], upTo: 100, steps: [] }, { upTo: 200, steps: [escalated] }, { steps: [approver] }],
    },
  ],
  rolesOf: (actorId) => ({ april: ['approver'], fiona: ['finance'] })[actorId] ?? [],
};

/** A part of the charge went back, and the provider has paid the rest out. */
const PAID_OUT: Answers['report'] = [
  { type: 'charge', amount: 119, currency: 'EUR', payoutId: 'po' },
  { type: 'refund', amount: -19, currency: 'EUR', payoutId: 'po' },
  { type: 'fee', amount: -3, currency: 'EUR', payoutId: 'po' },
  { type: 'payout', amount: -97, currency: 'EUR', payoutId: 'po' },
];

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

/** Wrong answers of the services and the provider about a good log. */
const CONTRADICTED: readonly (readonly [id: string, what: string, change: Partial<Answers>])[] = [
  ['B2', 'an invoice that Billing does not have', { invoices: ANSWERS.invoices.slice(1) }],
  ['B2', 'more open than is left to pay', { invoices: withInvoice({ open: money(1) }) }],
  ['B2', 'less than nothing open', { invoices: withInvoice({ paid: money(120), open: money(-1) }) }],
  ['B2', 'an open balance that AR does not have', { invoices: withInvoice({ paid: money(118), open: money(1) }) }],
  ['B2', 'more in AR than customers owe', { accounts: [balance('AR', 8), balance('PSP_CLEARING', 159)] }],
  ['B2', 'less in AR than customers owe', { accounts: [balance('PSP_CLEARING', 159)] }],
  ['B7', 'a charge that is not in the books', { report: [...ANSWERS.report, ...ANSWERS.report] }],
  ['B7', 'a charge that the provider does not report', { report: [] }],
  ['B7', 'a payout that is not in the books', { report: PAID_OUT }],
  ['B7', 'another currency', { report: ANSWERS.report.map((entry) => ({ ...entry, currency: 'USD' })) }],
  ['W2', 'a quorum that is not met', { policies: withStep({ ...escalated, quorum: 2 }) }],
  ['W2', 'a step that nobody decided', { policies: withStep(escalated, approver) }],
  ['W2', 'a decision without the role', { rolesOf: () => ['finance'] }],
  ['W2', 'an approval that no rule matches', { policies: [] }],
];

function withInvoice(change: Partial<Answers['invoices'][number]>): Answers['invoices'] {
  return ANSWERS.invoices.map((invoice) => (invoice.orderId === 'a' ? { ...invoice, ...change } : invoice));
}

function withStep(...steps: Answers['policies'][number]['rules'][number]['steps']): Answers['policies'] {
  return [{ policyId: 'order', version: 2, rules: [{ steps }] }];
}

const idsOf = (found: readonly string[]) => new Set(found.map((text) => text.replace(/:.*/s, '')));

describe('the invariants', () => {
  it('are met by a good log, also with copies', () => {
    expect(brokenInvariants(GOOD, ANSWERS)).toEqual([]);
    expect(brokenInvariants([...GOOD, ...GOOD], ANSWERS)).toEqual([]);
  });

  it('are met after a payout, and for a step that was escalated', () => {
    const accounts = [balance('AR', 7), balance('PSP_CLEARING', 40)];
    expect(brokenInvariants(GOOD, { ...ANSWERS, accounts, report: PAID_OUT })).toEqual([]);
    const escalation = { approvalId: 'w-a', step: 1, role: 'finance' };
    const log = withData('StepDecided', { actorId: 'fiona' })(GOOD);
    expect(idsOf(brokenInvariants(log, ANSWERS))).toEqual(new Set(['W2']));
    expect(brokenInvariants(and('workflow', 'a', 'ApprovalEscalated', escalation)(log), ANSWERS)).toEqual([]);
  });

  it('are met by an event whose cause is older than the log, and by no other cause that is missing', () => {
    const comesOf = (milliseconds: number): readonly SeenEvent[] => {
      const hex = milliseconds.toString(16).padStart(12, '0');
      const causationId = `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
      return GOOD.map((event) => (event.name === 'OrderReleased' ? { ...event, causationId } : event));
    };
    expect(brokenInvariants(comesOf(999), ANSWERS)).toEqual([]);
    expect(idsOf(brokenInvariants(comesOf(1000), ANSWERS))).toEqual(new Set(['X3']));
  });

  it.each(BROKEN)('%s sees %s', (id, _what, change) => {
    expect(idsOf(brokenInvariants(change(GOOD), ANSWERS))).toContain(id);
  });

  it.each(CONTRADICTED)('%s sees %s', (id, _what, change) => {
    expect(idsOf(brokenInvariants(GOOD, { ...ANSWERS, ...change }))).toEqual(new Set([id]));
  });

  it('are each broken by one of these logs', () => {
    const seen = [...BROKEN, ...CONTRADICTED].map(([id]) => id);
    expect(new Set(seen)).toEqual(new Set(INVARIANTS.map(({ id }) => id)));
  });
});
