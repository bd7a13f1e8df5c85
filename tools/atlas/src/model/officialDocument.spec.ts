import { exactInteger, type JsonObject, type JsonValue } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { serviceOfDocument } from './officialDocument.ts';

const SEAT = { type: 'record', name: 'n.SeatTaken', fields: [{ name: 'row', type: 'string' }] };
const NONE: ReadonlyMap<string, string> = new Map();

/** A document with one channel, as the official parser shares its parts. */
function documentWith(schema: JsonValue, message: JsonObject = {}): JsonObject {
  const channel = {
    address: 't.seats.v1',
    'x-atlas-key': '$message.payload#/row',
    'x-parser-unique-object-id': 'a/b',
    messages: { SeatTaken: { payload: { schema }, 'x-parser-unique-object-id': 'SeatTaken', ...message } },
  };
  return {
    asyncapi: '3.0.0',
    info: { title: 'Seats', version: '1.0.0' },
    channels: { 'a/b': channel },
    operations: { sendSeats: { action: 'send', channel, messages: [channel.messages.SeatTaken] } },
  };
}

describe('a document of the official parser', () => {
  it('gives the messages with their topics, keys and channels', async () => {
    const { service, channelOf } = await serviceOfDocument({
      document: documentWith(SEAT),
      service: 'seats',
      file: 'specs/seats.yaml',
      schemas: NONE,
    });
    const [message] = service.sends;
    expect(message).toMatchObject({
      name: 'SeatTaken',
      subject: 't.seats.v1-n.SeatTaken',
      key: { parts: [{ kind: 'field', path: ['row'] }] },
    });
    expect(message && channelOf(message)).toBe('a/b');
    expect(service.asyncapi?.loc.file).toBe('specs/seats.yaml');
  });

  it('has schemas without the keys that the parser adds', async () => {
    const document = documentWith({ ...SEAT, 'x-parser-schema-id': '<anonymous-schema-1>' });
    const { service } = await serviceOfDocument({
      document,
      service: 'seats',
      file: 'specs/seats.yaml',
      schemas: NONE,
    });
    const [message] = service.sends;
    expect(message?.schemaText).toBe(JSON.stringify(SEAT));
  });

  it('may have the schema of a message in a file that other schemas refer to', async () => {
    const moved = { type: 'record', name: 'n.SeatMoved', fields: [{ name: 'from', type: 'n.SeatTaken' }] };
    const schemas = new Map([['avro/SeatTaken.avsc', JSON.stringify(SEAT)]]);
    for (const schema of [SEAT, moved]) {
      const document = documentWith(schema, {});
      const { service } = await serviceOfDocument({ document, service: 'seats', file: 'specs/seats.yaml', schemas });
      expect(service.sends[0]?.recordName).toBe(schema.name);
    }
  });

  it('has defaults of 64 bits from the file of the schema, because the parser rounds them', async () => {
    const until = { name: 'until', type: 'long', default: exactInteger('9223372036854775807') };
    const schema = JSON.stringify({ ...SEAT, fields: [...SEAT.fields, until] });
    const document = documentWith(JSON.parse(schema));
    const schemas = new Map([['avro/SeatTaken.avsc', schema]]);
    const { service } = await serviceOfDocument({ document, service: 'seats', file: 'specs/seats.yaml', schemas });
    expect(service.sends[0]?.schemaText).toBe(schema);
  });

  it('may have copies of shared objects in its operations', async () => {
    const document = structuredClone(documentWith(SEAT));
    const copied: JsonObject = { ...document, operations: structuredClone(document['operations']) };
    expect(
      (await serviceOfDocument({ document: copied, service: 'seats', file: 'specs/seats.yaml', schemas: NONE })).service
        .sends,
    ).toHaveLength(1);
  });

  it('may have headers that contain themselves', async () => {
    const headers: Record<string, JsonValue> = { type: 'object' };
    headers['properties'] = { inner: headers };
    const document = documentWith(SEAT, { headers });
    expect(
      (await serviceOfDocument({ document, service: 'seats', file: 'specs/seats.yaml', schemas: NONE })).service.sends,
    ).toHaveLength(1);
  });

  it('is refused with the reason if atlas check would refuse it', async () => {
    const read = (document: JsonValue, schemas = NONE) =>
      serviceOfDocument({ document, service: 'seats', file: 'specs/seats.yaml', schemas });
    await expect(read(documentWith({ ...SEAT, fields: [{ name: 'row', type: 'sting' }] }))).rejects.toThrow(
      'unknown type "sting": run atlas check',
    );
    await expect(read(documentWith(SEAT), new Map([['avro/a.avsc', '{']]))).rejects.toThrow('avro/a.avsc: ');
    const elsewhere = { ...documentWith(SEAT), channels: {} };
    await expect(read(elsewhere)).rejects.toThrow('an operation refers to a channel or message that');
  });
});
