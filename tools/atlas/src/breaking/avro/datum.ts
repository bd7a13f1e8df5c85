import { childPointer, namedTypes, type AvroNamedType, type AvroType, type JsonValue } from '@atlas/ir';
import { logicalTypeOf, targetOf, type AvroTarget } from '../../read/avro/matching.ts';
import type { AvroStep } from '../../read/avro/resolvability.ts';

/** Written data in the JSON encoding of Avro 1.12, and a JSON Pointer to a spot in it. */
export interface Datum {
  readonly value: JsonValue;
  readonly at: string;
}

/** Values that one witness may have. */
const MOST_VALUES = 20_000;

/** Chooses the value at the end of a way from its type; undefined means the smallest one. */
type End = (type: AvroType) => JsonValue | undefined;

/** The smallest data of a schema that has a spot at the end of a way. Undefined if every such data is too large. */
export function datumAlong(root: AvroType, way: readonly AvroStep[], end: End): Datum | undefined {
  return new Data(root).along(root, way, '', end);
}

/** What the JSON encoding calls a branch of a union. */
export function tagOf(branch: AvroTarget): string {
  return 'name' in branch ? branch.name : branch.kind;
}

class Data {
  readonly #named: ReadonlyMap<string, AvroNamedType>;
  #values = 0;

  constructor(root: AvroType) {
    this.#named = new Map(namedTypes(root).map((type) => [type.name, type]));
  }

  along(written: AvroType, way: readonly AvroStep[], at: string, end: End): Datum | undefined {
    const type = targetOf(written, this.#named);
    const [step, ...rest] = way;
    if (!type) return undefined;
    if (step === undefined) {
      const value = end(type) ?? this.#smallest(type, new Set());
      return value === undefined ? undefined : { value, at };
    }
    const inside = (child: AvroType | undefined, key: string): Datum | undefined =>
      child && this.along(child, rest, childPointer(at, key), end);
    if (type.kind === 'array' && step === 'item') return wrapped(inside(type.items, '0'), (value) => [value]);
    if (type.kind === 'map' && step === 'value') return wrapped(inside(type.values, 'k'), (value) => ({ k: value }));
    if (typeof step === 'string') return undefined;
    if (type.kind === 'union' && 'branch' in step) {
      const branch = type.branches[step.branch];
      const target = branch && targetOf(branch, this.#named);
      if (target?.kind === 'null') return { value: null, at };
      return target && wrapped(inside(target, tagOf(target)), (value) => ({ [tagOf(target)]: value }));
    }
    if (type.kind !== 'record' || !('field' in step)) return undefined;
    const field = inside(type.fields.find(({ name }) => name === step.field)?.type, step.field);
    const others: [string, JsonValue][] = [];
    for (const other of type.fields) {
      const value = other.name === step.field ? field?.value : this.#smallest(other.type, new Set());
      if (value === undefined) return undefined;
      others.push([other.name, value]);
    }
    return wrapped(field, () => Object.fromEntries(others));
  }

  /** `around` has the records that the value is in. A record inside itself never ends. */
  #smallest(written: AvroType, around: ReadonlySet<string>): JsonValue | undefined {
    const type = targetOf(written, this.#named);
    if (!type || this.#values++ > MOST_VALUES) return undefined;
    switch (type.kind) {
      case 'null':
        return null;
      case 'boolean':
        return false;
      case 'int':
      case 'long':
      case 'float':
      case 'double':
        return 0;
      case 'string':
        return logicalTypeOf(type)?.name === 'uuid' ? '00000000-0000-4000-8000-000000000000' : '';
      case 'bytes':
        return logicalTypeOf(type)?.name === 'decimal' ? '\0' : '';
      case 'fixed':
        return '\0'.repeat(type.size);
      case 'enum':
        return type.symbols[0];
      case 'array':
        return [];
      case 'map':
        return {};
      case 'union':
        return this.#branch(type.branches, around);
      case 'record': {
        if (around.has(type.name)) return undefined;
        const inner = new Set([...around, type.name]);
        const fields: [string, JsonValue][] = [];
        for (const field of type.fields) {
          const value = this.#smallest(field.type, inner);
          if (value === undefined) return undefined;
          fields.push([field.name, value]);
        }
        return Object.fromEntries(fields);
      }
    }
  }

  #branch(branches: readonly AvroType[], around: ReadonlySet<string>): JsonValue | undefined {
    const targets = branches.flatMap((branch) => targetOf(branch, this.#named) ?? []);
    if (targets.some(({ kind }) => kind === 'null')) return null;
    const simpleFirst = targets.toSorted((a, b) => Number(a.kind === 'record') - Number(b.kind === 'record'));
    for (const target of simpleFirst) {
      const value = this.#smallest(target, around);
      if (value !== undefined) return { [tagOf(target)]: value };
    }
    return undefined;
  }
}

function wrapped(datum: Datum | undefined, around: (value: JsonValue) => JsonValue): Datum | undefined {
  return datum && { value: around(datum.value), at: datum.at };
}
