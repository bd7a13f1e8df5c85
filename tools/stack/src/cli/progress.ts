import type { Phase, Report } from '../lifecycle/report.ts';

const MARKS: Readonly<Record<Phase, string>> = { working: '…', up: '✓', down: '·', failed: '✗' };

/** What is needed of a stream; process.stdout has it. */
export interface Out {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** A line for each part: rewritten in place on a terminal, printed at each change elsewhere (a log, CI). */
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
