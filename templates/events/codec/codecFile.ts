import { code, ident, join, lit, namedTypes, type Code, type Message } from '@atlas/ir';
import { readRecord, readUnion } from './read.ts';
import { CodecParts } from './types.ts';
import { writeRecord, writeUnion } from './write.ts';

/** events/<Message>.codec.ts: a function that writes and one that reads per record, and the schema's text. */
export function codecFile(message: Message): Code {
  const parts = new CodecParts(message);
  const records = namedTypes(message.avro).filter((type) => type.kind === 'record');
  const functions = records.flatMap((record) => [writeRecord(record, parts), readRecord(record, parts)]);
  for (const { name, type, union } of parts.unions)
    functions.push(writeUnion(name, type, union, parts), readUnion(name, type, union, parts));
  const types = [...new Set(parts.names.values())].filter((name) => mentions(functions, name));
  const isList = functions.some(({ text }) => text.includes('isList('));
  return code`
    import { avroCodec, ${isList && code`isList, `}type Reader, type Writer } from '@atlas/runtime/avro';
    import type { ${join(types.map(ident), ', ')} } from ${lit(`./${message.name}.ts`)};

    /** What is registered and looked up; its fingerprint stands beside the message. */
    export const schema =
      ${lit(message.schemaText)};

    export const codec = avroCodec<${ident(message.name)}>({ schema, write: ${parts.writeFunction(message.avro)}, read: ${parts.readFunction(message.avro)} });

    ${join([...parts.symbols(), ...functions], '\n\n')}
  `;
}

function mentions(codes: readonly Code[], name: string): boolean {
  return codes.some(({ text }) => new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(text));
}
