import type { AvroRecord, AvroType, Loc } from '@atlas/ir';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';

/**
 * Records that no value can ever be of, for each one needs another one of itself. A list, a map or a union with a way out
 * ends the recursion.
 */
export function endlessRecords(root: AvroRecord, places: ReadonlyMap<string, Loc>): readonly Diagnostic[] {
  const records: AvroRecord[] = [];
  collect(root, records);
  const ends = new Set<string>();
  const hasEnd = (type: AvroType): boolean => {
    switch (type.kind) {
      case 'record':
      case 'ref':
        return ends.has(type.name) || !records.some(({ name }) => name === type.name);
      case 'union':
        return type.branches.some(hasEnd);
      default:
        return true;
    }
  };
  for (let before = -1; before !== ends.size;) {
    before = ends.size;
    for (const record of records) if (record.fields.every((field) => hasEnd(field.type))) ends.add(record.name);
  }
  return records.flatMap((record): Diagnostic[] => {
    const loc = places.get(record.name);
    if (ends.has(record.name) || !loc) return [];
    return [
      {
        code: 'ATL4012',
        severity: 'error',
        message: `record ${record.name} holds itself without an end`,
        loc,
        fix: 'let the field be ["null", …], or a list',
      },
    ];
  });
}

function collect(type: AvroType, records: AvroRecord[]): void {
  if (type.kind === 'record') {
    records.push(type);
    for (const field of type.fields) collect(field.type, records);
  } else if (type.kind === 'array') collect(type.items, records);
  else if (type.kind === 'map') collect(type.values, records);
  else if (type.kind === 'union') for (const branch of type.branches) collect(branch, records);
}
