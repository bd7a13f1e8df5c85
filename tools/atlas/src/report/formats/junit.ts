import type { Diagnostic } from '../../diagnostics/diagnostic.ts';

/** JUnit's XML: a test case a finding, failed where it is an error. */
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
  // A suite without a case counts as broken in some readers, so a clean run is one that passed.
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

/** XML 1.0 has no way to write most control characters: they become question marks. */
function xml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, '?')
    .replaceAll(/[&<>"\n]/g, (char) => ENTITIES[char] ?? char);
}
