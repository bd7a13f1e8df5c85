import type { Cursor } from '../../document/cursor.ts';
import type { HttpView } from './http.ts';

/** Every `security` list of a document: the document's own and the operations'. */
export function securityLists(view: HttpView): readonly Cursor[] {
  const own = view.root.get('security');
  const lists = view.operations.flatMap(({ cursor }) => cursor.get('security') ?? []);
  return own ? [own, ...lists] : lists;
}

/** The schemes that a document declares, by name. */
export function schemesOf(view: HttpView): ReadonlyMap<string, Cursor> {
  return new Map(view.root.at('components', 'securitySchemes')?.entries() ?? []);
}
