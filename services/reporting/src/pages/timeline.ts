import { clip, html, words, type Html } from '@atlas/runtime/html';
import { figure } from './chart.ts';
import { counted, duration, instant, key, money, sentence } from './format.ts';
import { documentOf } from './layout.ts';
import { person, stateOf } from './orders.ts';
import { nothing, table } from './parts.ts';
import { linkTo, type BodyOf, type QueryOf, type Viewer } from './report.ts';
import { swimlanePicture } from './swimlanePicture.ts';
import { MOST_POINTS } from './swimlanes.ts';

type Body = BodyOf<'getOrderTimeline'>;
type Entry = Body['entries'][number];
type Numbered = Entry & { readonly number: number };

export function getOrderTimeline(body: Body, query: QueryOf<'getOrderTimeline'>, viewer: Viewer): string {
  const { meta, order, waitsFor, services, truncated } = body;
  const entries = withCauses(body.entries);
  const { orderId } = order;
  return documentOf({
    id: 'getOrderTimeline',
    viewer,
    meta,
    query: { ...query },
    params: { orderId },
    heading: `Order ${orderId}`,
    content: html`${facts(order, viewer)}
    ${waitsFor !== undefined && html`<p><strong>It waits for:</strong> ${words(waitsFor, 500)}</p>`}
    ${
      entries.length === 0
        ? nothing('No event about this order has arrived yet. Its events will appear here.')
        : html`${picture(services, entries)}
          ${truncated === true && html`<p>There are more events than the ${counted(entries.length, 'event')} shown here.</p>`}
          ${entryTable(entries)}`
    }`,
  });
}

function facts(order: Body['order'], viewer: Viewer): Html {
  const { total, customerId, requesterId, invoiceNumber, placedAt, stateSince, lines } = order;
  const shown: readonly (readonly [string, Html | string] | false | undefined)[] = [
    ['State', stateOf(order)],
    ['Since (UTC)', instant(stateSince)],
    total && ['Total', money(total.amountMinor, total.currency)],
    ['Lines', String(lines)],
    ['Placed (UTC)', instant(placedAt)],
    ['Placed by', person(requesterId)],
    customerId !== undefined && ['Customer', linkTo(viewer, 'searchOrders', key(customerId), { customerId })],
    invoiceNumber !== undefined && ['Invoice', words(invoiceNumber)],
  ];
  return html`<dl class="facts">
    ${shown.map(
      (fact) =>
        fact &&
        html`<div>
          <dt>${fact[0]}</dt>
          <dd>${fact[1]}</dd>
        </div>`,
    )}
  </dl>`;
}

/**
 * A cause may be something without a published event, such as a webhook that the service has received. Readers cannot
 * follow such a cause, so it is treated as missing.
 */
function withCauses(entries: readonly Entry[]): readonly Entry[] {
  const known = new Set(entries.map(({ eventId }) => eventId));
  return entries.map(({ causedBy, ...entry }) =>
    causedBy === undefined || !known.has(causedBy) ? entry : { ...entry, causedBy },
  );
}

function picture(services: readonly string[], entries: readonly Entry[]): Html {
  const [first, last] = [entries[0], entries.at(-1)];
  const took = first && last ? (Date.parse(last.at) - Date.parse(first.at)) / 1000 : 0;
  const shown = Math.min(entries.length, MOST_POINTS);
  return figure({
    id: 'lanes',
    title: 'Course of the order',
    note: `A number is a row of the table below. An arrow leads from a cause to its effect; a square has no event as its cause. Long waits take more room.${
      shown < entries.length ? ` The last ${shown} events are drawn.` : ''
    }`,
    description: `${counted(entries.length, 'event')} of ${counted(services.length, 'service')} in ${duration(
      Math.max(0, took),
    )}, from ${first ? sentence(first.type) : ''} to ${last ? sentence(last.type) : ''}.`,
    draw: swimlanePicture(entries, services),
  });
}

function entryTable(entries: readonly Entry[]): Html {
  const numbers = new Map(entries.map(({ eventId }, at) => [eventId, at + 1]));
  return table<Numbered>(
    { id: 'entries', caption: `${counted(entries.length, 'event')}, causes before their effects`, rowId: rowOf },
    [
      { head: html`<abbr title="Number">No.</abbr>`, kind: 'num', cell: ({ number }) => number },
      {
        head: 'What',
        kind: 'text',
        cell: ({ service, type, summary, details }) =>
          html`${words(summary, 500)}<small>${clip(sentence(service), 60)}: ${clip(type, 80)}</small
            >${details && detailsOf(details)}`,
      },
      { head: 'When (UTC)', cell: ({ at }) => instant(at) },
      {
        head: 'Who',
        kind: 'name',
        cell: ({ actorId, onBehalfOf }) =>
          actorId === undefined
            ? html`<span class="soft">Nobody: automatic</span>`
            : html`${person(actorId)}${onBehalfOf !== undefined && html`<small>for ${person(onBehalfOf)}</small>`}`,
      },
      { head: 'Why', kind: 'text', cell: (entry) => whyOf(entry, numbers) },
      {
        head: 'How long',
        cell: ({ number, afterSeconds, causedBy }) =>
          number === 1
            ? 'The first one'
            : html`<span class="key">${duration(afterSeconds)}</span
                ><small>${causedBy === undefined ? 'after the one before' : 'after its cause'}</small>`,
      },
    ],
    entries.map((entry, at) => ({ ...entry, number: at + 1 })),
  );
}

function rowOf({ number }: Numbered): string {
  return `e${number}`;
}

function whyOf({ why, causedBy }: Entry, numbers: ReadonlyMap<string, number>): Html {
  const cause = causedBy === undefined ? undefined : numbers.get(causedBy);
  return html`${why === undefined ? causedBy === undefined && 'A request, a webhook or a timer.' : words(why, 500)}${
    cause !== undefined && html`<small><a href="#e${cause}">Follows from No. ${cause}</a></small>`
  }`;
}

/** The most details on the page. The JSON has all of them. */
const MOST_DETAILS = 12;

function detailsOf(details: Readonly<Record<string, string>>): Html | false {
  const all = Object.entries(details);
  if (all.length === 0) return false;
  return html`<details>
    <summary>Details</summary>
    <dl>
      ${all.slice(0, MOST_DETAILS).map(
        ([name, value]) =>
          html`<dt>${words(name, 40)}</dt>
            <dd>${words(value, 200)}</dd>`,
      )}
    </dl>
    ${all.length > MOST_DETAILS && html`<small>and ${all.length - MOST_DETAILS} more</small>`}
  </details>`;
}
