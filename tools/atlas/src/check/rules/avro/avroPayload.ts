import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Rule } from '../../rule.ts';
import type { MessageView } from '../../../read/asyncapi/events.ts';
import { AVRO_FORMATS } from '../../../read/avro/formats.ts';

const FORMAT = 'application/vnd.apache.avro;version=1.12.0';

export const avroPayload: Rule = {
  code: 'ATL3013',
  title: 'missing Avro payload',
  explain: {
    why: 'Events are encoded in Avro with a schema from the registry, so a payload has a schemaFormat and a schema.',
    bad: 'payload: { type: object }',
    good: `payload:\n  schemaFormat: ${FORMAT}\n  schema: { $ref: '../avro/bookings/BookingMade.avsc' }`,
  },
  *check({ events }) {
    for (const { messages } of events.owned.values()) for (const message of messages) yield* problems(message);
  },
};

function* problems({ name, cursor }: MessageView): Generator<Finding> {
  const payload = cursor.get('payload');
  const format = payload?.get('schemaFormat');
  const fix = `write schemaFormat: ${FORMAT}`;
  const file = payload?.via?.ref.endsWith('.avsc') === true ? payload.via : undefined;
  if (!payload)
    yield {
      message: `message ${name} has no payload`,
      loc: cursor.loc,
      fix: 'add a payload with schemaFormat and schema',
    };
  else if (file)
    yield {
      message: `the payload of ${name} is a bare Avro schema`,
      loc: file.loc,
      fix: `write { schemaFormat: ${FORMAT}, schema: { $ref: '${file.ref}' } }`,
    };
  else if (!format) yield { message: `the payload of ${name} has no schemaFormat`, loc: payload.loc, fix };
  else if (!AVRO_FORMATS.includes((format.string() ?? '').replaceAll(' ', '')))
    yield {
      message: `the payload of ${name} has schemaFormat ${JSON.stringify(format.value)}, which is not a known version of Avro`,
      loc: format.valueLoc,
      fix,
    };
  else if (!payload.get('schema'))
    yield {
      message: `the payload of ${name} has no schema`,
      loc: payload.loc,
      fix: "add schema: { $ref: '<file>.avsc' }",
    };
}
