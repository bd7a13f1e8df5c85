import type { JsonValue } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';
import { schemasAt } from '../../jsonschema/walk.ts';
import type { HttpView } from './http.ts';
import { childKind, type Kind } from './openapiKinds.ts';

const found = new WeakMap<readonly HttpView[], readonly Cursor[]>();

/**
 * Every Schema Object of every OpenAPI document, and of the parts of other files that they refer to, each once and in
 * document order. Several rules need them, so they are collected once.
 */
export function schemaObjects(http: readonly HttpView[]): readonly Cursor[] {
  const known = found.get(http) ?? [...schemasBelow(http.map(({ root }) => root))];
  found.set(http, known);
  return known;
}

function* schemasBelow(roots: readonly Cursor[]): Generator<Cursor> {
  const seen = new Map<Kind, Set<unknown>>();
  const seenSchemas = new Set<unknown>();
  const stack: { readonly cursor: Cursor; readonly kind: Kind }[] = [];
  for (const root of roots.toReversed()) stack.push({ cursor: root, kind: 'document' });
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { cursor, kind } = next;
    if (kind === 'schema') {
      yield* schemasAt(cursor, { seen: seenSchemas });
      continue;
    }
    const seenSo = seen.get(kind) ?? new Set<unknown>();
    if (seenSo.has(cursor.identity)) continue;
    seen.set(kind, seenSo.add(cursor.identity));
    const members = cursor
      .entries((key, written) => childKind(kind, key) !== 'data' && mayHoldSchemas(written))
      .map(([key, child]) => ({ cursor: child, kind: childKind(kind, key) }));
    const items = cursor.items().map((child) => ({ cursor: child, kind }));
    stack.push(...[...members, ...items].toReversed());
  }
}

/** Texts and numbers, which most values are, contain no schemas. A schema may be a boolean. */
function mayHoldSchemas(value: JsonValue): boolean {
  return typeof value === 'object' || typeof value === 'boolean';
}

/** The names in a schema's `type`, which may be one name or a list. Empty if there is no `type`. */
export function typesOf(schema: Cursor): readonly string[] {
  const type = schema.get('type');
  const one = type?.string();
  return one === undefined ? (type?.items() ?? []).flatMap((item) => item.string() ?? []) : [one];
}
