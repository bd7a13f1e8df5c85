import type { JsonValue, Loc } from '@atlas/ir';
import { locAt } from './document.ts';
import { childPlace, follow, memberPlace, refOf, type Documents, type Place } from './resolve.ts';

/**
 * A place in the loaded documents: a value together with where it was written. Following a child follows `$ref`s, also
 * those met along a pointer, within and across files; the cursor then stands in the file that the reference led to.
 */
export interface Cursor {
  /** Absolute identity: file and pointer after references were followed. */
  readonly file: string;
  readonly pointer: string;
  readonly value: JsonValue;
  /** The place of the value (for a member of an object: of its key). */
  readonly loc: Loc;
  /** The place of the value itself, for findings about it. */
  readonly valueLoc: Loc;
  /** The child of an object or array with references followed; undefined where there is none. */
  get(key: string | number): Cursor | undefined;
  /** `get` along several keys. */
  at(...keys: readonly (string | number)[]): Cursor | undefined;
  /** Children of an object in document order, references followed; empty for anything else. */
  entries(): readonly (readonly [string, Cursor])[];
  /** Items of an array, references followed; empty for anything else. */
  items(): readonly Cursor[];
  /** The value where it is a string / number / boolean, else undefined. */
  string(): string | undefined;
  number(): number | undefined;
  boolean(): boolean | undefined;
  /** The `$ref` text that led here, with the place it was written; undefined where no reference was followed. */
  readonly via: { readonly ref: string; readonly loc: Loc } | undefined;
}

/** The cursor over loaded documents. References that lead nowhere read as absent: `load` has reported them all. */
export class DocumentCursor implements Cursor {
  readonly via: Cursor['via'];
  readonly #documents: Documents;
  readonly #place: Place;

  constructor(documents: Documents, place: Place, via?: Cursor['via']) {
    this.#documents = documents;
    this.#place = place;
    this.via = via;
  }

  get file(): string {
    return this.#place.document.file;
  }

  get pointer(): string {
    return this.#place.pointer;
  }

  get value(): JsonValue {
    return this.#place.node.value;
  }

  get loc(): Loc {
    return locAt(this.#place.document, this.#place.keyStart, this.#place.pointer);
  }

  get valueLoc(): Loc {
    return locAt(this.#place.document, this.#place.node.start, this.#place.pointer);
  }

  get(key: string | number): Cursor | undefined {
    const child = childPlace(this.#place, key);
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
    const { node } = this.#place;
    if (node.kind !== 'map') return [];
    return [...node.members].flatMap(([key, member]) => {
      const cursor = this.#step(memberPlace(this.#place, key, member));
      return cursor ? [[key, cursor] as const] : [];
    });
  }

  items(): readonly Cursor[] {
    const { node } = this.#place;
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

  #step(child: Place): Cursor | undefined {
    const ref = refOf(child);
    if (ref === undefined) return new DocumentCursor(this.#documents, child);
    const resolved = follow(this.#documents, child);
    if ('failure' in resolved) return undefined;
    const member = child.node.kind === 'map' ? child.node.members.get('$ref') : undefined;
    const loc = locAt(child.document, member?.node.start ?? child.keyStart, child.pointer);
    return new DocumentCursor(this.#documents, resolved.place, { ref, loc });
  }
}

/** The cursor at the root of a document; undefined where there is no such document, or nothing usable in it. */
export function rootCursor(documents: Documents, file: string): Cursor | undefined {
  const document = documents.get(file);
  const node = document?.root;
  return document && node && new DocumentCursor(documents, { document, pointer: '', node, keyStart: node.start });
}
