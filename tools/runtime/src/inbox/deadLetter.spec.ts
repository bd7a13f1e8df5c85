import { describe, expect, it } from 'vitest';
import { deadLetterRecord, type DeadLetterFacts } from './deadLetter.ts';

const facts: DeadLetterFacts = {
  deadId: 12n,
  errorName: 'NoSeat',
  error: 'NoSeat: row 4 is gone',
  attempts: 6,
  consumer: 'onSeatSold',
  group: 't1.hall',
  fingerprint: 'f00',
  type: 'tickets.SeatSold',
  eventId: 'e-1',
  correlationId: 'c-1',
};

describe('a dead letter', () => {
  const letter = deadLetterRecord(
    {
      topic: 't1.sales',
      partition: 2,
      offset: 5_000_000_000n,
      key: Buffer.from('show'),
      value: Buffer.of(1, 2, 3),
      headers: { ce_id: Buffer.from('e-1'), other: Buffer.of(255) },
      timestamp: new Date(1_700_000_000_000),
    },
    facts,
    { topic: 'hall.dlq', id: 'id-1', now: new Date(0) },
  );
  const buffer = (name: string): Buffer => Buffer.from(String(letter.headers?.[name]), 'base64');
  const text = (name: string): string => buffer(name).toString();

  it('has the bytes, key and headers of the record, and no schema of its own', () => {
    expect(letter).toMatchObject({
      topic: 'hall.dlq',
      key: Buffer.from('show'),
      body: Buffer.of(1, 2, 3),
      fingerprint: null,
    });
    expect(text('ce_id')).toBe('e-1');
    expect([...buffer('other')]).toEqual([255]);
  });

  it('says where it came from in the headers of Spring, with numbers big-endian', () => {
    expect(text('kafka_dlt-original-topic')).toBe('t1.sales');
    expect(buffer('kafka_dlt-original-partition').readInt32BE()).toBe(2);
    expect(buffer('kafka_dlt-original-offset').readBigInt64BE()).toBe(5_000_000_000n);
    expect(buffer('kafka_dlt-original-timestamp').readBigInt64BE()).toBe(1_700_000_000_000n);
    expect(text('kafka_dlt-original-consumer-group')).toBe('t1.hall');
  });

  it('says which consumer gave up, why, and in which row the bytes are kept', () => {
    const names = [
      'kafka_dlt-exception-fqcn',
      'kafka_dlt-exception-message',
      'consumer',
      'attempts',
      'fingerprint',
      'correlationid',
      'atlas_dead_id',
    ];
    expect(names.map(text)).toEqual(['NoSeat', 'NoSeat: row 4 is gone', 'onSeatSold', '6', 'f00', 'c-1', '12']);
  });
});
