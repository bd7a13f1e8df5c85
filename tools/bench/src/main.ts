import { constants } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machine } from './machine.ts';
import { progress } from './progress.ts';
import { NotMeasurable } from './row.ts';
import { ROWS } from './rows/index.ts';
import { save } from './save.ts';
import { withStack } from './stack.ts';
import { type Line, linesOf, markdown, text } from './table.ts';

const USAGE = `make bench [ONLY=<row>] [SAVE=1]

Every figure is a ratio of two things measured in turns in this very run. Rows:
${ROWS.map(({ id, about, needsStack }) => `  ${id.padEnd(10)}${about}${needsStack ? '; needs the stack' : ''}`).join('\n')}

The stack is started for the run and stopped again where none is up (make up keeps one). SAVE=1 puts the whole table
into docs/reference/performance.md.`;

const options = parsed();
const rows = ROWS.filter(({ id }) => options.only === undefined || options.only === id);
if (options.help === true) {
  console.log(USAGE);
  process.exit();
}
if (rows.length === 0) usageError(`there is no row "${options.only ?? ''}"`);
if (options.save === true && options.only !== undefined) {
  usageError('SAVE=1 keeps the whole table, so it goes without ONLY');
}

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(name, () => {
    console.error('\nstopping after this round');
    process.exitCode = 128 + constants.signals[name];
    stopping.abort(new Error(`stopped by ${name}`));
  });
}

process.chdir(join(import.meta.dirname, '../../..'));
console.log(`${machine()}\n`);
try {
  await withStack(
    rows.some(({ needsStack }) => needsStack),
    stopping.signal,
    measureAll,
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode ??= 1;
}

async function measureAll(): Promise<void> {
  const measuring = progress(process.stderr, stopping.signal);
  const lines: Line[] = [];
  for (const row of rows) {
    try {
      const measured = (await row.run(measuring)).flatMap(linesOf);
      lines.push(...measured);
      console.log(`${text(measured)}\n`);
    } catch (error) {
      stopping.signal.throwIfAborted();
      process.exitCode = 1;
      console.error(
        `${row.id}: ${error instanceof NotMeasurable ? `not measured: ${error.message}` : String(error)}\n`,
      );
    }
  }
  if (options.save !== true) return;
  const page = join('docs', 'reference', 'performance.md');
  if (process.exitCode !== undefined) throw new Error(`${page} stays as it was: a row is missing`);
  save(page, `Measured ${new Date().toISOString().slice(0, 10)} on ${machine()}.\n\n${markdown(lines)}`);
  console.log(`saved in ${page}`);
}

function parsed() {
  try {
    return parseArgs({
      options: { save: { type: 'boolean' }, only: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    }).values;
  } catch (error) {
    return usageError(error instanceof Error ? error.message : String(error));
  }
}

function usageError(what: string): never {
  console.error(`${what}\n\n${USAGE}`);
  process.exit(2);
}
