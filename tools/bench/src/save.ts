import { readFileSync, writeFileSync } from 'node:fs';

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
