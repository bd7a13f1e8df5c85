import { posix } from 'node:path';
import { sortDiagnostics, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { withoutCredentials } from '../diagnostics/shown.ts';
import type { Format } from './formats.ts';
import { renderGithub } from './formats/github.ts';
import { renderJson } from './formats/json.ts';
import { renderJunit } from './formats/junit.ts';
import { renderSarif } from './formats/sarif.ts';
import { renderText } from './formats/text.ts';

export interface RenderOptions {
  readonly format: Format;
  /** Source text by `Loc.file`. The text format has no frame for a file without it. */
  readonly sources: ReadonlyMap<string, string>;
  /** Whether text may contain escape codes. The caller knows the terminal and NO_COLOR. */
  readonly color: boolean;
  /** Prefix of every `Loc.file`: the configuration's folder relative to the working directory, such as `specs`. */
  readonly folder?: string;
  /** What the JSON format has in addition to the findings. */
  readonly more?: Readonly<Record<string, unknown>>;
  /** The meaning of a code that is not in the registry of diagnostics. */
  readonly purposeOf?: (code: string) => string | undefined;
}

/** Specs are hostile. If a name is a megabyte long, only its beginning is printed. */
const MAX_LENGTH = 500;

/** All diagnostics as one text in a format, sorted and without repetition. Ends with a newline unless it is empty. */
export function render(diagnostics: readonly Diagnostic[], options: RenderOptions): string {
  const sorted = sortDiagnostics(diagnostics).map(readable);
  const pathOf = (file: string): string => posix.join(options.folder ?? '', file);
  switch (options.format) {
    case 'text':
      return renderText(sorted, { ...options, pathOf });
    case 'json':
      return renderJson(sorted, pathOf, options.more);
    case 'github-actions':
      return renderGithub(sorted, pathOf);
    case 'junit':
      return renderJunit(sorted, pathOf);
    case 'sarif':
      return renderSarif(sorted, pathOf, options.purposeOf);
  }
}

function readable(diagnostic: Diagnostic): Diagnostic {
  const { message, fix, affects, related } = diagnostic;
  return {
    ...diagnostic,
    message: short(message),
    ...(fix === undefined ? {} : { fix: short(fix) }),
    ...(related ? { related: related.map(({ loc, message }) => ({ loc, message: short(message) })) } : {}),
    ...(affects ? { affects: affects.map(short) } : {}),
  };
}

function short(text: string): string {
  const clean = withoutCredentials(text);
  return clean.length > MAX_LENGTH ? `${clean.slice(0, MAX_LENGTH)}…` : clean;
}
