import { isObject, type JsonValue } from '@atlas/ir';
import type { Dialect } from '../../jsonschema/keywords.ts';
import type { Search } from '../cover/search.ts';
import type { CleanRefs } from '../hashcons/clean.ts';
import type { Id } from '../hashcons/keywords.ts';
import type { Projection, Replacement, View } from '../project/project.ts';
import type { Direction, SchemaDocument } from '../schemas.ts';
import { childPairs, resolved, type ChildPair, type Spot, type Step } from './children.ts';

/** Two schemas that correspond, of which the reader's does not cover the writer's. */
export interface GraphNode {
  readonly direction: Direction;
  readonly names: View['names'];
  readonly old: Spot;
  readonly new: Spot;
  readonly writer: Id;
  readonly reader: Id;
  /** The pairs inside whose difference alone breaks this one. */
  readonly edges: readonly { readonly step: Step; readonly to: string }[];
  /**
   * Present if it breaks even when all of those stay as before, so that an edit is here: what the writer sends and the
   * reader accepts with only this edit made.
   */
  readonly own?: { readonly writer: Id; readonly reader: Id };
}

/** How a pair is read, and the schema of what its writer can send, with its number. */
interface Reading {
  readonly direction: Direction;
  readonly names: View['names'];
  readonly within: JsonValue;
  readonly limits: Id;
}

type Replaced = ReadonlyMap<JsonValue, Replacement>;

/**
 * Walks two documents in parallel, from pairs that differ to the deepest pairs that do. Each pair is looked at once,
 * however many operations reach it, so that one edit is one cause.
 */
export class Graph {
  readonly nodes = new Map<string, GraphNode>();
  readonly #search: Search;
  readonly #projection: Projection;
  /** Reads schemas of what can be sent, which no document has. */
  readonly #limits: Projection;
  readonly #clean: CleanRefs;
  readonly #sides: { readonly old: SchemaDocument; readonly new: SchemaDocument };
  readonly #strict: boolean;
  readonly #known = new Set<string>();
  readonly #queue: { readonly key: string; readonly look: () => GraphNode | undefined }[] = [];

  constructor(parts: {
    readonly search: Search;
    readonly projection: Projection;
    readonly limits: Projection;
    readonly clean: CleanRefs;
    readonly old: SchemaDocument;
    readonly new: SchemaDocument;
    readonly strict: boolean;
  }) {
    this.#search = parts.search;
    this.#projection = parts.projection;
    this.#clean = parts.clean;
    this.#sides = { old: parts.old, new: parts.new };
    this.#strict = parts.strict;
    this.#limits = parts.limits;
  }

  /** The key of a pair. It becomes no node if the reader covers what the writer can send. */
  add(
    old: Spot,
    next: Spot,
    direction: Direction,
    within: JsonValue = true,
    names: View['names'] = this.#strict ? 'open' : 'closed',
  ): string {
    const before = resolved(this.#sides.old.document, old, this.#dialects[0]);
    const after = resolved(this.#sides.new.document, next, this.#dialects[1]);
    const limits = this.#limits.project(within, { side: 'both', direction, names: 'open' });
    const key = `${direction} ${names} ${limits} ${before.pointer} ${after.pointer}`;
    if (this.#known.has(key)) return key;
    this.#known.add(key);
    this.#queue.push({ key, look: () => this.#look(before, after, { direction, names, within, limits }) });
    return key;
  }

  /** Looks at all added pairs, and at all pairs that they lead to. */
  run(): void {
    for (const { key, look } of this.#queue) {
      const node = look();
      if (node) this.nodes.set(key, node);
    }
    this.#queue.length = 0;
    for (const [key, node] of this.nodes) {
      const edges = node.edges.filter(({ to }) => this.nodes.has(to));
      if (edges.length < node.edges.length)
        this.nodes.set(
          key,
          edges.length === 0
            ? { ...node, edges, own: node.own ?? { writer: node.writer, reader: node.reader } }
            : { ...node, edges },
        );
    }
  }

  get #dialects(): readonly [Dialect, Dialect] {
    return [this.#sides.old.dialect, this.#sides.new.dialect];
  }

  #look(old: Spot, next: Spot, { direction, names, within, limits }: Reading): GraphNode | undefined {
    if (this.#clean.isSame(old.schema, next.schema)) return undefined;
    // `role` is the side that the schema is for, which decides who writes it
    const read = (side: 'old' | 'new', role: 'old' | 'new', schema: JsonValue, replaced?: Replaced): Id => {
      const writes = (role === 'old') === (direction === 'request');
      const view: View = { side, direction, names: writes ? names : 'open' };
      return replaced && isObject(schema)
        ? this.#projection.projectWith(schema, view, replaced)
        : this.#projection.project(schema, view);
    };
    const before = read('old', 'old', old.schema);
    const after = read('new', 'new', next.schema);
    const sent = (writer: Id): Id => this.#search.store.and(writer, limits);
    const [writer, reader] = direction === 'request' ? [before, after] : [after, before];
    if (this.#covers(reader, writer) || this.#covers(reader, sent(writer))) return undefined;
    const alone = this.#differing(old, next).flatMap((pairs) => {
      // without an answer, every edit is reported where it is
      if (this.#search.store.work.isOver) return pairs;
      const edited = read(
        'old',
        'new',
        old.schema,
        new Map(pairs.map((pair) => [pair.old.schema, { schema: pair.new.schema, side: 'new' }])),
      );
      const [from, by] = direction === 'request' ? [before, edited] : [edited, before];
      return this.#covers(by, sent(from)) ? [] : pairs;
    });
    const edges = alone.map((pair) => {
      const inner: View['names'] = names === 'open' ? 'open' : pair.step.kind === 'in-place' ? 'part' : 'closed';
      return { step: pair.step, to: this.add(pair.old, pair.new, direction, insideOf(within, pair.step), inner) };
    });
    const common = { direction, names, old, new: next, writer: sent(writer), reader, edges };
    if (edges.length === 0) return { ...common, own: { writer: common.writer, reader } };
    const undone = read(
      'new',
      'new',
      next.schema,
      new Map(alone.map((pair) => [pair.new.schema, { schema: pair.old.schema, side: 'old' }])),
    );
    const [from, by] = direction === 'request' ? [before, undone] : [undone, before];
    return this.#isSame(from, by) || this.#covers(by, sent(from))
      ? common
      : { ...common, own: { writer: sent(from), reader: by } };
  }

  /** The pairs inside that differ. Those that lead to the same two schemas are edited together. */
  #differing(old: Spot, next: Spot): readonly (readonly ChildPair[])[] {
    const pairs = childPairs(old, next, this.#dialects).filter(
      (pair) => !this.#clean.isSame(pair.old.schema, pair.new.schema),
    );
    const groups = Map.groupBy(pairs, (pair) => {
      const before = resolved(this.#sides.old.document, pair.old, this.#dialects[0]);
      return `${before.pointer} ${resolved(this.#sides.new.document, pair.new, this.#dialects[1]).pointer}`;
    });
    return [...groups.values()];
  }

  /** Whether the form alone says that the schemas are the same. This costs little, so it is always answered. */
  #isSame(writer: Id, reader: Id): boolean {
    this.#search.store.work.add(1);
    return this.#search.isSame(writer, reader);
  }

  #covers(reader: Id, writer: Id): boolean {
    this.#search.begin();
    return this.#search.uncovered(writer, reader).kind === 'empty';
  }
}

/** The part of `within` that is about the value at the end of a step. */
function insideOf(within: JsonValue, { kind }: Step): JsonValue {
  if (kind === 'in-place' || !isObject(within)) return within;
  const isMember = kind === 'member' || kind === 'other-members';
  return within[isMember ? 'additionalProperties' : 'items'] ?? true;
}
