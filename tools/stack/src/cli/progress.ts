import type { Phase, Report } from '../lifecycle/report.ts';

const MARKS: Readonly<Record<Phase, string>> = { working: '…', up: '✓', down: '·', failed: '✗' };

/** The part of process.stdout that is needed here. */
export interface Out {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** One line per part. A terminal updates the lines in place; otherwise, such as in a log, each change prints a line. */
export function progress(out: Out): Report {
  const lines = new Map<string, string>();
  let drawn = 0;
  return (part, phase, text) => {
    const line = `  ${MARKS[phase]} ${part.padEnd(9)} ${text}`;
    if (lines.get(part) === line) return;
    lines.set(part, line);
    if (out.isTTY !== true) {
      out.write(`${line}\n`);
      return;
    }
    const width = out.columns;
    const all = [...lines.values()].map((one) => `\u001B[2K${one.slice(0, width)}\n`).join('');
    out.write((drawn > 0 ? `\u001B[${drawn}A` : '') + all);
    drawn = lines.size;
  };
}
