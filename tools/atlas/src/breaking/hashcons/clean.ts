import { childPointer, isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { targetAt } from './targetAt.ts';
import { decides, refStandsAlone } from '../../jsonschema/keywords.ts';
import { subschemas } from '../../jsonschema/walk.ts';
import { deepKey } from './deepKey.ts';
import type { SchemaDocument } from '../schemas.ts';

/** Keywords that are not assertions of JSON Schema, but change how `project` reads a schema. */
const MEANT = new Set(['$ref', '$dynamicRef', '$recursiveRef', 'discriminator', 'nullable', 'readOnly', 'writeOnly']);

/**
 * Which references mean the same in two documents. Both are hashed bottom-up, without annotations and with `$ref` as a
 * leaf. A difference then spreads to everything that refers to it.
 */
export class CleanRefs {
  readonly #old: Hashes;
  readonly #new: Hashes;
  readonly #comparable: boolean;
  readonly #verdicts = new Map<string, boolean>();

  constructor(old: SchemaDocument, next: SchemaDocument) {
    const numbers = new Map<string, number>();
    this.#old = new Hashes(old, numbers);
    this.#new = new Hashes(next, numbers);
    this.#comparable = old.dialect === next.dialect;
  }

  /** Whether the schemas, and everything that they refer to, are the same in both. */
  isSame(old: JsonValue, next: JsonValue): boolean {
    const hash = this.#old.of(old);
    return this.#comparable && hash === this.#new.of(next) && this.#old.refs(hash).every((ref) => this.isClean(ref));
  }

  /**
   * Whether a dynamic reference means the same in both documents: nobody follows it, so everything that it may mean
   * must be the same.
   */
  isDynamicClean(ref: JsonValue): boolean {
    const [old, next] = [this.#old, this.#new].map(({ side }) => targetsOf(side.document, ref));
    return deepKey(old) === deepKey(next) && (old ?? []).every(({ pointer }) => this.isClean(pointer));
  }

  /** Whether the reference means the same in both documents. */
  isClean(ref: string): boolean {
    const known = this.#verdicts.get(ref);
    if (known !== undefined) return known;
    if (!this.#comparable) return false;
    if (isAnchor(ref)) return this.isDynamicClean(ref);
    // everything reachable is judged at once: a cycle is clean if nothing in it is dirty
    const reached = new Set([ref]);
    const users = new Map<string, string[]>();
    const dirty = new Set<string>();
    for (const name of reached) {
      if (this.#verdicts.get(name) === false) dirty.add(name);
      if (this.#verdicts.has(name)) continue;
      const hash = this.#old.ofRef(name);
      if (hash === undefined || hash !== this.#new.ofRef(name)) dirty.add(name);
      if (hash === undefined) continue;
      for (const next of this.#old.refs(hash)) {
        reached.add(next);
        const list = users.get(next) ?? [];
        users.set(next, list);
        list.push(name);
      }
    }
    for (const name of dirty) for (const user of users.get(name) ?? []) dirty.add(user);
    for (const name of reached) this.#verdicts.set(name, !dirty.has(name));
    return !dirty.has(ref);
  }
}

/** The hashes of one document's schemas. Equal schemas of both documents have equal hashes. */
class Hashes {
  readonly side: SchemaDocument;
  readonly #numbers: Map<string, number>;
  readonly #byRef = new Map<string, number | undefined>();
  readonly #byObject = new Map<JsonValue, number>();
  readonly #refs = new Map<number, readonly string[]>();

  constructor(side: SchemaDocument, numbers: Map<string, number>) {
    this.side = side;
    this.#numbers = numbers;
  }

  of(schema: JsonValue): number {
    if (!isObject(schema)) return this.#number(deepKey(schema), []);
    const known = this.#byObject.get(schema);
    if (known !== undefined) return known;
    const { dialect, document } = this.side;
    const parts: string[] = [];
    const refs = new Set<string>();
    const held = new Set<string>();
    for (const { keyword, key, schema: inner } of subschemas(schema, dialect)) {
      held.add(keyword);
      const hash = this.of(inner);
      for (const ref of this.refs(hash)) refs.add(ref);
      if (decides(keyword, dialect)) parts.push(`${keyword}/${JSON.stringify(key) ?? ''}:${hash}`);
    }
    const alone = typeof schema['$ref'] === 'string' && refStandsAlone(dialect);
    for (const [key, value] of Object.entries(schema)) {
      if (value === undefined || (alone && key !== '$ref')) continue;
      // a keyword without schemas still counts: `properties: {}` is such a keyword, and so is `allOf: []`
      if (MEANT.has(key) || (decides(key, dialect) && !held.has(key))) parts.push(`${key}=${deepKey(value)}`);
      const isNamed = typeof value === 'string' && isAnchor(value);
      if (key === '$ref' && typeof value === 'string' && !isNamed) refs.add(value);
      if (DYNAMIC.has(key) || (key === '$ref' && isNamed)) {
        const targets = targetsOf(document, value);
        parts.push(`${key}>${deepKey(targets)}`);
        for (const { pointer } of targets) refs.add(pointer);
      }
      if (key === 'discriminator') for (const ref of mappingOf(value)) refs.add(ref);
    }
    parts.sort();
    const hash = this.#number(parts.join(';'), [...refs]);
    this.#byObject.set(schema, hash);
    return hash;
  }

  ofRef(ref: string): number | undefined {
    if (!this.#byRef.has(ref)) {
      const target = targetAt(this.side.document, ref);
      this.#byRef.set(ref, target === undefined ? undefined : this.of(target));
    }
    return this.#byRef.get(ref);
  }

  refs(hash: number): readonly string[] {
    return this.#refs.get(hash) ?? [];
  }

  #number(text: string, refs: readonly string[]): number {
    const known = this.#numbers.get(text);
    const number = known ?? this.#numbers.size;
    if (known === undefined) this.#numbers.set(text, number);
    if (!this.#refs.has(number)) this.#refs.set(number, refs);
    return number;
  }
}

/** Whether a reference names an anchor. Nobody follows such a reference. */
function isAnchor(ref: string): boolean {
  return /^#[^/]/.test(ref);
}

/** References whose target depends on how the schema was reached. */
const DYNAMIC: ReadonlySet<string> = new Set(['$dynamicRef', '$recursiveRef']);

/** Keywords that give a schema a name for such references. */
const ANCHORS = ['$anchor', '$dynamicAnchor', '$recursiveAnchor'];

/** A schema that a dynamic reference may mean. */
interface Target {
  /** As a reference to it. */
  readonly pointer: string;
  readonly names: readonly JsonValue[];
}

/** What a dynamic reference may mean: every schema with an anchor, and the schema that its pointer names. */
function targetsOf(document: JsonObject, ref: JsonValue): readonly Target[] {
  const targets = anchored.get(document) ?? [...anchorsIn(document, '#')];
  anchored.set(document, targets);
  return typeof ref === 'string' && ref.startsWith('#/') ? [{ pointer: ref, names: [] }, ...targets] : targets;
}

/** Kept, because all of a document is looked at. */
const anchored = new WeakMap<JsonObject, readonly Target[]>();

function* anchorsIn(value: JsonValue, pointer: string): Iterable<Target> {
  if (isObject(value)) {
    const names = ANCHORS.flatMap((key) => value[key] ?? []);
    if (names.length > 0) yield { pointer: encodeURI(pointer), names };
  } else if (!isList(value)) return;
  for (const [key, member] of Object.entries(value))
    if (member !== undefined) yield* anchorsIn(member, childPointer(pointer, key));
}

function mappingOf(discriminator: JsonValue): readonly string[] {
  const mapping = isObject(discriminator) ? discriminator['mapping'] : undefined;
  const targets: readonly unknown[] = isObject(mapping) ? Object.values(mapping) : [];
  return targets.filter((ref) => typeof ref === 'string').filter((ref) => ref.startsWith('#'));
}
