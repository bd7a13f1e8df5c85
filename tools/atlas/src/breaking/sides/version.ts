import {
  childPointer,
  EXTENSION_PREFIX,
  isList,
  isObject,
  parsePointer,
  type JsonObject,
  type JsonValue,
  type Loc,
} from '@atlas/ir';
import { splitRef } from '../../document/cursor.ts';
import type { Workspace } from '../../document/workspace.ts';
import type { Dialect } from '../../jsonschema/keywords.ts';
import type { SchemaDocument } from '../schemas.ts';

/** One version of a document, with every file that it reaches in one tree, so that each reference is a fragment. */
export interface Version extends SchemaDocument {
  /** The place of the key at a pointer into `document`; `Loc.file` is what the report shows. */
  loc(pointer: string): Loc;
  /** A value with references followed, and where it is. Undefined if a reference leads nowhere. */
  follow(value: JsonValue | undefined, pointer: string): Placed | undefined;
}

export interface Placed {
  readonly value: JsonValue;
  /** JSON Pointer into the document. */
  readonly pointer: string;
}

/** The pointer into the tree of a version, whose document is `main` to a value in a file. */
export function pointerInto(main: string, file: string, pointer: string): string {
  return file === main ? pointer : childPointer(childPointer('', FILES), file) + pointer;
}

/** The key of the tree that has the other files. No standard has a key of this name. */
const FILES = `${EXTENSION_PREFIX}files`;

/** References from one to the next until a value is reached. */
const MOST_REFS = 50;

/**
 * The version of the document `main` of a workspace. All its references must lead somewhere. `show` gives the path of a
 * file as the report shows it.
 */
export function versionOf(
  workspace: Workspace,
  main: string,
  dialect: Dialect,
  show: (file: string) => string,
  isDirected = true,
): Version {
  const document = bundled(workspace, main);
  const places = new Map<string, Placed | undefined>();
  const placedAt = (ref: string): Placed | undefined => {
    if (!places.has(ref)) places.set(ref, placeOf(document, ref, 0));
    return places.get(ref);
  };
  return {
    document,
    dialect,
    isDirected,
    loc(pointer) {
      const [first, file, ...rest] = parsePointer(pointer) ?? [];
      const isOther = first === FILES && file !== undefined;
      const inside = isOther ? rest.reduce((path, key) => childPointer(path, key), '') : pointer;
      const { key } = workspace.locOf(isOther ? file : main, inside);
      return { ...key, file: show(key.file) };
    },
    follow: (value, pointer) => followed(placedAt, value, pointer),
  };
}

function bundled(workspace: Workspace, main: string): JsonObject {
  const root = workspace.documents.get(main)?.value;
  if (!isObject(root)) return {};
  const others = [...workspace.documents].filter(([file]) => file !== main && !file.endsWith('.avsc'));
  if (others.length === 0) return root;
  const files = others.map(([file, { value }]) => [file, rewritten(value, file, main)] as const);
  const whole = rewritten(root, main, main);
  return { ...(isObject(whole) ? whole : {}), [FILES]: Object.fromEntries(files) };
}

/** A value of `file` with references into the tree. */
function rewritten(value: JsonValue, file: string, main: string): JsonValue {
  if (isList(value)) return value.map((item) => rewritten(item, file, main));
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([key, member = null]) => {
    const target = key === '$ref' && typeof member === 'string' ? splitRef(file, member) : undefined;
    if (target === undefined || 'failure' in target) return [key, rewritten(member, file, main)] as const;
    return [key, `#${encodeURI(pointerInto(main, target.file, target.fragment))}`] as const;
  });
  return Object.fromEntries(members);
}

function followed(
  placedAt: (ref: string) => Placed | undefined,
  value: JsonValue | undefined,
  pointer: string,
): Placed | undefined {
  let here: Placed | undefined = value === undefined ? undefined : { value, pointer };
  for (let count = 0; count < MOST_REFS; count++) {
    const ref: JsonValue | undefined = isObject(here?.value) ? here.value['$ref'] : undefined;
    if (typeof ref !== 'string') return here;
    here = placedAt(ref);
  }
  return undefined;
}

/** The value that a fragment names, following references on the way. */
function placeOf(document: JsonObject, ref: string, count: number): Placed | undefined {
  const tokens = ref.startsWith('#') ? parsePointer(decoded(ref.slice(1))) : undefined;
  if (tokens === undefined || count > MOST_REFS) return undefined;
  let here: Placed = { value: document, pointer: '' };
  for (const token of tokens) {
    const literal = member(here.value, token);
    const through = literal === undefined ? member(here.value, '$ref') : undefined;
    const from: Placed | undefined = typeof through === 'string' ? placeOf(document, through, count + 1) : here;
    const next = literal ?? (from && member(from.value, token));
    if (from === undefined || next === undefined) return undefined;
    here = { value: next, pointer: childPointer(from.pointer, token) };
  }
  return here;
}

function member(value: JsonValue, key: string): JsonValue | undefined {
  if (isList(value)) return value[Number(key)];
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
