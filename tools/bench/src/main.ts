import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machine } from './machine.ts';
import { NotMeasurable } from './row.ts';
import { ROWS } from './rows/index.ts';
import { save } from './save.ts';
import { type Line, linesOf, markdown, text } from './table.ts';

/** `make bench [ONLY=codec] [SAVE=1]`: every figure is a ratio of two things measured in turns in this very run. */
const { values: options } = parseArgs({ options: { save: { type: 'boolean' }, only: { type: 'string' } } });

const root = join(import.meta.dirname, '../../..');
process.chdir(root);
console.log(`${machine()}\n`);

const rows = ROWS.filter(({ id }) => options.only === undefined || options.only === id);
if (rows.length === 0) {
  console.error(`no row "${options.only}"; there are: ${ROWS.map(({ id }) => id).join(', ')}`);
  process.exit(2);
}

const lines: Line[] = [];
let failed = false;
for (const row of rows) {
  try {
    const measured = (await row.run()).flatMap(linesOf);
    lines.push(...measured);
    console.log(`${text(measured)}\n`);
  } catch (error) {
    failed = true;
    console.error(`${row.id}: ${error instanceof NotMeasurable ? `not measured: ${error.message}` : String(error)}\n`);
  }
}

if (options.save === true && !failed && options.only === undefined) {
  const page = join('docs', 'reference', 'performance.md');
  const day = new Date().toISOString().slice(0, 10);
  save(page, `Measured ${day} on ${machine()}.\n\n${markdown(lines)}`);
  console.log(`saved in ${page}`);
}
process.exitCode = failed ? 1 : 0;
