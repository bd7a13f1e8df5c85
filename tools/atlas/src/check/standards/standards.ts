import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Cursor } from '../../document/cursor.ts';
import type { Workspace } from '../../document/workspace.ts';
import asyncapi30 from './compiled/asyncapi30.js';
import asyncapi31 from './compiled/asyncapi31.js';
import openapi31 from './compiled/openapi31.js';
import { assemble } from './assemble.ts';
import { schemaFindings, type SchemaComplaint } from '../../jsonschema/findings.ts';

/** The last digit of the code of each kind of error: ATL2003 and ATL3003 mean the same in two standards. */
export const COMPLAINTS: Readonly<Record<SchemaComplaint, number>> = {
  missing: 1,
  'unknown-key': 2,
  'unknown-value': 3,
  'wrong-type': 4,
  other: 5,
};

const STANDARDS = {
  openapi: {
    title: 'OpenAPI',
    area: 'ATL200',
    example: 'openapi: 3.1.0',
    versions: [{ pattern: /^3\.1\.\d+(-.+)?$/, schema: openapi31 }],
  },
  asyncapi: {
    title: 'AsyncAPI',
    area: 'ATL300',
    example: 'asyncapi: 3.0.0',
    versions: [
      { pattern: /^3\.0\.\d+(-.+)?$/, schema: asyncapi30 },
      { pattern: /^3\.1\.\d+(-.+)?$/, schema: asyncapi31 },
    ],
  },
} as const;
type StandardKey = keyof typeof STANDARDS;

/** Checks whole documents, and the fragments that they refer to, by the JSON Schema of their standard. */
export function checkStandards(workspace: Workspace): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const whole = new Map<string, StandardKey>();
  for (const [file, cursor] of workspace.documents) {
    if (file.endsWith('.avsc')) continue;
    for (const key of ['openapi', 'asyncapi'] as const) if (cursor.get(key)) whole.set(file, key);
  }
  for (const service of workspace.config.services)
    for (const key of ['openapi', 'asyncapi'] as const) {
      const cursor = workspace.documents.get(service[key] ?? '');
      if (cursor && whole.get(cursor.file) !== key) diagnostics.push(versionFinding(key, cursor));
    }
  const isFragment = (file: string): boolean => !whole.has(file) && !file.endsWith('.avsc');
  for (const [file, key] of whole) {
    const cursor = workspace.documents.get(file);
    if (cursor) diagnostics.push(...checkOne(workspace, cursor, key, isFragment));
  }
  return diagnostics;
}

function checkOne(
  workspace: Workspace,
  cursor: Cursor,
  key: StandardKey,
  isFragment: (file: string) => boolean,
): readonly Diagnostic[] {
  const { area, versions } = STANDARDS[key];
  const written = cursor.get(key)?.string() ?? '';
  const version = versions.find(({ pattern }) => pattern.test(written));
  if (!version) return [versionFinding(key, cursor)];
  const { value, locate } = assemble(workspace, cursor, isFragment);
  return schemaFindings(version.schema, value, locate).map(({ complaint, message, loc, fix }) => ({
    code: `${area}${COMPLAINTS[complaint]}`,
    severity: 'error',
    message,
    loc,
    ...(fix === undefined ? {} : { fix }),
  }));
}

function versionFinding(key: StandardKey, cursor: Cursor): Diagnostic {
  const { title, area, example } = STANDARDS[key];
  const version = cursor.get(key) ?? cursor.get('swagger');
  const number = version?.number();
  if (version && number !== undefined && STANDARDS[key].versions.some(({ pattern }) => pattern.test(`${number}.0`)))
    return {
      code: `${area}6`,
      severity: 'error',
      message: `the version of ${title} is text with three numbers, and ${number} is a number`,
      loc: version.valueLoc,
      fix: `write ${example}`,
    };
  return {
    code: `${area}6`,
    severity: 'error',
    message: version
      ? `${title} ${JSON.stringify(version.value)} is not supported yet`
      : `the file is not an ${title} document`,
    loc: version ? version.valueLoc : cursor.loc,
    fix: version ? `convert the document to ${example}` : `start it with ${example}`,
  };
}
