import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { command, type Report, withStack } from '@atlas/stack';
import { machine } from './machine.ts';
import { progress } from './progress.ts';
import { NotMeasurable } from './row.ts';
import { ROWS } from './rows/index.ts';
import { save } from './save.ts';
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

process.chdir(join(import.meta.dirname, '../../..'));
await command(async (signal) => {
  console.log(`${machine()}\n`);
  if (!rows.some(({ needsStack }) => needsStack)) return measureAll(signal);
  const onStart = (): void => console.log('no stack is up: starting one for this run');
  return withStack({ signal, report, onStart }, ({ stays }) => {
    if (!stays) console.log();
    return measureAll(signal);
  });
});

function report(...[part, phase, text]: Parameters<Report>): void {
  if (phase !== 'working') console.log(`  ${phase === 'up' ? '✓' : '✗'} ${part}: ${text}`);
}

/** Gives the exit code: 1 where a row could not be measured. */
async function measureAll(signal: AbortSignal): Promise<number> {
  signal.addEventListener('abort', () => console.error('\nstopping after this round'));
  const measuring = progress(process.stderr, signal);
  let exitCode = 0;
  const lines: Line[] = [];
  for (const row of rows) {
    try {
      const measured = (await row.run(measuring)).flatMap(linesOf);
      lines.push(...measured);
      console.log(`${text(measured)}\n`);
    } catch (error) {
      signal.throwIfAborted();
      exitCode = 1;
      console.error(
        `${row.id}: ${error instanceof NotMeasurable ? `not measured: ${error.message}` : String(error)}\n`,
      );
    }
  }
  if (options.save !== true) return exitCode;
  const page = join('docs', 'reference', 'performance.md');
  if (exitCode !== 0) throw new Error(`${page} stays as it was: a row is missing`);
  save(page, `Measured ${new Date().toISOString().slice(0, 10)} on ${machine()}.\n\n${markdown(lines)}`);
  console.log(`saved in ${page}`);
  return 0;
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
