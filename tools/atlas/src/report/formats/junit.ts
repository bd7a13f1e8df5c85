import type { Diagnostic } from '../../diagnostics/diagnostic.ts';

/** JUnit XML: one test case per finding, which fails if it is an error. */
export function renderJunit(diagnostics: readonly Diagnostic[], pathOf: (file: string) => string): string {
  const failures = diagnostics.filter(({ severity }) => severity === 'error').length;
  const cases = diagnostics.map(({ code, severity, message, loc, fix }) => {
    const where = `${pathOf(loc.file)}:${loc.line}:${loc.column}`;
    const text = xml([`${where} ${message}`, fix].filter((part) => part !== undefined).join('\n'));
    const inside =
      severity === 'error'
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
