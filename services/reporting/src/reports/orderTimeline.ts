import { sql, type CommonQueryMethods } from 'slonik';
import type { components, GetOrderTimeline } from '@atlas/generated-reporting';
import { rows } from '@atlas/runtime/slonik';
import { pages } from '../pages/index.ts';
import { foreign, parseMinVersion, type ForeignVersion, type MinVersion } from './minVersion.ts';
import { cellsOf, oneChunk } from './chunks.ts';
import type { Cell } from './csv.ts';
import { UUID_FORM } from './cursor.ts';
import { ORDER_COLUMNS, viewOrder, type OrderColumns } from './orderRow.ts';
import { report, type Look } from './report.ts';
import { openOrders, situationOf, type OpenOrder } from './saga/openOrders.ts';
import { waitsFor } from './saga/situations.ts';
import { entriesOf } from './timeline/entries.ts';
import type { StoredEvent, TimelineEntry } from './timeline/event.ts';
import { TOPICS } from './topics.ts';

type Body = components['schemas']['OrderTimeline'];
type Refusal = Exclude<GetOrderTimeline.Result, { readonly status: 200 }>;

const MAX_ENTRIES = 1_000;

export const getOrderTimeline = report<GetOrderTimeline.Input, Body, Refusal>({
  topics: [TOPICS.orders, TOPICS.reservations, TOPICS.invoices, TOPICS.payments, TOPICS.approvals],
  check: ({ params, query }) => otherKey(query.minVersion, params.orderId),
  body: timeline,
  page: pages.getOrderTimeline,
  file: {
    name: 'timeline',
    columns: [
      'eventId',
      'service',
      'type',
      'summary',
      'at',
      'sequence',
      'actorId',
      'onBehalfOf',
      'causedBy',
      'why',
      'afterSeconds',
      'details',
    ],
    rows: async (look, input) => {
      const body = await timeline(look, input);
      return cellsOf('problem' in body ? body : oneChunk(body.entries), entryCells);
    },
  },
});

async function timeline(
  { db, minVersion }: Look,
  { params: { orderId }, ctx }: GetOrderTimeline.Input,
): Promise<Omit<Body, 'meta'> | Refusal> {
  const other = minVersion && (await otherOwner(db, minVersion, orderId));
  if (other) return other;
  const order = await db.maybeOne(sql.prepared('reporting.order', rows<OrderColumns>())`
    SELECT ${ORDER_COLUMNS} FROM order_summary o LEFT JOIN order_invoice i USING (order_id)
    WHERE o.order_id = ${orderId}::uuid`);
  if (!order) {
    const detail = `no event about the order ${orderId} has arrived yet`;
    return { status: 404, problem: { code: 'order-not-found', detail } };
  }
  const events = await db.any(sql.prepared('reporting.timeline', rows<StoredEvent>())`
    SELECT event_id AS "eventId", topic, type, sequence, occurred_at AS at, actor_id AS "actorId",
      causation_id AS "causationId", data
    FROM timeline_entry WHERE subject_id IN (
      SELECT ${orderId}::uuid
      UNION SELECT payment_id FROM payment WHERE order_id = ${orderId}::uuid
      UNION SELECT payment_id FROM payment JOIN order_invoice i USING (invoice_id) WHERE i.order_id = ${orderId}::uuid
      UNION SELECT refund_id FROM refund WHERE order_id = ${orderId}::uuid
    ) ORDER BY occurred_at, sequence, topic, event_id LIMIT ${MAX_ENTRIES + 1}`);
  const entries = entriesOf(events.slice(0, MAX_ENTRIES), ctx.actor);
  const open = await db.maybeOne(sql.type(rows<OpenOrder>())`
    SELECT situation, deadline, invoice_number AS "invoiceNumber"
    FROM (${openOrders(sql.fragment`o.order_id = ${orderId}::uuid`)}) AS open`);
  return {
    order: viewOrder(order, ctx.actor),
    services: [...new Set(entries.map(({ service }) => service))],
    ...(open ? { waitsFor: waitsFor(situationOf(open), open) } : {}),
    entries: [...entries],
    ...(events.length > MAX_ENTRIES ? { truncated: true } : {}),
  };
}

function entryCells(entry: TimelineEntry): readonly Cell[] {
  const details = Object.entries(entry.details ?? {}).map(([name, text]) => `${name}: ${text}`);
  return [
    entry.eventId,
    entry.service,
    entry.type,
    entry.summary,
    entry.at,
    entry.sequence,
    entry.actorId,
    entry.onBehalfOf,
    entry.causedBy,
    entry.why,
    entry.afterSeconds,
    details.join('; '),
  ];
}

/** Kinds whose keys are ids of payments, or of orders and refunds. The keys of all others are ids of orders. */
const KEYED_OTHERWISE: readonly string[] = ['payment', 'approval'];

/** A problem if the key of a version certainly belongs to another order. */
function otherKey(text: string | undefined, orderId: string): ForeignVersion | undefined {
  if (text === undefined) return undefined;
  const { kind, key } = parseMinVersion(text);
  const fits = key === orderId || (KEYED_OTHERWISE.includes(kind) && UUID_FORM.test(key));
  return fits ? undefined : notOf(orderId, kind, key);
}

/** A problem if a payment or refund belongs to another order. One that is not known yet may belong to this one. */
async function otherOwner(
  db: CommonQueryMethods,
  { kind, key }: MinVersion,
  orderId: string,
): Promise<ForeignVersion | undefined> {
  if (key === orderId) return undefined;
  const owners = await db.anyFirst(sql.prepared('reporting.owner', rows<{ readonly orderId: string | null }>())`
    SELECT order_id AS "orderId" FROM payment WHERE payment_id = ${key}::uuid
    UNION SELECT order_id FROM refund WHERE refund_id = ${key}::uuid
    UNION SELECT order_id FROM order_summary WHERE order_id = ${key}::uuid`);
  return owners.some((owner) => owner !== null && owner !== orderId) ? notOf(orderId, kind, key) : undefined;
}

function notOf(orderId: string, kind: string, key: string): ForeignVersion {
  return foreign(`${kind} ${key} is not a part of the order ${orderId}`);
}
