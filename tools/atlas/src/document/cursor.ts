import { posix } from 'node:path';
import { type JsonValue, type Loc, childPointer, parsePointer } from '@atlas/ir';
import { type SourceDocument, locAt } from './document.ts';
import { limits } from './limits.ts';
import type { Member, Node } from './node.ts';

/**
 * A value of the loaded documents, together with where it was written. Going to a child follows `$ref`s within and
 * across files; the cursor of the child then belongs to the file that the reference leads to.
 */
export interface Cursor {
  /** File and pointer after references were followed: the same for everyone who refers to the value. */
  readonly file: string;
  readonly pointer: string;
  readonly value: JsonValue;
  /** The same for all cursors of one file and pointer, and for no others. For sets and maps. */
  readonly identity: unknown;
  /** The place of the value; for a member of an object, of its key. */
  readonly loc: Loc;
  /** The place of the value itself. */
  readonly valueLoc: Loc;
  /** The child of an object or array with references followed; undefined if there is none. */
  get(key: string | number): Cursor | undefined;
  /** `get` along several keys. */
  at(...keys: readonly (string | number)[]): Cursor | undefined;
  /**
   * Children of an object in document order, references followed; empty for anything else. `isWanted` may leave out
   * children by their key and their value as it is written, so that they get no cursor.
   */
  entries(isWanted?: (key: string, written: JsonValue) => boolean): readonly (readonly [string, Cursor])[];
  /** Items of an array, references followed; empty for anything else. */
  items(): readonly Cursor[];
  /** The value if it is a string, number or boolean; else undefined. */
  string(): string | undefined;
  number(): number | undefined;
  boolean(): boolean | undefined;
  /** The `$ref` text that led here, and its place; undefined if no reference was followed. */
  readonly via: { readonly ref: string; readonly loc: Loc } | undefined;
}

/** The cursor of parsed documents. References that lead nowhere read as absent: `load` reports them all. */
export class DocumentCursor implements Cursor {
  readonly via: Cursor['via'];
  readonly #documents: Documents;
  readonly #position: Position;

  constructor(documents: Documents, position: Position, via?: Cursor['via']) {
    this.#documents = documents;
    this.#position = position;
    this.via = via;
  }

  get file(): string {
    return this.#position.document.file;
  }

  get pointer(): string {
    return this.#position.pointer;
  }

  get value(): JsonValue {
    return this.#position.node.value;
  }

  get identity(): unknown {
    const { document, node } = this.#position;
    return document.isTree ? node : `${document.file}#${this.#position.pointer}`;
  }

  get loc(): Loc {
    return locAt(this.#position.document, this.#position.keyStart, this.#position.pointer);
  }

  get valueLoc(): Loc {
    return locAt(this.#position.document, this.#position.node.start, this.#position.pointer);
  }

  get(key: string | number): Cursor | undefined {
    const child = childPosition(this.#position, key);
    return child && this.#step(child);
  }

  at(...keys: readonly (string | number)[]): Cursor | undefined {
    const [first, ...others] = keys;
    if (first === undefined) return this;
    let cursor = this.get(first);
    for (const key of others) cursor = cursor?.get(key);
    return cursor;
  }

  entries(isWanted?: (key: string, written: JsonValue) => boolean): readonly (readonly [string, Cursor])[] {
    const { node } = this.#position;
    if (node.kind !== 'map') return [];
    const found: (readonly [string, Cursor])[] = [];
    for (const [key, member] of node.members) {
      if (isWanted?.(key, member.node.value) === false) continue;
      const cursor = this.#step(memberPosition(this.#position, key, member));
      if (cursor) found.push([key, cursor]);
    }
    return found;
  }

  items(): readonly Cursor[] {
    const { node } = this.#position;
    if (node.kind !== 'seq') return [];
    const found: Cursor[] = [];
    for (let index = 0; index < node.items.length; index++) {
      const item = this.get(index);
      if (item) found.push(item);
    }
    return found;
  }

  string(): string | undefined {
    return typeof this.value === 'string' ? this.value : undefined;
  }

  number(): number | undefined {
    return typeof this.value === 'number' ? this.value : undefined;
  }

  boolean(): boolean | undefined {
    return typeof this.value === 'boolean' ? this.value : undefined;
  }

  #step(child: Position): Cursor | undefined {
    const ref = refOf(child);
    if (ref === undefined) return new DocumentCursor(this.#documents, child);
    const resolved = follow(this.#documents, child);
    if ('failure' in resolved) return undefined;
    const member = child.node.kind === 'map' ? child.node.members.get('$ref') : undefined;
    const loc = locAt(child.document, member?.node.start ?? child.keyStart, child.pointer);
    return new DocumentCursor(this.#documents, resolved.position, { ref, loc });
  }
}

/** The cursor at the root of a document; undefined if there is no such document, or if it is empty or broken. */
export function rootCursor(documents: Documents, file: string): Cursor | undefined {
  const document = documents.get(file);
  const node = document?.root;
  return document && node && new DocumentCursor(documents, rootPosition(document, node));
}

/** A node of a document, with the pointer that leads to it. */
export interface Position {
  readonly document: SourceDocument;
  readonly pointer: string;
  readonly node: Node;
  /** Offset of its key; in lists and at the root, of the value itself. */
  readonly keyStart: number;
}

/** Why a reference leads nowhere. */
export type RefFailure =
  | { readonly kind: 'remote' | 'outside' | 'anchor' | 'malformed' | 'cycle' | 'chain' }
  | { readonly kind: 'file'; readonly file: string }
  /** The pointer has a `key` that does not exist; `known` are the names that exist. */
  | { readonly kind: 'pointer'; readonly file: string; readonly key: string; readonly known: readonly string[] };

export type Resolution = { readonly position: Position } | { readonly failure: RefFailure };

export type Documents = ReadonlyMap<string, SourceDocument>;

/** Splits the text of a reference into the file that it names, relative to the root folder, and its fragment. */
export function splitRef(
  fromFile: string,
  ref: string,
): { readonly file: string; readonly fragment: string } | { readonly failure: RefFailure } {
  const hash = ref.indexOf('#');
  const path = hash === -1 ? ref : ref.slice(0, hash);
  const fragment = hash === -1 ? '' : ref.slice(hash + 1);
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(path) || path.startsWith('//')) return { failure: { kind: 'remote' } };
  const decoded = decode(path);
  const decodedFragment = decode(fragment);
  if (decoded === undefined || decodedFragment === undefined) return { failure: { kind: 'malformed' } };
  if (decoded.includes('\0') || decoded.includes('\\')) return { failure: { kind: 'malformed' } };
  if (decoded === '') return { file: fromFile, fragment: decodedFragment };
  const file = posix.normalize(posix.join(posix.dirname(fromFile), decoded));
  if (decoded.startsWith('/') || file === '..' || file.startsWith('../')) return { failure: { kind: 'outside' } };
  return { file, fragment: decodedFragment };
}

/**
 * Follows a reference to a value that is not a reference itself, following references along the pointer, too
 * (`./bookings.yaml#/channels/bookings/messages/X`, where `channels/bookings` is a `$ref` again).
 */
export function resolveRef(documents: Documents, fromFile: string, ref: string, active: ReadonlySet<Node>): Resolution {
  const found = locateRef(documents, fromFile, ref, active);
  return 'failure' in found ? found : follow(documents, found.position, active);
}

/** Like `resolveRef`, but a reference at the end of the pointer is not followed. */
export function locateRef(
  documents: Documents,
  fromFile: string,
  ref: string,
  active: ReadonlySet<Node> = new Set(),
): Resolution {
  if (active.size > limits.refChain) return { failure: { kind: 'chain' } };
  const target = splitRef(fromFile, ref);
  if ('failure' in target) return target;
  const document = documents.get(target.file);
  if (!document?.root) return { failure: { kind: 'file', file: target.file } };
  const tokens = parsePointer(target.fragment);
  if (!tokens) return { failure: { kind: target.fragment.startsWith('/') ? 'malformed' : 'anchor' } };
  let position: Position = rootPosition(document, document.root);
  for (const token of tokens) {
    // A pointer is first read literally, because a JSON Schema may be a $ref to its own $defs (2020-12 core, section
    // 8.2.3.1).
    const literal = childPosition(position, token);
    if (literal) {
      position = literal;
      continue;
    }
    const here = follow(documents, position, active);
    if ('failure' in here) return here;
    const next = childPosition(here.position, token);
    if (!next)
      return {
        failure: { kind: 'pointer', file: here.position.document.file, key: token, known: names(here.position.node) },
      };
    position = next;
  }
  return { position };
}

/** The value that a `{$ref: …}` leads to; any other value is returned as it is. */
export function follow(documents: Documents, position: Position, active: ReadonlySet<Node> = new Set()): Resolution {
  const ref = refOf(position);
  if (ref === undefined) return { position };
  if (active.has(position.node)) return { failure: { kind: 'cycle' } };
  return resolveRef(documents, position.document.file, ref, new Set([...active, position.node]));
}

/** The `$ref` of a reference object; undefined for anything else. */
export function refOf(position: Position): string | undefined {
  if (!position.document.hasRefs || position.node.kind !== 'map') return undefined;
  const value = position.node.members.get('$ref')?.node.value;
  return typeof value === 'string' ? value : undefined;
}

/** The value at a pointer, without following references. If there is none, its nearest existing parent. */
function positionAt(document: SourceDocument, pointer: string): Position | undefined {
  if (!document.root) return undefined;
  let position: Position = rootPosition(document, document.root);
  for (const token of parsePointer(pointer) ?? []) {
    const next = childPosition(position, token);
    if (!next) break;
    position = next;
  }
  return position;
}

/** The places of the key and the value at a pointer, as `positionAt` finds them. */
export function locsAt(document: SourceDocument, pointer: string): { readonly key: Loc; readonly value: Loc } {
  const position = positionAt(document, pointer);
  return {
    key: locAt(document, position?.keyStart ?? 0, position?.pointer ?? ''),
    value: locAt(document, position?.node.start ?? 0, position?.pointer ?? ''),
  };
}

/** A member or an item. References are not followed. */
export function childPosition(position: Position, key: string | number): Position | undefined {
  const { node } = position;
  if (node.kind === 'map') {
    const member = node.members.get(String(key));
    return member && memberPosition(position, String(key), member);
  }
  if (node.kind !== 'seq' || (typeof key === 'string' && !/^(0|[1-9]\d{0,8})$/.test(key))) return undefined;
  const item = node.items[Number(key)];
  return item && new Child(position, key, item, item.start);
}

export function memberPosition(position: Position, key: string, { node, keyStart }: Member): Position {
  return new Child(position, key, node, keyStart);
}

/** A position below another one. Its pointer is made on demand, because few pointers are read. */
class Child implements Position {
  readonly document: SourceDocument;
  readonly node: Node;
  readonly keyStart: number;
  readonly #parent: Position;
  readonly #key: string | number;
  #pointer: string | undefined;

  constructor(parent: Position, key: string | number, node: Node, keyStart: number) {
    this.document = parent.document;
    this.node = node;
    this.keyStart = keyStart;
    this.#parent = parent;
    this.#key = key;
  }

  get pointer(): string {
    this.#pointer ??= childPointer(this.#parent.pointer, this.#key);
    return this.#pointer;
  }
}

/** The position of a document's root. */
export function rootPosition(document: SourceDocument, node: Node): Position {
  return { document, pointer: '', node, keyStart: node.start };
}

function names(node: Node): readonly string[] {
  return node.kind === 'map' ? [...node.members.keys()] : [];
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
