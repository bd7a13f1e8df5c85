/** A parsed schema. References by name are replaced by the object itself, so schemas may be circular. */
export type Schema = PrimitiveSchema | RecordSchema | EnumSchema | FixedSchema | ArraySchema | MapSchema | UnionSchema;

export type PrimitiveName = 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string';

/** A known logical type on its own base type. All others are ignored, as the specification says. */
export interface Logical {
  readonly name: string;
  readonly precision: number;
  readonly scale: number;
}

export interface PrimitiveSchema {
  readonly type: PrimitiveName;
  readonly logical?: Logical | undefined;
}

/** A full name and full aliases. */
interface Named {
  readonly name: string;
  readonly aliases: readonly string[];
}

export interface RecordSchema extends Named {
  readonly type: 'record';
  readonly fields: Field[];
}

export interface Field {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly schema: Schema;
  /** JSON in Avro's encoding. Absent if the field has no default. */
  readonly default?: { readonly value: unknown };
}

export interface EnumSchema extends Named {
  readonly type: 'enum';
  readonly symbols: readonly string[];
  readonly default: string | undefined;
}

export interface FixedSchema extends Named {
  readonly type: 'fixed';
  readonly size: number;
  readonly logical?: Logical | undefined;
}

export interface ArraySchema {
  readonly type: 'array';
  readonly items: Schema;
}

export interface MapSchema {
  readonly type: 'map';
  readonly values: Schema;
}

export interface UnionSchema {
  readonly type: 'union';
  readonly branches: readonly Schema[];
}

/** A branch's name in Avro's JSON encoding: its full name, or the name of its type. */
export function tagOf(schema: Schema): string {
  return 'name' in schema ? schema.name : schema.type;
}
