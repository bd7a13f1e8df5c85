import { code, ident, join, lit, type AvroType, type Code } from '@atlas/ir';
import type { Shape } from './avroShape.ts';
import { nameOf } from './names.ts';
import { unionShape } from './unions.ts';

/** The TypeScript type of a value of an Avro type, named types by their name. */
export function typeOf(type: AvroType, shape: Shape, names: ReadonlyMap<string, string>): Code {
  const target = shape.resolve(type);
  switch (target.kind) {
    case 'null':
      return code`null`;
    case 'boolean':
      return code`boolean`;
    case 'int':
      return target.logical?.name === 'date' ? code`string` : code`number`;
    case 'float':
    case 'double':
      return code`number`;
    case 'long':
      return target.logical?.name === 'timestamp-millis' ? code`Date` : code`bigint`;
    case 'string':
      return code`string`;
    case 'bytes':
    case 'fixed':
      return target.logical ? code`string` : code`Uint8Array`;
    case 'record':
    case 'enum':
      return ident(nameOf(names, target));
    case 'array':
      return code`readonly ${grouped(typeOf(target.items, shape, names))}[]`;
    case 'map':
      return code`Readonly<Record<string, ${typeOf(target.values, shape, names)}>>`;
    case 'union': {
      const { branches, tagged } = unionShape(shape, target.branches);
      const ordered = branches.toSorted((left, right) => Number(left.kind === 'null') - Number(right.kind === 'null'));
      const members = ordered.map(({ type: branch, kind, tag }) => {
        const plain = typeOf(branch, shape, names);
        return tagged && kind !== 'null' ? code`{ readonly type: ${lit(tag)}; readonly value: ${plain} }` : plain;
      });
      return join(members, ' | ');
    }
  }
}

/** What may not stand before `[]` bare: unions and `readonly` lists. */
function grouped(type: Code): Code {
  return /[ |]/.test(type.text) && !type.text.startsWith('Readonly<') ? code`(${type})` : type;
}
