/** The desk of the box office calls its services: `main.ts <URL of tickets> <URL of venues>`. It prints the answers. */
import { ticketsClient } from '@box-office/tickets-contract/client';
import { venuesClient } from '@box-office/venues-contract/client';
import { succeeded } from '@atlas/runtime/client';

const [, , ticketsUrl = '', venuesUrl = ''] = process.argv;
// the services in memory accept `<subject> <role>…` as a token
const headers = { authorization: 'kim clerk manager' };
const tickets = ticketsClient({ baseUrl: ticketsUrl, headers });
const venues = venuesClient({ baseUrl: venuesUrl, headers });
const auditor = ticketsClient({ baseUrl: ticketsUrl, headers: { authorization: 'kim auditor' } });

const body = {
  showId: '0198c1a0-0000-7000-8000-000000000001',
  customer: { name: 'Kim', email: 'kim@example.org' },
  seats: [{ row: 'A', number: 7 }],
};

const booked = succeeded(await tickets.createBooking({ body }));
const params = { bookingId: booked.body.bookingId };
const other = succeeded(await tickets.createBooking({ body }));
const repeated = [
  await tickets.createBooking({ body, idempotencyKey: 'k-1' }),
  await tickets.createBooking({ body, idempotencyKey: 'k-1' }),
];
const read = succeeded(await tickets.getBooking({ params }));
const changed = await tickets.changeBooking({ params, ifMatch: read.etag, body: { note: 'Aisle.' } });
const soldOut = await tickets.createBooking({ body: { ...body, note: 'sold out' } });

console.log(
  JSON.stringify({
    booked: { ...booked, body: undefined, location: booked.headers.Location === `/v1/bookings/${params.bookingId}` },
    isNew: other.body.bookingId !== params.bookingId,
    isRepeated: JSON.stringify(repeated[0]) === JSON.stringify(repeated[1]),
    read: { ...read, isSame: read.body.bookingId === params.bookingId, body: undefined },
    changed: changed.status === 200 ? { etag: changed.etag, note: changed.body.note } : changed,
    soldOut: soldOut.status === 409 ? soldOut.problem.code : soldOut,
    listed: await tickets.listBookings({ headers: { 'X-Desk': 'd' }, query: { status: ['held', 'asked'], seat: [1, 2] } }),
    forbidden: await auditor.cancelBooking({ params }),
    cancelled: await tickets.cancelBooking({ params }),
    found: await venues.findSeats({
      params: { rows: ['A', 'B/C'], numbers: [3, 14] },
      query: { kinds: ['box', 'stall'], days: ['2031-01-31'], price: { from: 1.5, to: 20 }, free: true },
      headers: { 'X-Desk': [1, 2] },
    }),
    near: await venues.listNearby({ query: { at: { lat: 52.5, lon: -13.25 } } }),
    unknown: await venues.getShow({ params: { showId: body.showId } }),
  }),
);
