import { flushCompileCache } from 'node:module';
import { sql } from 'slonik';
import { rows, slonikOf, slonikStore } from '../../src/adapters/slonik/index.ts';
import type { Tx } from '../../src/contract/handler.ts';
import { reminders } from '../timers/reminders.ts';
import { runService, serviceEnv } from '../../src/service/index.ts';
import type { ServiceContract } from '../../src/contract/service.ts';
import { bookSeats, contract, migrations } from '../bookings/contract.ts';
import { FORMS, inForm, takeSeat } from '../messaging/forms.ts';
import { DLQ, onSeatSold, seatOf, seatSold } from '../messaging/tickets.ts';

/**
 * A box office as a process. It sells one seat per request. If `READS` is a form, it also consumes its own events. Its
 * handler fails for seat 13. If `LATER` is set, it fires timers and performs effects.
 */
const reads = FORMS.find((form) => form === process.env['READS']);
const later = process.env['LATER'] === '1';
const SEAT = { bookingId: 'b-1', seats: 1 };

const seatConsumer = inForm(
  reads ?? 'one by one',
  { ...onSeatSold, emits: [[]], retry: { ...onSeatSold.retry, retries: 0 } },
  async (input, tx) => {
    await takeSeat(input, tx);
    if (seatOf(input.data).seat === 13) throw new Error('seat 13 is broken');
    return { events: [] };
  },
);

/** The handlers differ from those of the box office. */
const crashing: ServiceContract = {
  ...contract,
  operations: [
    { ...bookSeats, responses: { 201: { kind: 'json', mediaType: 'application/json', emits: [['SeatSold']] } } },
  ],
  messages: [seatSold],
  consumers: reads ? [seatConsumer.contract] : [],
  // long, because the machine may be slow and a call that takes too long is made again
  ...(later ? { ...reminders, effects: reminders.effects.map((effect) => ({ ...effect, timeoutMs: 60_000 })) } : {}),
  dlqTopic: DLQ,
};

/**
 * What the outside has seen of effects: their idempotency keys, in a table that is written outside of our transactions.
 */
const outside = slonikStore(String(process.env['DATABASE_URL']), { maxConnections: 1 });
const CALLED = { name: 'called', text: "INSERT INTO effect (show_id, seat) VALUES ('called ' || $1, 1)" };

await runService(crashing, {
  env: serviceEnv(process.env),
  migrations,
  handlers: {
    bookSeats: async () => ({
      status: 201,
      body: SEAT,
      events: [{ type: 'SeatSold', data: { showId: 'crash', seat: 1 } }],
    }),
  },
  consumers: {
    onSeatSold: seatConsumer.handle,
  },
  timers: {
    onHoldExpiry: async ({ timer }, tx) => {
      await note(tx, `fired ${timer.key}`);
      return { events: [] };
    },
  },
  effects: {
    chargeCard: {
      perform: async ({ call }) => {
        await outside.read((session) => session.query(CALLED, [call.idempotencyKey]));
        return { reference: call.idempotencyKey };
      },
      settle: async ({ key }, tx) => {
        await note(tx, `settled ${key}`);
        return { events: [] };
      },
    },
  },
});

// Node writes it at the end of a process, and nearly all of these are killed.
flushCompileCache();

async function note(tx: Tx, what: string): Promise<void> {
  await slonikOf(tx).query(
    sql.prepared('note_effect', rows<never>())`INSERT INTO effect (show_id, seat) VALUES (${what}, 1)`,
  );
}
