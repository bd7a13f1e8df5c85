import {
  type AvroRecord,
  type AvroType,
  type Code,
  type Message,
  code,
  ident,
  join,
  lit,
  member,
  namedTypes,
  propertyKey,
} from '@atlas/ir';
import { type Branch, CodecParts, type UnionType, nameOf, nullable } from './types.ts';

/** <Payload>.codec.ts: per record a function that writes and one that reads, and the schema's text with its `use`. */
export function codecFile(
  message: Pick<Message, 'name' | 'avro' | 'schemaText'>,
  use = code`The text for the schema registry. The message in ${ident(message.name)}.ts has its fingerprint.`,
): Code {
  const parts = new CodecParts(message);
  const records = namedTypes(message.avro).filter((type) => type.kind === 'record');
  const functions = records.flatMap((record) => [writeRecord(record, parts), readRecord(record, parts)]);
  for (const { name, type, union } of parts.unions)
    functions.push(writeUnion(name, type, union, parts), readUnion(name, type, union, parts));
  const types = [...new Set(parts.names.values())].filter((name) => mentions(functions, name));
  const isList = functions.some(({ text }) => text.includes('isList('));
  return code`
    import { avroCodec, ${isList && code`isList, `}type ByteReader, type Writer } from '@atlas/runtime/avro';
    import type { ${join(types.map(ident), ', ')} } from ${lit(`./${message.name}.ts`)};

    /** ${use} */
    export const schema =
      ${lit(message.schemaText)};

    export const codec = avroCodec<${ident(message.name)}>({ schema, write: ${parts.writeFunction(message.avro)}, read: ${parts.readFunction(message.avro)} });

    ${join([...parts.symbols(), ...functions], '\n\n')}
  `;
}

function mentions(codes: readonly Code[], name: string): boolean {
  return codes.some(({ text }) => new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(text));
}

/** `read<Name>`: reads a record. */
function readRecord(record: AvroRecord, parts: CodecParts): Code {
  const type = ident(nameOf(parts.names, record));
  const fields = record.fields.map(
    ({ name, type }) =>
      code`${propertyKey(name)}: ${readExpression(type, parts, [nameOf(parts.names, record), name])},`,
  );
  const literal = code`{
    ${fields}
  }`;
  const empties = parts.schema.manyEmpties(record);
  const guarded = code`
    r.enter();
    const data = ${literal};
    r.leave();
    return data;
  `;
  return code`
    function ${parts.readFunction(record)}(${fields.length === 0 ? code`_r` : code`r`}: ByteReader): ${type} {
      ${empties > 0 && code`r.empties(${empties});`}
      ${parts.schema.isRecursive(record) ? guarded : code`return ${literal};`}
    }
  `;
}

/** An expression that reads a value. If it is a union, its functions are named after `path`. */
function readExpression(type: AvroType, parts: CodecParts, path: readonly string[]): Code {
  const target = parts.schema.resolve(type);
  switch (target.kind) {
    case 'int':
      return target.logical?.name === 'date' ? code`r.date()` : code`r.int()`;
    case 'long':
      return target.logical?.name === 'timestamp-millis' ? code`r.timestampMillis()` : code`r.long()`;
    case 'string':
      return target.logical?.name === 'uuid' ? code`r.uuid()` : code`r.string()`;
    case 'bytes':
      return target.logical?.name === 'decimal'
        ? code`r.decimal(${target.logical.precision}, ${target.logical.scale})`
        : code`r.bytes()`;
    case 'fixed':
      return target.logical?.name === 'decimal'
        ? code`r.decimalFixed(${target.size}, ${target.logical.precision}, ${target.logical.scale})`
        : target.logical
          ? code`r.uuidFixed()`
          : code`r.fixed(${target.size})`;
    case 'enum':
      return code`r.enum(${parts.symbolsOf(target)})`;
    case 'record':
      return code`${parts.readFunction(target)}(r)`;
    case 'array':
      return code`r.array(${parts.schema.minBytes(target.items)}, ${readItem(target.items, parts, path)})`;
    case 'map':
      return code`r.map(${parts.schema.minBytes(target.values)}, ${readItem(target.values, parts, path)})`;
    case 'union': {
      const optional = nullable(target, parts.schema);
      if (optional)
        return code`r.branch(2) === ${optional.nullIndex} ? null : ${readExpression(optional.type, parts, path)}`;
      return code`${ident(`read${parts.union(target, path)}`)}(r)`;
    }
    default:
      return code`r.${ident(target.kind)}()`;
  }
}

function readItem(type: AvroType, parts: CodecParts, path: readonly string[]): Code {
  const target = parts.schema.resolve(type);
  return target.kind === 'record'
    ? parts.readFunction(target)
    : code`(r) => ${readExpression(type, parts, [...path, 'item'])}`;
}

/** `read<name>`: reads a union of more than null and one type. */
export function readUnion(name: string, type: Code, { branches, tagged }: UnionType, parts: CodecParts): Code {
  const value = (branch: Branch): Code => {
    const plain = readExpression(branch.type, parts, [name, String(branch.index)]);
    return tagged && branch.kind !== 'null' ? code`{ type: ${lit(branch.tag)}, value: ${plain} }` : plain;
  };
  const last = branches.length - 1;
  return code`
    function ${ident(`read${name}`)}(r: ByteReader): ${type} {
      switch (r.branch(${branches.length})) {
        ${join(
          branches.map((branch) =>
            branch.index === last
              ? code`default:\n  return ${value(branch)};`
              : code`case ${branch.index}:\n  return ${value(branch)};`,
          ),
          '\n',
        )}
      }
    }
  `;
}

/** `write<Name>`: writes a record. */
function writeRecord(record: AvroRecord, parts: CodecParts): Code {
  const guard = parts.schema.isRecursive(record);
  return code`
    function ${parts.writeFunction(record)}(w: Writer, data: ${ident(nameOf(parts.names, record))}): void {
      ${guard && code`w.enter();`}
      ${record.fields.length === 0 && code`w.object(data);`}
      ${record.fields.map(({ name, type }) =>
        writeStatement(type, code`data${member(name)}`, parts, [nameOf(parts.names, record), name]),
      )}
      ${guard && code`w.leave();`}
    }
  `;
}

/** A statement that writes `value`. If it is a union, its functions are named after `path`. */
function writeStatement(type: AvroType, value: Code, parts: CodecParts, path: readonly string[]): Code {
  const target = parts.schema.resolve(type);
  const optional = nullable(target, parts.schema);
  if (!optional) return code`${writeCall(type, value, parts, path)};`;
  return code`if (${value} === null) w.branch(${optional.nullIndex});
    else {
      w.branch(${1 - optional.nullIndex});
      ${writeStatement(optional.type, value, parts, path)}
    }`;
}

function writeCall(type: AvroType, value: Code, parts: CodecParts, path: readonly string[]): Code {
  const target = parts.schema.resolve(type);
  switch (target.kind) {
    case 'int':
      return target.logical?.name === 'date' ? code`w.date(${value})` : code`w.int(${value})`;
    case 'long':
      return target.logical?.name === 'timestamp-millis' ? code`w.timestampMillis(${value})` : code`w.long(${value})`;
    case 'string':
      return target.logical?.name === 'uuid' ? code`w.uuid(${value})` : code`w.string(${value})`;
    case 'bytes':
      return target.logical?.name === 'decimal'
        ? code`w.decimal(${value}, ${target.logical.precision}, ${target.logical.scale})`
        : code`w.bytes(${value})`;
    case 'fixed':
      return target.logical?.name === 'decimal'
        ? code`w.decimalFixed(${value}, ${target.size}, ${target.logical.precision}, ${target.logical.scale})`
        : target.logical
          ? code`w.uuidFixed(${value})`
          : code`w.fixed(${value}, ${target.size})`;
    case 'enum':
      return code`w.enum(${value}, ${parts.symbolsOf(target)})`;
    case 'record':
      return code`${parts.writeFunction(target)}(w, ${value})`;
    case 'array':
      return code`w.array(${value}, ${writeItem(target.items, parts, path)})`;
    case 'map':
      return code`w.map(${value}, ${writeItem(target.values, parts, path)})`;
    case 'union':
      return code`${ident(`write${parts.union(target, path)}`)}(w, ${value})`;
    default:
      return code`w.${ident(target.kind)}(${value})`;
  }
}

function writeItem(type: AvroType, parts: CodecParts, path: readonly string[]): Code {
  const target = parts.schema.resolve(type);
  if (target.kind === 'record') return parts.writeFunction(target);
  const item = [...path, 'item'];
  if (!nullable(target, parts.schema)) return code`(w, item) => ${writeCall(type, code`item`, parts, item)}`;
  return code`(w, item) => {
    ${writeStatement(type, code`item`, parts, item)}
  }`;
}

/** `write<name>`: writes a union. It finds the branch of a value by its type at run time, or by its tag. */
function writeUnion(name: string, type: Code, { branches, tagged }: UnionType, parts: CodecParts): Code {
  // null, dates, bytes and lists are objects too, so the test for an object comes last
  const tested = branches.toSorted((left, right) => rank(left) - rank(right));
  const [first] = tested;
  if (!first) return code`function ${ident(`write${name}`)}(w: Writer, value: never): void { w.noBranch(value); }`;
  return code`
    function ${ident(`write${name}`)}(w: Writer, value: ${type}): void {
      ${tested.map(
        (branch, index) => code`
          ${index > 0 && code`else `}if (${test(branch, tagged)}) {
            w.branch(${branch.index});
            ${branch.kind !== 'null' && writeStatement(branch.type, tagged ? code`value.value` : code`value`, parts, [name, String(branch.index)])}
          }
        `,
      )}
      else w.noBranch(value);
    }
  `;
}

function rank({ kind }: Branch): number {
  return kind === 'null' ? 0 : kind === 'object' ? 2 : 1;
}

function test({ kind, tag }: Branch, tagged: boolean): Code {
  if (kind === 'null') return code`value === null`;
  if (tagged) return code`value.type === ${lit(tag)}`;
  switch (kind) {
    case 'Date':
      return code`value instanceof Date`;
    case 'bytes':
      return code`value instanceof Uint8Array`;
    case 'list':
      return code`isList(value)`;
    default:
      return code`typeof value === ${lit(kind)}`;
  }
}
