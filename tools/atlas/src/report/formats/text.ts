import { styleText } from 'node:util';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { grouped } from '../group.ts';
import { frame, printable } from '../frame.ts';

export interface TextOptions {
  readonly sources: ReadonlyMap<string, string>;
  readonly color: boolean;
  readonly pathOf: (file: string) => string;
}

type Style = 'red' | 'yellow' | 'cyan' | 'dim' | 'bold';
type Paint = (style: Style, text: string) => string;

/** For people: message, place, frame with the fix after the carets, affected files, and where to read more. */
export function renderText(diagnostics: readonly Diagnostic[], options: TextOptions): string {
  const paint: Paint = (style, text) => (options.color ? styleText(style, text, { validateStream: false }) : text);
  return grouped(diagnostics)
    .map(({ diagnostic, more }) => `${[...one(diagnostic, options, paint), ...rest(more, paint)].join('\n')}\n`)
    .join('\n');
}

function rest(more: number, paint: Paint): readonly string[] {
  return more === 0 ? [] : [paint('dim', `  and ${more} more like these · --format json lists all`)];
}

function one(diagnostic: Diagnostic, options: TextOptions, paint: Paint): readonly string[] {
  const { code, severity, message, loc, fix, related = [], affects = [] } = diagnostic;
  const color = severity === 'error' ? 'red' : 'yellow';
  const source = options.sources.get(loc.file);
  const framed =
    source === undefined
      ? []
      : frame({
          source,
          line: loc.line,
          column: loc.column,
          paint,
          ...(fix === undefined ? {} : { note: fix }),
        });
  const explain = `atlas explain ${code}`;
  return [
    `${paint(color, `${severity}[${code}]`)}: ${paint('bold', printable(message))}`,
    `  ${paint('cyan', '-->')} ${place(loc, options)}`,
    ...framed,
    ...(framed.length === 0 && fix !== undefined ? [`  fix: ${printable(fix)}`] : []),
    ...related.flatMap((other) => [
      `  ${paint('cyan', '-->')} ${place(other.loc, options)} ${printable(other.message)}`,
      ...relatedFrame(other.loc, options, paint),
    ]),
    paint(
      'dim',
      affects.length > 0
        ? `  affects: ${affects.map((file) => printable(options.pathOf(file))).join(', ')} · ${explain}`
        : `  ${explain}`,
    ),
  ];
}

function relatedFrame(loc: Diagnostic['loc'], options: TextOptions, paint: Paint): readonly string[] {
  const source = options.sources.get(loc.file);
  return source === undefined ? [] : frame({ source, line: loc.line, column: loc.column, paint });
}

function place(loc: Diagnostic['loc'], options: TextOptions): string {
  return `${printable(options.pathOf(loc.file))}:${loc.line}:${loc.column}`;
}
