import { code, Code, join, member, type KeyExpression } from '@atlas/ir';
import type { AvroSchema } from './codec/types.ts';

/** `(data) => data.bookingId`, or a template literal for a key of several parts. */
export function keyFunction({ parts }: KeyExpression, schema: AvroSchema): Code {
  const [first] = parts;
  if (first?.kind === 'field' && parts.length === 1) {
    const { value, text } = access(first.path, schema);
    return code`(data) => ${text ? value : code`String(${value})`}`;
  }
  const pieces = parts.map((part) =>
    part.kind === 'text' ? templateText(part.text) : code`\${${access(part.path, schema).value}}`,
  );
  return code`(data) => \`${join(pieces, '')}\``;
}

function access(path: readonly string[], schema: AvroSchema): { readonly value: Code; readonly text: boolean } {
  let type = schema.resolve(schema.root);
  for (const name of path) {
    const field = type.kind === 'record' ? type.fields.find((candidate) => candidate.name === name) : undefined;
    if (!field) throw new Error(`the field ${path.join('/')} of the key is not in ${schema.root.name}`);
    type = schema.resolve(field.type);
  }
  const value = code`data${join(path.map(member), '')}`;
  // The text of a Date depends on the machine's time zone.
  if (type.kind === 'long' && type.logical?.name === 'timestamp-millis')
    return { value: code`${value}.getTime()`, text: false };
  return {
    value,
    text: type.kind === 'string' || type.kind === 'enum' || (type.kind === 'int' && type.logical?.name === 'date'),
  };
}

/** Text between the backquotes of a template literal. */
function templateText(text: string): Code {
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll('`', '\\`')
    .replaceAll('${', '\\${')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return new Code(escaped.endsWith('$') ? `${escaped.slice(0, -1)}\\$` : escaped);
}
