import { namedTypes, type AvroField, type AvroRecord, type AvroType } from '@atlas/ir';
import { didYouMean } from '../../../document/suggest.ts';
import type { Rule } from '../../rule.ts';
import { keyOf } from '../../../read/extensions/key.ts';

export const keyFields: Rule = {
  code: 'ATL3015',
  title: 'unsuitable field in x-atlas-key',
  explain: {
    why: 'All messages of a channel have the same kind of key, so each message needs these fields. A field must never be null, and its type must have one spelling per value: string (uuid too), int, long or enum.',
    bad: 'x-atlas-key: $message.payload#/note      # "note": ["null", "string"]',
    good: 'x-atlas-key: $message.payload#/bookingId # "bookingId": "string"',
  },
  *check({ events, avro }) {
    for (const channel of events.owned.values()) {
      const { cursor: key, expression } = keyOf(channel.cursor) ?? {};
      if (!key || !expression) continue;
      for (const message of channel.messages) {
        const record = avro.of(message.cursor.get('payload'))?.record;
        if (!record) continue;
        for (const part of expression.parts) {
          const problem = part.kind === 'field' ? problemOf(record, part.path) : undefined;
          if (problem)
            yield {
              message: `x-atlas-key of channel ${JSON.stringify(channel.key)}: in ${message.name}, ${problem.message}`,
              loc: key.valueLoc,
              fix: problem.fix,
              related: [{ loc: message.cursor.loc, message: 'the message' }],
            };
        }
      }
    }
  },
};

function problemOf(
  root: AvroRecord,
  path: readonly string[],
): { readonly message: string; readonly fix: string } | undefined {
  const named = new Map<string, AvroType>(namedTypes(root).map((type) => [type.name, type]));
  let type: AvroType = root;
  for (const [index, name] of path.entries()) {
    const record: AvroType | undefined = type.kind === 'ref' ? named.get(type.name) : type;
    const way = path.slice(0, index).join('/');
    if (record?.kind !== 'record')
      return { message: `${JSON.stringify(way)} is not a record`, fix: 'end the key there' };
    const field: AvroField | undefined = record.fields.find((candidate) => candidate.name === name);
    if (!field) {
      const names = record.fields.map((candidate) => candidate.name);
      return {
        message: `${record.name} has no field ${JSON.stringify(name)}`,
        fix: didYouMean(name, names) ?? 'choose a field that every message has',
      };
    }
    type = field.type;
  }
  const end = type.kind === 'ref' ? named.get(type.name) : type;
  if (end?.kind === 'union')
    return {
      message: `${JSON.stringify(path.join('/'))} may be null or have several types`,
      fix: 'choose a required field of one type',
    };
  if (end && ['string', 'int', 'long', 'enum'].includes(end.kind)) return undefined;
  return {
    message: `${JSON.stringify(path.join('/'))} has type ${end?.kind ?? 'nothing'}, which cannot be in a key`,
    fix: 'choose a string, int, long or enum',
  };
}
