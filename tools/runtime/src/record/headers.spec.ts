import { describe, expect, it } from 'vitest';
import { headersOf, receivedOf, type Envelope, traceparentOf } from './headers.ts';

const full: Envelope = {
  id: '0190f3c1-7a00-7000-8000-000000000001',
  source: 'boxoffice',
  type: 'tickets.SeatSold',
  time: new Date('2031-02-03T04:05:06.789Z'),
  correlationId: 'c-1',
  causationId: 'e-0',
  sequence: 7n,
  actorId: 'kim',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

const record = (headers: Readonly<Record<string, string>>) => ({
  topic: 'sales',
  partition: 2,
  offset: 41n,
  timestamp: new Date(1_000),
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)])),
});

describe('the envelope', () => {
  it('is read as it was written', () => {
    expect(receivedOf(record(headersOf(full)))).toEqual({ ...full, scope: 'boxoffice' });
  });

  it('has no header for a value of null', () => {
    const headers = headersOf({ ...full, causationId: null, sequence: null, actorId: null, traceparent: null });
    expect(Object.keys(headers)).toEqual([
      'content-type',
      'ce_specversion',
      'ce_id',
      'ce_source',
      'ce_type',
      'ce_time',
      'ce_correlationid',
    ]);
  });

  it('of a record without headers comes from its topic, partition and offset', () => {
    expect(receivedOf(record({}))).toEqual({
      id: 'sales/2/41',
      type: undefined,
      source: undefined,
      scope: 'sales',
      time: new Date(1_000),
      correlationId: 'sales/2/41',
      causationId: undefined,
      sequence: undefined,
      actorId: undefined,
      traceparent: undefined,
    });
  });

  it('keeps sources distinct if their names could not be stored as text', () => {
    const scopes = ['x'.repeat(513), `${'x'.repeat(513)}y`, 'a\nb', ''].map(
      (ce_source) => receivedOf(record({ ce_source })).scope,
    );
    expect(new Set(scopes).size).toBe(4);
    expect(scopes.every((scope) => scope !== '' && scope.length <= 100)).toBe(true);
    expect(scopes.at(-1)).toBe('sales');
  });

  it('ignores a time and a sequence that are malformed', () => {
    expect(receivedOf(record({ ce_time: 'soon', ce_sequence: '-1' }))).toMatchObject({
      time: new Date(1_000),
      sequence: undefined,
    });
  });

  it('ignores a header that could not be stored as text', () => {
    const made = { id: 'sales/2/41', correlationId: 'sales/2/41', actorId: undefined, traceparent: undefined };
    for (const odd of ['a\0b', 'a\nb', 'x'.repeat(513)])
      expect(
        receivedOf(record({ ce_id: odd, ce_correlationid: odd, ce_actorid: odd, traceparent: odd })),
      ).toMatchObject(made);
    const bytes = { ...record({}), headers: { ce_id: Buffer.of(0xff, 0xfe), ce_correlationid: Buffer.of(0xc0) } };
    expect(receivedOf(bytes)).toMatchObject(made);
  });
});

it('a trace parent is copied if it is valid', () => {
  const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  expect(traceparentOf(trace)).toBe(trace);
  for (const other of [undefined, `${trace}x`, trace.toUpperCase(), `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`])
    expect(traceparentOf(other)).toBeNull();
});
