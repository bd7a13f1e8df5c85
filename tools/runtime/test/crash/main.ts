import { runService, serviceEnv } from '../../src/service/index.ts';
import type { ServiceContract } from '../../src/contract/service.ts';
import { bookSeats, contract, migrations } from '../bookings/contract.ts';
import { takeSeat } from '../messaging/hall.ts';
import { DLQ, onSeatSold, seatOf, seatSold } from '../messaging/tickets.ts';

/**
 * A box office as a process. It sells one seat per request. If `READS` is set, it also consumes its own events. Its
 * handler fails for seat 13.
 */
const reads = process.env['READS'] === '1';
const SEAT = { bookingId: 'b-1', seats: 1 };

/** Its handlers are other ones than the box office's. */
const crashing: ServiceContract = {
  ...contract,
  operations: [
    { ...bookSeats, responses: { 201: { kind: 'json', mediaType: 'application/json', emits: [['SeatSold']] } } },
  ],
  messages: [seatSold],
  consumers: reads ? [{ ...onSeatSold, emits: [[]], retry: { ...onSeatSold.retry, retries: 0 } }] : [],
  dlqTopic: DLQ,
};

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
    onSeatSold: async (input, tx) => {
      await takeSeat(input, tx);
      if (seatOf(input.data).seat === 13) throw new Error('seat 13 is broken');
      return { events: [] };
    },
  },
});
