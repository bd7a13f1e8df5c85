import { html, words, type Html } from '@atlas/runtime/html';
import { partBars } from './bars.ts';
import { count, counted, duration, instant, key, sentence } from './format.ts';
import { documentOf } from './layout.ts';
import { STATES } from './orders.ts';
import { anyOf, filters, nothing, pager, table, type Filter, type FilterName } from './parts.ts';
import { linkTo, type BodyOf, type QueryOf, type Viewer } from './report.ts';

type Body = BodyOf<'getSagaHealth'>;

export const HEALTH_FILTERS: readonly Filter<FilterName<'getSagaHealth'>>[] = [
  {
    name: 'state',
    label: 'State',
    kind: { input: 'select', options: anyOf(STATES.filter((state) => state !== 'CANCELLED' && state !== 'FULFILLED')) },
  },
];

export function getSagaHealth(body: Body, query: QueryOf<'getSagaHealth'>, viewer: Viewer): string {
  const { meta, states, stuck, nextCursor } = body;
  const asked = { ...query };
  return documentOf({
    id: 'getSagaHealth',
    viewer,
    meta,
    query: asked,
    content: html`${
        states.every(({ orders }) => orders === 0)
          ? nothing('No order is on its way. Orders are counted here from the time they are placed until they end.')
          : html`${picture(states)}${stateTable(states, viewer)}`
      }
      <h2>Orders that stand still</h2>
      ${filters('getSagaHealth', asked, HEALTH_FILTERS)}
      ${
        stuck.length === 0
          ? nothing('No order stands still. An order appears here when it is in a state for longer than its deadline.')
          : stuckTable(stuck, viewer)
      }
      ${pager('getSagaHealth', asked, nextCursor)}`,
  });
}

function picture(states: Body['states']): Html {
  return partBars({
    id: 'states',
    title: 'Orders on their way, by state',
    description: states
      .map(
        ({ state, orders, stuck }) =>
          `${sentence(state)}: ${counted(orders, 'order')}, ${count(stuck)} past the deadline`,
      )
      .join('; '),
    whole: 'All orders in the state',
    part: 'Past the deadline',
    partFill: 'var(--bar-alert)',
    rows: states.map(({ state, orders, stuck }) => ({
      label: sentence(state),
      whole: orders,
      part: stuck,
      text: `${counted(orders, 'order')}, ${count(stuck)} past the deadline`,
    })),
  });
}

function stateTable(states: Body['states'], viewer: Viewer): Html {
  return table(
    { id: 'by-state', caption: 'Orders that have not ended' },
    [
      { head: 'State', cell: ({ state }) => linkTo(viewer, 'searchOrders', sentence(state), { state }) },
      { head: 'Orders', kind: 'num', cell: ({ orders }) => count(orders) },
      { head: 'Past the deadline', kind: 'num', cell: ({ stuck }) => count(stuck) },
    ],
    states,
  );
}

function stuckTable(stuck: Body['stuck'], viewer: Viewer): Html {
  return table(
    { id: 'stuck', caption: `${counted(stuck.length, 'order')} on this page, those that stand for longest first` },
    [
      {
        head: 'Order',
        cell: ({ orderId, state }) =>
          html`${linkTo(viewer, 'getOrderTimeline', key(orderId), {}, { orderId })}<small>${sentence(state)}</small>`,
      },
      {
        head: 'Stands for',
        cell: ({ standsSeconds, since }) => html`${duration(standsSeconds)}<small>since ${instant(since)}</small>`,
      },
      {
        head: 'Overdue by',
        cell: ({ overdueSeconds, deadline }) =>
          html`<strong>${duration(overdueSeconds)}</strong><small>since ${instant(deadline)}</small>`,
      },
      { head: 'Waits for', kind: 'text', cell: ({ waitsFor }) => words(waitsFor, 500) },
      { head: 'What would move it', kind: 'text', cell: ({ movedBy }) => words(movedBy, 500) },
    ],
    stuck,
  );
}
