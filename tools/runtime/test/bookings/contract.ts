import type { Json, OperationContract, Validate } from '../../src/contract/operation.ts';
import type { Codec, MessageContract } from '../../src/contract/message.ts';
import type { AnyHandler, ServiceContract } from '../../src/contract/service.ts';
import { outboxFolder } from './outboxFolder.ts';

/** The contract of a box office, written by hand in the form of generated code, so that tests can vary it. */

export const SHOW_TOPIC = 'boxoffice.bookings.show.v1';

export interface SeatsBooked {
  readonly showId: string;
  readonly bookingId: string;
  readonly seats: number;
}

export const seatsBooked = message<SeatsBooked>('SeatsBooked', ({ showId }) => showId);
export const seatFreed = message<SeatsBooked>('SeatFreed', ({ showId }) => showId);
export const noticePosted = message<{ readonly text: string }>('NoticePosted', undefined);

/** A codec with JSON bodies, which a test can read. */
function message<Data>(name: string, key: ((data: Data) => string) | undefined): MessageContract<Data> {
  const codec: Codec<Data> = {
    encode: (data) => Buffer.from(JSON.stringify(data)),
    decode: (body) => JSON.parse(Buffer.from(body).toString()),
    resolver: () => (body) => JSON.parse(Buffer.from(body).toString()),
  };
  const type = `boxoffice.bookings.${name}`;
  const fingerprint = name.toLowerCase();
  const subject = `${SHOW_TOPIC}-${type}`;
  return { name, type, topic: SHOW_TOPIC, subject, schema: '{}', fingerprint, codec, ...(key ? { key } : {}) };
}

const clerk = [{ scheme: 'keycloak', roles: ['clerk'] }];
const id = (name: string) =>
  ({ name, in: 'path', required: true, style: 'simple', explode: false, shape: { kind: 'string' } }) as const;

/** Accepts an object whose only member is a whole number of seats, at least 1. */
const seatsBody: Validate = (value) => {
  if (!isRecord(value)) return [{ pointer: '', detail: 'must be object' }];
  const seats = value['seats'];
  if (!Number.isInteger(seats) || Number(seats) < 1) return [{ pointer: '/seats', detail: 'must be integer' }];
  const [unknown] = Object.keys(value).filter((name) => name !== 'seats');
  return unknown === undefined ? undefined : [{ pointer: `/${unknown}`, detail: 'is not a known property' }];
};

const bookingBody: Validate = (value) =>
  isRecord(value) && typeof value['bookingId'] === 'string' && typeof value['seats'] === 'number'
    ? undefined
    : [{ pointer: '/bookingId', detail: 'is required' }];

const booking = {
  kind: 'json',
  mediaType: 'application/json',
  validate: bookingBody,
  serialize: JSON.stringify,
} as const;

export const bookSeats: OperationContract = {
  id: 'bookSeats',
  method: 'POST',
  url: '/v1/shows/:showId/bookings',
  path: '/v1/shows/{showId}/bookings',
  security: clerk,
  params: [id('showId')],
  body: { required: true, mediaType: 'application/json', validate: seatsBody },
  idempotency: { required: true },
  responses: {
    201: { ...booking, etag: true, headers: ['Location'], emits: [['SeatsBooked', 'SeatFreed*'], ['NoticePosted']] },
    401: { kind: 'problem' },
    403: { kind: 'problem' },
    409: { kind: 'problem' },
    503: { kind: 'problem' },
  },
};

export const changeSeats: OperationContract = {
  id: 'changeSeats',
  method: 'PATCH',
  url: '/v1/bookings/:bookingId',
  path: '/v1/bookings/{bookingId}',
  security: [{ scheme: 'keycloak', roles: ['clerk', 'manager'] }, ...clerk],
  params: [id('bookingId')],
  body: { required: true, mediaType: 'application/merge-patch+json', validate: seatsBody },
  idempotency: { required: false },
  ifMatch: { required: true },
  responses: { 200: { ...booking, etag: true, emits: [[]] }, 404: { kind: 'problem' } },
};

export const getBooking: OperationContract = {
  id: 'getBooking',
  method: 'GET',
  url: '/v1/bookings/:bookingId',
  path: '/v1/bookings/{bookingId}',
  security: clerk,
  params: [id('bookingId')],
  responses: { 200: { ...booking, etag: true }, 404: { kind: 'problem' } },
};

/** An operation that is public and deprecated and has no body. */
export const closeShow: OperationContract = {
  id: 'closeShow',
  method: 'DELETE',
  url: '/v1/shows/:showId',
  path: '/v1/shows/{showId}',
  security: [],
  params: [id('showId')],
  responses: { 204: { kind: 'empty', emits: [[], ['SeatFreed']] } },
  deprecated: { sunset: '2031-01-31' },
};

export type Handlers = Readonly<Record<'bookSeats' | 'changeSeats' | 'getBooking' | 'closeShow', AnyHandler['handle']>>;

export const document: Json = {
  openapi: '3.1.0',
  info: { title: 'Box office', version: '1.0.0' },
  paths: {
    '/v1/shows/{showId}/bookings': {
      post: {
        operationId: 'bookSeats',
        summary: 'Book seats.',
        description: 'Takes seats of a show.',
        security: [{ desk: ['clerk'] }],
        parameters: [
          { name: 'showId', in: 'path', required: true, schema: { type: 'string' }, example: 's-1' },
          { name: 'Idempotency-Key', in: 'header', required: true, schema: { type: 'string' } },
        ],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { type: 'object', properties: { seats: { type: 'integer', examples: [2] } } },
            },
          },
        },
        responses: { 201: { description: 'Booked.' } },
      },
    },
  },
  components: { securitySchemes: { desk: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
};

export const contract: ServiceContract<Handlers, Readonly<Record<string, never>>> = {
  service: 'bookings',
  document,
  operations: [bookSeats, changeSeats, getBooking, closeShow],
  messages: [seatsBooked, seatFreed, noticePosted],
  consumers: [],
  dlqTopic: undefined,
  migrations: outboxFolder(),
};

export const migrations = new URL('./migrations/', import.meta.url);

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
