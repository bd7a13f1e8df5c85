import type { Cursor } from '../../load/index.ts';
import type { Report } from './report.ts';

/** The author's words about a type or a field. */
export function docOf(cursor: Cursor, report: Report): string | undefined {
  const doc = cursor.get('doc');
  if (doc && doc.string() === undefined) report.error('ATL4002', 'doc is no text', doc.valueLoc, 'write it in quotes');
  return doc?.string();
}
