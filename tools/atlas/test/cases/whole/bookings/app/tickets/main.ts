import { VersionConflict } from '@atlas/runtime';
import { runMigrations } from '@atlas/runtime/migrate';
import { runService, serviceEnv } from '@atlas/runtime/service';
import { contract, type BookingCancelledEvent } from '@box-office/tickets-contract';
import { askedBooking, bookingMade } from './asked.ts';
import { list, load, save, type Booking } from './bookings.ts';

const env = serviceEnv(process.env);
const migrations = new URL('./migrations/', import.meta.url);
await runMigrations({ contract, ownerUrl: env.databaseUrl, migrations });

const notFound = { status: 404, problem: { code: 'booking-not-found' } } as const;

const cancelled = ({ bookingId, showId }: Booking, reason: string): BookingCancelledEvent => ({
  type: 'BookingCancelled',
  data: { bookingId, showId, reason },
});

await runService(contract, {
  env,
  migrations,
  handlers: {
    createBooking: async ({ body, ctx }, tx) => {
      const price = { amount: `${body.seats.length * 10}.00`, currency: 'EUR' };
      const booking = askedBooking(body, { bookingId: ctx.newId(), price, version: 1 });
      await save(tx, booking);
      return {
        status: 201,
        body: booking,
        version: 1n,
        headers: { Location: `/v1/bookings/${booking.bookingId}` },
        events: [bookingMade(booking, ctx.now)],
      };
    },
    getBooking: async ({ params }, read) => {
      const booking = await load(read, params.bookingId);
      return booking ? { status: 200, body: booking, version: BigInt(booking.version) } : notFound;
    },
    listBookings: async ({ query }, read) => ({
      status: 200,
      body: { items: await list(read, query.status ?? [], query.limit) },
    }),
    changeBooking: async ({ params, body, ifMatch }, tx) => {
      const booking = await load(tx, params.bookingId);
      if (!booking) return notFound;
      const version = BigInt(booking.version);
      if (version !== ifMatch) throw new VersionConflict(`booking ${params.bookingId}`, ifMatch, version);
      const seats = body.seats ?? booking.seats;
      const after: Booking = { ...booking, ...body, seats, version: booking.version + 1 };
      await save(tx, after);
      const answer = { status: 200, body: after, version: version + 1n } as const;
      if (body.seats === undefined) return { ...answer, events: [] };
      const { bookingId } = booking;
      const returned = booking.seats.filter((seat) => !seats.some(({ row, number }) => row === seat.row && number === seat.number));
      return {
        ...answer,
        events: [
          { type: 'BookingChanged', data: { bookingId, seats, version: version + 1n } },
          ...returned.map((seat) => ({ type: 'SeatReturned', data: { bookingId, seat } }) as const),
        ],
      };
    },
    cancelBooking: async ({ params }, tx) => {
      const booking = await load(tx, params.bookingId);
      if (!booking) return notFound;
      if (booking.status === 'cancelled') return { status: 204, events: [] };
      await save(tx, { ...booking, status: 'cancelled', version: booking.version + 1 });
      return { status: 204, events: [cancelled(booking, 'asked for')] };
    },
  },
  consumers: {
    onSeatsHeld: async ({ data }, tx) => {
      const booking = await load(tx, data.bookingId);
      if (booking?.status !== 'asked') return { events: [] };
      const heldUntil = data.until.toISOString();
      await save(tx, { ...booking, status: 'held', heldUntil, version: booking.version + 1 });
      return { events: [] };
    },
    onSeatsRefused: async ({ data }, tx) => {
      const booking = await load(tx, data.bookingId);
      if (!booking || booking.status === 'cancelled') return { events: [] };
      await save(tx, { ...booking, status: 'cancelled', version: booking.version + 1 });
      return { events: [cancelled(booking, 'sold out')] };
    },
  },
});
