import { code, ident, join, lit, propertyKey, type AvroRecord, type AvroType, type Code } from '@atlas/ir';
import { nameOf } from './schema.ts';
import { nullable, type Branch, type CodecParts, type UnionType } from './types.ts';

/** `read<Name>`: reads a record. */
export function readRecord(record: AvroRecord, parts: CodecParts): Code {
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
    function ${parts.readFunction(record)}(${fields.length === 0 ? code`_r` : code`r`}: Reader): ${type} {
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
    function ${ident(`read${name}`)}(r: Reader): ${type} {
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
