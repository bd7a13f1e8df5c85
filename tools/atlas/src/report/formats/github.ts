import type { Diagnostic } from '../../diagnostics/diagnostic.ts';

const LEVELS = { error: 'error', warning: 'warning' } as const;

/** Workflow commands of GitHub Actions. Each finding becomes an annotation of its line. */
export function renderGithub(diagnostics: readonly Diagnostic[], pathOf: (file: string) => string): string {
  return diagnostics
    .map(({ code, severity, message, loc, fix, accepted }) => {
      const text = [message, fix, accepted].filter((part) => part !== undefined).join('\n');
      const where = `file=${property(pathOf(loc.file))},line=${loc.line},col=${loc.column},title=${property(code)}`;
      return `::${accepted === undefined ? LEVELS[severity] : 'notice'} ${where}::${data(text)}\n`;
    })
    .join('');
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
