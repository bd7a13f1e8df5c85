import type { Ajv2020, KeywordCxt } from 'ajv/dist/2020.js';
import type { Code, Name } from 'ajv/dist/compile/codegen/code.js';
import type { EvaluatedProperties } from 'ajv/dist/types/index.js';
import type { Codegen } from './ownKeywords.ts';

type Util = typeof import('ajv/dist/compile/util.js');

/** The keywords whose schemas look at the same value, and those that look at members or items that only a run knows. */
const LOOKING = [
  '$ref',
  '$dynamicRef',
  'allOf',
  'anyOf',
  'oneOf',
  'if',
  'dependentSchemas',
  'patternProperties',
  'prefixItems',
  'contains',
] as const;

/**
 * Runs a compilation in which each schema notes in objects of its own which members and items it has looked at, for
 * `unevaluatedProperties` and `unevaluatedItems` (JSON Schema 2020-12, core, section 11). The notes of ajv 8 are wrong:
 * it makes the object only if a schema inside accepts the value, so a list's next item gets the notes of the last one,
 * or the code fails without them. It takes what `if` has looked at even if `if` refuses the value, takes all items for
 * `contains`, compares numbers of items that are not numbers, and takes a member such as `constructor` for noted.
 */
export function withOwnNotes<Result>(ajv: Ajv2020, codegen: Codegen, util: Util, compile: () => Result): Result {
  if (ajv.opts.unevaluated !== true) return compile();
  const { mergeEvaluated } = util;
  const { props, items } = mergeEvaluated;
  const notes = new Notes(codegen, util);
  for (const keyword of LOOKING) {
    const definition = ajv.getKeyword(keyword);
    if (typeof definition !== 'object' || !('code' in definition)) continue;
    const { code } = definition;
    definition.code = (context, type) => {
      notes.begin(context);
      if (keyword === 'if') notes.condition(context);
      else if (keyword === 'patternProperties') notes.patterns(context, () => code(context, type));
      else if (keyword === 'contains') notes.contained(context, () => code(context, type));
      else code(context, type);
    };
  }
  const unevaluated = ajv.getKeyword('unevaluatedItems');
  if (typeof unevaluated === 'object' && 'code' in unevaluated)
    unevaluated.code = (context) => notes.unevaluatedItems(context);
  // Notes about items are like those about members: an object with the indexes.
  mergeEvaluated.items = (gen, from, to, toName) => {
    const merged = props(
      gen,
      typeof from === 'number' ? indexes(from) : from,
      typeof to === 'number' ? indexes(to) : to,
      toName,
    );
    return merged instanceof codegen.Name || merged === true ? merged : Object.keys(merged).length;
  };
  try {
    return compile();
  } finally {
    mergeEvaluated.items = items;
  }
}

/** The first items as notes: `{0: true, 1: true}` for 2. */
function indexes(count: number): Record<string, true> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [String(index), true]));
}

class Notes {
  readonly #codegen: Codegen;
  readonly #util: Util;

  constructor(codegen: Codegen, util: Util) {
    this.#codegen = codegen;
    this.#util = util;
  }

  /** From here on, the code of the schema has its own objects, which are made anew for each value. */
  begin({ gen, it }: KeywordCxt): void {
    const { Name } = this.#codegen;
    const { props = {}, items = 0 } = it;
    if (props !== true && !(props instanceof Name)) it.props = this.#object(gen, props);
    if (typeof items === 'number') it.items = this.#object(gen, indexes(items));
  }

  #object(gen: KeywordCxt['gen'], known: Exclude<EvaluatedProperties, true>): Name {
    // It has no inherited members.
    const name = gen.var('notes', this.#codegen._`Object.create(null)`);
    this.#util.setEvaluated(gen, name, known);
    return name;
  }

  /** ajv's code adds members to an object, and what is noted so far may be that all of them have been looked at. */
  patterns({ gen, it }: KeywordCxt, write: () => void): void {
    const { props } = it;
    if (props === undefined || props === true) return write();
    const matched = this.#object(gen, {});
    it.props = matched;
    write();
    it.props = this.#util.mergeEvaluated.props(gen, matched, props);
  }

  /** What `if` has looked at counts if it accepts the value, also without `then` and `else`. */
  condition(context: KeywordCxt): void {
    const { gen, it } = context;
    const [valid, ifValid] = [gen.let('valid', true), gen.name('_valid')];
    const found = context.subschema(
      { keyword: 'if', compositeRule: true, createErrors: false, allErrors: false },
      ifValid,
    );
    context.reset();
    context.mergeValidEvaluated(found, ifValid);
    const clause = (keyword: 'then' | 'else') => (): void => {
      if (it.schema[keyword] === undefined) return;
      const clauseValid = gen.name('_valid');
      const inside = context.subschema({ keyword }, clauseValid);
      gen.assign(valid, clauseValid);
      context.mergeValidEvaluated(inside, valid);
    };
    gen.if(ifValid, clause('then'), clause('else'));
    context.pass(valid, () => context.error(true));
  }

  /** `contains` looks at the items that it accepts. ajv takes all items for seen. */
  contained(context: KeywordCxt, write: () => void): void {
    const { _ } = this.#codegen;
    const { gen, data, it } = context;
    const { items } = it;
    if (items === undefined || items === true) return write();
    gen.forRange('i', 0, _`${data}.length`, (index) => {
      const valid = gen.name('_valid');
      const silent = { compositeRule: true, createErrors: false } as const;
      const dataPropType = this.#util.Type.Num;
      context.subschema({ keyword: 'contains', dataProp: index, dataPropType, ...silent }, valid);
      gen.if(_`${valid} && ${items} !== true`, () => gen.assign(_`${items}[${index}]`, true));
    });
    context.reset();
    write();
    it.items = items;
  }

  unevaluatedItems(context: KeywordCxt): void {
    const { _, Name } = this.#codegen;
    const { gen, data, it } = context;
    const { items = 0 } = it;
    it.items = true;
    if (items === true) return;
    const valid = gen.let('valid', true);
    const judge = (index: Name): void => {
      const itemValid = gen.name('_valid');
      const dataPropType = this.#util.Type.Num;
      context.subschema({ keyword: 'unevaluatedItems', dataProp: index, dataPropType }, itemValid);
      gen.if(_`!${itemValid}`, () => gen.assign(valid, false));
    };
    const length: Code = _`${data}.length`;
    if (items instanceof Name)
      gen.if(_`${items} !== true`, () =>
        gen.forRange('i', 0, length, (index) => gen.if(_`!${items}[${index}]`, () => judge(index))),
      );
    else gen.forRange('i', items, length, judge);
    context.ok(valid);
  }
}
