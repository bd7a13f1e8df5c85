import { code, lit, propertyKey, type AvroRecord, type AvroType, type Code } from '@atlas/ir';
import { AvroSchema, unionType } from '../events/codec/types.ts';

/** A value of a message's type, as TypeScript: the smallest one that has every field. */
export function sampleData(record: AvroRecord): Code {
  return sample(record, new AvroSchema(record));
}

function sample(type: AvroType, schema: AvroSchema): Code {
  const target = schema.resolve(type);
  switch (target.kind) {
    case 'null':
      return code`null`;
    case 'boolean':
      return code`false`;
    case 'int':
      return target.logical?.name === 'date' ? code`'2026-01-05'` : code`1`;
    case 'float':
    case 'double':
      return code`1`;
    case 'long':
      return target.logical?.name === 'timestamp-millis' ? code`new Date(0)` : code`1n`;
    case 'string':
      return target.logical?.name === 'uuid' ? code`'0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e77'` : code`'text'`;
    case 'bytes':
    case 'fixed':
      if (target.logical?.name === 'decimal') return code`'0'`;
      return target.logical
        ? code`'0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e77'`
        : code`new Uint8Array(${target.kind === 'fixed' ? target.size : 0})`;
    case 'enum':
      return lit(target.symbols[0]);
    case 'array':
      return code`[]`;
    case 'map':
      return code`{}`;
    case 'record':
      return code`{
        ${target.fields.map(({ name, type: field }) => code`${propertyKey(name)}: ${sample(field, schema)},`)}
      }`;
    case 'union': {
      // null first, because a record may contain itself in a union with null only
      const { branches, tagged } = unionType(schema, target.branches);
      const branch = branches.find(({ kind }) => kind === 'null') ?? branches[0];
      if (!branch) throw new Error('a union without branches');
      const value = sample(branch.type, schema);
      return tagged && branch.kind !== 'null' ? code`{ type: ${lit(branch.tag)}, value: ${value} }` : value;
    }
  }
}
