import { ident, type AvroType, type Code, type Message } from '@atlas/ir';
import { pascal } from '../names.ts';
import { namedTypes, type NamedType } from './avroShape.ts';

/** Words that can't name a `const`, and the two that every message's file imports from its codec. */
const TAKEN_CONSTS = new Set(
  (
    'await break case catch class codec const continue debugger default delete do else enum export extends false ' +
    'finally for function if import in instanceof new null return schema super switch this throw true try typeof var ' +
    'void while with yield let static implements interface package private protected public eval arguments undefined'
  ).split(' '),
);

/** Types that generated event modules name themselves, and those of the language. */
const TAKEN_TYPES = (
  'Codec Event MessageContract Reader Writer Array Buffer Date Object Readonly Record String Uint8Array ' +
  'any bigint boolean never null number object string symbol undefined unknown'
).split(' ');

/** The `const` of a message's contract: `BookingMade` as `bookingMade`. */
export function contractName({ name }: Pick<Message, 'name'>): Code {
  const plain = name.slice(0, 1).toLowerCase() + name.slice(1);
  return ident(TAKEN_CONSTS.has(plain) ? `${plain}Message` : plain);
}

/**
 * TypeScript names of a message's records and enums, by full Avro name: the root is called like the message, all others
 * by their own short name, with the end of their namespace before it where two would be one (case does not count, for
 * functions are named after them).
 */
export function typeNames({ name, avro }: Pick<Message, 'name' | 'avro'>): ReadonlyMap<string, string> {
  const used = new Set([name, `${name}Event`, ...TAKEN_TYPES, ...TAKEN_CONSTS].map((word) => word.toLowerCase()));
  const names = new Map([[avro.name, name]]);
  for (const type of namedTypes(avro)) {
    if (names.has(type.name) || type.kind === 'fixed') continue;
    const free = freeName(type, used);
    used.add(free.toLowerCase());
    names.set(type.name, free);
  }
  return names;
}

function freeName({ name }: NamedType, used: ReadonlySet<string>): string {
  const parts = name.split('.');
  const short = parts.at(-1) ?? name;
  const long = pascal(parts.at(-2) ?? 'Avro') + pascal(short);
  const free = (candidate: string): boolean => !used.has(candidate.toLowerCase());
  if (free(short)) return short;
  if (free(long)) return long;
  for (let count = 2; ; count++) if (free(`${long}${count}`)) return `${long}${count}`;
}

/** The TypeScript name of a record, an enum or what refers to one. */
export function nameOf(names: ReadonlyMap<string, string>, type: Extract<AvroType, { readonly name: string }>): string {
  const name = names.get(type.name);
  if (name === undefined) throw new Error(`${type.name} is no type of this message`);
  return name;
}
