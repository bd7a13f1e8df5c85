import type { Change } from '../changelog/change.ts';
import type { Column, Table } from './catalog.ts';
import { quotedName, type Step } from './context.ts';
import { childPointer } from '@atlas/ir';

/** What the statements of new migrations change in tables and columns. */
export function tableChanges(service: string, steps: readonly Step[]): readonly Change[] {
  return steps.flatMap((step) => {
    const changes: Change[] = [];
    const note = (kind: Change['kind'], table: Table, what: string, ...names: readonly string[]): void => {
      const place = step.place([table.name, ...names].reduce(childPointer, ''));
      changes.push({ kind, subject: `${service}: table ${quotedName(table.name)}`, what, new: place });
    };
    for (const [id, table] of step.after.tables) {
      const before = step.before.tables.get(id);
      if (!before) {
        note('added', table, '');
        continue;
      }
      for (const [key, column] of table.columns) {
        const old = before.columns.get(key);
        if (!old) note('added', table, `column ${typed(column)}`, column.name);
        else if (typed(old) !== typed(column))
          note('changed', table, `column ${typed(old)} is ${typed(column)}`, old.name);
      }
      for (const [key, { name }] of before.columns)
        if (!table.columns.has(key)) note('removed', table, `column ${quotedName(name)}`, name);
      for (const [key, { name }] of table.indexes)
        if (!before.indexes.has(key)) note('added', table, `index ${quotedName(name)}`, name);
      for (const [key, { name }] of before.indexes)
        if (!table.indexes.has(key)) note('removed', table, `index ${quotedName(name)}`, name);
      for (const [key, { name, text, kind }] of table.constraints)
        if (!before.constraints.has(key) && kind !== 'other') note('added', table, `${quotedName(name)} ${text}`, name);
    }
    for (const [id, table] of step.before.tables) if (!step.after.tables.has(id)) note('removed', table, '');
    return changes;
  });
}

function typed({ name, type, required }: Column): string {
  return `${quotedName(name)} ${type}${required ? ' NOT NULL' : ''}`;
}
