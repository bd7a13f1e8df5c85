import {
  childTypes,
  emptyValues,
  namedTypes,
  type AvroNamedType,
  type AvroRecord,
  type AvroType,
  type Message,
  pascal,
} from '@atlas/ir';
import { TAKEN } from '../../names.ts';

/** The schema of a message, with the types that its references mean. */
export class AvroSchema {
  readonly named: ReadonlyMap<string, AvroNamedType>;
  readonly root: AvroRecord;

  constructor(root: AvroRecord) {
    this.root = root;
    this.named = new Map(namedTypes(root).map((type) => [type.name, type]));
  }

  /** The type itself, or the type that a reference means. */
  resolve(type: AvroType): Exclude<AvroType, { readonly kind: 'ref' }> {
    if (type.kind !== 'ref') return type;
    const found = this.named.get(type.name);
    if (!found) throw new Error(`${type.name} is not written out before it is referred to`);
    return found;
  }

  /** Whether a value of the record may contain another one, so that only the runtime bounds its depth. */
  isRecursive(record: AvroRecord): boolean {
    const seen = new Set<string>();
    const reaches = (type: AvroType): boolean =>
      childTypes(this.resolve(type)).some((child) => {
        const target = this.resolve(child);
        if (target === record) return true;
        if (target.kind === 'record') {
          if (seen.has(target.name)) return false;
          seen.add(target.name);
        }
        return reaches(target);
      });
    return reaches(record);
  }

  /** The values of a record that take no bytes. Zero if they are few, because then nobody needs to count them. */
  manyEmpties(record: AvroRecord): number {
    this.#empties ??= emptyValues(this.root);
    const values = this.#empties.get(record.name) ?? 0;
    return values > FEW_EMPTIES ? values : 0;
  }

  #empties: ReadonlyMap<string, number> | undefined;

  /** The fewest bytes of a value: they bound how many values a block can have. Zero if a value may take none. */
  minBytes(type: AvroType): number {
    this.#minBytes ??= this.#fewestBytes();
    return this.#sized(type, this.#minBytes);
  }

  /** The fewest bytes of each record by its full name. */
  #minBytes: ReadonlyMap<string, number> | undefined;

  /** Records may contain each other, so their sizes are improved until none changes: at most once per record. */
  #fewestBytes(): ReadonlyMap<string, number> {
    const records = [...this.named.values()].filter((type) => type.kind === 'record');
    const known = new Map<string, number>();
    for (let changed = true; changed;) {
      changed = false;
      for (const { name, fields } of records) {
        const bytes = fields.reduce((sum, field) => Math.min(MAX_BYTES, sum + this.#sized(field.type, known)), 0);
        if (bytes >= (known.get(name) ?? MAX_BYTES)) continue;
        known.set(name, bytes);
        changed = true;
      }
    }
    return known;
  }

  #sized(type: AvroType, records: ReadonlyMap<string, number>): number {
    const target = this.resolve(type);
    switch (target.kind) {
      case 'null':
        return 0;
      case 'float':
        return 4;
      case 'double':
        return 8;
      case 'fixed':
        return target.size;
      case 'record':
        return records.get(target.name) ?? MAX_BYTES;
      case 'union':
        return 1 + Math.min(...target.branches.map((branch) => this.#sized(branch, records)));
      default:
        return target.kind === 'string' && target.logical?.name === 'uuid' ? 37 : 1;
    }
  }
}

/** The resolver of the runtime has the same number. */
const FEW_EMPTIES = 16;

/** Sizes are not told apart above it. A record that contains itself without an end also has it. */
const MAX_BYTES = 2 ** 31 - 1;

/**
 * Words in lower case that TypeScript reads as something else where a type or an import can stand. Avro's names may be
 * any of them.
 */
const LANGUAGE_WORDS = (
  'any bigint boolean never null number object string symbol undefined unknown abstract accessor as asserts async await ' +
  'declare from get global infer intrinsic is keyof module namespace of out override readonly require satisfies set type ' +
  'unique using'
).split(' ');

/** What a codec's file imports beside types. */
const CODEC_IMPORTS = ['avroCodec', 'isList'];

/** Functions and constants that a codec's file declares for each of its types: `readSeat`, `kindSymbols`. */
const CODEC_DECLARATION = /^(?:read|write)[A-Z_]|^[a-z_].*Symbols$/;

/**
 * TypeScript names of a message's records and enums, by full Avro name. The root has the name of the message. Each
 * other type has its own short name, behind the last part of its namespace if the short name is taken. Case does not
 * count, because functions are named after types.
 */
export function typeNames({ name, avro }: Pick<Message, 'name' | 'avro'>): ReadonlyMap<string, string> {
  const taken = [...TAKEN.messageTypes, ...TAKEN.messageConsts, ...LANGUAGE_WORDS, ...CODEC_IMPORTS];
  const used = new Set([name, `${name}Event`, ...taken].map((word) => word.toLowerCase()));
  const names = new Map([[avro.name, name]]);
  for (const type of namedTypes(avro)) {
    if (names.has(type.name) || type.kind === 'fixed') continue;
    const free = freeName(type, used);
    used.add(free.toLowerCase());
    names.set(type.name, free);
  }
  return names;
}

function freeName({ name }: AvroNamedType, used: ReadonlySet<string>): string {
  const parts = name.split('.');
  const short = parts.at(-1) ?? name;
  const long = pascal(parts.at(-2) ?? 'Avro') + pascal(short);
  const free = (candidate: string): boolean => !used.has(candidate.toLowerCase()) && !CODEC_DECLARATION.test(candidate);
  if (free(short)) return short;
  if (free(long)) return long;
  for (let count = 2; ; count++) if (free(`${long}${count}`)) return `${long}${count}`;
}

/** The TypeScript name of a record, of an enum, or of a reference to one. */
export function nameOf(names: ReadonlyMap<string, string>, type: Extract<AvroType, { readonly name: string }>): string {
  const name = names.get(type.name);
  if (name === undefined) throw new Error(`${type.name} is not a type of this message`);
  return name;
}
