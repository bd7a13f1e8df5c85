import { isObject, type JsonValue } from '@atlas/ir';
import type { Dialect } from '../../jsonschema/keywords.ts';
import type { Search } from '../cover/search.ts';
import type { CleanRefs } from '../hashcons/clean.ts';
import type { Id } from '../hashcons/keywords.ts';
import type { Projection, Replacement, View } from '../project/project.ts';
import type { Direction, SchemaDocument } from '../schemas.ts';
import { childPairs, resolved, type Spot, type Step } from './children.ts';

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

type Replaced = ReadonlyMap<JsonValue, Replacement>;

/**
 * Walks two documents in parallel, from pairs that differ to the deepest pairs that do. Each pair is looked at once,
 * however many operations reach it, so that one edit is one cause.
 */
export class Graph {
  readonly nodes = new Map<string, GraphNode>();
  readonly #search: Search;
  readonly #projection: Projection;
  readonly #clean: CleanRefs;
  readonly #sides: { readonly old: SchemaDocument; readonly new: SchemaDocument };
  readonly #strict: boolean;
  readonly #known = new Set<string>();
  readonly #queue: { readonly key: string; readonly look: () => GraphNode | undefined }[] = [];

  constructor(parts: {
    readonly search: Search;
    readonly projection: Projection;
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
  }

  /** The key of a pair. It becomes no node if the reader covers the writer. */
  add(old: Spot, next: Spot, direction: Direction, names: View['names'] = this.#strict ? 'open' : 'closed'): string {
    const before = resolved(this.#sides.old.document, old, this.#dialects[0]);
    const after = resolved(this.#sides.new.document, next, this.#dialects[1]);
    const key = `${direction} ${names} ${before.pointer} ${after.pointer}`;
    if (this.#known.has(key)) return key;
    this.#known.add(key);
    this.#queue.push({ key, look: () => this.#look(before, after, direction, names) });
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

  #look(old: Spot, next: Spot, direction: Direction, names: View['names']): GraphNode | undefined {
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
    const [writer, reader] = direction === 'request' ? [before, after] : [after, before];
    if (this.#covers(reader, writer)) return undefined;
    const pairs = childPairs(old, next, this.#dialects).filter(
      (pair) => !this.#clean.isSame(pair.old.schema, pair.new.schema),
    );
    const alone = pairs.filter((pair) => {
      const edited = read(
        'old',
        'new',
        old.schema,
        new Map([[pair.old.schema, { schema: pair.new.schema, side: 'new' }]]),
      );
      return direction === 'request' ? !this.#covers(edited, before) : !this.#covers(before, edited);
    });
    const edges = alone.map((pair) => {
      const inner: View['names'] = names === 'open' ? 'open' : pair.step.kind === 'in-place' ? 'part' : 'closed';
      return { step: pair.step, to: this.add(pair.old, pair.new, direction, inner) };
    });
    const common = { direction, names, old, new: next, writer, reader, edges };
    if (edges.length === 0) return { ...common, own: { writer, reader } };
    const undone = read(
      'new',
      'new',
      next.schema,
      new Map(alone.map((pair) => [pair.new.schema, { schema: pair.old.schema, side: 'old' }])),
    );
    const own = direction === 'request' ? { writer, reader: undone } : { writer: undone, reader };
    return this.#covers(own.reader, own.writer) ? common : { ...common, own };
  }

  #covers(reader: Id, writer: Id): boolean {
    this.#search.begin();
    return this.#search.uncovered(writer, reader).kind === 'empty';
  }
}
