import type { Order } from '../src/domain/order.ts';
import { memoryOrders } from './memoryOrders.ts';
import { LINE_ID, ORDER_ID, invoice } from './samples.ts';
import { saga } from './saga.ts';

/** An event of Orders, as far as the others read it. */
export interface Sent {
  readonly type: string;
  readonly data: { readonly orderVersion?: bigint; readonly digest?: string };
}

/** An event that waits in a topic until Orders reads it. */
interface Waiting {
  readonly name: string;
  readonly qty?: bigint;
  readonly last?: boolean;
  readonly subject?: { readonly subjectVersion: bigint; readonly digest: string };
}

/** One order in all services. The other services are models that do what their READMEs say. */
export interface World {
  readonly order: Order;
  /** Events of Orders that the others have not read yet, and events of the others that Orders has not read yet. */
  readonly toInventory: readonly Sent[];
  readonly toWorkflow: readonly Sent[];
  readonly toBilling: readonly Sent[];
  readonly reservations: readonly Waiting[];
  readonly approvals: readonly Waiting[];
  readonly invoices: readonly Waiting[];
  readonly reservation: 'NONE' | 'HELD' | 'FAILED' | 'EXPIRED' | 'COMMITTED' | 'RELEASED' | 'CLOSED';
  readonly shipped: bigint;
  readonly approval: { readonly subjectVersion: bigint; readonly digest: string } | undefined;
  readonly bill: 'NONE' | 'OPEN' | 'PAID' | 'UNPAID' | 'CREDITED';
  readonly captured: boolean;
  readonly refunded: boolean;
  /** Whether a rival has bought all stock that is not held. */
  readonly soldOut: boolean;
}

// Only events that have an effect on Inventory, because others would only multiply the worlds.
const FOR_INVENTORY = new Set(['OrderPlaced', 'OrderReleased', 'OrderCancelled', 'OrderCancellationRequested']);
const FOR_WORKFLOW = new Set(['OrderReserved', 'OrderCancelled']);
const FOR_BILLING = new Set(['OrderConfirmed', 'OrderCancelled']);

/** The pieces of the order's only line. */
export const PIECES = 2n;

/** One thing that may happen, and the world after it. */
export interface Step {
  readonly name: string;
  /** Whether it may never happen, because somebody must want it. Everything else happens sooner or later. */
  readonly optional: boolean;
  readonly take: () => Promise<World>;
}

export function newWorld(order: Order): World {
  return {
    order,
    toInventory: [],
    toWorkflow: [],
    toBilling: [],
    reservations: [],
    approvals: [],
    invoices: [],
    reservation: 'NONE',
    shipped: 0n,
    approval: undefined,
    bill: 'NONE',
    captured: false,
    refunded: false,
    soldOut: false,
  };
}

/** Everything that may happen next. */
export function stepsFrom(world: World): readonly Step[] {
  return [...ofOrders(world), ...ofInventory(world), ...ofWorkflow(world), ...ofBilling(world)];
}

const now = (name: string, next: () => World | Promise<World>): Step => ({
  name,
  optional: false,
  take: async () => next(),
});
const maybe = (name: string, next: () => World | Promise<World>): Step => ({ ...now(name, next), optional: true });

function ofOrders(world: World): readonly Step[] {
  const { order } = world;
  const steps: Step[] = [];
  if (order.state === 'DRAFT') steps.push(now('place', () => commanded(world, 'place')));
  const cancellable = !['DRAFT', 'CANCELLING', 'FULFILLED', 'CANCELLED'].includes(order.state);
  if (cancellable) steps.push(maybe('cancel', () => commanded(world, 'cancel')));
  for (const topic of ['reservations', 'approvals', 'invoices'] as const) {
    const [first, ...rest] = world[topic];
    if (first) steps.push(now(`orders reads ${first.name}`, () => received({ ...world, [topic]: rest }, first)));
  }
  return steps;
}

function ofInventory(world: World): readonly Step[] {
  const { reservation, shipped, toInventory, soldOut } = world;
  const say = (change: Partial<World>, ...events: readonly Waiting[]): World => ({
    ...world,
    ...change,
    reservations: [...world.reservations, ...events],
  });
  const steps: Step[] = [];
  const [first, ...rest] = toInventory;
  if (first) {
    steps.push(
      now(`inventory reads ${first.type}`, () => {
        const read = { toInventory: rest };
        const freed =
          reservation === 'HELD' || reservation === 'COMMITTED' ? ({ reservation: 'RELEASED' } as const) : {};
        switch (first.type) {
          case 'OrderPlaced':
            return soldOut
              ? say({ ...read, reservation: 'FAILED' }, { name: 'short' })
              : say({ ...read, reservation: 'HELD' }, { name: 'reserved' });
          case 'OrderReleased':
            if (reservation === 'HELD') return say({ ...read, reservation: 'COMMITTED' });
            return soldOut
              ? say({ ...read, reservation: 'FAILED' }, { name: 'short' })
              : say({ ...read, reservation: 'COMMITTED' });
          case 'OrderCancelled':
            return say({ ...read, ...freed }, ...(reservation === 'HELD' ? [{ name: 'released', qty: shipped }] : []));
          default:
            return say({ ...read, ...freed }, { name: 'released', qty: shipped });
        }
      }),
    );
  }
  if (reservation === 'HELD') {
    steps.push(maybe('the reservation expires', () => say({ reservation: 'EXPIRED' }, { name: 'expired' })));
  }
  if (!soldOut) steps.push(maybe('a rival buys the rest', () => ({ ...world, soldOut: true })));
  if (reservation === 'COMMITTED') {
    const last = shipped + 1n === PIECES;
    const change = { shipped: shipped + 1n, ...(last ? ({ reservation: 'CLOSED' } as const) : {}) };
    steps.push(maybe('a piece leaves', () => say(change, { name: 'dispatched', qty: 1n, last })));
  }
  return steps;
}

function ofWorkflow(world: World): readonly Step[] {
  const { toWorkflow, approval } = world;
  const steps: Step[] = [];
  const [first, ...rest] = toWorkflow;
  if (first) {
    steps.push(
      now(`workflow reads ${first.type}`, () => {
        const read = { ...world, toWorkflow: rest };
        if (first.type === 'OrderCancelled') return { ...read, approval: undefined };
        const { orderVersion = 0n, digest = '' } = first.data;
        return { ...read, approval: { subjectVersion: orderVersion, digest } };
      }),
    );
  }
  if (approval) {
    const say = (name: string): World => ({
      ...world,
      approval: undefined,
      approvals: [...world.approvals, { name, subject: approval }],
    });
    steps.push(now('an approver grants', () => say('granted')));
    steps.push(maybe('an approver refuses', () => say('rejected')));
    steps.push(maybe('nobody decides', () => say('silence')));
  }
  return steps;
}

function ofBilling(world: World): readonly Step[] {
  const { toBilling, bill, captured, invoices } = world;
  const say = (change: Partial<World>, name: string): World => ({
    ...world,
    ...change,
    invoices: [...invoices, { name }],
  });
  const steps: Step[] = [];
  const [first, ...rest] = toBilling;
  if (first) {
    steps.push(
      now(`billing reads ${first.type}`, () => {
        if (first.type === 'OrderConfirmed') return say({ toBilling: rest, bill: 'OPEN' }, 'invoiced');
        const credited = bill !== 'NONE';
        return { ...world, toBilling: rest, ...(credited ? { bill: 'CREDITED' as const, refunded: captured } : {}) };
      }),
    );
  }
  if (bill === 'OPEN') {
    steps.push(now('the invoice is paid', () => say({ bill: 'PAID', captured: true }, 'paid')));
    steps.push(maybe('the payment fails for good', () => say({ bill: 'UNPAID' }, 'declined')));
  }
  if (bill === 'CREDITED' && !captured) {
    steps.push(maybe('late money comes in', () => ({ ...world, captured: true, refunded: true })));
  }
  return steps;
}

/** The world after a command of Ops. */
async function commanded(world: World, name: 'place' | 'cancel'): Promise<World> {
  return sentBy(world, (about) => about[name](world.order.version));
}

/** The world after Orders handled an event. */
async function received(world: World, { name, qty = 0n, last = false, subject }: Waiting): Promise<World> {
  const lines = qty === 0n ? [] : [{ lineId: LINE_ID, sku: 'BOLT-M8', qty }];
  const shipmentId = `0199f3a2-6f0a-7c51-9b61-2f1d5a0c9f0${world.order.version}`;
  const handlers: Readonly<Record<string, (about: About) => Promise<Answer>>> = {
    reserved: (about) => about.reserved(),
    short: (about) => about.short(),
    expired: (about) => about.expired(),
    released: (about) => about.released(lines),
    dispatched: (about) => about.dispatched(lines, { shipmentId, last }),
    granted: (about) => about.granted(subject ?? {}),
    rejected: (about) => about.rejected(subject ?? {}),
    silence: (about) => about.silence(subject ?? {}),
    invoiced: (about) => about.invoiced(),
    paid: (about) => about.paid(invoice.invoiceId),
    declined: (about) => about.declined(),
  };
  const handler = handlers[name];
  if (!handler) throw new Error(`there is no handler of ${name}`);
  return sentBy(world, handler);
}

type About = ReturnType<typeof saga>;
type Answer = { readonly events?: readonly Sent[] };

async function sentBy(world: World, work: (about: About) => Promise<Answer>): Promise<World> {
  const { orders, run, get } = memoryOrders(world.order);
  const { events = [] } = await work(saga(orders, run));
  return {
    ...world,
    order: get(ORDER_ID),
    toInventory: [...world.toInventory, ...events.filter(({ type }) => FOR_INVENTORY.has(type))],
    toWorkflow: [...world.toWorkflow, ...events.filter(({ type }) => FOR_WORKFLOW.has(type))],
    toBilling: [...world.toBilling, ...events.filter(({ type }) => FOR_BILLING.has(type))],
  };
}
