import type { Cursor } from '../../load/index.ts';
import type { AvroType } from '@atlas/ir';
import type { Around, SchemaReader } from './schemaReader.ts';

/** Avro 1.12, "Unions": no union directly in a union, and no two branches of one type but named ones of differing names. */
export function unionOf(cursor: Cursor, around: Around, parser: SchemaReader): AvroType | undefined {
  const items = cursor.items();
  if (items.length === 0) {
    parser.report.error('ATL4006', 'a union without branches', cursor.valueLoc, 'write at least one type');
    return undefined;
  }
  if (!parser.count(cursor, items.length)) return undefined;
  const first = new Map<string, Cursor>();
  const branches = items.flatMap((item): AvroType[] => {
    const type = parser.read(item, { ...around, depth: around.depth + 1 });
    if (!type) return [];
    if (type.kind === 'union') {
      parser.report.error(
        'ATL4006',
        'a union directly in a union',
        item.valueLoc,
        'put its branches into the outer one',
      );
      return [];
    }
    const key = branchKey(type);
    const other = first.get(key);
    if (other) {
      parser.report.error('ATL4006', `two branches of type ${key}`, item.valueLoc, 'remove one of the two', {
        loc: other.valueLoc,
        message: 'the first',
      });
      return [];
    }
    first.set(key, item);
    return [type];
  });
  if (branches.length < items.length) return undefined;
  return { kind: 'union', branches };
}

/** What tells branches apart: the full name, or the type's. */
function branchKey(type: AvroType): string {
  return 'name' in type ? type.name : type.kind;
}
