import { isObject, type JsonValue } from '@atlas/ir';
import { atPointer } from '../../jsonschema/json.ts';
import { BUDGET } from '../budget.ts';
import { covers } from '../cover/covers.ts';
import { Search } from '../cover/search.ts';
import type { UnprovenReason } from '../finding.ts';
import { CleanRefs } from '../hashcons/clean.ts';
import type { Id } from '../hashcons/keywords.ts';
import { joined } from '../normal/found.ts';
import { limitsProjection } from '../project/limits.ts';
import { Projection } from '../project/project.ts';
import type { Cause, CompareOptions, Direction, Outcome, SchemaDocument, SchemaPair, SchemaPlace } from '../schemas.ts';
import { shrink } from '../shrink/shrink.ts';
import { check, proves } from '../witness/check.ts';
import { atEndOf, valueAt } from '../witness/wrap.ts';
import { changeOf, mainRefusal } from './changeOf.ts';
import type { Spot, Step } from './children.ts';
import { Graph, type GraphNode } from './graph.ts';

/** Pairs that reach a cause and are tried for a witness, nearest first. */
const MOST_ATTEMPTS = 3;

/** The value alone is a proof, but no whole message with it is. */
const UNCONFIRMED: UnprovenReason = {
  kind: 'no-witness',
  detail: 'a value of the schema is refused, but no whole message with it was found that only one version accepts',
};

/**
 * Compares pairs of schemas of two versions of a document, and gives the edits that break, each once, at the deepest
 * spot where it shows, with all the pairs that it reaches. A pair that is equal costs nothing.
 */
export function compareSchemas(
  old: SchemaDocument,
  next: SchemaDocument,
  pairs: readonly SchemaPair[],
  options: CompareOptions = {},
): Outcome {
  return new Comparison(old, next, options).compare(pairs);
}

interface Root {
  readonly id: string;
  readonly key: string;
  readonly pair: SchemaPair;
}

interface Way {
  readonly root: Root;
  readonly steps: readonly Step[];
}

class Comparison {
  readonly #old: SchemaDocument;
  readonly #new: SchemaDocument;
  readonly #clean: CleanRefs;
  readonly #search: Search;
  readonly #graph: Graph;
  readonly #limits: Projection;

  constructor(old: SchemaDocument, next: SchemaDocument, { strict = false, budget = {} }: CompareOptions) {
    this.#old = old;
    this.#new = next;
    this.#clean = new CleanRefs(old, next);
    const search: Search = new Search((ref) => projection.target(ref), { ...BUDGET, ...budget });
    const projection = new Projection(search.store, old, next, this.#clean);
    this.#search = search;
    this.#limits = limitsProjection(search.store);
    this.#graph = new Graph({ search, projection, limits: this.#limits, clean: this.#clean, old, new: next, strict });
  }

  compare(pairs: readonly SchemaPair[]): Outcome {
    const roots: Root[] = [];
    let equal = 0;
    for (const pair of pairs) {
      const before = spotOf(this.#old, pair.old);
      const after = spotOf(this.#new, pair.new);
      if (this.#clean.isSame(before.schema, after.schema)) equal += 1;
      else roots.push({ id: pair.id, key: this.#graph.add(before, after, pair.direction, pair.within), pair });
    }
    const { work } = this.#search.store;
    work.renew(roots.length);
    this.#graph.run();
    work.renew(roots.length);
    return { causes: this.#causes(roots), equal };
  }

  #causes(roots: readonly Root[]): readonly Cause[] {
    const starts = Map.groupBy(roots, ({ key }) => key);
    const users = this.#users();
    const byPlace = new Map<string, Cause>();
    for (const [key, node] of this.#graph.nodes) {
      if (!node.own) continue;
      const cause = this.#cause(node, node.own, waysTo(key, users, starts));
      if (cause === undefined) continue;
      const place = `${node.old.pointer} ${node.new.pointer}`;
      const known = byPlace.get(place);
      byPlace.set(place, known === undefined ? cause : merged(known, cause));
    }
    // a pair that is not covered is always reported
    const reached = new Set([...byPlace.values()].flatMap(({ reaches }) => reaches));
    for (const root of roots) {
      const node = reached.has(root.id) ? undefined : this.#graph.nodes.get(root.key);
      const cause = node && this.#cause(node, node, [{ root, steps: [] }]);
      if (cause) byPlace.set(root.id, cause);
    }
    return [...byPlace.values()].toSorted((a, b) => (a.old < b.old ? -1 : a.old > b.old ? 1 : a.new < b.new ? -1 : 1));
  }

  /** The pairs that each pair was reached from. */
  #users(): Users {
    const users = new Map<string, { readonly from: string; readonly step: Step }[]>();
    for (const [from, node] of this.#graph.nodes)
      for (const { step, to } of node.edges) {
        const list = users.get(to) ?? [];
        users.set(to, list);
        list.push({ from, step });
      }
    return users;
  }

  #cause(node: GraphNode, own: Own, ways: readonly Way[]): Cause | undefined {
    const acceptedBy = node.direction === 'request' ? 'old' : 'new';
    const common = {
      old: node.old.pointer,
      new: node.new.pointer,
      directions: [node.direction],
      reaches: [...new Set(ways.map(({ root }) => root.id))].toSorted(),
    };
    const reasons: UnprovenReason[] = [];
    for (const way of ways.slice(0, MOST_ATTEMPTS)) {
      const proof = this.#prove(node, own, way);
      if ('reasons' in proof) {
        reasons.push(...proof.reasons);
        continue;
      }
      this.#search.begin();
      const verdict = check(this.#search.store, own.reader, proof.spot);
      const refusal = verdict.kind === 'refused' ? mainRefusal(verdict.refusals) : undefined;
      const at = proof.at + (refusal?.at ?? '');
      if (way.root.pair.confirms?.(proof.value, at) === false) {
        reasons.push(UNCONFIRMED);
        continue;
      }
      const witness = { pair: way.root.id, acceptedBy, value: proof.value, at } as const;
      return {
        severity: 'error',
        ...changeOf(refusal, node.old.schema, node.new.schema, proof.spot, acceptedBy),
        ...common,
        witness,
      };
    }
    if (reasons.length === 0) return undefined;
    return {
      severity: 'warning',
      change: 'schema-unproven',
      message: 'the schema changed, and whether that breaks is not proven',
      ...common,
      unproven: joined([], reasons),
    };
  }

  /** The part of what breaks that a pair prefers; all of it if the part has no value. */
  #preferred(broken: Id, { reader, direction }: GraphNode, { preferred = true }: SchemaPair): Id {
    const limits = this.#limits.project(preferred, { side: 'both', direction, names: 'open' });
    const part = this.#search.store.and(broken, limits);
    if (part === broken) return broken;
    const found = this.#search.uncovered(part, reader);
    this.#search.begin();
    return found.kind === 'value' ? part : broken;
  }

  /** A whole value of the root that is refused because of its value at the end of the way. */
  #prove(
    node: GraphNode,
    own: Own,
    { root, steps }: Way,
  ):
    | { readonly value: JsonValue; readonly spot: JsonValue; readonly at: string }
    | { readonly reasons: readonly UnprovenReason[] } {
    const search = this.#search;
    const { store } = search;
    const top = this.#graph.nodes.get(root.key) ?? node;
    search.begin();
    const any = store.and(top.writer, atEndOf(store, steps, store.and(own.writer, store.not(own.reader))));
    const broken = this.#preferred(any, top, root.pair);
    const found = search.uncovered(broken, top.reader);
    const value = found.kind === 'value' ? found.value : found.kind === 'unknown' ? found.candidate : undefined;
    search.begin();
    const isRefused = (part: JsonValue): boolean => search.accepts(own.reader, part) !== true;
    if (value !== undefined) {
      const holds = (smaller: JsonValue): boolean =>
        search.accepts(broken, smaller) === true && search.accepts(top.reader, smaller) === false;
      const proof = [shrink(value, holds), value].find((one) => proves(store, top.writer, top.reader, one));
      const spot = proof === undefined ? undefined : (valueAt(proof, steps, isRefused) ?? { value: proof, at: '' });
      if (proof !== undefined && spot !== undefined) return { value: proof, spot: spot.value, at: spot.at };
    }
    // no value that shows this edit gets through the schemas around it, so there is no whole value
    if (found.kind === 'empty') return { reasons: [] };
    const verdict = covers(search, top.reader, top.writer);
    if (verdict.kind === 'no') {
      search.begin();
      const spot = valueAt(verdict.value, steps, isRefused);
      if (spot) return { value: verdict.value, spot: spot.value, at: spot.at };
    }
    if (verdict.kind === 'unknown') return { reasons: verdict.reasons };
    return { reasons: [{ kind: 'no-witness', detail: 'no value shows this change alone' }] };
  }
}

type Own = NonNullable<GraphNode['own']>;

type Users = ReadonlyMap<string, readonly { readonly from: string; readonly step: Step }[]>;

/** The roots that reach a pair, nearest first, each by a shortest way. */
function waysTo(key: string, users: Users, starts: ReadonlyMap<string, readonly Root[]>): readonly Way[] {
  const ways: Way[] = [];
  const seen = new Map<string, readonly Step[]>([[key, []]]);
  for (const [current, steps] of seen) {
    for (const root of starts.get(current) ?? []) ways.push({ root, steps });
    for (const { from, step } of users.get(current) ?? []) if (!seen.has(from)) seen.set(from, [step, ...steps]);
  }
  return ways;
}

function spotOf({ document }: SchemaDocument, { pointer, schema }: SchemaPlace): Spot {
  if (schema !== undefined) return { schema, pointer };
  const found = atPointer(document, pointer);
  return { schema: found === undefined || !(isObject(found) || typeof found === 'boolean') ? true : found, pointer };
}

/** Both directions of one edit. */
function merged(a: Cause, b: Cause): Cause {
  const [first, second] = a.severity === 'error' || b.severity !== 'error' ? [a, b] : [b, a];
  const directions: readonly Direction[] = [...new Set([...first.directions, ...second.directions])].toSorted();
  return { ...first, directions, reaches: [...new Set([...a.reaches, ...b.reaches])].toSorted() };
}
