import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { deepKey } from '../hashcons/deepKey.ts';
import type { Id, JsonType, Keywords } from '../hashcons/keywords.ts';
import { ANY, NEVER, type Store } from '../hashcons/store.ts';
import { hasFormat } from '../normal/formats.ts';
import { numbersOf, hasNumber } from '../normal/numbers.ts';
import type { Patterns } from '../regex/patterns.ts';

/** What was evaluated in place: names of members, and indexes of items. */
interface Seen {
  readonly names: Set<string>;
  readonly items: Set<number>;
}

/** Only lists and objects have parts that can be evaluated. */
const NOTHING_SEEN: Seen = { names: new Set(), items: new Set() };

type Answer = boolean | undefined;

/** What a schema says of a value, and what it evaluated there. */
interface Outcome extends Seen {
  readonly answer: boolean;
}

const MOST_DEEP = 400;

/**
 * Judges values by stored schemas (JSON Schema 2020-12). It is asked thousands of times while the engine searches. Its
 * answer is not a proof; only the validators give proofs. Undefined if it can't follow a keyword or a pattern.
 */
export class Judge {
  readonly #store: Store;
  readonly #patterns: Patterns;
  /** What is known of lists and objects, because values share their parts and are judged again and again. */
  readonly #outcomes = new WeakMap<object, Map<Id, Outcome>>();
  /**
   * The same for scalars, until the whole value is judged, and only of schemas with parts. Many ways may lead to them:
   * 2^n for n layers of `allOf: [next, next]`.
   */
  readonly #scalars = new Map<JsonValue, Map<Id, Outcome>>();
  #depth = 0;

  constructor(store: Store, patterns: Patterns) {
    this.#store = store;
    this.#patterns = patterns;
  }

  accepts(id: Id, value: JsonValue): Answer {
    return this.#judge(id, value, undefined);
  }

  /** Adds what the schema evaluates to `seen`. */
  #judge(id: Id, value: JsonValue, seen: Seen | undefined): Answer {
    if (id === ANY) return true;
    if (id === NEVER) return false;
    if (this.#depth > MOST_DEEP || !this.#store.work.spend()) return undefined;
    this.#depth += 1;
    try {
      const keywords = this.#store.keywords(id);
      if (keywords.ref !== undefined) return this.#judge(this.#store.target(keywords.ref), value, seen);
      return isScalar(value) && !hasParts(keywords)
        ? this.#keywords(keywords, value, NOTHING_SEEN)
        : this.#once(id, keywords, value, seen);
    } finally {
      this.#depth -= 1;
      if (this.#depth === 0) this.#scalars.clear();
    }
  }

  #once(id: Id, keywords: Keywords, value: JsonValue, seen: Seen | undefined): Answer {
    const outcomes = this.#outcomesOf(value);
    const known = outcomes.get(id);
    if (known) {
      if (seen) evaluated(seen, known);
      return known.answer;
    }
    const own: Seen = { names: new Set(), items: new Set() };
    const answer = this.#keywords(keywords, value, own);
    // what is too deep here may be judged elsewhere, so only certain answers are kept
    if (answer !== undefined) outcomes.set(id, { answer, ...own });
    if (seen) evaluated(seen, own);
    return answer;
  }

  #outcomesOf(value: JsonValue): Map<Id, Outcome> {
    const known = isScalar(value) ? this.#scalars.get(value) : this.#outcomes.get(value);
    if (known) return known;
    const outcomes = new Map<Id, Outcome>();
    if (isScalar(value)) this.#scalars.set(value, outcomes);
    else this.#outcomes.set(value, outcomes);
    return outcomes;
  }

  #keywords(keywords: Keywords, value: JsonValue, seen: Seen): Answer {
    const { types, enum: listed, opaque } = keywords;
    if (types && !types.some((type) => isOf(type, value))) return false;
    if (listed && !keysOf(listed).has(deepKey(value))) return false;
    const answers: Answer[] = [opaque === undefined ? true : undefined];
    if (typeof value === 'number') answers.push(this.#number(keywords, value));
    else if (typeof value === 'string') answers.push(this.#string(keywords, value));
    else if (isList(value)) answers.push(this.#array(keywords, value, seen));
    else if (isObject(value)) answers.push(this.#object(keywords, value, seen));
    if (answers.includes(false)) return false;
    answers.push(...this.#inPlace(keywords, value, seen));
    if (answers.includes(false)) return false;
    // these look at what all others have evaluated
    if (isList(value)) answers.push(this.#unseenItems(keywords, value, seen));
    else if (isObject(value)) answers.push(this.#unseenNames(keywords, value, seen));
    return all(answers);
  }

  #number(keywords: Keywords, value: number): Answer {
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, format } = keywords;
    if (minimum !== undefined && value < minimum) return false;
    if (maximum !== undefined && value > maximum) return false;
    if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) return false;
    if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) return false;
    if (format === 'int64' && !Number.isInteger(value)) return false;
    if (format === 'int32' && !(Number.isInteger(value) && Math.abs(value + 0.5) < 2 ** 31)) return false;
    return multipleOf === undefined || hasNumber(numbersOf({ multipleOf }), value);
  }

  #string(keywords: Keywords, value: string): Answer {
    const { minLength, maxLength, pattern, format } = keywords;
    if (minLength !== undefined || maxLength !== undefined) {
      const length = Array.from(value).length;
      if (length < (minLength ?? 0) || length > (maxLength ?? Infinity)) return false;
    }
    if (format !== undefined && hasFormat(format, value) === false) return false;
    return pattern === undefined || this.#patterns.test(pattern, value);
  }

  #array(keywords: Keywords, items: readonly JsonValue[], seen: Seen): Answer {
    const { prefixItems = [], items: rest, contains, minContains = 1, maxContains = Infinity } = keywords;
    if (items.length < (keywords.minItems ?? 0) || items.length > (keywords.maxItems ?? Infinity)) return false;
    if (keywords.uniqueItems === true && new Set(items.map(deepKey)).size < items.length) return false;
    const answers: Answer[] = [];
    for (const [index, item] of items.entries()) {
      const schema = prefixItems[index] ?? rest;
      if (schema === undefined) continue;
      const answer = this.accepts(schema, item);
      if (answer === false) return false;
      answers.push(answer);
      seen.items.add(index);
    }
    if (contains !== undefined) {
      const matches = items.map((item) => this.accepts(contains, item));
      for (const [index, match] of matches.entries()) if (match === true) seen.items.add(index);
      const sure = matches.filter((match) => match === true).length;
      const possible = sure + matches.filter((match) => match === undefined).length;
      if (possible < minContains || sure > maxContains) return false;
      if (sure < minContains || possible > maxContains) answers.push(undefined);
    }
    return all(answers);
  }

  #object(keywords: Keywords, value: JsonObject, seen: Seen): Answer {
    const entries = Object.entries(value);
    if (entries.length < (keywords.minProperties ?? 0) || entries.length > (keywords.maxProperties ?? Infinity))
      return false;
    if (keywords.required?.some((name) => !Object.hasOwn(value, name)) === true) return false;
    for (const [name, names] of keywords.dependentRequired ?? [])
      if (Object.hasOwn(value, name) && names.some((other) => !Object.hasOwn(value, other))) return false;
    const answers: Answer[] = [];
    const properties = mapOf(keywords.properties ?? NO_PROPERTIES);
    for (const [name, item] of entries) {
      if (item === undefined) continue;
      if (keywords.propertyNames !== undefined) answers.push(this.accepts(keywords.propertyNames, name));
      const own = properties.get(name);
      let isDeclared = own !== undefined;
      const answer = own === undefined || this.accepts(own, item);
      if (answer === false) return false;
      answers.push(answer);
      for (const [pattern, schema] of keywords.patternProperties ?? []) {
        const matches = this.#patterns.test(pattern, name);
        if (matches === undefined) answers.push(undefined);
        if (matches !== true) continue;
        isDeclared = true;
        answers.push(this.accepts(schema, item));
      }
      if (!isDeclared && keywords.additionalProperties !== undefined) {
        isDeclared = true;
        answers.push(this.accepts(keywords.additionalProperties, item));
      }
      if (isDeclared) seen.names.add(name);
    }
    return all(answers);
  }

  #inPlace(keywords: Keywords, value: JsonValue, seen: Seen): readonly Answer[] {
    const answers: Answer[] = [];
    for (const id of keywords.allOf ?? []) {
      const answer = this.#judge(id, value, seen);
      if (answer === false) return [false];
      answers.push(answer);
    }
    if (keywords.anyOf) answers.push(some(keywords.anyOf.map((id) => this.#branch(id, value, seen))));
    if (keywords.oneOf) {
      const branches = keywords.oneOf.map((id) => this.#branch(id, value, seen));
      const sure = branches.filter((answer) => answer === true).length;
      const open = branches.includes(undefined);
      answers.push(sure > 1 ? false : open ? undefined : sure === 1);
    }
    if (keywords.not !== undefined) {
      const answer = this.accepts(keywords.not, value);
      answers.push(answer === undefined ? undefined : !answer);
    }
    if (isObject(value))
      for (const [name, id] of keywords.dependentSchemas ?? [])
        if (Object.hasOwn(value, name)) answers.push(this.#judge(id, value, seen));
    if (keywords.if !== undefined) {
      const condition = this.#branch(keywords.if, value, seen);
      const next = condition === true ? keywords.then : keywords.else;
      if (condition === undefined) answers.push(undefined);
      else if (next !== undefined) answers.push(this.#judge(next, value, seen));
    }
    return answers;
  }

  /** A branch that fails has evaluated nothing. */
  #branch(id: Id, value: JsonValue, seen: Seen): Answer {
    const own: Seen = { names: new Set(), items: new Set() };
    const answer = this.#judge(id, value, own);
    if (answer === false) return false;
    evaluated(seen, own);
    return answer;
  }

  #unseenItems({ unevaluatedItems: schema }: Keywords, items: readonly JsonValue[], seen: Seen): Answer {
    if (schema === undefined) return true;
    return all(
      items.map((item, index) => {
        if (seen.items.has(index)) return true;
        seen.items.add(index);
        return this.accepts(schema, item);
      }),
    );
  }

  #unseenNames(keywords: Keywords, value: JsonObject, seen: Seen): Answer {
    const schema = keywords.unevaluatedProperties ?? (keywords.closed === true ? NEVER : undefined);
    if (schema === undefined) return true;
    return all(
      Object.entries(value).map(([name, item]) => {
        if (item === undefined || seen.names.has(name)) return true;
        seen.names.add(name);
        return this.accepts(schema, item);
      }),
    );
  }
}

function isScalar(value: JsonValue): value is string | number | boolean | null {
  return typeof value !== 'object' || value === null;
}

function hasParts({ allOf, anyOf, oneOf, if: condition, dependentSchemas }: Keywords): boolean {
  return (allOf ?? anyOf ?? oneOf ?? condition ?? dependentSchemas) !== undefined;
}

/** Adds what a part has evaluated. */
function evaluated(seen: Seen, part: Seen): void {
  for (const name of part.names) seen.names.add(name);
  for (const index of part.items) seen.items.add(index);
}

type Properties = NonNullable<Keywords['properties']>;

const NO_PROPERTIES: Properties = [];
const mapsOfProperties = new WeakMap<Properties, ReadonlyMap<string, Id>>();

function mapOf(properties: Properties): ReadonlyMap<string, Id> {
  const map = mapsOfProperties.get(properties) ?? new Map(properties);
  mapsOfProperties.set(properties, map);
  return map;
}

const keysOfLists = new WeakMap<readonly JsonValue[], ReadonlySet<string>>();

function keysOf(list: readonly JsonValue[]): ReadonlySet<string> {
  const keys = keysOfLists.get(list) ?? new Set(list.map(deepKey));
  keysOfLists.set(list, keys);
  return keys;
}

function isOf(type: JsonType, value: JsonValue): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return isList(value);
    case 'object':
      return isObject(value);
    case 'boolean':
    case 'number':
    case 'string':
      return typeof value === type;
  }
}

function all(answers: readonly Answer[]): Answer {
  return answers.includes(false) ? false : answers.includes(undefined) ? undefined : true;
}

function some(answers: readonly Answer[]): Answer {
  return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
}
