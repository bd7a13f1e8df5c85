/** Tickets of the box office: handlers for the generated types. The note of a booking makes them misbehave. */
import { contract, type Consumers, type CreateBooking, type Handlers, type components } from '@box-office/tickets-contract';
import { askedBooking, bookingMade } from '../tickets/asked.ts';
import { serve } from './serve.ts';

type Booking = components['schemas']['Booking'];

const bookings = new Map<string, Booking>();
const price = { amount: '12.50', currency: 'EUR' };
const unknown = { status: 404, problem: { code: 'booking-not-found' } } as const;

/** Results that the types forbid, but code without types could return. */
const lies: Readonly<Record<string, (said: CreateBooking.Result & { status: 201 }) => unknown>> = {
  'an undeclared status': () => ({ status: 299, body: {} }),
  'no event': (said) => ({ ...said, events: [] }),
  'an undeclared event': (said) => ({ ...said, events: [{ type: 'SeatReturned', data: {} }] }),
  'a broken body': (said) => ({ ...said, body: { ...said.body, price: { ...price, amount: 'twelve' } } }),
  'an extra property': (said) => ({ ...said, body: { ...said.body, secret: 'hunter2' } }),
  'no header': ({ headers: _, ...said }) => said,
  'no version': ({ version: _, ...said }) => said,
};

function isResult(_: unknown): _ is CreateBooking.Result {
  return true;
}

const handlers: Handlers = {
  createBooking: async ({ body, ctx }) => {
    if (body.note === 'sold out') return { status: 409, problem: { code: 'sold-out', detail: 'Gone.' } };
    const booking = askedBooking(body, { bookingId: ctx.newId(), price, version: 9_007_199_254_740_991 });
    bookings.set(booking.bookingId, booking);
    const said = {
      status: 201,
      body: booking,
      version: 9_007_199_254_740_993n,
      headers: { Location: `/v1/bookings/${booking.bookingId}` },
      events: [bookingMade(booking, ctx.now)],
    } as const;
    const lie = lies[body.note ?? '']?.(said);
    return lie !== undefined && isResult(lie) ? lie : said;
  },
  getBooking: async ({ params }) => {
    const booking = bookings.get(params.bookingId);
    return booking ? { status: 200, body: booking, version: 9_007_199_254_740_993n } : unknown;
  },
  changeBooking: async ({ params, body, ifMatch }) => {
    const booking = bookings.get(params.bookingId);
    if (!booking) return unknown;
    const changed = { ...booking, ...body };
    bookings.set(changed.bookingId, changed);
    return { status: 200, body: changed, version: ifMatch + 1n, events: [] };
  },
  cancelBooking: async ({ params }) => (bookings.has(params.bookingId) ? { status: 204, events: [] } : unknown),
  // answers with its input, so that tests see how parameters were parsed
  listBookings: async ({ query, headers }) => ({
    status: 200,
    body: { items: [], nextCursor: JSON.stringify({ query, headers }) },
  }),
};

export const consumers: Consumers = {
  onSeatsHeld: async () => ({ events: [] }),
  onSeatsRefused: async () => ({ events: [] }),
};

await serve(contract, handlers);
