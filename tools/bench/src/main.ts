import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { command, type Report, withStack } from '@atlas/stack';
import type { BeforeRound } from './measure.ts';
import { NotMeasurable } from './row.ts';
import { ROWS } from './rows/index.ts';
import { save, saveLines } from './save.ts';
import { type Line, linesOf, markdown, text } from './table.ts';

const USAGE = `make bench [ONLY=<row>] [SAVE=1]

Every figure is a ratio of two things that are measured in turns, in the same run. Rows:
${ROWS.map(({ id, about, needsStack }) => `  ${id.padEnd(10)}${about}${needsStack ? '; needs the stack' : ''}`).join('\n')}

If no stack is up, one is started for the run and stopped again ("make up" keeps one). SAVE=1 writes the table to
docs/reference/performance.md; with ONLY the lines of that row, if the others were measured on such a machine.`;

const options = parsed();
const rows = ROWS.filter(({ id }) => options.only === undefined || options.only === id);
if (options.help === true) {
  console.log(USAGE);
  process.exit();
}
if (rows.length === 0) usageError(`there is no row "${options.only ?? ''}"`);

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

/** The machine in one line. A figure means nothing without it. */
function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const gib = Math.round(totalmem() / 2 ** 30);
  const cores = `${availableParallelism()} cores (${model})`;
  return `${cores}, ${gib} GiB, ${process.platform} ${process.arch}, Node ${process.version}`;
}

/** Prints what is being measured, in place if stderr is a terminal. Ends the measurement if `signal` aborts. */
function progress(signal: AbortSignal): (what: string) => BeforeRound {
  const { stderr } = process;
  return (what) => (round, of) => {
    signal.throwIfAborted();
    if (stderr.isTTY) stderr.write(`\r\u001B[2K  … ${what}: round ${round} of ${of}${round === of ? '\n' : ''}`);
    else if (round === 1) stderr.write(`  … ${what}: ${of} rounds\n`);
  };
}

function report(...[part, phase, text]: Parameters<Report>): void {
  if (phase !== 'working') console.log(`  ${phase === 'up' ? '✓' : '✗'} ${part}: ${text}`);
}

/** Measures all rows and returns the exit code: 1 if a row could not be measured. */
async function measureAll(signal: AbortSignal): Promise<number> {
  signal.addEventListener('abort', () => console.error('\nstopping after this round'));
  const measuring = progress(signal);
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
  if (exitCode !== 0) throw new Error(`${page} was not changed, because a row is missing`);
  if (options.only === undefined) save(page, `${measuredOn()}\n\n${markdown(lines)}`);
  else saveLines(page, measuredOn(), lines);
  console.log(`saved in ${page}`);
  return 0;
}

function measuredOn(): string {
  return `Measured ${new Date().toISOString().slice(0, 10)} on ${machine()}.`;
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
