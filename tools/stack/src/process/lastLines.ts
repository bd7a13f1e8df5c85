import { readFileSync } from 'node:fs';

/** The last lines of a log, indented, for an error message. */
export function lastLines(log: string, count = 12): string {
  try {
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-count);
    return lines.map((line) => `    ${line.slice(0, 240)}`).join('\n');
  } catch {
    return '    (no log)';
  }
}
