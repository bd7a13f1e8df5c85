import { createRequire } from 'node:module';
import { isRecord } from '@atlas/ir';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Cursor } from '../../document/cursor.ts';
import type { AtlasConfig, Workspace } from '../../document/workspace.ts';
import { assemble } from './assemble.ts';
import type { CompiledSchema } from '../../jsonschema/compiled.ts';
import { schemaFindings, type SchemaComplaint } from '../../jsonschema/findings.ts';

/** The last digit of the code for each kind of error: ATL2003 and ATL3003 are the same error in two standards. */
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
    versions: [{ pattern: /^3\.1\.\d+(-.+)?$/, compiled: './compiled/openapi31.js' }],
  },
  asyncapi: {
    title: 'AsyncAPI',
    area: 'ATL300',
    example: 'asyncapi: 3.0.0',
    versions: [
      { pattern: /^3\.0\.\d+(-.+)?$/, compiled: './compiled/asyncapi30.js' },
      { pattern: /^3\.1\.\d+(-.+)?$/, compiled: './compiled/asyncapi31.js' },
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
  for (const { key, file } of configured(workspace.config)) {
    const cursor = workspace.documents.get(file);
    if (cursor && whole.get(cursor.file) !== key) diagnostics.push(versionFinding(key, cursor));
  }
  const isFragment = (file: string): boolean => !whole.has(file) && !file.endsWith('.avsc');
  for (const [file, key] of whole) {
    const cursor = workspace.documents.get(file);
    if (cursor) diagnostics.push(...checkOne(workspace, cursor, key, isFragment));
  }
  return diagnostics;
}

/** The documents that the configuration names, each once, with the standard that they should follow. */
function configured({ services, doubles }: AtlasConfig): readonly { key: StandardKey; file: string }[] {
  const foreign = [...services.flatMap(({ clients }) => clients), ...doubles].map(({ document }) => document);
  const own = services.flatMap(({ openapi, asyncapi }) => [
    ...(openapi === undefined ? [] : [{ key: 'openapi' as const, file: openapi }]),
    ...(asyncapi === undefined ? [] : [{ key: 'asyncapi' as const, file: asyncapi }]),
  ]);
  return [...own, ...[...new Set(foreign)].map((file) => ({ key: 'openapi' as const, file }))];
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
  return schemaFindings(compiledAt(version.compiled), value, locate).map(({ complaint, message, loc, fix }) => ({
    code: `${area}${COMPLAINTS[complaint]}`,
    severity: 'error',
    message,
    loc,
    ...(fix === undefined ? {} : { fix }),
  }));
}

/** Only what a document needs is loaded, because each of these modules takes milliseconds and megabytes. */
function compiledAt(path: string): CompiledSchema {
  const module: unknown = createRequire(import.meta.url)(path);
  const schema = isRecord(module) ? module['default'] : undefined;
  if (typeof schema !== 'function') throw new Error(`${path} has no compiled schema`);
  // cast: compile.ts compiles these modules, and a test compares them with its output.
  return schema as CompiledSchema;
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
