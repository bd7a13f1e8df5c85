import type { JsonValue } from '@atlas/ir';

/** A parsed value with its offset in the text, in UTF-16 units. Both parsers, of YAML and JSON, give it. */
export type Node = ScalarNode | MapNode | SeqNode;

interface NodeBase {
  readonly start: number;
  /** The plain JSON value; the value of a parent contains the same object. */
  readonly value: JsonValue;
  /** Number of values in it, itself included; an alias counts as everything that it repeats. */
  readonly weight: number;
  /** Levels below it, including those of aliases. */
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

/** A finding of a parser, at an offset; `load` turns it into a diagnostic with a file and a line. */
export interface SyntaxProblem {
  readonly code: string;
  readonly message: string;
  readonly offset: number;
  readonly fix: string;
  readonly related?: { readonly offset: number; readonly message: string };
}

export interface ParseResult {
  /** Absent if the text has no usable value. */
  readonly root?: Node;
  /** Whether a node of it is also at another pointer. */
  readonly hasAliases?: boolean;
  readonly problems: readonly SyntaxProblem[];
}

/** Weight and height of a list or an object, from those of its children. */
export function sizeOf(children: Iterable<Node>): { readonly weight: number; readonly height: number } {
  const size = { weight: 1, height: 0 };
  for (const child of children) grow(size, child);
  return size;
}

/** Adds a child to the weight and the height of a list or an object, which begin with 1 and 0. */
export function grow(size: { weight: number; height: number }, child: Node): void {
  size.weight += child.weight;
  size.height = Math.max(size.height, child.height + 1);
}

/** A scalar at an offset. */
export function scalar(start: number, value: JsonValue): ScalarNode {
  return { kind: 'scalar', start, value, weight: 1, height: 0 };
}

/** Thrown by a parser to give up on a document; never leaves this folder. */
export class GiveUp extends Error {
  readonly problem: SyntaxProblem;
  constructor(problem: SyntaxProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** A key that lets careless code change the prototype of an object. No spec needs it. */
export const FORBIDDEN_KEY = '__proto__';
