import { isList, isObject, type JsonValue } from '@atlas/ir';
import { deepKey } from '../hashcons/deepKey.ts';
import type { Id, Keywords } from '../hashcons/keywords.ts';
import type { Store } from '../hashcons/store.ts';
import { samplesOf } from '../normal/formats.ts';

/** Values that are tried if the search found none that is certain. */
const MOST_CANDIDATES = 4_000;
/** Letters of JSON that are written in one step. */
const LETTERS_PER_STEP = 50;
const MOST_SCHEMAS = 2_000;
const MOST_ATTACKS = 60;

/**
 * Values that may be accepted by one schema only: a value of the writer, with a value from either schema at each spot,
 * a member left out, or one added.
 */
export function* candidates(store: Store, ids: readonly Id[], bases: readonly JsonValue[]): Generator<JsonValue> {
  const { values, names } = poolOf(store, ids);
  const seen = new Set<string>();
  let count = 0;
  for (const base of [...bases, ...values])
    for (const value of [base, ...mutants(base, values, names)]) {
      const key = deepKey(value);
      if (!store.work.spend(Math.ceil(key.length / LETTERS_PER_STEP))) return;
      if (seen.has(key)) continue;
      seen.add(key);
      count += 1;
      if (count > MOST_CANDIDATES) return;
      yield value;
    }
}

function* mutants(value: JsonValue, attacks: readonly JsonValue[], names: readonly string[]): Generator<JsonValue> {
  if (isList(value)) {
    for (const [index, item] of value.entries()) {
      yield value.toSpliced(index, 1);
      yield [...value, item];
      for (const attack of attacks) yield value.with(index, attack);
      for (const next of mutants(item, attacks, names)) yield value.with(index, next);
    }
    for (const attack of attacks) yield [...value, attack];
  } else if (isObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== name));
      for (const attack of attacks) yield { ...value, [name]: attack };
      if (item !== undefined) for (const next of mutants(item, attacks, names)) yield { ...value, [name]: next };
    }
    for (const name of names)
      if (!Object.hasOwn(value, name)) for (const attack of attacks.slice(0, 12)) yield { ...value, [name]: attack };
  }
}

/** The values that the schemas mention: constants, bounds and the numbers next to them, and names. */
function poolOf(
  store: Store,
  ids: readonly Id[],
): { readonly values: readonly JsonValue[]; readonly names: readonly string[] } {
  const values = new Map<string, JsonValue>();
  const names = new Set<string>();
  const add = (...found: readonly JsonValue[]): void => {
    for (const value of found) if (values.size < MOST_ATTACKS) values.set(deepKey(value), value);
  };
  const seen = new Set<Id>(ids);
  for (const id of seen) {
    if (seen.size > MOST_SCHEMAS) break;
    const keywords = store.keywords(id);
    add(...(keywords.enum ?? []).slice(0, 8), ...besideBounds(keywords));
    if (keywords.format !== undefined) add(...samplesOf(keywords.format).slice(0, 1));
    for (const [name] of keywords.properties ?? []) names.add(name);
    for (const name of keywords.required ?? []) names.add(name);
    for (const child of childrenOf(store, keywords)) seen.add(child);
  }
  add(null, true, 0, -1, 0.5, '', 'a', [], {});
  return { values: [...values.values()], names: [...names, 'other'].slice(0, MOST_ATTACKS) };
}

function besideBounds(keywords: Keywords): readonly JsonValue[] {
  const bounds = [keywords.minimum, keywords.maximum, keywords.exclusiveMinimum, keywords.exclusiveMaximum];
  const numbers = bounds.flatMap((bound) => (bound === undefined ? [] : [bound, bound - 1, bound + 1]));
  const lengths = [keywords.minLength, keywords.maxLength].filter((length) => length !== undefined && length < 1_000);
  return [...numbers, ...lengths.flatMap((length = 0) => ['a'.repeat(length), 'a'.repeat(length + 1)])];
}

function childrenOf(store: Store, keywords: Keywords): readonly Id[] {
  const { prefixItems = [], allOf = [], anyOf = [], oneOf = [] } = keywords;
  const maps = [keywords.properties, keywords.patternProperties, keywords.dependentSchemas];
  const single = [
    keywords.items,
    keywords.contains,
    keywords.additionalProperties,
    keywords.propertyNames,
    keywords.not,
    keywords.if,
    keywords.then,
    keywords.else,
    keywords.unevaluatedItems,
    keywords.unevaluatedProperties,
    keywords.ref === undefined ? undefined : store.target(keywords.ref),
  ].filter((id) => id !== undefined);
  return [
    ...prefixItems,
    ...allOf,
    ...anyOf,
    ...oneOf,
    ...maps.flatMap((map) => (map ?? []).map(([, id]) => id)),
    ...single,
  ];
}
