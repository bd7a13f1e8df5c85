import { readFileSync, statSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

/** Lines that Maven adds to each error: advice and links about Maven. */
const BOILERPLATE = /^\[ERROR\] *($|To see the full stack|Re-run Maven|For more information|\[Help \d)/;

/** The length of a log in bytes, 0 if there is none. */
export function lengthOf(log: string): number {
  return statSync(log, { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * The last lines of a log, indented, for an error message. `from` is the length that it had at the start, so that lines
 * of an earlier start are not taken for the reason.
 */
export function lastLines(log: string, count = 12, from = 0): string {
  try {
    const lines = stripVTControlCharacters(readFileSync(log).subarray(from).toString()).trimEnd().split('\n');
    const telling = lines.filter((line) => !BOILERPLATE.test(line));
    return telling
      .slice(-count)
      .map((line) => `    ${line.slice(0, 600)}`)
      .join('\n');
  } catch {
    return '    (no log)';
  }
}
