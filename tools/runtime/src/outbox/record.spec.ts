import { describe, expect, it } from 'vitest';
import { contract } from '../../test/bookings/contract.ts';
import { idSequence } from '../ids.ts';
import { toOutboxRecords, checkEmits } from './record.ts';

const NOW = new Date('2026-03-01T10:00:00Z');
const origin = () => ({
  correlationId: 'c-1',
  causationId: null,
  actorId: 'kim',
  traceparent: null,
  occurredAt: NOW,
  newId: idSequence(NOW).start(),
});

describe('events as rows', () => {
  it('are named, keyed and encoded by their contract', () => {
    const data = { showId: 's-1', bookingId: 'b-1', seats: 2 };
    const [row] = toOutboxRecords(contract.messages, [{ type: 'SeatsBooked', data }], origin());
    expect(row).toEqual({
      topic: 'boxoffice.bookings.show.v1',
      key: Buffer.from('s-1'),
      body: Buffer.from(JSON.stringify(data)),
      fingerprint: 'seatsbooked',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      type: 'boxoffice.bookings.SeatsBooked',
      correlationId: 'c-1',
      causationId: null,
      actorId: 'kim',
      traceparent: null,
      headers: null,
      occurredAt: NOW,
    });
  });

  it('have no key if their channel has none', () => {
    const [row] = toOutboxRecords(contract.messages, [{ type: 'NoticePosted', data: { text: 't' } }], origin());
    expect(row?.key).toBeNull();
  });

  it('are refused if the service does not send them', () => {
    expect(() => toOutboxRecords(contract.messages, [{ type: 'Other', data: {} }], origin())).toThrow(
      '"Other" is not a message that this service sends',
    );
  });
});

const events = (...names: string[]) => names.map((type) => ({ type, data: {} }));

describe('returned events', () => {
  it.each([
    [[['A', 'B']], ['A', 'B']],
    [[['A'], []], []],
    [[['A', 'B*']], ['A']],
    [[['A', 'B*']], ['A', 'B', 'B']],
    [[['A*', 'A']], ['A', 'A', 'A']],
    [[['A*', 'B*', 'C']], ['A', 'C']],
    [undefined, []],
  ])('declared as %j may be %j', (allowed, names) => {
    expect(() => checkEmits(allowed, events(...names))).not.toThrow();
  });

  it.each([
    [[['A', 'B']], ['B', 'A'], 'returned events [B, A]; declared is [A, B]'],
    [[['A'], ['B']], ['A', 'B'], 'declared is [A] or [B]'],
    [[['A']], [], 'returned events []; declared is [A]'],
    [[['A', 'B*']], ['B'], 'declared is [A, B*]'],
    [[['A*', 'B']], ['A', 'B', 'A'], 'declared is [A*, B]'],
    [undefined, ['A'], 'declared is none'],
    [[[]], ['A'], 'returned events [A]; declared is []'],
  ])('declared as %j may not be %j', (allowed, names, message) => {
    expect(() => checkEmits(allowed, events(...names))).toThrow(message);
  });

  it('may be left out if none is declared or an alternative is empty', () => {
    expect(() => checkEmits(undefined, undefined)).not.toThrow();
    expect(() => checkEmits([[], ['A']], undefined)).not.toThrow();
    expect(() => checkEmits([['A']], undefined)).toThrow('declared is [A]');
  });
});
