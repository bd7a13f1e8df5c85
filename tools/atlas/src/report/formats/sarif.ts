import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { explainCode } from '../../codes/registry.ts';

const LEVELS = { error: 'error', warning: 'warning' } as const;

/** SARIF 2.1.0, for code scanning services. */
export function renderSarif(
  diagnostics: readonly Diagnostic[],
  pathOf: (file: string) => string,
  purposeOf: (code: string) => string | undefined = () => undefined,
): string {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].toSorted();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'atlas', rules: codes.map((code) => ruleOf(code, purposeOf(code))) } },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map((diagnostic) => ({
          ruleId: diagnostic.code,
          ruleIndex: codes.indexOf(diagnostic.code),
          level: LEVELS[diagnostic.severity],
          message: { text: [diagnostic.message, diagnostic.fix].filter((part) => part !== undefined).join('; ') },
          locations: [placeOf(diagnostic.loc, pathOf)],
          ...(diagnostic.accepted === undefined
            ? {}
            : {
                suppressions: [{ kind: 'external', status: 'accepted', justification: diagnostic.accepted }],
              }),
          ...(diagnostic.related
            ? {
                relatedLocations: diagnostic.related.map(({ loc, message }) => ({
                  ...placeOf(loc, pathOf),
                  message: { text: message },
                })),
              }
            : {}),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf(code: string, purpose: string | undefined): object {
  const info = explainCode(code);
  return info
    ? { id: code, shortDescription: { text: info.title }, fullDescription: { text: info.explain.why } }
    : { id: code, ...(purpose === undefined ? {} : { shortDescription: { text: purpose } }) };
}

function placeOf(loc: Diagnostic['loc'], pathOf: (file: string) => string): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: pathOf(loc.file).split('/').map(encodeURIComponent).join('/') },
      region: { startLine: loc.line, startColumn: loc.column },
    },
    logicalLocations: [{ fullyQualifiedName: loc.pointer }],
  };
}
