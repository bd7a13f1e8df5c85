import {
  code,
  ident,
  join,
  lit,
  member,
  propertyKey,
  type AvroRecord,
  type Code,
  type Message,
  type Service,
} from '@atlas/ir';
import { CodecParts } from './codecParts.ts';
import { nameOf } from './names.ts';
import { readExpression, readUnion } from './readExpression.ts';
import { namedTypes } from './avroShape.ts';
import { writeStatement, writeUnion } from './writeStatement.ts';

/** events/<Message>.codec.ts: one function that writes and one that reads for each record, and the schema's text. */
export function codecFile(_service: Service, message: Message): Code {
  const parts = new CodecParts(message);
  const records = namedTypes(message.avro).filter((type) => type.kind === 'record');
  const functions = records.flatMap((record) => [writer(record, parts), reader(record, parts)]);
  for (const { name, type, shape } of parts.unions)
    functions.push(writeUnion(name, type, shape, parts), readUnion(name, type, shape, parts));
  const types = [...new Set(parts.names.values())].filter((name) => mentions(functions, name));
  const isList = functions.some(({ text }) => text.includes('isList('));
  return code`
    import { avroCodec, ${isList && code`isList, `}type Reader, type Writer } from '@atlas/runtime/avro';
    import type { ${join(types.map(ident), ', ')} } from ${lit(`./${message.name}.ts`)};

    /** What is registered and looked up; its fingerprint stands beside the message. */
    export const schema =
      ${lit(message.schemaText)};

    export const codec = avroCodec<${ident(message.name)}>({ schema, write: ${parts.writer(message.avro)}, read: ${parts.reader(message.avro)} });

    ${join([...parts.symbols(), ...functions], '\n\n')}
  `;
}

function writer(record: AvroRecord, parts: CodecParts): Code {
  const guard = parts.shape.isRecursive(record);
  return code`
    function ${parts.writer(record)}(w: Writer, data: ${ident(nameOf(parts.names, record))}): void {
      ${guard && code`w.enter();`}
      ${record.fields.length === 0 && code`w.object(data);`}
      ${record.fields.map(({ name, type }) =>
        writeStatement(type, code`data${member(name)}`, parts, [nameOf(parts.names, record), name]),
      )}
      ${guard && code`w.leave();`}
    }
  `;
}

function reader(record: AvroRecord, parts: CodecParts): Code {
  const type = ident(nameOf(parts.names, record));
  const fields = record.fields.map(
    ({ name, type }) =>
      code`${propertyKey(name)}: ${readExpression(type, parts, [nameOf(parts.names, record), name])},`,
  );
  const literal = code`{
    ${fields}
  }`;
  const guarded = code`
    r.enter();
    const data = ${literal};
    r.leave();
    return data;
  `;
  return code`
    function ${parts.reader(record)}(${fields.length === 0 ? code`_r` : code`r`}: Reader): ${type} {
      ${parts.shape.isRecursive(record) ? guarded : code`return ${literal};`}
    }
  `;
}

function mentions(codes: readonly Code[], name: string): boolean {
  return codes.some(({ text }) => new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(text));
}
