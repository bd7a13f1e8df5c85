import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

/** Lines that Maven adds to each error: advice and links about Maven. */
const BOILERPLATE = /^\[ERROR\] *($|To see the full stack|Re-run Maven|For more information|\[Help \d)/;

/** The last lines of a log, indented, for an error message. */
export function lastLines(log: string, count = 12): string {
  try {
    const lines = stripVTControlCharacters(readFileSync(log, 'utf8')).trimEnd().split('\n');
    const telling = lines.filter((line) => !BOILERPLATE.test(line));
    return telling
      .slice(-count)
      .map((line) => `    ${line.slice(0, 600)}`)
      .join('\n');
  } catch {
    return '    (no log)';
  }
}
