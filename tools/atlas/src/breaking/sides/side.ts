import { posix } from 'node:path';
import { isObject, type JsonValue, type Loc } from '@atlas/ir';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { UsageError } from '../../diagnostics/usageError.ts';
import type { Workspace } from '../../document/workspace.ts';
import { keywordsOf, type Dialect } from '../../jsonschema/keywords.ts';
import { versionOf, type Version } from './version.ts';

/** One side of a comparison that was read. */
export interface Side {
  readonly workspace: Workspace;
  /** The text before the paths of its files in the report, such as `specs` or `main:specs`. */
  readonly folder: string;
  /**
   * Writes more folders of the repository, relative to the folder of the configuration. Only a side at a git ref has
   * it, because at first only that folder is checked out.
   */
  readonly checkOut?: (folders: readonly string[]) => Promise<void>;
}

/** A side that is one document. */
export type FileSide = Side & { readonly file: string };

/**
 * Thrown for a side that was read, but whose schemas have errors. The message is for developers: the diagnostics are
 * shown.
 */
export class UnusableSide extends Error {
  override readonly name = 'UnusableSide';
  readonly side: Side;
  readonly diagnostics: readonly Diagnostic[];

  constructor(side: Side, diagnostics: readonly Diagnostic[]) {
    super('the schemas of a side have errors');
    this.side = side;
    this.diagnostics = diagnostics;
  }
}

/** Throws an `UnusableSide` if one of the diagnostics is an error. */
export function refuseErrors(side: Side, diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.some(({ severity }) => severity === 'error')) throw new UnusableSide(side, diagnostics);
}

/** What a document is, and which dialect of JSON Schema its schemas have. */
export type Kind =
  | { readonly name: 'OpenAPI' | 'AsyncAPI' | 'JSON Schema'; readonly dialect: Dialect }
  | { readonly name: 'Avro' };

/** Versions of the standards that can be compared. */
const OPENAPI: Readonly<Record<string, Dialect>> = { '3.0': 'openapi-3.0', '3.1': '2020-12' };
const ASYNCAPI: Readonly<Record<string, Dialect>> = { '3.0': 'draft-07', '3.1': 'draft-07' };
/** By a part of `$schema`. Draft 6 is read as draft 7. */
const JSON_SCHEMA: Readonly<Record<string, Dialect>> = {
  'draft-06': 'draft-07',
  'draft-07': 'draft-07',
  '2020-12': '2020-12',
};

/** Types of Avro schemas that JSON Schema does not have. */
const AVRO_ONLY: ReadonlySet<string> = new Set(['record', 'enum', 'fixed', 'map']);

const WANTED = 'an OpenAPI or AsyncAPI document, an Avro schema (.avsc) or a JSON Schema';

/** Finds out what a document is. Throws a `UsageError` if it can't be compared. */
export function kindOf({ workspace, folder, file }: FileSide): Kind {
  const shown = posix.join(folder, file);
  if (file.endsWith('.avsc')) return { name: 'Avro' };
  const root = workspace.documents.get(file)?.value;
  const { openapi, asyncapi, swagger, $schema, type } = isObject(root) ? root : {};
  if (asyncapi !== undefined) return { name: 'AsyncAPI', dialect: dialectIn(ASYNCAPI, 'AsyncAPI', asyncapi, shown) };
  if (openapi !== undefined || swagger !== undefined)
    return { name: 'OpenAPI', dialect: dialectIn(OPENAPI, 'OpenAPI', openapi ?? swagger, shown) };
  if (typeof $schema === 'string') {
    const draft = Object.keys(JSON_SCHEMA).find((part) => $schema.includes(part));
    const dialect = draft === undefined ? undefined : JSON_SCHEMA[draft];
    if (dialect) return { name: 'JSON Schema', dialect };
    throw new UsageError(
      `${shown}: schemas of ${$schema.slice(0, 100)} cannot be compared, only draft 6, draft 7 and 2020-12; convert it first`,
    );
  }
  if (typeof type === 'string' && AVRO_ONLY.has(type))
    throw new UsageError(`${shown}: type ${type} is one of Avro; call the file *.avsc`);
  if (isSchema(root)) return { name: 'JSON Schema', dialect: '2020-12' };
  throw new UsageError(
    `${shown}: this is not ${WANTED}, because it has no key openapi, asyncapi or $schema, and no keyword of a schema`,
  );
}

function dialectIn(
  known: Readonly<Record<string, Dialect>>,
  standard: string,
  version: JsonValue | undefined,
  shown: string,
): Dialect {
  const dialect = typeof version === 'string' ? known[version.split('.').slice(0, 2).join('.')] : undefined;
  if (dialect !== undefined) return dialect;
  const wanted = Object.keys(known).join(' and ');
  throw new UsageError(
    `${shown}: ${standard} ${String(version).slice(0, 100)} cannot be compared, only ${wanted}; convert it first`,
  );
}

function isSchema(root: JsonValue | undefined): boolean {
  if (typeof root === 'boolean') return true;
  const known = keywordsOf('2020-12');
  return isObject(root) && Object.keys(root).some((key) => known.get(key)?.role !== 'annotation' && known.has(key));
}

/** An OpenAPI document of a side. Throws a `UsageError` if it is something else. */
export function openapiOf(side: Side, file: string): Version {
  const kind = kindOf({ ...side, file });
  if (kind.name === 'OpenAPI') return versionOf(side.workspace, file, kind.dialect, (path) => shownPath(side, path));
  throw new UsageError(`${shownPath(side, file)}: this is not an OpenAPI document`);
}

/** Throws a `UsageError` if an AsyncAPI document of the configuration is not one that can be compared. */
export function checkAsyncapi(side: Side): void {
  for (const { asyncapi } of side.workspace.config.services)
    if (asyncapi !== undefined && kindOf({ ...side, file: asyncapi }).name !== 'AsyncAPI')
      throw new UsageError(`${shownPath(side, asyncapi)}: this is not an AsyncAPI document`);
}

/** The path of a file in a report. `file` is relative to the configuration's folder, and may lead out of it. */
export function shownPath({ folder }: Pick<Side, 'folder'>, file: string): string {
  const [, ref = '', path = ''] = /^(?:([^/]*:))?(.*)$/.exec(folder) ?? [];
  return ref + posix.join(path, file);
}

/** A place as the report shows it. */
export function shownLoc(side: Side, loc: Loc): Loc {
  return { ...loc, file: shownPath(side, loc.file) };
}

/** The sources of a side, by path as the report shows it. */
export function sourcesOf(side: Side): readonly (readonly [string, string])[] {
  return [...side.workspace.sources].map(([file, text]) => [shownPath(side, file), text] as const);
}
