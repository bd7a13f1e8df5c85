import type { Cursor } from '../../load/index.ts';
import { isDotted, isName, nameFix } from './names.ts';
import type { Report } from './report.ts';

/** The names that a named type had before. */
export function checkAliases(cursor: Cursor, report: Report): void {
  listed(cursor, report, isDotted);
}

/** The names that a field had before. */
export function fieldAliases(cursor: Cursor, report: Report): readonly string[] {
  return listed(cursor, report, isName);
}

function listed(cursor: Cursor, report: Report, valid: (text: string) => boolean): readonly string[] {
  const list = cursor.get('aliases');
  if (!list) return [];
  if (!Array.isArray(list.value)) {
    report.error('ATL4002', 'aliases is no list', list.valueLoc, 'write a list of names');
    return [];
  }
  return list.items().flatMap((item) => {
    const text = item.string();
    if (text !== undefined && valid(text)) return [text];
    report.error('ATL4003', `${JSON.stringify(item.value)} can not be an alias`, item.valueLoc, nameFix(text));
    return [];
  });
}
