import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Rule } from '../../rule.ts';
import type { Cursor } from '../../../document/cursor.ts';
import { LATER_PAYLOADS, laterViews } from '../../../read/asyncapi/later.ts';
import { AVRO_FORMATS } from '../../../read/avro/formats.ts';

const FORMAT = 'application/vnd.apache.avro;version=1.12.0';

export const avroPayload: Rule = {
  code: 'ATL3013',
  title: 'missing Avro payload',
  explain: {
    why: 'Events are encoded in Avro with a schema from the registry, so a payload has a schemaFormat and a schema. So does what timers and effects carry, because code of another version may read it.',
    bad: 'payload: { type: object }',
    good: `payload:\n  schemaFormat: ${FORMAT}\n  schema: { $ref: '../avro/bookings/BookingMade.avsc' }`,
  },
  *check({ events }) {
    for (const { messages } of events.owned.values())
      for (const { name, cursor } of messages) yield* problems(`message ${name}`, 'payload', cursor);
    for (const document of events.documents)
      for (const { kind, name, cursor } of laterViews(document))
        for (const member of LATER_PAYLOADS[kind]) yield* problems(`${kind} ${name}`, member, cursor);
  },
};

function* problems(holder: string, member: string, cursor: Cursor): Generator<Finding> {
  const payload = cursor.get(member);
  const format = payload?.get('schemaFormat');
  const fix = `write schemaFormat: ${FORMAT}`;
  const file = payload?.via?.ref.endsWith('.avsc') === true ? payload.via : undefined;
  if (!payload)
    yield {
      message: `${holder} has no ${member}`,
      loc: cursor.loc,
      fix: `add ${member} with schemaFormat and schema`,
    };
  else if (file)
    yield {
      message: `the ${member} of ${holder} is a bare Avro schema`,
      loc: file.loc,
      fix: `write { schemaFormat: ${FORMAT}, schema: { $ref: '${file.ref}' } }`,
    };
  else if (!format) yield { message: `the ${member} of ${holder} has no schemaFormat`, loc: payload.loc, fix };
  else if (!AVRO_FORMATS.includes((format.string() ?? '').replaceAll(' ', '')))
    yield {
      message: `the ${member} of ${holder} has schemaFormat ${JSON.stringify(format.value)}, which is not a known version of Avro`,
      loc: format.valueLoc,
      fix,
    };
  else if (!payload.get('schema'))
    yield {
      message: `the ${member} of ${holder} has no schema`,
      loc: payload.loc,
      fix: "add schema: { $ref: '<file>.avsc' }",
    };
}
