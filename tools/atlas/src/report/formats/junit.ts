import type { Diagnostic } from '../../diagnostics/diagnostic.ts';

/** JUnit XML: one test case per finding, which fails if it is an error that nobody has accepted. */
export function renderJunit(diagnostics: readonly Diagnostic[], pathOf: (file: string) => string): string {
  const failures = diagnostics.filter(isFailure).length;
  const cases = diagnostics.map((diagnostic) => {
    const { code, message, loc, fix, accepted } = diagnostic;
    const where = `${pathOf(loc.file)}:${loc.line}:${loc.column}`;
    const text = xml([`${where} ${message}`, fix, accepted].filter((part) => part !== undefined).join('\n'));
    const inside = isFailure(diagnostic)
      ? `<failure message="${xml(message)}" type="${xml(code)}">${text}</failure>`
      : `<system-out>${text}</system-out>`;
    return `    <testcase classname="${xml(code)}" name="${xml(where)}">${inside}</testcase>`;
  });
  // Some tools treat a suite without cases as broken, so a clean run has one case that passes.
  if (cases.length === 0) cases.push('    <testcase classname="atlas" name="check"/>');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="atlas" tests="${cases.length}" failures="${failures}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function isFailure({ severity, accepted }: Diagnostic): boolean {
  return severity === 'error' && accepted === undefined;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
};

/** Escapes XML. XML 1.0 cannot express most control characters, so they become question marks. */
function xml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, '?')
    .replaceAll(/[&<>"\n]/g, (char) => ENTITIES[char] ?? char);
}
