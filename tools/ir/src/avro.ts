import type { JsonValue } from './json.ts';
import type { Loc } from './location.ts';

/**
 * An Avro 1.12 schema with the names of other files resolved: every named type is written out at its first occurrence
 * (depth first, in the order of fields) and is a `ref` afterwards, as the specification requires within one text.
 */
export type AvroType = AvroPrimitive | AvroRecord | AvroEnum | AvroFixed | AvroArray | AvroMap | AvroUnion | AvroRef;

export const AVRO_PRIMITIVES = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;

export type AvroPrimitiveName = (typeof AVRO_PRIMITIVES)[number];

export function isAvroPrimitive(name: string): name is AvroPrimitiveName {
  const names: readonly string[] = AVRO_PRIMITIVES;
  return names.includes(name);
}

/** The types that each logical type may annotate: Avro 1.12, "Logical Types". */
export const AVRO_LOGICAL_TYPES = {
  decimal: ['bytes', 'fixed'],
  'big-decimal': ['bytes'],
  uuid: ['string', 'fixed'],
  date: ['int'],
  'time-millis': ['int'],
  'time-micros': ['long'],
  'timestamp-millis': ['long'],
  'timestamp-micros': ['long'],
  'timestamp-nanos': ['long'],
  'local-timestamp-millis': ['long'],
  'local-timestamp-micros': ['long'],
  'local-timestamp-nanos': ['long'],
  duration: ['fixed'],
} as const satisfies Readonly<Record<string, readonly (AvroPrimitiveName | 'fixed')[]>>;

export type AvroLogicalName = keyof typeof AVRO_LOGICAL_TYPES;

export function isAvroLogical(name: string): name is AvroLogicalName {
  return Object.hasOwn(AVRO_LOGICAL_TYPES, name);
}

/**
 * A logical type of the model. `big-decimal` and `duration` only say what the bytes mean, so the model leaves them out;
 * any other logicalType is ignored, as the specification says.
 */
export type AvroLogical =
  | { readonly name: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly name: Exclude<AvroLogicalName, 'decimal' | 'big-decimal' | 'duration'> };

export interface AvroPrimitive {
  readonly kind: AvroPrimitiveName;
  readonly logical?: AvroLogical;
}

export interface AvroRecord {
  readonly kind: 'record';
  /** Where its name is written. */
  readonly loc: Loc;
  /** Full name, `namespace.Name`. */
  readonly name: string;
  /** Former full names. */
  readonly aliases: readonly string[];
  readonly doc?: string;
  readonly fields: readonly AvroField[];
}

export interface AvroField {
  readonly loc: Loc;
  readonly name: string;
  /** Former names. */
  readonly aliases: readonly string[];
  readonly doc?: string;
  readonly type: AvroType;
  /** The default in Avro's JSON encoding. The key is absent if the field has no default; null is a default. */
  readonly default?: { readonly value: JsonValue };
  /** Custom property `pii: true`: personal data. */
  readonly pii: boolean;
}

export interface AvroEnum {
  readonly kind: 'enum';
  readonly name: string;
  readonly aliases: readonly string[];
  readonly doc?: string;
  readonly symbols: readonly string[];
  readonly default?: string;
}

export interface AvroFixed {
  readonly kind: 'fixed';
  readonly name: string;
  readonly aliases: readonly string[];
  readonly size: number;
  readonly logical?: AvroLogical;
}

export interface AvroArray {
  readonly kind: 'array';
  readonly items: AvroType;
}

export interface AvroMap {
  readonly kind: 'map';
  readonly values: AvroType;
}

export interface AvroUnion {
  readonly kind: 'union';
  readonly branches: readonly AvroType[];
}

/** The types that a schema defines under a full name. */
export type AvroNamedType = AvroRecord | AvroEnum | AvroFixed;

/** A named type that was written out earlier in the same schema; `name` is its full name. */
export interface AvroRef {
  readonly kind: 'ref';
  readonly name: string;
}

/** The types written directly inside a type. */
export function childTypes(type: AvroType): readonly AvroType[] {
  switch (type.kind) {
    case 'record':
      return type.fields.map((field) => field.type);
    case 'array':
      return [type.items];
    case 'map':
      return [type.values];
    case 'union':
      return type.branches;
    default:
      return [];
  }
}

/**
 * The number of values of zero bytes in a value of each record, by full name: nulls, fixeds of no bytes, and records of
 * nothing else. Lists, maps and unions take bytes themselves, so what they contain does not count.
 */
export function emptyValues(root: AvroType): ReadonlyMap<string, number> {
  const named = new Map(namedTypes(root).map((type) => [type.name, type]));
  const known = new Map<string, { readonly values: number; readonly isEmpty: boolean }>();
  const of = (type: AvroType | undefined): { readonly values: number; readonly isEmpty: boolean } => {
    const target = type?.kind === 'ref' ? named.get(type.name) : type;
    if (target?.kind !== 'record') {
      const isEmpty = target?.kind === 'null' || (target?.kind === 'fixed' && target.size === 0);
      return { values: isEmpty ? 1 : 0, isEmpty };
    }
    const found = known.get(target.name);
    if (found) return found;
    // A record that contains itself without an end has no value.
    known.set(target.name, { values: 0, isEmpty: false });
    const fields = target.fields.map((field) => of(field.type));
    const isEmpty = fields.every((field) => field.isEmpty);
    const values = fields.reduce((sum, field) => sum + field.values, isEmpty ? 1 : 0);
    known.set(target.name, { values, isEmpty });
    return { values, isEmpty };
  };
  for (const type of named.values()) of(type);
  return new Map([...known].map(([name, { values }]) => [name, values]));
}

/** Every named type that is written out in a schema, in the order of the text, the root first. */
export function namedTypes(root: AvroType): readonly AvroNamedType[] {
  const inside = childTypes(root).flatMap(namedTypes);
  return root.kind === 'record' || root.kind === 'enum' || root.kind === 'fixed' ? [root, ...inside] : inside;
}
