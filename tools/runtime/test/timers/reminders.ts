import type { EffectContract, PayloadContract, TimerContract } from '../../src/contract/later.ts';
import type { RetryContract } from '../../src/contract/message.ts';
import type { EffectTable, ServiceContract, TimerTable } from '../../src/contract/service.ts';
import { promMetrics } from '../../src/adapters/prom-client/promMetrics.ts';
import { systemClock } from '../../src/adapters/clock/systemClock.ts';
import { slonikStore, txOf } from '../../src/adapters/slonik/index.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Store } from '../../src/ports/sql.ts';
import { idSequence } from '../../src/ids.ts';
import { watchBacklog } from '../../src/service/backlog.ts';
import { Later } from '../../src/service/later.ts';
import { flushAtCommit } from '../../src/outbox/flush.ts';
import { timerStatements, toTimerRows } from '../../src/timers/changes.ts';
import { recordingLog } from '../boxOffice.ts';
import { contract as boxOffice, seatFreed } from '../bookings/contract.ts';

/** A timer and an effect of the box office, written by hand in the form of generated code. */

export interface HoldExpiry {
  readonly seat: string;
}
export interface ChargeCard {
  readonly seat: string;
  readonly cents: number;
}
export interface Charged {
  readonly reference: string;
}

/** A codec with JSON bodies. Its resolver marks data that another version has written. */
function payload<Data>(name: string, fingerprint = name): PayloadContract<Data> {
  const decode = (body: Uint8Array) => JSON.parse(Buffer.from(body).toString());
  return {
    type: `boxoffice.bookings.${name}`,
    schema: `{"name":"${fingerprint}"}`,
    fingerprint,
    codec: {
      encode: (data) => {
        if (data === undefined) throw new Error(`${name} is undefined`);
        return Buffer.from(JSON.stringify(data));
      },
      decode,
      resolver: (writer) => (body) => ({ ...decode(body), writer }),
    },
  };
}

const retry: RetryContract = { retries: 2, baseMs: 20, capMs: 40, onDead: 'hold' };

export const holdExpiry = (fingerprint = 'HoldExpiry'): TimerContract<HoldExpiry> => ({
  name: 'holdExpiry',
  handler: 'onHoldExpiry',
  payload: payload('HoldExpiry', fingerprint),
  emits: [['SeatFreed'], []],
  retry,
});

export const chargeCard: EffectContract<ChargeCard, Charged> = {
  name: 'chargeCard',
  payload: payload('ChargeCard'),
  outcome: payload('Charged'),
  timeoutMs: 500,
  emits: [['SeatFreed'], []],
  retry,
};

export const reminders = { timers: [holdExpiry()], effects: [chargeCard] };

export const contract: ServiceContract = {
  ...boxOffice,
  messages: [seatFreed],
  ...reminders,
  dlqTopic: 'atlas.bookings.dlq.v1',
};

type Asked = Parameters<typeof toTimerRows>[1];

/** Changes timers and effects as a handler does, in a transaction of its own. */
export async function ask(databaseUrl: string, asked: Asked, given = contract): Promise<void> {
  // taken before the connection is open, so that a timer that is due soon is not due by then
  const now = new Date();
  const store = slonikStore(databaseUrl);
  try {
    await store.transaction<void>(async () => {
      const origin = {
        correlationId: 'c-1',
        causationId: null,
        actorId: 'clerk-1',
        traceparent: null,
        occurredAt: now,
        newId: idSequence(now).start(),
      };
      const before = timerStatements(toTimerRows(given, asked, origin));
      return flushAtCommit({ before, records: [] }, () => undefined);
    });
  } finally {
    await store.close();
  }
}

export interface Running extends AsyncDisposable {
  readonly lines: Parameters<typeof recordingLog>[0];
  readonly metrics: () => Promise<string>;
  readonly later: Later;
}

/** An instance that fires the timers and performs the effects of a database. */
export function running(
  databaseUrl: string,
  handlers: { readonly timers?: TimerTable; readonly effects?: EffectTable },
  given: ServiceContract = contract,
  { over = (own) => own, clock = systemClock }: { readonly over?: (own: Store) => Store; readonly clock?: Clock } = {},
): Running {
  const store = over(slonikStore(databaseUrl));
  const metrics = promMetrics('bookings');
  const lines: Parameters<typeof recordingLog>[0] = [];
  const dead = metrics.counter('atlas_dead_letters_total', 'Events that were given up', ['reason']);
  const options = { contract: given, store, clock, txOf, log: recordingLog(lines), metrics };
  const later: Later | undefined = Later.of(
    {
      ...options,
      timers: { onHoldExpiry: async () => ({ events: [] }), ...handlers.timers },
      effects: {
        chargeCard: { perform: async () => ({ reference: 'none' }), settle: async () => ({ events: [] }) },
        ...handlers.effects,
      },
    },
    dead,
    (written) => later?.wake(written),
  );
  if (!later) throw new Error('the contract has no timers');
  const publisher = { leads: () => true, sincePublished: () => 0 };
  const backlog = watchBacklog({ store, clock, publisher, later, lookEveryMs: 50 }, metrics);
  return {
    lines,
    metrics: () => metrics.text(),
    later,
    [Symbol.asyncDispose]: async () => {
      await backlog.stop();
      await later.stop();
      await store.close();
    },
  };
}
