/**
 * What must not compile. If the line below a `@ts-expect-error` compiles, that comment itself is an error.
 */
import type {
  BookingCancelledEvent,
  BookingChangedEvent,
  BookingMadeEvent,
  CancelBooking,
  ChangeBooking,
  Consumers,
  CreateBooking,
  GetBooking,
  Handlers,
  ListBookings,
  SeatReturnedEvent,
  components,
} from '@box-office/tickets-contract';
import type { TicketsClient } from '@box-office/tickets-contract/client';
import type { FindSeats, FreeSeats, OnBookingMade, SeatsHeldEvent, SeatsRefusedEvent } from '@box-office/venues-contract';

type Booking = components['schemas']['Booking'];

declare const booking: Booking;
declare const made: BookingMadeEvent;
declare const changed: BookingChangedEvent;
declare const returned: SeatReturnedEvent;
declare const cancelled: BookingCancelledEvent;
declare const held: SeatsHeldEvent;
declare const refused: SeatsRefusedEvent;

const created = { status: 201, body: booking, version: 1n, headers: { Location: '/' } } as const;

export const right: CreateBooking.Handler = async () => ({ ...created, events: [made] });
export const problem: CreateBooking.Handler = async () => ({ status: 409, problem: { code: 'sold-out', detail: 'Gone.' } });
// @ts-expect-error a header that only the plumbing sends, with its own problem of this status
export const plumbingHeader: CreateBooking.Result = { status: 409, problem: { code: 'sold-out' }, headers: { 'Retry-After': 1 } };
// @ts-expect-error a status that the spec does not declare
export const undeclaredStatus: CreateBooking.Handler = async () => ({ status: 200, body: booking, version: 1n, events: [made] });
// @ts-expect-error a status that only the plumbing sends
export const plumbingStatus: CreateBooking.Handler = async () => ({ status: 401, problem: { code: 'unauthenticated' } });
// @ts-expect-error a code that the spec does not declare
export const undeclaredCode: CreateBooking.Handler = async () => ({ status: 409, problem: { code: 'booking-not-found' } });
// @ts-expect-error an event is missing
export const missingEvent: CreateBooking.Handler = async () => ({ ...created, events: [] });
// @ts-expect-error there is no list of events
export const missingEvents: CreateBooking.Handler = async () => ({ ...created });
// @ts-expect-error an event that the operation does not declare
export const undeclaredEvent: CreateBooking.Handler = async () => ({ ...created, events: [cancelled] });
// @ts-expect-error an event with a payload of another type
export const wrongPayload: CreateBooking.Handler = async () => ({ ...created, events: [{ type: 'BookingMade', data: { ...made.data, version: 1 } }] });
// @ts-expect-error one event too many
export const tooManyEvents: CreateBooking.Handler = async () => ({ ...created, events: [made, made] });
// @ts-expect-error an event with a problem
export const eventWithProblem: CreateBooking.Handler = async () => ({ status: 409, problem: { code: 'sold-out' }, events: [made] });
// @ts-expect-error the ETag is missing
export const missingVersion: CreateBooking.Handler = async () => ({ status: 201, body: booking, headers: { Location: '/' }, events: [made] });
// @ts-expect-error a declared header is missing
export const missingHeader: CreateBooking.Handler = async () => ({ status: 201, body: booking, version: 1n, events: [made] });
// @ts-expect-error a body that lacks a member
export const poorBody: CreateBooking.Handler = async () => ({ ...created, body: { bookingId: 'b' }, events: [made] });

const change = { status: 200, body: booking, version: 2n } as const;
export const none: ChangeBooking.Handler = async () => ({ ...change, events: [] });
export const one: ChangeBooking.Handler = async () => ({ ...change, events: [changed] });
export const several: ChangeBooking.Handler = async () => ({ ...change, events: [changed, returned, returned] });
// @ts-expect-error the first event is missing
export const onlyRest: ChangeBooking.Handler = async () => ({ ...change, events: [returned] });
// @ts-expect-error the events are in the wrong order
export const wrongOrder: ChangeBooking.Handler = async () => ({ ...change, events: [returned, changed] });
// A list of events may be part of the result.
export const spread: ChangeBooking.Handler = async () => {
  const returns: readonly SeatReturnedEvent[] = [returned];
  return { ...change, events: [changed, ...returns] };
};

export const read: GetBooking.Handler = async ({ params }, session) => {
  void session;
  return { status: 200, body: { ...booking, bookingId: params.bookingId }, version: 1n };
};
// @ts-expect-error reading sends no events
export const readWithEvent: GetBooking.Handler = async () => ({ status: 200, body: booking, version: 1n, events: [made] });
// @ts-expect-error a handler that reads gets no transaction
export const readWithTx: GetBooking.Handler = async (_, tx: Parameters<CreateBooking.Handler>[1]) => (void tx, { status: 200, body: booking, version: 1n });

export const list: ListBookings.Handler = async ({ query, headers }) => {
  const limit: number = query.limit;
  const wanted: readonly Booking['status'][] = query.status ?? [];
  const seats: readonly number[] = query.seat ?? [];
  void [limit, wanted, seats, headers['X-Desk']];
  // The lists of a body may be readonly.
  const items: readonly Booking[] = [booking];
  return { status: 200, body: { items } };
};
// @ts-expect-error a parameter that may be missing
export const maybe: ListBookings.Handler = async ({ query }) => (void query.showId.length, { status: 200, body: { items: [] } });

const seats = { status: 200, body: { rows: [], numbers: [] } } as const;
export const header: FindSeats.Handler = async () => ({ ...seats, headers: { 'X-Found': 1, 'X-Free': true, 'X-Sorted': 'by-row' } });
// @ts-expect-error a header of another type
export const textForNumber: FindSeats.Handler = async () => ({ ...seats, headers: { 'X-Found': '1' } });
// @ts-expect-error a header with a value that its enum does not list
export const unlisted: FindSeats.Handler = async () => ({ ...seats, headers: { 'X-Found': 1, 'X-Sorted': 'by-name' } });

export const gone: CancelBooking.Handler = async () => ({ status: 204, events: [cancelled] });
// @ts-expect-error 204 has no body
export const goneWithBody: CancelBooking.Handler = async () => ({ status: 204, body: booking, events: [] });

// @ts-expect-error a client cannot send a readOnly member
export const readOnly: CreateBooking.Body = { bookingId: 'b', showId: 's', customer: { name: 'n', email: 'e' }, seats: [] };

export const hold: OnBookingMade.Handler = async ({ data, meta, ctx }) => {
  const seats: readonly { readonly row: string; readonly number: number }[] = data.seats;
  const version: bigint = data.version;
  const at: Date = data.madeAt;
  void [seats, version, at, meta.correlationId, ctx.now];
  return { events: [held] };
};
export const answered: OnBookingMade.Result = { events: [refused] };
// @ts-expect-error the type `Result` says the same: one of the two must be sent
export const answeredNothing: OnBookingMade.Result = { events: [] };
export const refuse: OnBookingMade.Handler = async () => ({ events: [refused] });
// @ts-expect-error one of the two must be sent
export const holdNothing: OnBookingMade.Handler = async () => ({ events: [] });
// @ts-expect-error not both
export const holdBoth: OnBookingMade.Handler = async () => ({ events: [held, refused] });
// @ts-expect-error an event with a payload of another type
export const holdWrongly: OnBookingMade.Handler = async () => ({ events: [{ type: 'SeatsHeld', data: { ...held.data, until: 'soon' } }] });
// @ts-expect-error an event of another service
export const holdForeign: OnBookingMade.Handler = async () => ({ events: [made] });
export const free: FreeSeats.Handler = async ({ messages, ctx }) => {
  const at: Date = ctx.now;
  void at;
  return messages.map((message) => {
    const correlation: string = message.meta.correlationId;
    const reason: string = message.type === 'BookingCancelled' ? message.data.reason : message.data.seat.row;
    return { events: [], noop: `${correlation} ${reason}` };
  });
};
// @ts-expect-error one result per message
export const freeOnce: FreeSeats.Handler = async () => ({ events: [] });
// @ts-expect-error the operation declares no events
export const freeWithEvent: FreeSeats.Handler = async () => [{ events: [held] }];
// @ts-expect-error the actor is in each message, not in `ctx`
export const freeFor: FreeSeats.Handler = async ({ ctx }) => [{ events: [], noop: ctx.actor.id }];
// @ts-expect-error a message of another operation
export const freeMade: FreeSeats.Handler = async ({ messages }) => messages.map(({ type }) => ({ events: [], noop: type === 'BookingMade' ? '' : type }));

declare const others: Omit<Handlers, 'createBooking'>;
// @ts-expect-error a handler is missing
export const handlers: Handlers = { ...others };
// @ts-expect-error a consumer is missing
export const consumers: Consumers = { onSeatsHeld: async () => ({ events: [] }) };

declare const tickets: TicketsClient;
const body = { showId: '', customer: { name: '', email: '' }, seats: [] };
const params = { bookingId: '' };

export const asked = async () => {
  const answer = await tickets.createBooking({ body, idempotencyKey: 'k', correlationId: 'c' });
  if (answer.status === 201) {
    const texts: readonly string[] = [answer.etag, answer.headers.Location, answer.body.bookingId];
    return texts;
  }
  if (answer.status === 409) {
    const known: 'sold-out' | 'show-over' | 'request-in-flight' = answer.problem.code;
    return known;
  }
  // @ts-expect-error a problem has no body
  return answer.body;
};
export const cancelled204 = async () => {
  const answer = await tickets.cancelBooking({ params });
  // @ts-expect-error 204 has no body
  return answer.status === 204 ? answer.body : undefined;
};
export const noFilter = () => tickets.listBookings({ headers: { 'X-Desk': 'd' } });
// @ts-expect-error the operation never answers 200
export const wrongStatus = async () => (await tickets.createBooking({ body })).status === 200;
// @ts-expect-error the body is missing
export const bodyless = () => tickets.createBooking({});
// @ts-expect-error the server makes the id
export const withId = () => tickets.createBooking({ body: { ...body, bookingId: '' } });
// @ts-expect-error the version is missing
export const versionless = () => tickets.changeBooking({ params, body: { note: '' } });
// @ts-expect-error the operation has no Idempotency-Key
export const keyed = () => tickets.changeBooking({ params, ifMatch: '"1"', body: { note: '' }, idempotencyKey: 'k' });
// @ts-expect-error the client sets this header itself
export const byHand = () => tickets.changeBooking({ params, ifMatch: '"1"', body: {}, headers: { 'If-Match': '"1"' } });
// @ts-expect-error a required header is missing
export const deskless = () => tickets.listBookings();
// @ts-expect-error the enum does not have this status
export const filtered = () => tickets.listBookings({ headers: { 'X-Desk': 'd' }, query: { status: ['lost'] } });
