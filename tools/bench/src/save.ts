import { readFileSync, writeFileSync } from 'node:fs';
import { type Line, markdown } from './table.ts';

const BEGIN = '<!-- measured: begin -->';
const END = '<!-- measured: end -->';

/** Writes `table` between the two marks of the page and keeps the text around them. */
export function save(page: string, table: string): void {
  const before = readFileSync(page, 'utf8');
  const [head, rest] = before.split(BEGIN);
  const tail = rest?.split(END)[1];
  if (head === undefined || tail === undefined) throw new Error(`${page} lacks the marks ${BEGIN} … ${END}`);
  writeFileSync(page, `${head}${BEGIN}\n\n${table}\n\n${END}${tail}`);
}

/**
 * Replaces the lines of the table that have the same first cell, or adds them at its end. One table must not have
 * figures of different machines, so this throws if `measured` names another machine than the page. The older date
 * stays.
 */
export function saveLines(page: string, measured: string, lines: readonly Line[]): void {
  const before = readFileSync(page, 'utf8');
  const [, table = ''] = before.split(BEGIN);
  const [old = '', ...rows] = (table.split(END)[0] ?? '').split('\n').filter((line) => line !== '');
  if (machineOf(old) !== machineOf(measured))
    throw new Error(`${page} has figures of another machine: measure all rows, with SAVE=1 and without ONLY`);
  const names = new Set(lines.map(({ what }) => what));
  const isReplaced = (row: string): boolean => names.has(row.split(' | ')[0]?.slice('| '.length) ?? '');
  const at = rows.findIndex(isReplaced);
  const kept = rows.filter((row) => !isReplaced(row));
  kept.splice(at === -1 ? kept.length : at, 0, ...markdown(lines).split('\n').slice(2));
  save(page, `${old}\n\n${kept.join('\n')}`);
}

/** The machine without the date. */
function machineOf(measured: string): string {
  return measured.replace(/^Measured \S+ on /, '');
}
