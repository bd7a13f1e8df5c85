import type { JsonValue, Loc } from '@atlas/ir';
import { locAt } from './document.ts';
import {
  childPosition,
  follow,
  memberPosition,
  refOf,
  rootPosition,
  type Documents,
  type Position,
} from './resolve.ts';

/**
 * A value of the loaded documents, together with where it was written. Going to a child follows `$ref`s within and
 * across files; the cursor of the child then belongs to the file that the reference leads to.
 */
export interface Cursor {
  /** File and pointer after references were followed: the same for everyone who refers to the value. */
  readonly file: string;
  readonly pointer: string;
  readonly value: JsonValue;
  /** The place of the value; for a member of an object, of its key. */
  readonly loc: Loc;
  /** The place of the value itself. */
  readonly valueLoc: Loc;
  /** The child of an object or array with references followed; undefined where there is none. */
  get(key: string | number): Cursor | undefined;
  /** `get` along several keys. */
  at(...keys: readonly (string | number)[]): Cursor | undefined;
  /** Children of an object in document order, references followed; empty for anything else. */
  entries(): readonly (readonly [string, Cursor])[];
  /** Items of an array, references followed; empty for anything else. */
  items(): readonly Cursor[];
  /** The value if it is a string, number or boolean; else undefined. */
  string(): string | undefined;
  number(): number | undefined;
  boolean(): boolean | undefined;
  /** The `$ref` text that led here, and its place; undefined where no reference was followed. */
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

  entries(): readonly (readonly [string, Cursor])[] {
    const { node } = this.#position;
    if (node.kind !== 'map') return [];
    return [...node.members].flatMap(([key, member]) => {
      const cursor = this.#step(memberPosition(this.#position, key, member));
      return cursor ? [[key, cursor] as const] : [];
    });
  }

  items(): readonly Cursor[] {
    const { node } = this.#position;
    if (node.kind !== 'seq') return [];
    return node.items.flatMap((_, index) => this.get(index) ?? []);
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

/** The cursor at the root of a document; undefined where there is no such document, or it is empty or broken. */
export function rootCursor(documents: Documents, file: string): Cursor | undefined {
  const document = documents.get(file);
  const node = document?.root;
  return document && node && new DocumentCursor(documents, rootPosition(document, node));
}
