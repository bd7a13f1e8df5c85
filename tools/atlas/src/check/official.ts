import { join } from 'node:path';
import { childPointer } from '@atlas/ir';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Workspace } from '../document/workspace.ts';
import { withoutDataRefs } from '../load/scanRefs.ts';
import { kindAt } from '../read/references.ts';
import { AVRO_FORMATS } from '../read/avro/formats.ts';

/**
 * A second opinion: @asyncapi/parser on the AsyncAPI documents and Redocly on the OpenAPI documents of all services.
 * Both are loaded only here (0.6 s). If they refuse a document that `check` accepts, `check` has a bug.
 */
export async function checkOfficial(workspace: Workspace): Promise<readonly Diagnostic[]> {
  const { services, doubles } = workspace.config;
  const foreign = [...services.flatMap(({ clients }) => clients), ...doubles].map(({ document }) => document);
  const openapi = [...new Set([...services.flatMap((service) => service.openapi ?? []), ...foreign])];
  const asyncapi = services.flatMap((service) => service.asyncapi ?? []);
  return [
    ...(openapi.length > 0 ? await askRedocly(workspace, openapi) : []),
    ...(asyncapi.length > 0 ? await askParser(workspace, asyncapi) : []),
  ];
}

/** A schema may be a boolean (OpenAPI 3.1, section 4.8.24), but in some places Redocly expects an object. */
const WRONG = /^Expected type `Schema` \(object\) but got `boolean`/;

/**
 * Redocly is wrong about unknown keywords of a schema, which are annotations (JSON Schema 2020-12 core, section 6.5),
 * and mistakes the name of a schema in a mapping for a file (OpenAPI 3.1, section 4.8.25.1).
 */
function isWrong(message: string, pointer: string): boolean {
  if (WRONG.test(message)) return true;
  const above = pointer.slice(0, pointer.lastIndexOf('/'));
  if (/^Property `.*` is not expected here/.test(message)) return kindAt(above, 'openapi') === 'schema';
  return message.startsWith("Can't resolve $ref") && above.endsWith('/discriminator/mapping');
}

async function askRedocly(workspace: Workspace, files: readonly string[]): Promise<readonly Diagnostic[]> {
  const { BaseResolver, createConfig, lint, Source } = await import('@redocly/openapi-core');
  const config = await createConfig({ extends: ['spec'] });
  /** Gives Redocly what `load` has read, and nothing else: Redocly follows a `$ref` in examples and other data too. */
  class LoadedOnly extends BaseResolver {
    override async loadExternalRef(path: string) {
      const root = workspace.documents.get(relativeFile(workspace, path) ?? '');
      if (!root) throw new Error('the document does not belong to the specs');
      return new Source(path, JSON.stringify(withoutDataRefs(root.value)), 'application/json');
    }
  }
  const diagnostics: Diagnostic[] = [];
  for (const file of files) {
    const externalRefResolver = new LoadedOnly(config.resolve);
    const problems = await lint({ ref: join(workspace.root, file), config, externalRefResolver });
    for (const { message, severity, location, ruleId } of problems) {
      const pointer = location[0]?.pointer?.replace(/^#/, '') ?? '';
      const where = relativeFile(workspace, location[0]?.source.absoluteRef ?? '') ?? file;
      if (severity === 'error' && !isWrong(message, decodePointer(pointer)))
        diagnostics.push({
          code: 'ATL2090',
          severity: 'error',
          message: `Redocly (${ruleId}): ${firstLine(message)}`,
          loc: workspace.locOf(where, decodePointer(pointer)).value,
        });
    }
  }
  return diagnostics;
}

async function askParser(workspace: Workspace, files: readonly string[]): Promise<readonly Diagnostic[]> {
  const { Parser } = await import('@asyncapi/parser');
  const parser = new Parser();
  // Atlas checks Avro itself, because the parser's own Avro support does not look up names across files.
  parser.registerSchemaParser({
    validate: () => [],
    parse: () => ({}),
    getMimeTypes: () => [...AVRO_FORMATS],
  });
  const diagnostics: Diagnostic[] = [];
  for (const file of files) {
    const text = workspace.sources.get(file);
    if (text === undefined) continue;
    const problems = await parser.validate(text, { source: join(workspace.root, file) });
    for (const { message, severity, path, source } of problems) {
      const where = relativeFile(workspace, source ?? '') ?? file;
      const pointer = path.reduce<string>(childPointer, '');
      if (severity === 0)
        diagnostics.push({
          code: 'ATL3090',
          severity: 'error',
          message: `@asyncapi/parser: ${firstLine(message)}`,
          loc: workspace.locOf(where, pointer).value,
        });
    }
  }
  return diagnostics;
}

/** An absolute path as the key of `documents`; undefined for other files. */
function relativeFile(workspace: Workspace, path: string): string | undefined {
  const prefix = `${workspace.root}/`;
  const file = path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
  return file !== undefined && workspace.documents.has(file) ? file : undefined;
}

function decodePointer(pointer: string): string {
  try {
    return decodeURIComponent(pointer);
  } catch {
    return pointer;
  }
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}
