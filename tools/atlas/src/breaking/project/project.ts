import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { targetAt } from '../hashcons/targetAt.ts';
import { keywordsOf, refStandsAlone } from '../../jsonschema/keywords.ts';
import { subschemas } from '../../jsonschema/walk.ts';
import type { CleanRefs } from '../hashcons/clean.ts';
import type { Id, Keywords, Opaque } from '../hashcons/keywords.ts';
import { ANY, NEVER, type Store } from '../hashcons/store.ts';
import type { Direction, SchemaDocument } from '../schemas.ts';
import { constraintsOf } from './constraints.ts';
import { tagsOf } from './discriminator.ts';

/** Which document a schema is read from; `both` if the reference means the same in either. */
export type Side = 'old' | 'new' | 'both';

/** How a schema is read: who writes its values, and whether names that it does not declare count as promised. */
export interface View {
  readonly side: Side;
  readonly direction: Direction;
  /**
   * `open`: as it is written. `closed`: an object has no name that nothing declares. `part`: one of several schemas for
   * the same value; only their whole is closed, and so is what is inside them. `condition`: open, and it only asks
   * about the value, so that `readOnly` and `writeOnly` inside it refuse nothing.
   */
  readonly names: 'open' | 'closed' | 'part' | 'condition';
}

/** The schema to read in place of another one, and its document. */
export interface Replacement {
  readonly schema: JsonValue;
  readonly side: Side;
}

type Member = readonly [keyword: keyof Keywords, value: Keywords[keyof Keywords]];

/**
 * Reads schemas of two documents into a `Store` as JSON Schema 2020-12, as one direction sees them: OpenAPI 3.0 and
 * draft 7 are translated; a member that the direction does not send (`readOnly` in a request, `writeOnly` in a
 * response) is `false` and is not required; a discriminator is a condition of each branch.
 */
export class Projection {
  readonly #store: Store;
  readonly #sides: Readonly<Record<Side, SchemaDocument>>;
  readonly #clean: CleanRefs;
  readonly #memo = new Map<string, Map<JsonObject, Id>>();
  #replaced: ReadonlyMap<JsonValue, Replacement> = new Map();

  constructor(store: Store, old: SchemaDocument, next: SchemaDocument, clean: CleanRefs) {
    this.#store = store;
    this.#sides = { old, new: next, both: old };
    this.#clean = clean;
  }

  /**
   * A schema in which some schemas directly inside it are replaced by schemas of the other document. It shows what one
   * edit does alone.
   */
  projectWith(schema: JsonObject, view: View, replaced: ReadonlyMap<JsonValue, Replacement>): Id {
    this.#replaced = replaced;
    // a copy, so that what is remembered about the schema itself is neither used nor replaced
    const id = this.project({ ...schema }, view);
    this.#replaced = new Map();
    return id;
  }

  /** A schema of a document. */
  project(schema: JsonValue, view: View): Id {
    if (!isObject(schema)) return schema === false ? NEVER : ANY;
    const replacement = this.#replaced.get(schema);
    if (replacement) return this.#instead(replacement, view);
    const key = `${view.side} ${view.direction} ${view.names}`;
    const memo = this.#memo.get(key) ?? new Map<JsonObject, Id>();
    this.#memo.set(key, memo);
    const known = memo.get(schema);
    if (known !== undefined) return known;
    const read = this.#read(schema, view);
    const open = isOpen(view) ? read : this.project(schema, { ...view, names: 'open' });
    // of two open branches that accept a value, only one closed branch may be left: `oneOf` still refuses the value
    const id = read !== open && schema['oneOf'] !== undefined ? this.#store.and(read, open) : read;
    memo.set(schema, id);
    this.#store.setWithin(id, open);
    return id;
  }

  #instead({ schema, side }: Replacement, view: View): Id {
    const replaced = this.#replaced;
    this.#replaced = new Map();
    const id = this.project(schema, { ...view, side });
    this.#replaced = replaced;
    return id;
  }

  /** What a reference of a stored schema means; `Store` asks for it once. */
  target(name: string): Id {
    const [side, direction, names, ...rest] = name.split(' ');
    const view = viewOf(side, direction, names);
    const ref = rest.join(' ');
    const { document } = this.#sides[view.side];
    const target = targetAt(document, ref);
    if (target === undefined) {
      const said = ref.startsWith('#/') ? 'leads nowhere' : 'is not followed';
      const opaque: Opaque = { kind: 'reference', detail: `the reference ${ref} ${said}` };
      // what it means may have changed
      return this.#store.intern({ opaque: view.side === 'both' ? opaque : { ...opaque, side: view.side } });
    }
    return this.project(target, view);
  }

  #read(schema: JsonObject, view: View): Id {
    const { dialect } = this.#sides[view.side];
    const ref = schema['$ref'];
    const referred = typeof ref === 'string' ? this.#reference(ref, view) : undefined;
    if (referred !== undefined && refStandsAlone(dialect)) return referred;
    const closes = view.names === 'closed' && declaresNames(this.#sides[view.side].document, schema);
    const inner: View = closes ? { ...view, names: 'part' } : view;
    const inPlace = typeof ref === 'string' && closes ? this.#reference(ref, inner) : referred;
    const own = this.#store.internCut(Object.fromEntries(this.#members(schema, inner)));
    const whole = inPlace === undefined ? own : this.#store.and(inPlace, own);
    return closes ? this.#store.intern({ allOf: [whole], closed: true }) : whole;
  }

  #reference(ref: string, view: View): Id {
    const side = view.side === 'both' || this.#clean.isClean(ref) ? 'both' : view.side;
    const name = `${side} ${view.direction} ${view.names} ${ref}`;
    const id = this.#store.intern({ ref: name });
    if (!isOpen(view)) this.#store.setWithin(id, this.#store.intern({ ref: `${side} ${view.direction} open ${ref}` }));
    return id;
  }

  /** The keywords of a schema except `$ref`. */
  #members(schema: JsonObject, view: View): readonly Member[] {
    const { dialect } = this.#sides[view.side];
    const known = keywordsOf(dialect);
    const child: View = view.names === 'part' ? { ...view, names: 'closed' } : view;
    const condition: View = { ...view, names: 'condition' };
    const open: View = view.names === 'condition' ? view : { ...view, names: 'open' };
    const unsent = new Set(this.#unsent(schema, view));
    const members: Member[] = [...constraintsOf(schema, dialect)];
    const map = (value: JsonObject, read: (name: string, item: JsonValue) => Id): readonly (readonly [string, Id])[] =>
      Object.entries(value)
        .flatMap(([name, item]): readonly (readonly [string, Id])[] =>
          item === undefined ? [] : [[name, read(name, item)]],
        )
        .toSorted(([a], [b]) => (a < b ? -1 : 1));
    const list = (value: JsonValue, view: View): readonly Id[] =>
      isList(value) ? value.map((item) => this.project(item, view)) : [];
    for (const [key, value] of Object.entries(schema)) {
      if (value === undefined || (!known.has(key) && key !== '$recursiveRef')) continue;
      switch (key) {
        case 'properties':
          if (isObject(value))
            members.push([key, map(value, (name, item) => (unsent.has(name) ? NEVER : this.project(item, child)))]);
          break;
        case 'patternProperties':
          if (isObject(value)) members.push([key, map(value, (_, item) => this.project(item, child))]);
          break;
        case 'dependentSchemas':
          if (isObject(value)) members.push([key, map(value, (_, item) => this.project(item, view))]);
          break;
        case 'dependencies':
          if (isObject(value)) members.push(...this.#dependencies(value, view));
          break;
        case 'required': {
          const names = isList(value) ? value.filter((name) => typeof name === 'string') : [];
          members.push([key, [...new Set(names)].filter((name) => !unsent.has(name)).toSorted()]);
          break;
        }
        case 'items':
          if (isList(value)) members.push(['prefixItems', list(value, child)]);
          else members.push([key, this.project(value, child)]);
          break;
        case 'additionalItems':
          if (isList(schema['items'])) members.push(['items', this.project(value, child)]);
          break;
        case 'prefixItems':
          members.push([key, list(value, child)]);
          break;
        case 'additionalProperties':
        case 'unevaluatedItems':
        case 'unevaluatedProperties':
          members.push([key, this.project(value, child)]);
          break;
        case 'contains':
        case 'propertyNames':
          members.push([key, this.project(value, open)]);
          break;
        case 'not':
        case 'if':
          members.push([key, this.project(value, condition)]);
          break;
        case 'then':
        case 'else':
          if (schema['if'] !== undefined) members.push([key, this.project(value, view)]);
          break;
        case 'allOf':
          members.push([key, list(value, view)]);
          break;
        case 'anyOf':
        case 'oneOf':
          members.push([key, this.#branches(schema, list(value, view), value, view)]);
          break;
        case '$dynamicRef':
        case '$recursiveRef':
          members.push(['opaque', this.#dynamic(key, value, view)]);
          break;
        default: // constraintsOf has the rest
      }
    }
    return members;
  }

  /** Not followed. Two of them are the same schema only if they can't mean anything else. */
  #dynamic(key: string, ref: JsonValue, { side }: View): Opaque {
    const reason = { kind: 'keyword', detail: `${key} ${JSON.stringify(ref)} is not followed` } as const;
    return side === 'both' || this.#clean.isDynamicClean(ref) ? reason : { ...reason, side };
  }

  /** Names that this direction does not send. */
  #unsent(schema: JsonObject, view: View): readonly string[] {
    const { document, dialect, isDirected = true } = this.#sides[view.side];
    const { properties } = schema;
    if (!isDirected || view.names === 'condition' || !isObject(properties)) return [];
    const key = view.direction === 'request' ? 'readOnly' : 'writeOnly';
    return Object.entries(properties).flatMap(([name, property]) =>
      property !== undefined && isMarked(document, property, key, refStandsAlone(dialect)) ? [name] : [],
    );
  }

  #dependencies(value: JsonObject, view: View): readonly Member[] {
    const names: [string, readonly string[]][] = [];
    const schemas: [string, Id][] = [];
    for (const [name, item] of Object.entries(value)) {
      if (isList(item)) names.push([name, item.filter((other) => typeof other === 'string').toSorted()]);
      else if (item !== undefined) schemas.push([name, this.project(item, view)]);
    }
    return [
      ...(names.length > 0 ? [['dependentRequired', names] as const] : []),
      ...(schemas.length > 0 ? [['dependentSchemas', schemas] as const] : []),
    ];
  }

  #branches(schema: JsonObject, ids: readonly Id[], branches: JsonValue, view: View): readonly Id[] {
    const { document } = this.#sides[view.side];
    if (!isList(branches)) return ids;
    const tags = tagsOf(document, schema, branches);
    return ids.map((id, index) => {
      const tag = tags?.values[index];
      if (tags === undefined || tag === undefined) return id;
      const properties = [[tags.property, this.#store.oneOf(tag)] as const];
      return this.#store.and(id, this.#store.intern({ required: [tags.property], properties }));
    });
  }
}

function viewOf(side: string | undefined, direction: string | undefined, names: string | undefined): View {
  return {
    side: side === 'old' || side === 'new' ? side : 'both',
    direction: direction === 'request' ? 'request' : 'response',
    names: names === 'closed' || names === 'part' || names === 'condition' ? names : 'open',
  };
}

function isOpen({ names }: View): boolean {
  return names === 'open' || names === 'condition';
}

/** Whether a property says `readOnly` or `writeOnly`, itself or behind its references. */
function isMarked(document: JsonObject, property: JsonValue, key: string, alone: boolean): boolean {
  const seen = new Set<string>();
  for (let schema: JsonValue | undefined = property; isObject(schema);) {
    const ref: JsonValue | undefined = schema['$ref'];
    const refers = typeof ref === 'string';
    if (schema[key] === true && !(refers && alone)) return true;
    if (!refers || seen.has(ref)) return false;
    seen.add(ref);
    schema = targetAt(document, ref);
  }
  return false;
}

/** Keywords whose schemas are about the same value and may declare its names. */
const IN_PLACE: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'then', 'else', 'dependentSchemas']);

/**
 * Whether a schema, or anything in place beside it, declares properties. An object schema that declares none is a map
 * of anything, so every name is promised.
 */
function declaresNames(document: JsonObject, schema: JsonValue): boolean {
  const seen = new Set<JsonValue>();
  const stack: JsonValue[] = [schema];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (!isObject(next) || seen.has(next)) continue;
    seen.add(next);
    if (isObject(next['properties']) && Object.keys(next['properties']).length > 0) return true;
    const ref = next['$ref'];
    if (typeof ref === 'string') stack.push(targetAt(document, ref) ?? true);
    stack.push(...subschemas(next).flatMap((inner) => (IN_PLACE.has(inner.keyword) ? [inner.schema] : [])));
  }
  return false;
}
