import { contract, type Handlers } from '@atlas/generated-reporting';
import type { Actor } from '@atlas/runtime';
import { html, type Html, type Part } from '@atlas/runtime/html';

type Answer<Id extends keyof Handlers> = Awaited<ReturnType<Handlers[Id]>>;

/** The JSON body of an operation's 200, if the operation is a report. A report says how fresh it is. */
export type BodyOf<Id extends keyof Handlers> = Extract<
  Answer<Id>,
  { readonly status: 200; readonly body: { readonly meta: object } }
>['body'];

/** The parsed query of an operation, with the defaults of the contract. */
export type QueryOf<Id extends keyof Handlers> = Parameters<Handlers[Id]>[0] extends { readonly query: infer Query }
  ? Query
  : object;

/** The operations that are reports. */
export type ReportId = { [Id in keyof Handlers]: [BodyOf<Id>] extends [never] ? never : Id }[keyof Handlers];

/** The reader of the page. Their roles decide to which other pages it links. */
export type Viewer = Pick<Actor, 'roles'>;

export interface Titles {
  /** The text in the navigation, and the heading unless there is a better one. */
  readonly title: string;
  /** What the report shows, in a sentence or two. */
  readonly lead: string;
}

/** In the order of the navigation. */
export const TITLES: { readonly [Id in ReportId]: Titles } = {
  searchOrders: {
    title: 'Orders',
    lead: 'Every order that was placed, with its state. Open one to see all that happened to it.',
  },
  getSagaHealth: {
    title: 'Saga health',
    lead: 'Orders that stand in a state for longer than its deadline: what each one waits for, and what would move it.',
  },
  getDailySales: {
    title: 'Sales per day',
    lead: 'What was ordered, invoiced, shipped and paid. Days are days in UTC.',
  },
  getReceivablesAging: {
    title: 'Receivables aging',
    lead: 'What customers owe on their invoices, by how long it is overdue.',
  },
  getStockPosition: {
    title: 'Stock position',
    lead: 'What is on hand in each warehouse, how much of it is reserved for orders, and what has to be ordered again.',
  },
  getApprovalWorkload: {
    title: 'Approval workload',
    lead: 'What waits for a decision, and how long decisions took in the last 30 days.',
  },
  getOrderTimeline: { title: 'Timeline', lead: 'What happened to one order, in all services.' },
};

// cast: Object.keys gives the keys of the literal above
export const REPORTS = Object.keys(TITLES) as readonly ReportId[];

const OPERATIONS = new Map(contract.operations.map((operation) => [operation.id, operation]));

function operationOf(id: ReportId) {
  const operation = OPERATIONS.get(id);
  if (!operation) throw new Error(`the contract has no operation ${id}`);
  return operation;
}

/**
 * Whether the contract lets the viewer read the report: all roles of one of its alternatives are roles of the viewer.
 */
export function mayRead({ roles }: Viewer, id: ReportId): boolean {
  return operationOf(id).security.some((alternative) => alternative.roles.every((role) => roles.includes(role)));
}

/** Whether a report has no path parameter, so that it can be in the navigation. */
export function isWhole(id: ReportId): boolean {
  return !operationOf(id).path.includes('{');
}

export type QueryValue = string | number | boolean | undefined;

/** The path of a report with its query, by the contract. Values that are undefined are left out. */
export function hrefOf(
  id: ReportId,
  query: Readonly<Record<string, QueryValue>> = {},
  params: Readonly<Record<string, string>> = {},
): string {
  const path = operationOf(id).path.replace(/\{([^}]+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? path : `${path}?${given.toString()}`;
}

/** The text as a link to a report, or only the text if the viewer may not read it. */
export function linkTo(
  viewer: Viewer,
  id: ReportId,
  text: Part,
  query: Readonly<Record<string, QueryValue>> = {},
  params: Readonly<Record<string, string>> = {},
): Html {
  return mayRead(viewer, id) ? html`<a href="${hrefOf(id, query, params)}">${text}</a>` : html`${text}`;
}
