/**
 * An Avro 1.12 schema after names were resolved across files: every named type is written out at its first
 * occurrence (depth first, in field order) and is a `ref` afterwards, as the specification wants it in one text.
 */
export type AvroType = AvroPrimitive | AvroRecord | AvroEnum | AvroFixed | AvroArray | AvroMap | AvroUnion | AvroRef;

export type AvroPrimitiveName = 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string';

/** Logical types that change the TypeScript type; any other logicalType is ignored, as the specification says. */
export type AvroLogical =
  | { readonly name: 'decimal'; readonly precision: number; readonly scale: number }
  | {
      readonly name:
        | 'uuid'
        | 'date'
        | 'time-millis'
        | 'time-micros'
        | 'timestamp-millis'
        | 'timestamp-micros'
        | 'timestamp-nanos'
        | 'local-timestamp-millis'
        | 'local-timestamp-micros'
        | 'local-timestamp-nanos';
    };

export interface AvroPrimitive {
  readonly kind: AvroPrimitiveName;
  readonly logical?: AvroLogical;
}

export interface AvroRecord {
  readonly kind: 'record';
  /** Full name, `namespace.Name`. */
  readonly name: string;
  readonly doc?: string;
  readonly fields: readonly AvroField[];
}

export interface AvroField {
  readonly name: string;
  readonly doc?: string;
  readonly type: AvroType;
  /** The default as JSON, in Avro's own encoding; the key is absent where the field has none (null is a default). */
  readonly default?: { readonly value: import('./json.ts').JsonValue };
  /** Custom property `pii: true`: personal data. */
  readonly pii: boolean;
}

export interface AvroEnum {
  readonly kind: 'enum';
  readonly name: string;
  readonly doc?: string;
  readonly symbols: readonly string[];
  readonly default?: string;
}

export interface AvroFixed {
  readonly kind: 'fixed';
  readonly name: string;
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

/** A named type that was written out earlier in the same schema; `name` is its full name. */
export interface AvroRef {
  readonly kind: 'ref';
  readonly name: string;
}
