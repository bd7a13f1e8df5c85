import { code, ident, join, lit, type AvroType, type Code } from '@atlas/ir';
import type { CodecParts } from './codecParts.ts';
import { nullable } from './nullable.ts';
import type { Branch, UnionShape } from './unions.ts';

/** An expression that reads a value. `place` names the union's functions, should it be one. */
export function readExpression(type: AvroType, parts: CodecParts, place: readonly string[]): Code {
  const target = parts.shape.resolve(type);
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
      return code`${parts.reader(target)}(r)`;
    case 'array':
      return code`r.array(${parts.shape.minBytes(target.items)}, ${itemReader(target.items, parts, place)})`;
    case 'map':
      return code`r.map(${parts.shape.minBytes(target.values)}, ${itemReader(target.values, parts, place)})`;
    case 'union': {
      const optional = nullable(target, parts.shape);
      if (optional)
        return code`r.branch(2) === ${optional.nullIndex} ? null : ${readExpression(optional.type, parts, place)}`;
      return code`${ident(`read${parts.union(target, place)}`)}(r)`;
    }
    default:
      return code`r.${ident(target.kind)}()`;
  }
}

function itemReader(type: AvroType, parts: CodecParts, place: readonly string[]): Code {
  const target = parts.shape.resolve(type);
  return target.kind === 'record'
    ? parts.reader(target)
    : code`(r) => ${readExpression(type, parts, [...place, 'item'])}`;
}

/** `read<name>`: a union of more than null and one type. */
export function readUnion(name: string, type: Code, { branches, tagged }: UnionShape, parts: CodecParts): Code {
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
