import type { Cursor, Workspace } from '../../load/index.ts';

/** Every type that an `.avsc` file of the workspace defines at its root, by full name; the first file wins. */
export function namedTypes(workspace: Workspace): ReadonlyMap<string, Cursor> {
  const named = new Map<string, Cursor>();
  for (const [file, cursor] of workspace.documents) {
    const name = file.endsWith('.avsc') ? fullName(cursor) : undefined;
    if (name !== undefined && !named.has(name)) named.set(name, cursor);
  }
  return named;
}

/** Avro 1.12, section "Names": a dotted name is full, any other stands in its namespace. */
export function fullName(cursor: Cursor): string | undefined {
  const name = cursor.get('name')?.string();
  const namespace = cursor.get('namespace')?.string();
  if (name === undefined || name.includes('.') || namespace === undefined || namespace === '') return name;
  return `${namespace}.${name}`;
}
