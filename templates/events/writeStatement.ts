import { code, ident, lit, type AvroType, type Code } from '@atlas/ir';
import type { CodecParts } from './codecParts.ts';
import type { Branch, UnionShape } from './unions.ts';
import { nullable } from './nullable.ts';

/** A statement that writes `value`. `place` names the union's functions, should it be one. */
export function writeStatement(type: AvroType, value: Code, parts: CodecParts, place: readonly string[]): Code {
  const target = parts.shape.resolve(type);
  const optional = nullable(target, parts.shape);
  if (!optional) return code`${writeCall(type, value, parts, place)};`;
  return code`if (${value} === null) w.branch(${optional.nullIndex});
    else {
      w.branch(${1 - optional.nullIndex});
      ${writeStatement(optional.type, value, parts, place)}
    }`;
}

function writeCall(type: AvroType, value: Code, parts: CodecParts, place: readonly string[]): Code {
  const target = parts.shape.resolve(type);
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
      return code`${parts.writer(target)}(w, ${value})`;
    case 'array':
      return code`w.array(${value}, ${itemWriter(target.items, parts, place)})`;
    case 'map':
      return code`w.map(${value}, ${itemWriter(target.values, parts, place)})`;
    case 'union':
      return code`${ident(`write${parts.union(target, place)}`)}(w, ${value})`;
    default:
      return code`w.${ident(target.kind)}(${value})`;
  }
}

function itemWriter(type: AvroType, parts: CodecParts, place: readonly string[]): Code {
  const target = parts.shape.resolve(type);
  if (target.kind === 'record') return parts.writer(target);
  const item = [...place, 'item'];
  if (!nullable(target, parts.shape)) return code`(w, item) => ${writeCall(type, code`item`, parts, item)}`;
  return code`(w, item) => {
    ${writeStatement(type, code`item`, parts, item)}
  }`;
}

/** `write<name>`: finds the branch of a value by what can be seen when the program runs, or by its tag. */
export function writeUnion(name: string, type: Code, { branches, tagged }: UnionShape, parts: CodecParts): Code {
  // null is an object, and so are dates, bytes and lists: the widest test comes last.
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
