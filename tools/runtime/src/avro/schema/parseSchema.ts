import { AtlasError } from '../../contract/atlasError.ts';
import { isList, isObject } from '../../typeGuards.ts';
import type { EnumSchema, Field, FixedSchema, PrimitiveName, RecordSchema, Schema, Logical } from './schema.ts';

/**
 * Parses a schema from the registry. It was checked when it was registered, so this throws `AtlasError`
 * ATLAS_AVRO_DECODE only for faults that make it unusable. Unknown attributes are ignored. `references` are the texts
 * of the schemas whose types it uses. Each comes after those that it refers to itself.
 */
export function parseSchema(text: string, references: readonly string[] = []): Schema {
  try {
    const parser = new SchemaParser();
    for (const reference of references) parser.read(parseJson(reference), '', 0);
    return parser.read(parseJson(text), '', 0);
  } catch (error) {
    if (error instanceof AtlasError) throw error;
    throw unusable('it is not JSON', error);
  }
}

/** A default may have 64 bits, so an integer that a double cannot represent becomes a bigint. */
function parseJson(text: string): unknown {
  return JSON.parse(text, (_, value: unknown, context?: { readonly source?: string }) => {
    const source = context?.source ?? '';
    return typeof value === 'number' && !Number.isSafeInteger(value) && BIG.test(source) ? BigInt(source) : value;
  });
}

/** Longer integers have more than 64 bits and can't be defaults of a long. */
const BIG = /^-?\d{16,19}$/;

const PRIMITIVES: ReadonlySet<string> = new Set([
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
]);
const MAX_DEPTH = 200;

class SchemaParser {
  readonly #named = new Map<string, Schema>();

  read(value: unknown, namespace: string, depth: number): Schema {
    if (depth > MAX_DEPTH) throw unusable(`more than ${MAX_DEPTH} types inside each other`);
    if (typeof value === 'string') return this.#byName(value, namespace);
    if (isList(value)) {
      if (value.length === 0) throw unusable('a union without branches');
      const branches = value.map((branch) => this.read(branch, namespace, depth + 1));
      return { type: 'union', branches };
    }
    if (!isObject(value)) throw unusable('a schema is a name, an object or a list');
    const { type } = value;
    switch (type) {
      case 'record':
      case 'error':
        return this.#record(value, namespace, depth);
      case 'enum':
        return this.#enum(value, namespace);
      case 'fixed':
        return this.#fixed(value, namespace);
      case 'array':
        return { type, items: this.read(value['items'], namespace, depth + 1) };
      case 'map':
        return { type, values: this.read(value['values'], namespace, depth + 1) };
      default:
        return isPrimitive(type)
          ? { type, logical: logicalOf(value, type, undefined) }
          : this.read(type, namespace, depth + 1);
    }
  }

  #byName(name: string, namespace: string): Schema {
    if (isPrimitive(name)) return { type: name };
    const found = this.#named.get(inNamespace(name, namespace)) ?? this.#named.get(name);
    if (!found) throw unusable(`unknown type ${JSON.stringify(name)}`);
    return found;
  }

  #record(value: JsonObject, namespace: string, depth: number): RecordSchema {
    const names = namesOf(value, namespace);
    const record: RecordSchema = { type: 'record', ...names, fields: [] };
    this.#named.set(names.name, record);
    const inside = names.name.slice(0, Math.max(0, names.name.lastIndexOf('.')));
    for (const field of listOf(value, 'fields')) record.fields.push(this.#field(field, inside, depth));
    return record;
  }

  #field(value: unknown, namespace: string, depth: number): Field {
    if (!isObject(value)) throw unusable('a field that is not an object');
    return {
      name: textOf(value, 'name'),
      aliases: texts(value['aliases']),
      schema: this.read(value['type'], namespace, depth + 1),
      ...('default' in value ? { default: { value: value['default'] } } : {}),
    };
  }

  #enum(value: JsonObject, namespace: string): EnumSchema {
    const fallback = value['default'];
    const schema: EnumSchema = {
      type: 'enum',
      ...namesOf(value, namespace),
      symbols: texts(listOf(value, 'symbols')),
      default: typeof fallback === 'string' ? fallback : undefined,
    };
    this.#named.set(schema.name, schema);
    return schema;
  }

  #fixed(value: JsonObject, namespace: string): FixedSchema {
    const { size } = value;
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 0) throw unusable('a fixed without a size');
    const schema: FixedSchema = {
      type: 'fixed',
      ...namesOf(value, namespace),
      size,
      logical: logicalOf(value, 'fixed', size),
    };
    this.#named.set(schema.name, schema);
    return schema;
  }
}

interface JsonObject {
  readonly [key: string]: unknown;
}

function isPrimitive(value: unknown): value is PrimitiveName {
  return typeof value === 'string' && PRIMITIVES.has(value);
}

function namesOf(value: JsonObject, namespace: string): { readonly name: string; readonly aliases: readonly string[] } {
  const own = value['namespace'];
  const around = typeof own === 'string' ? own : namespace;
  const name = inNamespace(textOf(value, 'name'), around);
  const inside = name.slice(0, Math.max(0, name.lastIndexOf('.')));
  return { name, aliases: texts(value['aliases']).map((alias) => inNamespace(alias, inside)) };
}

function inNamespace(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}

function textOf(value: JsonObject, key: string): string {
  const text = value[key];
  if (typeof text !== 'string') throw unusable(`${key} is missing`);
  return text;
}

function listOf(value: JsonObject, key: string): readonly unknown[] {
  const list = value[key];
  if (!isList(list)) throw unusable(`${key} is missing`);
  return list;
}

function texts(list: unknown): readonly string[] {
  return isList(list) ? list.filter((item) => typeof item === 'string') : [];
}

function unusable(problem: string, cause?: unknown): AtlasError {
  return new AtlasError('ATLAS_AVRO_DECODE', `the schema that the data was written with can't be used: ${problem}`, {
    cause,
  });
}

/** The base type of each logical type, without fixed. */
const BASES: Readonly<Record<string, string>> = {
  decimal: 'bytes',
  uuid: 'string',
  date: 'int',
  'time-millis': 'int',
  'time-micros': 'long',
  'timestamp-millis': 'long',
  'timestamp-micros': 'long',
  'timestamp-nanos': 'long',
  'local-timestamp-millis': 'long',
  'local-timestamp-micros': 'long',
  'local-timestamp-nanos': 'long',
};

/** The logical type of a schema object. Unknown ones and wrong bases are ignored (Avro 1.12, "Logical Types"). */
export function logicalOf(
  value: { readonly [key: string]: unknown },
  base: string,
  size: number | undefined,
): Logical | undefined {
  const { logicalType: name, precision = 0, scale = 0 } = value;
  if (typeof name !== 'string' || !Object.hasOwn(BASES, name)) return undefined;
  if (base === 'fixed' ? name !== 'decimal' && !(name === 'uuid' && size === 16) : BASES[name] !== base)
    return undefined;
  if (name !== 'decimal') return { name, precision: 0, scale: 0 };
  if (!isCount(precision) || !isCount(scale) || precision < 1 || scale > precision) return undefined;
  return { name, precision, scale };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
