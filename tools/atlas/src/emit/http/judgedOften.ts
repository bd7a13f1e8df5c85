import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { keywordsOf } from '../../jsonschema/keywords.ts';
import { subschemas, type Subschema } from '../../jsonschema/walk.ts';
import { compileOrder } from './compileOrder.ts';

/** Beyond this number of pairs, every shared schema that is not cheap counts as one that is judged often. */
const MOST_PAIRS = 1_000_000;

/** A schema that leads to at most so many others, each counted as often as it is reached, is cheap to judge again. */
const MOST_CHEAP = 20;

/**
 * The shared schemas that a validator may judge several times for the same value, because several ways lead there: two
 * parts of an `allOf`, the branches of a `oneOf`, a part and a member. If each of them is judged again each time, the
 * work doubles with each level of schemas or of the value. Cheap schemas are left out.
 *
 * A way is a walk through schemas for the same value and through members and items. The search follows pairs of ways
 * that have parted and that apply to the same value. A schema where both arrive is judged often. Behind it the pair
 * ends, because the second judgement of that schema is only looked up.
 */
export function judgedOften(roots: Iterable<JsonValue>, shared: ReadonlyMap<string, JsonValue>): ReadonlySet<string> {
  const graph = new SchemaGraph(roots, shared);
  // Of two ways, the one that is farther from the last schema of the value goes on, so none passes where both meet.
  const distances = new Map(
    compileOrder(graph.nodes, ({ inPlace }) => inPlace).names.map((node, index) => [node, index]),
  );
  const distance = (node: Node): number => (node.inPlace.length > 0 ? (distances.get(node) ?? 0) : -1);
  const found = new Set<string>();
  const seen = new Map<Node, Set<Node>>();
  let pairs = 0;
  const open: [Node, Node][] = [];
  const add = (left: Node, right: Node): void => {
    if (left === right && left.name !== undefined) found.add(left.name);
    const [first, second] = distance(left) >= distance(right) ? [left, right] : [right, left];
    const others = seen.get(first) ?? new Set();
    if (others.has(second)) return;
    seen.set(first, others.add(second));
    pairs++;
    if (left !== right || left.name === undefined) open.push([first, second]);
  };
  for (const { inPlace, children } of graph.nodes) {
    inPlace.forEach((left, index) => inPlace.slice(index + 1).forEach((right) => add(left, right)));
    // Two members with different names never meet.
    for (const left of children.filter(({ part }) => part.kind !== 'name'))
      for (const right of children) if (left !== right && overlap(left.part, right.part)) add(left.to, right.to);
  }
  for (let pair = open.pop(); pair; pair = open.pop()) {
    if (pairs > MOST_PAIRS) return graph.names;
    const [first, second] = pair;
    for (const next of first.inPlace) add(next, second);
    for (const { part, to } of first.children)
      for (const other of second.children) if (overlap(part, other.part)) add(to, other.to);
  }
  return found;
}

/** Which members or items of a value a schema applies to. */
type Part =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'others'; readonly than: JsonObject }
  | { readonly kind: 'items'; readonly from: number; readonly to: number }
  | { readonly kind: 'names' };

/** A schema that leads to schemas that are not cheap. */
interface Node {
  /** The name of a shared schema. */
  readonly name: string | undefined;
  /** Schemas that apply to the same value. If there are any, the last of them has the node's own children. */
  readonly inPlace: Node[];
  readonly children: { readonly part: Part; readonly to: Node }[];
}

class SchemaGraph {
  readonly nodes: Node[] = [];
  /** The shared schemas that are not cheap. */
  readonly names: ReadonlySet<string>;
  readonly #shared: ReadonlyMap<string, Node>;
  readonly #leads = new Map<JsonObject, boolean>();

  constructor(roots: Iterable<JsonValue>, shared: ReadonlyMap<string, JsonValue>) {
    const costs = costsOf(shared);
    this.names = new Set([...shared.keys()].filter((name) => (costs.get(name) ?? 0) > MOST_CHEAP));
    this.#shared = new Map([...this.names].map((name) => [name, this.#node(name)]));
    for (const [name, node] of this.#shared) this.#fill(node, shared.get(name) ?? true);
    for (const root of roots) if (this.#leadsOn(root)) this.#fill(this.#node(), root);
  }

  #node(name?: string): Node {
    const node = { name, inPlace: [], children: [] };
    this.nodes.push(node);
    return node;
  }

  #fill(node: Node, schema: JsonValue): void {
    if (!isObject(schema)) return;
    const ref = schema['$ref'];
    const target = typeof ref === 'string' ? this.#shared.get(ref) : undefined;
    if (target) node.inPlace.push(target);
    const inside = subschemas(schema).filter((inner) => this.#leadsOn(inner.schema));
    const judges = ({ keyword }: Subschema): string | undefined => TABLE.get(keyword)?.judges;
    for (const { schema: inner } of inside.filter((one) => judges(one) === 'value')) {
      const child = this.#node();
      node.inPlace.push(child);
      this.#fill(child, inner);
    }
    const below = inside.filter((one) => judges(one) !== 'value');
    if (below.length === 0) return;
    const holder = node.inPlace.length === 0 ? node : this.#node();
    if (holder !== node) node.inPlace.push(holder);
    for (const inner of below) {
      const child = this.#node();
      holder.children.push({ part: partOf(schema, inner), to: child });
      this.#fill(child, inner.schema);
    }
  }

  /** Whether a schema contains a reference to a schema that is not cheap. */
  #leadsOn(schema: JsonValue): boolean {
    if (!isObject(schema)) return false;
    const known = this.#leads.get(schema);
    if (known !== undefined) return known;
    const ref = schema['$ref'];
    const leads =
      (typeof ref === 'string' && this.#shared.has(ref)) ||
      subschemas(schema).some((inner) => this.#leadsOn(inner.schema));
    this.#leads.set(schema, leads);
    return leads;
  }
}

/** How many schemas each shared schema leads to. Those in a circle, and those that lead to one, have no end. */
function costsOf(shared: ReadonlyMap<string, JsonValue>): ReadonlyMap<string, number> {
  const refs = new Map([...shared].map(([name, schema]) => [name, allRefs(schema)]));
  const costs = new Map<string, number>();
  for (const name of compileOrder(refs.keys(), (from) => refs.get(from) ?? []).names)
    costs.set(
      name,
      (refs.get(name) ?? []).reduce((sum, ref) => sum + 1 + (costs.get(ref) ?? Infinity), 0),
    );
  return costs;
}

/** The references in a schema, each as often as it occurs. */
function allRefs(schema: JsonValue): readonly string[] {
  if (!isObject(schema)) return [];
  const ref = schema['$ref'];
  const inside = subschemas(schema).flatMap((inner) => allRefs(inner.schema));
  return typeof ref === 'string' ? [ref, ...inside] : inside;
}

const TABLE = keywordsOf('2020-12');

function partOf(schema: JsonObject, { keyword, key }: Subschema): Part {
  const { prefixItems, properties } = schema;
  const { judges, part, type } = TABLE.get(keyword) ?? {};
  if (judges === 'names') return { kind: 'names' };
  if (part === 'name') return { kind: 'name', name: String(key) };
  if (part === 'others') return { kind: 'others', than: isObject(properties) ? properties : {} };
  if (part === 'index') return { kind: 'items', from: Number(key), to: Number(key) };
  if (part === 'rest') return { kind: 'items', from: isList(prefixItems) ? prefixItems.length : 0, to: Infinity };
  return type === 'array' ? { kind: 'items', from: 0, to: Infinity } : { kind: 'others', than: {} };
}

/** Whether two schemas may apply to the same member, item or name. */
function overlap(left: Part, right: Part): boolean {
  if (left.kind === 'items') return right.kind === 'items' && left.from <= right.to && right.from <= left.to;
  if (left.kind === 'names') return right.kind === 'names';
  if (right.kind === 'items' || right.kind === 'names') return false;
  if (left.kind === 'others') return right.kind === 'others' || !Object.hasOwn(left.than, right.name);
  return right.kind === 'others' ? !Object.hasOwn(right.than, left.name) : left.name === right.name;
}
