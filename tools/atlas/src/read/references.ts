import { parsePointer } from '@atlas/ir';
import type { Cursor } from '../document/cursor.ts';
import type { Workspace } from '../document/workspace.ts';
import { asyncapiChildKind } from './asyncapi/asyncapiKinds.ts';
import { openapiChildKind } from './openapi/openapiKinds.ts';

/** A reference in a whole document, with the kind of object that it should lead to and the kind that it does. */
export interface ReferenceView {
  readonly standard: 'openapi' | 'asyncapi';
  readonly ref: string;
  /** The place of the reference's text; its pointer is that of the object that contains it. */
  readonly loc: Cursor['loc'];
  /** The kind that the place needs. */
  readonly wanted: string;
  /** The kind it leads to; undefined if it leads into a fragment, which is checked where it is used. */
  readonly actual: string | undefined;
  readonly actualStandard: 'openapi' | 'asyncapi' | undefined;
  /** Keys beside `$ref`. */
  readonly siblings: readonly string[];
}

const CHILD_KIND = { openapi: openapiChildKind, asyncapi: asyncapiChildKind } as const;
type Standard = keyof typeof CHILD_KIND;

const found = new WeakMap<Workspace, readonly ReferenceView[]>();

/**
 * Every reference of every whole document, document by document. A `$ref` in data is not a reference. Several rules
 * need them, so they are collected once.
 */
export function references(workspace: Workspace): readonly ReferenceView[] {
  const known = found.get(workspace) ?? [...inWorkspace(workspace)];
  found.set(workspace, known);
  return known;
}

function* inWorkspace(workspace: Workspace): Generator<ReferenceView> {
  const standards = new Map<string, Standard>();
  for (const [file, root] of workspace.documents)
    for (const standard of ['openapi', 'asyncapi'] as const) if (root.get(standard)) standards.set(file, standard);
  for (const [file, standard] of standards) {
    const root = workspace.documents.get(file);
    if (root) yield* inDocument(root, standard, standards);
  }
}

function* inDocument(
  root: Cursor,
  standard: Standard,
  standards: ReadonlyMap<string, Standard>,
): Generator<ReferenceView> {
  const childKind = CHILD_KIND[standard];
  const seen = new Set<unknown>();
  const stack = [{ cursor: root, kind: 'document' }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { cursor, kind } = next;
    if (seen.has(cursor.identity)) continue;
    seen.add(cursor.identity);
    const members = cursor
      // most children are texts and numbers, which contain nothing
      .entries((key, written) => typeof written === 'object' && childKind(kind, key) !== 'data')
      .map(([key, child]) => ({ cursor: child, kind: childKind(kind, key), key }));
    const items = cursor.items().map((child, index) => ({ cursor: child, kind, key: String(index) }));
    const children = [...members, ...items];
    for (const child of children) {
      const { via, file, pointer } = child.cursor;
      if (!via) continue;
      const actualStandard = standards.get(file);
      yield {
        standard,
        ref: via.ref,
        loc: via.loc,
        wanted: child.kind,
        actual: actualStandard && kindAt(pointer, actualStandard),
        actualStandard,
        siblings: siblingsIn(cursor, child.key),
      };
    }
    stack.push(...children.filter(({ cursor: { via, value } }) => !via && typeof value === 'object').toReversed());
  }
}

function siblingsIn(holder: Cursor, key: string): readonly string[] {
  if (typeof holder.value !== 'object' || holder.value === null) return [];
  const raw = new Map(Object.entries(holder.value)).get(key);
  return typeof raw === 'object' && raw !== null ? Object.keys(raw).filter((name) => name !== '$ref') : [];
}

/** The kind of object at a pointer of a whole document. */
export function kindAt(pointer: string, standard: Standard): string {
  const childKind = CHILD_KIND[standard];
  let kind = 'document';
  for (const token of parsePointer(pointer) ?? []) kind = isIndex(token, kind) ? kind : childKind(kind, token);
  return kind;
}

/** `parameters` of an operation are a list, those of components a map. Only a map may have digits as a key. */
function isIndex(token: string, kind: string): boolean {
  return /^\d+$/.test(token) && !kind.endsWith('*') && kind !== 'callback';
}
