import { isList, isObject, type JsonValue } from '@atlas/ir';

/** A type of TypeScript as text, which the formatter lays out. */
export interface Type {
  readonly text: string;
  /** Decides where parentheses are needed. A union has each primitive once. */
  readonly form: 'primitive' | 'union' | 'intersection' | 'readonly' | 'other';
}

export const BOOLEAN = primitive('boolean');
export const NEVER = primitive('never');
export const NULL = primitive('null');
export const NUMBER = primitive('number');
export const STRING = primitive('string');
export const UNKNOWN = other('unknown');
/** An object without members. */
export const EMPTY = other('Record<string, never>');

function primitive(text: string): Type {
  return { text, form: 'primitive' };
}

/** A type that needs no parentheses anywhere. */
export function other(text: string): Type {
  return { text, form: 'other' };
}

/** The union of types: `never` if there are none. */
export function union(types: readonly Type[]): Type {
  return joined(types, 'union', ' | ');
}

/** The intersection of types: `never` if there are none. */
export function intersection(types: readonly Type[]): Type {
  return joined(types, 'intersection', ' & ');
}

function joined(types: readonly Type[], form: 'union' | 'intersection', operator: string): Type {
  const [first = NEVER, ...more] = types;
  if (more.length === 0) return first;
  const primitives = new Set<string>();
  const different = types.filter(({ text, form: own }) => {
    if (own !== 'primitive') return true;
    const isKnown = primitives.has(text);
    primitives.add(text);
    return !isKnown;
  });
  return { text: different.map((type) => inside(type, ['union', 'intersection'])).join(operator), form };
}

/** `readonly Item[]`. */
export function listOf(item: Type): Type {
  return { text: `readonly ${inside(item, ['union', 'intersection', 'readonly'])}[]`, form: 'readonly' };
}

/** A list whose items each have a type of their own. */
export function tuple(items: readonly Type[]): Type {
  return { text: `readonly [${items.map(({ text }) => text).join(', ')}]`, form: 'readonly' };
}

function inside({ text, form }: Type, wrapped: readonly Type['form'][]): string {
  return wrapped.includes(form) ? `(${text})` : text;
}

/** An object of members, each of which ends with a semicolon. */
export function objectOf(members: readonly string[]): Type {
  return other(`{\n${members.join('\n')}\n}`);
}

/** The type of one JSON value. */
export function literal(value: JsonValue | undefined): Type {
  if (typeof value === 'string') return other(quoted(value));
  if (value === null) return NULL;
  if (isList(value))
    return value.length === 0 ? other('never[]') : other(`[${value.map((item) => literal(item).text).join(', ')}]`);
  if (!isObject(value)) return value === undefined ? UNKNOWN : other(String(value));
  const members = Object.entries(value).map(([key, member]) => `${keyOf(key)}: ${literal(member).text};`);
  return members.length === 0 ? EMPTY : objectOf(members);
}

/** A string literal. What an editor shows as the end of a line, or does not show, is escaped. */
function quoted(text: string): string {
  return escaped(JSON.stringify(text), /[\u007f\u0085\u2028\u2029]/g);
}

function escaped(text: string, characters: RegExp): string {
  return text.replaceAll(
    characters,
    (char) => String.raw`\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}

/** A name as the key of a member, quoted only where it must be. */
export function keyOf(name: string): string {
  const isNumber = String(Number(name)) === name && !name.startsWith('-');
  return isNumber || /^[A-Za-z_$][A-Za-z_$0-9]*$/.test(name) ? name : nameText(name);
}

/** A name as a string literal of ASCII characters: `components["schemas"]["…"]`. */
export function nameText(name: string): string {
  return escaped(JSON.stringify(name), /[\u007f-\uffff]/g);
}
