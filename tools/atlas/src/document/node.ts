import type { JsonValue } from '@atlas/ir';

/** A parsed value with its place in the text: what the YAML and the JSON reader both make. Offsets are UTF-16 units. */
export type Node = ScalarNode | MapNode | SeqNode;

interface NodeBase {
  readonly start: number;
  /** The plain JSON value; parents hold the very same objects. */
  readonly value: JsonValue;
  /** Values in it, itself included, an alias counted as everything it stands for. */
  readonly weight: number;
  /** Levels below it: an alias brings its own along. */
  readonly height: number;
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
}

export interface MapNode extends NodeBase {
  readonly kind: 'map';
  readonly members: ReadonlyMap<string, Member>;
}

export interface SeqNode extends NodeBase {
  readonly kind: 'seq';
  readonly items: readonly Node[];
}

export interface Member {
  readonly keyStart: number;
  readonly node: Node;
}

/** A complaint of a reader, placed by offset; `load` gives it a file and a line. */
export interface SyntaxProblem {
  readonly code: string;
  readonly message: string;
  readonly offset: number;
  readonly fix: string;
  readonly related?: { readonly offset: number; readonly message: string };
}

export interface ParseResult {
  /** Absent where the text has no usable value. */
  readonly root?: Node;
  readonly problems: readonly SyntaxProblem[];
}

/** What a list or an object costs, out of what its children cost. */
export function sizeOf(children: Iterable<Node>): { readonly weight: number; readonly height: number } {
  let weight = 1;
  let height = 0;
  for (const child of children) {
    weight += child.weight;
    height = Math.max(height, child.height + 1);
  }
  return { weight, height };
}

/** A leaf at an offset. */
export function scalar(start: number, value: null | boolean | number | string): ScalarNode {
  return { kind: 'scalar', start, value, weight: 1, height: 0 };
}

/** Thrown by a reader to give up on a document; it never leaves this folder. */
export class GiveUp extends Error {
  readonly problem: SyntaxProblem;
  constructor(problem: SyntaxProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** A key that would reach an object's prototype in careless hands further down; no spec needs it. */
export const FORBIDDEN_KEY = '__proto__';
