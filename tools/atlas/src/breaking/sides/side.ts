import { posix } from 'node:path';
import { isObject } from '@atlas/ir';
import { UsageError } from '../../diagnostics/usageError.ts';
import type { Workspace } from '../../document/workspace.ts';
import type { Dialect } from '../../jsonschema/keywords.ts';
import { versionOf, type Version } from './version.ts';

/** One side of a comparison that was read. */
export interface Side {
  readonly workspace: Workspace;
  /** What stands before the paths of its files in the report, such as `specs` or `main:specs`. */
  readonly folder: string;
}

/** The path of a file in a report. `file` is relative to the configuration's folder, and may lead out of it. */
export function shownPath({ folder }: Pick<Side, 'folder'>, file: string): string {
  const [, ref = '', path = ''] = /^(?:([^/]*:))?(.*)$/.exec(folder) ?? [];
  return ref + posix.join(path, file);
}

/** Which dialect of JSON Schema the schemas of each version of OpenAPI have. */
const OPENAPI: Readonly<Record<string, Dialect>> = { '3.0': 'openapi-3.0', '3.1': '2020-12' };

/** An OpenAPI document of a side. Throws a `UsageError` if it is something else. */
export function openapiOf({ workspace, folder }: Side, file: string): Version {
  const show = (path: string): string => shownPath({ folder }, path);
  const root = workspace.documents.get(file)?.value;
  const { openapi, asyncapi, swagger } = isObject(root) ? root : {};
  if (asyncapi !== undefined || file.endsWith('.avsc'))
    throw new UsageError(`${show(file)}: only OpenAPI documents can be compared so far; AsyncAPI and Avro are planned`);
  const version = typeof openapi === 'string' ? openapi : undefined;
  const dialect = version === undefined ? undefined : OPENAPI[version.split('.').slice(0, 2).join('.')];
  if (dialect !== undefined) return versionOf(workspace, file, dialect, show);
  const known = Object.keys(OPENAPI).join(' and ');
  if (version !== undefined || swagger !== undefined)
    throw new UsageError(
      `${show(file)}: OpenAPI ${version ?? String(swagger)} cannot be compared, only ${known}; convert it first`,
    );
  throw new UsageError(
    `${show(file)}: this is not an OpenAPI document, because it has no key openapi with a version, such as 3.1.0`,
  );
}

/** The sources of a side, by path as the report shows it. */
export function sourcesOf({ workspace, folder }: Side): readonly (readonly [string, string])[] {
  return [...workspace.sources].map(([file, text]) => [shownPath({ folder }, file), text] as const);
}
