import { vi } from 'vitest';
import type { MessagingOptions } from '../../src/service/startMessaging.ts';
import { ONLY_EVENTS } from '../../src/outbox/written.ts';
import type { ConsumerContract } from '../../src/contract/message.ts';
import type { Ctx, Meta, Tx } from '../../src/contract/handler.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { KafkaPort } from '../../src/ports/kafka.ts';
import type { RegistryPort } from '../../src/ports/registry.ts';
import type { Store } from '../../src/ports/sql.ts';
import type { TestDatabase } from '../testDatabase.ts';
import { inForm, takeSeat, type Form } from './forms.ts';
import { boxOffice, hall, onSeatSold, SALES, seatOf, type Handle, type SeatSold } from './tickets.ts';
import { eventually, openWorld, type Instance, type World } from './world.ts';

export const sold = (showId: string, seat: number) => ({ type: 'SeatSold', data: { showId, seat } });
export const returned = (showId: string, seat: number) => ({ type: 'SeatReturned', data: { showId, seat } });

export interface HallOptions {
  readonly handle?: Handle;
  readonly retry?: Partial<ConsumerContract<SeatSold>['retry']>;
  readonly registry?: (port: RegistryPort) => RegistryPort;
  readonly store?: (store: Store) => Store;
  readonly watch?: Pick<MessagingOptions, 'lookEveryMs' | 'stuckAfterMs'>;
  readonly kafka?: (port: KafkaPort) => KafkaPort;
  readonly handlerMs?: number;
  readonly clock?: Clock;
  readonly consumers?: readonly ConsumerContract<unknown>[];
}

/** A box office that publishes, and a hall (with its own group) that consumes. */
export interface Halls {
  readonly world: World;
  readonly sales: TestDatabase;
  readonly office: Instance;
  readonly service: string;
  readonly database: TestDatabase;
  /** Starts a member of the hall's group. */
  open(options?: HallOptions): Promise<Instance>;
  sell(...events: readonly ReturnType<typeof sold>[]): Promise<readonly string[]>;
  /** Sends a record that does not come from a relay. */
  send(key: string | null, value: Buffer | null, headers: Record<string, string | Buffer>): Promise<void>;
  /** The taken seats of a show, in the order of their commits. */
  seats(show: string): Promise<readonly unknown[]>;
  query: TestDatabase['query'];
  close(): Promise<void>;
}

let made = 0;

/** Opens the world and the office that the halls of a suite share. */
export async function openOffice(): Promise<{ world: World; sales: TestDatabase; office: Instance }> {
  const world = await openWorld();
  const sales = await world.database();
  return { world, sales, office: await world.start({ contract: boxOffice, database: sales }) };
}

export async function openHall(
  shared: Awaited<ReturnType<typeof openOffice>>,
  form: Form = 'one by one',
): Promise<Halls> {
  const { world, sales, office } = shared;
  const database = await world.database();
  const service = `hall-${(made += 1)}`;
  const members: Instance[] = [];
  return {
    ...shared,
    service,
    database,
    open: async ({ handle = takeSeat, retry, consumers, ...options } = {}) => {
      const wanted = consumers ?? [{ ...onSeatSold, retry: { ...onSeatSold.retry, ...retry } }];
      const formed = wanted.map((contract) => inForm(form, contract, handle));
      const contract: MessagingOptions['contract'] = {
        ...hall,
        service,
        consumers: formed.map((consumer) => consumer.contract),
      };
      const member = await world.start({
        contract,
        database,
        consumers: Object.fromEntries(formed.map((consumer) => [consumer.contract.name, consumer.handle])),
        ...options,
      });
      members.push(member);
      return { ...member, stop: () => member.stop().finally(() => members.splice(members.indexOf(member), 1)) };
    },
    sell: async (...events) => {
      const ids = await world.commit(sales, events);
      office.messaging.wake(ONLY_EVENTS);
      return ids;
    },
    send: async (key, value, headers) => {
      const producer = world.kafka.producer();
      await producer.connect();
      await producer.send({ topic: world.namespace + SALES, messages: [{ key, value, headers }] });
      await producer.disconnect();
    },
    seats: async (show) => {
      const found = await database.query('SELECT seat FROM effect WHERE show_id = $1 ORDER BY n', [show]);
      return found.map(({ seat }) => seat);
    },
    query: (text, values) => database.query(text, values),
    close: async () => {
      await Promise.all(members.map((member) => member.stop()));
    },
  };
}

export interface Call extends SeatSold {
  readonly meta: Meta;
  readonly ctx: Ctx;
  /** Whether it is not in a set of several. */
  readonly isAlone: boolean;
}

/** A handler that records its calls. It first calls `before`, which may throw. */
export function watched(before: (call: Call) => void | Promise<void> = () => undefined) {
  const calls: Call[] = [];
  return {
    calls,
    handle: async (input: Parameters<Handle>[0], tx: Tx) => {
      const call = { ...seatOf(input.data), meta: input.meta, ctx: input.ctx, isAlone: input.isAlone !== false };
      calls.push(call);
      await before(call);
      return takeSeat(input, tx);
    },
  };
}

export function until(check: () => unknown): Promise<void> {
  return vi.waitFor(async () => {
    await check();
  }, eventually);
}
