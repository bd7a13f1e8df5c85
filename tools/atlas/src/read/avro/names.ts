import { AVRO_PRIMITIVES, isAvroPrimitive, isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';
import type { Report } from './report.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The types that need more than a name. */
const COMPLEX: readonly string[] = ['record', 'enum', 'array', 'map', 'fixed'];

/** Every name that Avro itself defines. */
export const AVRO_TYPES: readonly string[] = [...AVRO_PRIMITIVES, ...COMPLEX];

export function isComplex(name: string): boolean {
  return COMPLEX.includes(name);
}

/** Avro 1.12, "Names": letters, digits and `_`, not starting with a digit. */
export function isName(text: string): boolean {
  return NAME.test(text) && text.length <= 128 && text !== '__proto__';
}

/** Names joined by dots. */
export function isDotted(text: string): boolean {
  return text.length <= 512 && text.split('.').every(isName);
}

/** How to fix a text that is not a name. */
export function nameFix(text: string | undefined): string {
  if (text?.split('.').includes('__proto__') === true)
    return 'choose another name: JavaScript gives this one a special meaning';
  if (text !== undefined && text.length > 128) return 'use at most 128 characters';
  if (text !== undefined && (isAvroPrimitive(text) || isComplex(text)))
    return 'choose another name: Avro has a type of this name';
  return 'use letters, digits and _, not starting with a digit';
}

/** Avro 1.12, "Names": a name with dots is full, any other belongs to the namespace. */
export function inNamespace(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}

/** What comes before the last dot; '' for the null namespace. */
export function namespaceOf(fullName: string): string {
  return fullName.slice(0, Math.max(0, fullName.lastIndexOf('.')));
}

export function shortName(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf('.') + 1);
}

/** Former names of a type or a field, those that `isValid` accepts; the others become findings. */
export function aliasesOf(cursor: Cursor, report: Report, isValid: (text: string) => boolean): readonly string[] {
  const list = cursor.get('aliases');
  if (!list) return [];
  if (!Array.isArray(list.value)) {
    report.error('ATL4002', 'aliases is not a list', list.valueLoc, 'write a list of names');
    return [];
  }
  return list.items().flatMap((item) => {
    const text = item.string();
    if (text !== undefined && isValid(text)) return [text];
    report.error('ATL4003', `${JSON.stringify(item.value)} is not a valid alias`, item.valueLoc, nameFix(text));
    return [];
  });
}

/** A definition of a record, enum or fixed. */
export interface Definition {
  readonly cursor: Cursor;
  /** The namespace around it, which applies to a name without dots. */
  readonly namespace: string;
}

/** The first definition of a full name in all files. One at the root of a file comes before those inside others. */
export interface NamedSchema extends Definition {
  /** The definition in another file that says something else. */
  readonly differs?: Definition;
}

/** The types that schema files define, by full name. They are written out where they are first used. */
export type NamedSchemas = ReadonlyMap<string, NamedSchema>;

/** The types that the files define at their roots or inside; `roots` are the cursors of the files. */
export function namedSchemasOf(roots: readonly Cursor[]): NamedSchemas {
  const all = roots.flatMap(definitionsIn);
  const files = new Set(roots);
  const atRoot = ({ cursor }: Definition): boolean => files.has(cursor);
  const named = new Map<string, NamedSchema>();
  for (const definition of [...all.filter(atRoot), ...all.filter((inside) => !atRoot(inside))]) {
    const name = fullNameOf(definition);
    const first = named.get(name);
    if (!first) named.set(name, definition);
    else if (!first.differs && !sameDefinition(first, definition)) named.set(name, { ...first, differs: definition });
  }
  return named;
}

/** The full name of a definition. It is not checked. */
export function fullNameOf({ cursor, namespace }: Definition): string {
  const own = cursor.get('namespace')?.string();
  return inNamespace(cursor.get('name')?.string() ?? '', own ?? namespace);
}

/**
 * Whether two definitions of one name mean the same. Docs do not count. A type that is written out equals its name,
 * because it is compared on its own.
 */
export function sameDefinition(left: Definition, right: Definition): boolean {
  return textOf(left) === textOf(right);
}

function textOf(definition: Definition): string {
  const { value } = definition.cursor;
  return isObject(value) ? JSON.stringify(membersOf(value, fullNameOf(definition))) : '';
}

/** The members of a definition, sorted, with full names in its types. */
function membersOf(definition: JsonObject, name: string): JsonValue {
  const namespace = namespaceOf(name);
  return Object.entries(definition)
    .filter(([key, value]) => !['doc', 'name', 'namespace'].includes(key) && value !== undefined)
    .map(([key, value = null]): [string, JsonValue] => [
      key,
      key === 'fields' && isList(value) ? value.map((field) => fieldOf(field, namespace)) : value,
    ])
    .toSorted(byKey);
}

function fieldOf(field: JsonValue, namespace: string): JsonValue {
  if (!isObject(field)) return field;
  return Object.entries(field)
    .filter(([key, value]) => key !== 'doc' && value !== undefined)
    .map(([key, value = null]): [string, JsonValue] => [key, key === 'type' ? typeOf(value, namespace) : value])
    .toSorted(byKey);
}

function typeOf(type: JsonValue, namespace: string): JsonValue {
  if (typeof type === 'string') return isAvroPrimitive(type) ? type : inNamespace(type, namespace);
  if (isList(type)) return type.map((branch) => typeOf(branch, namespace));
  if (!isObject(type)) return type;
  const kind = type['type'];
  if (isDefinition(type)) {
    const own = type['namespace'];
    return inNamespace(String(type['name']), typeof own === 'string' ? own : namespace);
  }
  if (Object.keys(type).length === 1 && typeof kind === 'string') return typeOf(kind, namespace);
  return Object.entries(type)
    .map(([key, value = null]): [string, JsonValue] => [
      key,
      key === 'items' || key === 'values' ? typeOf(value, namespace) : value,
    ])
    .toSorted(byKey);
}

function byKey([left]: readonly [string, JsonValue], [right]: readonly [string, JsonValue]): number {
  return left < right ? -1 : 1;
}

function isDefinition({ type, name }: JsonObject): boolean {
  return typeof type === 'string' && ['record', 'enum', 'fixed'].includes(type) && typeof name === 'string';
}

/** The definitions at the root of a file and inside it. */
function definitionsIn(root: Cursor): readonly Definition[] {
  const found: Definition[] = [];
  const stack: Definition[] = [{ cursor: root, namespace: '' }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { cursor, namespace } = next;
    const { value } = cursor;
    const inside: (Cursor | undefined)[] = isList(value) ? [...cursor.items()] : [];
    let around = namespace;
    if (isObject(value) && isDefinition(value)) {
      found.push(next);
      around = namespaceOf(fullNameOf(next));
      inside.push(...(cursor.get('fields')?.items() ?? []).map((field) => field.get('type')));
    } else if (isObject(value)) inside.push(cursor.get('items'), cursor.get('values'));
    for (const child of inside.toReversed()) if (child) stack.push({ cursor: child, namespace: around });
  }
  return found;
}
