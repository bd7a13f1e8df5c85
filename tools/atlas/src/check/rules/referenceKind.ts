import type { Cursor } from '../../load/index.ts';
import { parsePointer } from '../../load/pointer.ts';
import type { Finding, Rule } from '../rule.ts';
import { asyncapiChildKind } from '../views/asyncapiKinds.ts';
import { openapiChildKind } from '../views/openapiKinds.ts';

type ChildKind = (kind: string, key: string | number) => string;

export const referenceKind: Rule = {
  code: 'ATL5010',
  title: 'a reference to a thing of another kind',
  explain: {
    why: 'Where a response is wanted, a reference must lead to a response. The schemas of the standards see only that it is a reference.',
    bad: "responses: { '404': { $ref: '#/components/schemas/Problem' } }",
    good: "responses: { '404': { $ref: '#/components/responses/NotFound' } }",
  },
  *check({ workspace }) {
    const standards = new Map<string, ChildKind>();
    for (const [file, root] of workspace.documents) {
      if (root.get('openapi')) standards.set(file, openapiChildKind);
      else if (root.get('asyncapi')) standards.set(file, asyncapiChildKind);
    }
    for (const [file, childKind] of standards) {
      const root = workspace.documents.get(file);
      if (root) yield* problems(root, childKind, standards);
    }
  },
};

/** Walks one document, not what its references lead to: those documents have their turn. */
function* problems(root: Cursor, childKind: ChildKind, standards: ReadonlyMap<string, ChildKind>): Generator<Finding> {
  const seen = new Set<string>();
  const stack = [{ cursor: root, kind: 'document' }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { cursor, kind } = next;
    if (kind === 'data' || seen.has(cursor.pointer)) continue;
    seen.add(cursor.pointer);
    const members = cursor.entries().map(([key, child]) => ({ cursor: child, kind: childKind(kind, key) }));
    const items = cursor.items().map((child) => ({ cursor: child, kind }));
    for (const child of [...members, ...items]) {
      const { via } = child.cursor;
      if (!via) continue;
      const target = standards.get(child.cursor.file);
      const actual = target && kindAt(child.cursor.pointer, target);
      // Both standards call a schema a schema; nothing else is the same thing in both.
      const same = actual === child.kind && (target === childKind || actual === 'schema');
      if (child.kind !== 'data' && actual !== undefined && !same)
        yield {
          message: `${JSON.stringify(via.ref)} is ${named(actual)}, where ${named(child.kind)} is wanted`,
          loc: via.loc,
          fix: `refer to ${named(child.kind)}`,
        };
    }
    stack.push(...[...members, ...items].filter((child) => !child.cursor.via).toReversed());
  }
}

/** What stands at a pointer of a whole document. */
function kindAt(pointer: string, childKind: ChildKind): string {
  let kind = 'document';
  for (const token of parsePointer(pointer) ?? []) kind = isIndex(token, kind) ? kind : childKind(kind, token);
  return kind;
}

/** `parameters` of an operation is a list and that of components a map; only a map has names that look like numbers. */
function isIndex(token: string, kind: string): boolean {
  return /^\d+$/.test(token) && !kind.endsWith('*') && kind !== 'callback';
}

function named(kind: string): string {
  if (kind === 'data') return 'free data';
  const noun = kind.replace('*', ' map');
  return /^[aeio]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}
