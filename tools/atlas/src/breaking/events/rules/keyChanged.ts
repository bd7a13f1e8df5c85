import type { KeyExpression } from '@atlas/ir';
import { withNames, proven, receiversOf, type EventRule } from '../context.ts';
import { keyOf, recordWitness, type RecordValue } from '../records.ts';

export const keyChanged: EventRule = {
  id: 'key-changed',
  purpose:
    'The key of a topic is made in another way, so events of one thing go to another partition and overtake older ones.',
  level: 'wire',
  *check(context) {
    for (const { old, new: next } of context.topics) {
      const [before, after] = [old.key?.value, next.key?.value];
      if (!old.key || shown(before) === shown(after)) continue;
      const consumers = receiversOf(context, old.name);
      const readers = withNames('the consumers', consumers);
      const records = context.messages
        .filter(({ topics }) => topics.old === old)
        .map(({ old: message }) => marked(context.records.old.of(old, message), old.key?.value));
      const record = records.find((one) => one.value !== undefined && one.key !== keyIn(after, one));
      yield proven(
        {
          change: 'key-changed',
          message: `the key of ${old.name} was ${shown(before)}, and is ${shown(after)} now`,
          old: old.key.loc,
          new: next.key?.loc ?? next.loc,
          reaches: [old.name],
          consumers,
          spot: old.name,
          safePath: [
            `keep ${old.name} as it is, and add a topic with the new key`,
            `let ${readers} read the old topic to its end, and then the new one`,
            'remove the old topic',
          ],
        },
        record &&
          recordWitness(
            'old',
            record,
            '/key',
            `the old version gives this record its key, and the new one ${given(after, record)}`,
          ),
      );
    }
  },
};

/** An expression as `x-atlas-key` has it. */
function shown(expression: KeyExpression | undefined): string {
  if (!expression) return 'none';
  const parts = expression.parts.map((part) => (part.kind === 'text' ? part.text : `{${part.path.join('/')}}`));
  return parts.join('');
}

/** A record whose key has a value that other fields do not have. */
function marked(record: RecordValue, expression: KeyExpression | undefined): RecordValue {
  if (record.value === undefined || !expression) return record;
  const value = structuredClone(record.value);
  for (const part of expression.parts) {
    if (part.kind !== 'field') continue;
    let holder: unknown = value;
    for (const name of part.path.slice(0, -1)) holder = isHolder(holder) ? holder[name] : undefined;
    const last = part.path.at(-1) ?? '';
    if (isHolder(holder) && holder[last] === '') holder[last] = 'A-1';
    if (isHolder(holder) && holder[last] === 0) holder[last] = 1;
  }
  return { ...record, value, key: keyOf(expression, value) };
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** What the new version does with the record instead. */
function given(expression: KeyExpression | undefined, record: RecordValue): string {
  const key = keyIn(expression, record);
  return key === undefined ? 'no key' : `the key ${key === '' ? '""' : key}`;
}

function keyIn(expression: KeyExpression | undefined, { value = null }: RecordValue): string | undefined {
  return expression && keyOf(expression, value);
}
