import type { JsonValue } from '@atlas/ir';
import type { UnprovenReason } from '../finding.ts';
import type { Id } from '../hashcons/keywords.ts';
import { ANY, NEVER } from '../hashcons/store.ts';
import type { Env } from './env.ts';
import { bounded, EMPTY, found, hidden, joined, unknown, type Found } from './found.ts';
import { memberOf, type NameClass, type ObjectAtom } from './objects.ts';

/** The most overlapping classes of names. All combinations of them are tried. */
const MOST_CLASSES = 6;
/** The most members that an object gets only because it needs a number of them. */
const MOST_MEMBERS = 200;

/** A small object of the set. */
export function sampleObject(atom: ObjectAtom, env: Env): Found {
  const draft = new Draft(atom, env);
  for (const name of atom.required) if (!draft.put(name, memberOf(atom, name, env))) return EMPTY;
  for (const one of atom.some) if (!draft.satisfy(one)) return EMPTY;
  if (!draft.fill()) return EMPTY;
  return bounded(hidden(draft.result(), atom.opaque), env.store.work);
}

/** An object in the making. Its methods give false if the set is proven to be empty. */
class Draft {
  readonly #atom: ObjectAtom;
  readonly #env: Env;
  readonly #members = new Map<string, JsonValue>();
  /** The schemas of the members so far, some of them narrowed by a condition. */
  readonly #schemas = new Map<string, Id>();
  #reasons: readonly UnprovenReason[] = [];
  #hasValue = true;

  constructor(atom: ObjectAtom, env: Env) {
    this.#atom = atom;
    this.#env = env;
  }

  put(name: string, schema: Id): boolean {
    const result = this.#env.inhabit(schema);
    if (result.kind === 'empty') return false;
    this.#schemas.set(name, schema);
    if (result.kind === 'value') this.#members.set(name, result.value);
    else this.#doubt(result.reasons, name, result.candidate);
    return true;
  }

  satisfy({ names, schema }: NameClass): boolean {
    const { store } = this.#env;
    for (const [name, value] of this.#members)
      if (this.#env.accepts(names, name) === true && this.#env.accepts(schema, value) === true) return true;
    let tried = false;
    // a required name may be declared nowhere and belong to the class
    for (const name of new Set([...this.#atom.properties.keys(), ...this.#schemas.keys()])) {
      if (this.#env.accepts(names, name) === false) continue;
      const narrowed = this.#schemas.has(name);
      const own = this.#schemas.get(name) ?? memberOf(this.#atom, name, this.#env);
      const result = this.#env.inhabit(store.and(own, schema));
      if (result.kind === 'value') return this.put(name, store.and(own, schema));
      if (result.kind === 'unknown' || (narrowed && own !== memberOf(this.#atom, name, this.#env))) tried = true;
    }
    const fresh = this.#fresh(names, schema);
    if (fresh.kind === 'member') return this.put(fresh.name, fresh.schema);
    if (fresh.kind === 'empty' && !tried) return false;
    this.#fail(fresh.kind === 'unknown' ? fresh.reasons : [counting('members that meet several conditions')]);
    return true;
  }

  /** Adds members until there are enough. */
  fill(): boolean {
    const { min, max, properties, some } = this.#atom;
    if (min > MOST_MEMBERS) this.#fail([counting(`at least ${min} members`)]);
    else
      for (const name of properties.keys()) {
        if (this.#schemas.size >= min) break;
        if (!this.#schemas.has(name)) this.put(name, memberOf(this.#atom, name, this.#env));
      }
    while (this.#schemas.size < min && this.#hasValue) {
      const fresh = this.#fresh(ANY, ANY);
      if (fresh.kind === 'member') this.put(fresh.name, fresh.schema);
      else if (fresh.kind === 'empty' && some.length === 0) return false;
      else this.#fail(fresh.kind === 'unknown' ? fresh.reasons : [counting('members')]);
    }
    if (this.#schemas.size > max) this.#fail([counting(`at most ${max} members`)]);
    return true;
  }

  result(): Found {
    const value = Object.fromEntries(this.#members);
    if (this.#reasons.length === 0) return found(value);
    return this.#hasValue ? unknown(this.#reasons, value) : unknown(this.#reasons);
  }

  /** A member whose name is in the class, is not declared and is not taken, with the schema of its value. */
  #fresh(names: Id, schema: Id): Fresh {
    const { store } = this.#env;
    const { classes, properties } = this.#atom;
    const taken = store.oneOf([...new Set([...properties.keys(), ...this.#schemas.keys()])].toSorted());
    const always = classes.filter((one) => one.names === ANY).map((one) => one.schema);
    const never = classes.filter((one) => one.names !== ANY && one.schema === NEVER).map((one) => one.names);
    const open = classes.filter((one) => one.names !== ANY && one.schema !== NEVER);
    if (open.length > MOST_CLASSES) return { kind: 'unknown', reasons: [counting('overlapping classes of names')] };
    const base = store.and(anyText(this.#env), names, store.not(taken), ...never.map((id) => store.not(id)));
    let reasons: readonly UnprovenReason[] = [];
    for (let mask = 0; mask < 1 << open.length; mask += 1) {
      const inside = open.filter((_, index) => (mask & (1 << index)) !== 0);
      const outside = open.filter((_, index) => (mask & (1 << index)) === 0);
      const value = store.and(schema, ...always, ...inside.map((one) => one.schema));
      const known = this.#env.inhabit(value);
      if (known.kind === 'empty') continue;
      const name = this.#env.inhabit(
        store.and(base, ...inside.map((one) => one.names), ...outside.map((one) => store.not(one.names))),
      );
      if (name.kind === 'empty') continue;
      if (name.kind === 'value' && typeof name.value === 'string')
        return { kind: 'member', name: name.value, schema: value };
      reasons = joined(reasons, name.kind === 'unknown' ? name.reasons : []);
    }
    return reasons.length > 0 ? { kind: 'unknown', reasons } : { kind: 'empty' };
  }

  #doubt(reasons: readonly UnprovenReason[], name: string, candidate: JsonValue | undefined): void {
    this.#reasons = joined(this.#reasons, reasons);
    if (candidate === undefined) this.#hasValue = false;
    else this.#members.set(name, candidate);
  }

  #fail(reasons: readonly UnprovenReason[]): void {
    this.#reasons = joined(this.#reasons, reasons);
    this.#hasValue = false;
  }
}

type Fresh =
  | { readonly kind: 'member'; readonly name: string; readonly schema: Id }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unknown'; readonly reasons: readonly UnprovenReason[] };

function anyText({ store }: Env): Id {
  return store.intern({ types: ['string'] });
}

function counting(detail: string): UnprovenReason {
  return { kind: 'counting', detail };
}
