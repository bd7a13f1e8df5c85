import { fileURLToPath } from 'node:url';
import type { System } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { load } from '../load/load.ts';
import { readSpecs } from '../read/specs.ts';
import { buildSystem } from './buildSystem.ts';

const config = fileURLToPath(
  new URL('../../test/cases/whole/clean-two-services/specs/atlas.config.yaml', import.meta.url),
);

async function built(): Promise<System> {
  const { workspace } = await load(config);
  const { system, diagnostics } = workspace ? await buildSystem(readSpecs(workspace)) : { diagnostics: [] };
  expect(diagnostics).toEqual([]);
  if (!system) throw new Error('no system');
  return system;
}

describe('the system', () => {
  it('is frozen and the same each time', async () => {
    const system = await built();
    expect(Object.isFrozen(system.services[0]?.http?.document['paths'])).toBe(true);
    expect(JSON.stringify(await built())).toBe(JSON.stringify(system));
  });

  it('has the operations with their security, parameters and headers', async () => {
    const [create, get, cancel] = (await built()).services[0]?.http?.operations ?? [];
    expect([create?.id, get?.id, cancel?.id]).toEqual(['createBooking', 'getBooking', 'cancelBooking']);
    expect(create).toMatchObject({ method: 'post', path: '/v1/bookings', idempotency: { required: true } });
    expect(create?.params).toEqual([]);
    expect(create?.body).toMatchObject({
      required: true,
      mediaType: 'application/json',
      schema: { $ref: '#/components/schemas/NewBooking' },
    });
    expect(get?.security).toEqual([
      { scheme: 'keycloak', roles: ['ops'] },
      { scheme: 'keycloak', roles: ['finance'] },
    ]);
    expect(get?.params).toMatchObject([
      { name: 'bookingId', in: 'path', required: true, style: 'simple', explode: false, shape: { kind: 'string' } },
      {
        name: 'expand',
        in: 'query',
        required: false,
        style: 'form',
        explode: true,
        shape: { kind: 'array', items: 'string' },
      },
    ]);
    expect(cancel?.ifMatch).toEqual({ required: true });
    expect(cancel?.loc).toEqual({
      file: 'openapi/bookings.yaml',
      line: 58,
      column: 5,
      pointer: '/paths/~1v1~1bookings~1{bookingId}~1cancel/post',
    });
  });

  it('has the responses with problem codes, entity tags and events', async () => {
    const [create, , cancel] = (await built()).services[0]?.http?.operations ?? [];
    expect(create?.responses).toMatchObject([
      { status: 201, etag: true, headers: [], emits: [[{ message: 'BookingMade', many: false }]] },
      { status: 401, content: { kind: 'problem', codes: [] } },
      { status: 409, content: { kind: 'problem', codes: ['sold-out', 'request-in-flight'] } },
    ]);
    expect(cancel?.responses[0]?.emits).toEqual([[{ message: 'BookingCancelled', many: false }], []]);
  });

  it('has the topics with their settings, including those of dead letters', async () => {
    const { topics } = await built();
    expect(topics.map(({ name, kind, owner }) => [name, kind, owner])).toEqual([
      ['acme.bookings.booking.v1', 'events', 'bookings'],
      ['acme.seats.seat.v1', 'events', 'seats'],
      ['atlas.bookings.dlq.v1', 'dead-letters', 'bookings'],
      ['atlas.seats.dlq.v1', 'dead-letters', 'seats'],
    ]);
    expect(topics[0]).toMatchObject({
      partitions: 3,
      replicas: 1,
      config: { 'cleanup.policy': 'delete', 'retention.ms': '604800000' },
    });
  });

  it('has the messages with subjects, keys, fingerprints and readers', async () => {
    const [bookings, seats] = (await built()).services;
    expect(bookings?.sends.map(({ name }) => name)).toEqual(['BookingCancelled', 'BookingMade']);
    expect(bookings?.sends[1]).toMatchObject({
      recordName: 'acme.bookings.BookingMade',
      subject: 'acme.bookings.booking.v1-acme.bookings.BookingMade',
      key: { parts: [{ kind: 'field', path: ['bookingId'] }] },
    });
    expect(bookings?.sends[1]?.fingerprint).toMatch(/^[0-9a-f]{32}$/);
    expect(bookings?.receives).toMatchObject([
      {
        handler: 'onSeatsTaken',
        operation: 'receiveSeats',
        message: { owner: 'seats', topic: 'acme.seats.seat.v1' },
        emits: [[{ message: 'BookingCancelled', many: false }], []],
        retry: { retries: 3, baseMs: 100, capMs: 5000, onDead: 'continue' },
      },
    ]);
    expect(seats?.receives[0]?.message).toBe(bookings?.sends[1]);
    expect(seats?.receives[0]).toMatchObject({
      emits: [[{ message: 'SeatsTaken', many: true }]],
      retry: { retries: 5, baseMs: 200, capMs: 30_000, onDead: 'hold' },
    });
    expect([bookings?.dlqTopic, seats?.dlqTopic]).toEqual(['atlas.bookings.dlq.v1', 'atlas.seats.dlq.v1']);
  });
});
