import { styleText } from 'node:util';
import { sortDiagnostics, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Format } from '../report/formats.ts';
import { render } from '../report/render.ts';
import { relativeFolder } from './findConfig.ts';

/** All output of atlas: findings, lines for people, and results. Nothing else prints. */
export interface Talk {
  readonly format: Format;
  readonly cwd: string;
  /**
   * Prints findings: as text to stderr, in other formats to stdout, even if there are none. Returns their numbers, with
   * repeated findings counted once. `more` is for the JSON format, which is one object.
   */
  findings(
    diagnostics: readonly Diagnostic[],
    sources: ReadonlyMap<string, string>,
    root: string | undefined,
    more?: Readonly<Record<string, unknown>>,
  ): { readonly errors: number; readonly warnings: number };
  /** Prints a line for people, to stderr. */
  say(line: string): void;
  /** Prints the last line of a success, to stderr. */
  done(line: string): void;
  /** Prints a result, to stdout. */
  data(text: string): void;
}

export function talk(format: Format, cwd: string): Talk {
  const color = process.stderr.isTTY && process.env['NO_COLOR'] === undefined;
  return {
    format,
    cwd,
    findings(diagnostics, sources, root, more = {}) {
      const folder = root === undefined ? '' : relativeFolder(cwd, root);
      const text = render(diagnostics, { format, sources, color: color && format === 'text', folder, more });
      if (format === 'text') process.stderr.write(text);
      else process.stdout.write(text === '' || text.endsWith('\n') ? text : `${text}\n`);
      const sorted = sortDiagnostics(diagnostics);
      const of = (wanted: Diagnostic['severity']): number =>
        sorted.filter(({ severity }) => severity === wanted).length;
      return { errors: of('error'), warnings: of('warning') };
    },
    say: (line) => void process.stderr.write(`${line}\n`),
    done: (line) => void process.stderr.write(`${color ? styleText('green', '✓') : '✓'} ${line}\n`),
    data: (text) => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`),
  };
}
