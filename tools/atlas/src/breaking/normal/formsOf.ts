import type { JsonValue } from '@atlas/ir';
import { isList, isObject } from '@atlas/ir';
import type { Id, JsonType, Keywords } from '../hashcons/keywords.ts';
import { ANY, NEVER } from '../hashcons/store.ts';
import { ALL_ARRAYS, type ArrayAtom } from './arrays.ts';
import type { Env } from './env.ts';
import { EVERYTHING, NOTHING, type Algebra, type Forms } from './forms.ts';
import { ALL_NUMBERS, finiteNumbers, numbersOf } from './numbers.ts';
import { ALL_OBJECTS, type NameClass, type ObjectAtom } from './objects.ts';
import { ALL_STRINGS, finiteStrings } from './strings.ts';

/**
 * Whether a form says which members were evaluated in place: not at all; exactly, for `unevaluatedProperties` and
 * `unevaluatedItems`; or by one branch of a union at a time, which is enough for what a writer promises.
 */
export type Tracking = 'none' | 'exact' | 'branch';

/** A form, and schemas whose values still have to be taken away from it. */
export interface Loose {
  readonly forms: Forms;
  readonly without: readonly Id[];
}

const ANYTHING: Loose = { forms: EVERYTHING, without: [] };

/** The most combinations of branches of `anyOf` whose evaluated members are told apart. */
const MOST_COMBINATIONS = 64;
const UNEVALUATED = { kind: 'keyword', detail: 'unevaluated members beside many branches' } as const;
/** Steps of reading the keywords of a schema. */
const STEPS_PER_FORM = 10;
/** How deep schemas for the same value may be nested. */
const MOST_NESTED = 300;
const TOO_DEEP = { kind: 'too-deep', detail: `schemas nested more than ${MOST_NESTED} deep` } as const;
const CYCLE = { kind: 'reference', detail: 'a reference that leads back to itself for the same value' } as const;

/** The normal forms of the schemas of a store, each made once. */
export class Normal {
  readonly #env: Env;
  readonly #algebra: Algebra;
  readonly #memo = new Map<string, Loose>();
  readonly #exact = new Map<string, Forms>();
  readonly #active = new Set<string>();
  /** Forms that were made when a question had to end. The next question may find better ones. */
  readonly #unsure = new Set<string>();

  constructor(env: Env, algebra: Algebra) {
    this.#env = env;
    this.#algebra = algebra;
  }

  forgetUnsure(): void {
    for (const key of this.#unsure) {
      this.#memo.delete(key);
      this.#exact.delete(key);
    }
    this.#unsure.clear();
  }

  /** The exact form: what is excluded is taken away. */
  formsOf(id: Id, tracking: Tracking = 'none'): Forms {
    const loose = this.looseFormsOf(id, tracking);
    if (loose.without.length === 0) return loose.forms;
    const key = `${id} ${tracking}`;
    const known = this.#exact.get(key) ?? this.#without(loose);
    this.#exact.set(key, known);
    this.#doubt(key);
    return known;
  }

  /** The form, with what is excluded kept apart, because taking it away at once would cut the form into many pieces. */
  looseFormsOf(id: Id, tracking: Tracking = 'none'): Loose {
    if (id === ANY && tracking === 'none') return ANYTHING;
    if (id === NEVER) return { forms: NOTHING, without: [] };
    const key = `${id} ${tracking}`;
    const known = this.#memo.get(key);
    if (known) return known;
    const { work } = this.#env.store;
    if (!work.spend(STEPS_PER_FORM)) return { forms: this.#algebra.hide(EVERYTHING, work.reason), without: [] };
    if (this.#active.size > MOST_NESTED) return { forms: this.#algebra.hide(EVERYTHING, TOO_DEEP), without: [] };
    if (this.#active.has(key)) return { forms: this.#algebra.hide(EVERYTHING, CYCLE), without: [] };
    this.#active.add(key);
    const loose = this.#make(this.#env.store.keywords(id), tracking);
    this.#active.delete(key);
    this.#memo.set(key, loose);
    this.#doubt(key);
    return loose;
  }

  #doubt(key: string): void {
    if (this.#env.store.work.isSpent) this.#unsure.add(key);
  }

  #without({ forms, without }: Loose): Forms {
    return without.reduce((left, id) => this.#algebra.subtract(left, this.formsOf(id)), forms);
  }

  #make(keywords: Keywords, outside: Tracking): Loose {
    const algebra = this.#algebra;
    if (keywords.ref !== undefined) return this.looseFormsOf(this.#env.store.target(keywords.ref), outside);
    const closes = keywords.unevaluatedItems !== undefined || keywords.unevaluatedProperties !== undefined;
    const tracking: Tracking = closes ? 'exact' : keywords.closed === true && outside === 'none' ? 'branch' : outside;
    let forms = this.#assertions(keywords, tracking);
    const without: Id[] = [];
    const meet = (other: Forms): void => {
      forms = algebra.intersect(forms, other);
    };
    const meetLoose = (other: Loose): void => {
      meet(other.forms);
      without.push(...other.without);
    };
    for (const id of keywords.allOf ?? []) meetLoose(this.looseFormsOf(id, tracking));
    for (const [name, names] of keywords.dependentRequired ?? [])
      meet(algebra.union(this.#absent(name), this.#present([name, ...names])));
    for (const [name, id] of keywords.dependentSchemas ?? [])
      meet(algebra.union(this.#absent(name), algebra.intersect(this.#present([name]), this.formsOf(id, tracking))));
    if (keywords.anyOf) meet(this.#anyOf(keywords.anyOf, tracking));
    if (keywords.oneOf) meetLoose(this.#oneOf(keywords.oneOf, tracking));
    if (keywords.if !== undefined) meet(this.#conditional(keywords, keywords.if, tracking));
    if (keywords.not !== undefined) meet(algebra.subtract(EVERYTHING, this.formsOf(keywords.not)));
    if (keywords.opaque) forms = algebra.hide(forms, { kind: keywords.opaque.kind, detail: keywords.opaque.detail });
    if (keywords.unevaluatedProperties !== undefined) forms = this.#unseenNames(forms, keywords.unevaluatedProperties);
    else if (keywords.closed === true) forms = this.#unseenNames(forms, NEVER);
    if (keywords.unevaluatedItems !== undefined) forms = this.#unseenItems(forms, keywords.unevaluatedItems);
    return { forms: outside === 'none' && tracking !== 'none' ? withoutSeen(forms) : forms, without };
  }

  /** What the keywords say, apart from schemas for the same value. */
  #assertions(keywords: Keywords, tracking: Tracking): Forms {
    const numbers = numbersOf(keywords);
    const int = keywords.format === 'int32' ? INT32 : keywords.format === 'int64' ? INT64 : undefined;
    let forms: Forms = {
      plain: EVERYTHING.plain,
      number: isIdle(keywords, NUMBER_KEYS) ? EVERYTHING.number : [numbers],
      string: this.#strings(keywords),
      array: this.#arrays(keywords, tracking),
      object: this.#objects(keywords, tracking),
    };
    if (int) forms = this.#algebra.intersect(forms, { ...EVERYTHING, number: [int] });
    if (keywords.types) forms = this.#algebra.intersect(forms, typed(keywords.types));
    if (keywords.enum) forms = this.#algebra.intersect(forms, this.#values(keywords.enum));
    return forms;
  }

  #strings(keywords: Keywords): Forms['string'] {
    const { minLength, maxLength, pattern, format } = keywords;
    if (isIdle(keywords, STRING_KEYS)) return EVERYTHING.string;
    if ((minLength ?? 0) > (maxLength ?? Infinity)) return [];
    const isText = format !== undefined && format !== 'int32' && format !== 'int64';
    return [
      {
        ...ALL_STRINGS,
        min: Math.ceil(minLength ?? 0),
        max: Math.floor(maxLength ?? Infinity),
        patterns: pattern === undefined ? [] : [pattern],
        formats: isText ? [format] : [],
      },
    ];
  }

  #arrays(keywords: Keywords, tracking: Tracking): Forms['array'] {
    const { prefixItems = [], items, contains, minContains = 1, maxContains = Infinity } = keywords;
    if (isIdle(keywords, ARRAY_KEYS) && tracking === 'none') return EVERYTHING.array;
    const atom: ArrayAtom = {
      ...ALL_ARRAYS,
      prefix: prefixItems,
      rest: items ?? ANY,
      min: Math.ceil(keywords.minItems ?? 0),
      max: Math.floor(keywords.maxItems ?? Infinity),
      unique: keywords.uniqueItems === true,
      counts:
        contains === undefined
          ? []
          : [{ schema: contains, from: 0, min: Math.ceil(minContains), max: Math.floor(maxContains) }],
      ...(tracking === 'none'
        ? {}
        : {
            seen: {
              prefix: items === undefined ? prefixItems.length : Infinity,
              matched: contains === undefined ? [] : [contains],
            },
          }),
    };
    return this.#algebra.intersect({ ...NOTHING, array: [atom] }, { ...NOTHING, array: [{ ...ALL_ARRAYS }] }).array;
  }

  #objects(keywords: Keywords, tracking: Tracking): Forms['object'] {
    const { store } = this.#env;
    const { properties = [], patternProperties = [], additionalProperties, propertyNames, required = [] } = keywords;
    if (isIdle(keywords, OBJECT_KEYS) && tracking === 'none') return EVERYTHING.object;
    const classes: NameClass[] = patternProperties.map(([pattern, schema]) => ({
      names: store.intern({ pattern }),
      schema,
    }));
    const declared = classes.map(({ names }) => names);
    if (additionalProperties !== undefined && additionalProperties !== ANY)
      classes.push({ names: store.and(...declared.map((id) => store.not(id))), schema: additionalProperties });
    const own: ObjectAtom = {
      ...ALL_OBJECTS,
      properties: new Map(properties),
      required: new Set(required),
      min: Math.ceil(keywords.minProperties ?? 0),
      max: Math.floor(keywords.maxProperties ?? Infinity),
      ...(tracking === 'none'
        ? {}
        : {
            seen: {
              names: new Set(properties.map(([name]) => name)),
              classes: additionalProperties === undefined ? declared : [ANY],
            },
          }),
    };
    // `patternProperties` and `propertyNames` also apply to declared names, `additionalProperties` does not
    const rules: NameClass[] = classes.slice(0, declared.length);
    if (propertyNames !== undefined) rules.push({ names: store.not(propertyNames), schema: NEVER });
    const rest = classes.slice(declared.length);
    const { object } = this.#algebra.intersect(
      { ...NOTHING, object: [{ ...own, classes: rest }] },
      { ...NOTHING, object: [{ ...ALL_OBJECTS, classes: rules }] },
    );
    return object;
  }

  #values(values: readonly JsonValue[]): Forms {
    const numbers = values.filter((value) => typeof value === 'number');
    const strings = values.filter((value) => typeof value === 'string');
    const plain = values.filter((value) => value === null || typeof value === 'boolean');
    const { store } = this.#env;
    const array = values.filter(isList).map((items): ArrayAtom => {
      const prefix = items.map((item) => store.oneOf([item]));
      return { ...ALL_ARRAYS, prefix, rest: NEVER, min: items.length, max: items.length };
    });
    const object = values.filter(isObject).map((value): ObjectAtom => {
      const members = Object.entries(value).flatMap(([name, item]): readonly (readonly [string, Id])[] =>
        item === undefined ? [] : [[name, store.oneOf([item])]],
      );
      const names = members.map(([name]) => name);
      return {
        ...ALL_OBJECTS,
        properties: new Map(members),
        classes: [{ names: ANY, schema: NEVER }],
        required: new Set(names),
        min: names.length,
        max: names.length,
      };
    });
    return this.#algebra.union({
      plain: plain.length === 0 ? [] : [{ values: plain, opaque: [] }],
      number: numbers.length === 0 ? [] : [finiteNumbers(numbers)],
      string: strings.length === 0 ? [] : [finiteStrings(strings)],
      array,
      object,
    });
  }

  /** Objects without a certain member, and all values that are not objects. */
  #absent(name: string): Forms {
    return { ...EVERYTHING, object: [{ ...ALL_OBJECTS, properties: new Map([[name, NEVER]]) }] };
  }

  #present(names: readonly string[]): Forms {
    return { ...NOTHING, object: [{ ...ALL_OBJECTS, required: new Set(names), min: 0 }] };
  }

  #anyOf(ids: readonly Id[], tracking: Tracking): Forms {
    const algebra = this.#algebra;
    const branches = ids.map((id) => this.formsOf(id, tracking));
    if (tracking !== 'exact') return algebra.union(...branches);
    // what several branches evaluate together may let a value pass
    const combined: Forms[] = [];
    for (const branch of branches) {
      const nested = { ...branch, plain: [], number: [], string: [] };
      const more = combined
        .map((other) => algebra.intersect(other, nested))
        .filter(({ array, object }) => array.length + object.length > 0);
      combined.push(...more, branch);
      if (combined.length > MOST_COMBINATIONS) return allSeen(algebra.hide(algebra.union(...branches), UNEVALUATED));
    }
    return algebra.union(...combined);
  }

  /** Values that exactly one of the branches accepts. */
  #oneOf(ids: readonly Id[], tracking: Tracking): Loose {
    const { store } = this.#env;
    const branches = ids.map((id) => this.formsOf(id));
    const forms = this.#algebra.union(...ids.map((id) => this.formsOf(id, tracking)));
    const without = ids.flatMap((id, index) =>
      ids.flatMap((other, at) => {
        const [one, two] = [branches[index], branches[at]];
        return at > index && one && two && !this.#algebra.areApart(one, two) ? [store.and(id, other)] : [];
      }),
    );
    return { forms, without: without.filter((id) => id !== NEVER) };
  }

  #conditional(keywords: Keywords, condition: Id, tracking: Tracking): Forms {
    const algebra = this.#algebra;
    if (keywords.then === undefined && keywords.else === undefined && tracking === 'none') return EVERYTHING;
    const branch = (id: Id | undefined): Forms => (id === undefined ? EVERYTHING : this.formsOf(id, tracking));
    return algebra.union(
      algebra.intersect(this.formsOf(condition, tracking), branch(keywords.then)),
      algebra.intersect(algebra.subtract(EVERYTHING, this.formsOf(condition)), branch(keywords.else)),
    );
  }

  #unseenNames(forms: Forms, schema: Id): Forms {
    const { store } = this.#env;
    const object = forms.object.flatMap((atom) => {
      const seen = atom.seen ?? { names: new Set<string>(), classes: [] };
      const names = store.and(
        ...seen.classes.map((id) => store.not(id)),
        store.not(store.oneOf([...seen.names].toSorted())),
      );
      const rule: ObjectAtom = { ...ALL_OBJECTS, classes: names === NEVER ? [] : [{ names, schema }] };
      return this.#algebra
        .intersect({ ...NOTHING, object: [atom] }, { ...NOTHING, object: [rule] })
        .object.map((met) => ({ ...met, seen: { names: seen.names, classes: [ANY] } }));
    });
    return { ...forms, object };
  }

  #unseenItems(forms: Forms, schema: Id): Forms {
    const { store } = this.#env;
    const array = forms.array.flatMap((atom) => {
      const seen = atom.seen ?? { prefix: 0, matched: [] };
      if (seen.prefix === Infinity) return [atom];
      const rest = store.or(schema, ...seen.matched);
      const prefix = Array.from({ length: seen.prefix }, () => ANY);
      return this.#algebra
        .intersect({ ...NOTHING, array: [atom] }, { ...NOTHING, array: [{ ...ALL_ARRAYS, prefix, rest }] })
        .array.map((met) => ({ ...met, seen: { prefix: Infinity, matched: seen.matched } }));
    });
    return { ...forms, array };
  }
}

const INT32 = numbersOf({ minimum: -(2 ** 31), maximum: 2 ** 31 - 1, integer: true });
const INT64 = numbersOf({ integer: true });
const NUMBER_KEYS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'] as const;
const STRING_KEYS = ['minLength', 'maxLength', 'pattern', 'format'] as const;
const ARRAY_KEYS = ['prefixItems', 'items', 'contains', 'minItems', 'maxItems', 'uniqueItems'] as const;
const OBJECT_KEYS = [
  'properties',
  'patternProperties',
  'additionalProperties',
  'propertyNames',
  'required',
  'minProperties',
  'maxProperties',
] as const;

function isIdle(keywords: Keywords, keys: readonly (keyof Keywords)[]): boolean {
  return keys.every((key) => keywords[key] === undefined);
}

function typed(types: readonly JsonType[]): Forms {
  const plain = [...(types.includes('null') ? [null] : []), ...(types.includes('boolean') ? [false, true] : [])];
  return {
    plain: plain.length === 0 ? [] : [{ values: plain, opaque: [] }],
    number: types.includes('number') ? [ALL_NUMBERS] : types.includes('integer') ? [INT64] : [],
    string: types.includes('string') ? [ALL_STRINGS] : [],
    array: types.includes('array') ? [ALL_ARRAYS] : [],
    object: types.includes('object') ? [ALL_OBJECTS] : [],
  };
}

function allSeen(forms: Forms): Forms {
  return {
    ...forms,
    array: forms.array.map((atom) => ({ ...atom, seen: { prefix: Infinity, matched: [] } })),
    object: forms.object.map((atom) => ({ ...atom, seen: { names: new Set<string>(), classes: [ANY] } })),
  };
}

function withoutSeen(forms: Forms): Forms {
  return {
    ...forms,
    array: forms.array.map(({ seen: _, ...atom }) => atom),
    object: forms.object.map(({ seen: _, ...atom }) => atom),
  };
}
