import fc, { type GeneratorValue } from 'fast-check';
import { AVRO_PRIMITIVES, type JsonObject, type JsonValue } from '@atlas/ir';

const LOGICAL: readonly JsonObject[] = [
  { type: 'string', logicalType: 'uuid' },
  { type: 'int', logicalType: 'date' },
  { type: 'int', logicalType: 'time-millis' },
  { type: 'long', logicalType: 'timestamp-millis' },
  { type: 'long', logicalType: 'timestamp-micros' },
  { type: 'long', logicalType: 'local-timestamp-nanos' },
  { type: 'bytes', logicalType: 'decimal', precision: 20, scale: 4 },
  { type: 'bytes', logicalType: 'decimal', precision: 3, scale: 0 },
];

/** Makes schemas of every kind, with repeated names and records that contain themselves. */
export class RandomSchema {
  readonly #gen: GeneratorValue;
  #count = 0;
  /** Enums, fixed and records that may be referred to. */
  readonly #known: string[] = [];

  constructor(gen: GeneratorValue) {
    this.#gen = gen;
  }

  record(depth: number, outer: readonly string[] = []): JsonObject {
    const name = this.#name('R');
    const amount = this.#below(depth > 1 ? 5 : 3);
    const fields = Array.from({ length: amount }, (_, index) => ({
      name: `f${index}`,
      type: this.type(depth - 1, [...outer, name]),
    }));
    this.#known.push(name);
    return { type: 'record', name, fields };
  }

  type(depth: number, outer: readonly string[]): JsonValue {
    const pick = this.#below(depth > 0 ? 12 : 5);
    switch (pick) {
      case 0:
      case 1:
        return this.#one(AVRO_PRIMITIVES);
      case 2:
        return this.#one(LOGICAL);
      case 3:
        return this.#named();
      case 4:
        return this.#known.length > 0 ? this.#one(this.#known) : 'string';
      case 5:
        return { type: 'array', items: this.type(depth - 1, outer) };
      case 6:
        return { type: 'map', values: this.type(depth - 1, outer) };
      case 7:
        return this.record(depth, outer);
      case 8:
        return ['null', outer[this.#below(outer.length)] ?? 'string'];
      default:
        return this.#union(depth, outer);
    }
  }

  #named(): JsonObject {
    const name = this.#name('N');
    const kind = this.#below(4);
    this.#known.push(name);
    if (kind === 0) return { type: 'fixed', name, size: this.#below(5) };
    if (kind === 1) return { type: 'fixed', name, size: 8, logicalType: 'decimal', precision: 12, scale: 2 };
    if (kind === 2) return { type: 'fixed', name, size: 16, logicalType: 'uuid' };
    return { type: 'enum', name, symbols: ['A', 'B', 'C'].slice(0, 1 + this.#below(3)) };
  }

  #union(depth: number, outer: readonly string[]): JsonValue {
    const branches = new Map<string, JsonValue>();
    for (let count = 1 + this.#below(4); count > 0; count--) {
      const before = this.#known.length;
      const type = this.type(depth - 1, outer);
      if (!Array.isArray(type) && !branches.has(tagOf(type))) branches.set(tagOf(type), type);
      // The types of a branch that is left out are not defined.
      else this.#known.length = before;
    }
    return branches.size === 0 ? ['null', 'long'] : [...branches.values()];
  }

  #name(prefix: string): string {
    return `n.${prefix}${this.#count++}`;
  }

  #below(limit: number): number {
    return limit <= 0 ? 0 : this.#gen(fc.nat, { max: limit - 1 });
  }

  #one<Item>(items: readonly Item[]): Item {
    const item = items[this.#below(items.length)];
    if (item === undefined) throw new Error('nothing to choose from');
    return item;
  }
}

/** A branch's name in Avro's JSON encoding. */
export function tagOf(type: JsonValue): string {
  if (typeof type === 'string') return type;
  if (typeof type !== 'object' || type === null || !('type' in type)) throw new Error('a union has no name');
  return typeof type['name'] === 'string' ? type['name'] : String(type['type']);
}
