import { posix } from 'node:path';
import type { Cursor } from '../document/cursor.ts';
import type { AtlasConfig, ServiceConfig } from '../document/workspace.ts';

const DEFAULTS = {
  out: '../generated',
  dlq: 'atlas.{service}.dlq.v1',
  packageName: '@atlas/generated-{service}',
  migrations: '../services/{service}/migrations',
  statements: ['../services/{service}/src'],
  title: 'All services',
  version: '1.0.0',
} as const;

/** The configuration with its defaults. `root` is valid under the JSON Schema. */
export function configOf(root: Cursor): AtlasConfig {
  const gateway = root.get('gateway');
  return {
    version: 1,
    out: root.get('out')?.string() ?? DEFAULTS.out,
    dlq: root.get('dlq')?.string() ?? DEFAULTS.dlq,
    packageName: root.get('packageName')?.string() ?? DEFAULTS.packageName,
    migrations: root.get('migrations')?.string() ?? DEFAULTS.migrations,
    statements:
      root
        .get('statements')
        ?.items()
        .flatMap((item) => item.string() ?? []) ?? DEFAULTS.statements,
    services: (root.get('services')?.entries() ?? []).map(([name, cursor]) => serviceOf(name, cursor)),
    ...(gateway
      ? {
          gateway: {
            title: gateway.get('title')?.string() ?? DEFAULTS.title,
            version: gateway.get('version')?.string() ?? DEFAULTS.version,
            loc: gateway.loc,
          },
        }
      : {}),
  };
}

function serviceOf(name: string, cursor: Cursor): ServiceConfig {
  const openapi = cursor.get('openapi')?.string();
  const asyncapi = cursor.get('asyncapi')?.string();
  const basePath = cursor.get('basePath')?.string();
  return {
    name,
    loc: cursor.loc,
    ...(openapi === undefined ? {} : { openapi: posix.normalize(openapi) }),
    ...(asyncapi === undefined ? {} : { asyncapi: posix.normalize(asyncapi) }),
    ...(basePath === undefined ? {} : { basePath: basePath === '/' ? '' : basePath }),
  };
}

/** The documents of the configuration, each with the place of its path. */
export function configuredFiles(root: Cursor): readonly { readonly file: string; readonly cursor: Cursor }[] {
  return (root.get('services')?.entries() ?? []).flatMap(([, service]) =>
    ['openapi', 'asyncapi'].flatMap((key) => {
      const cursor = service.get(key);
      const file = cursor?.string();
      return cursor && file !== undefined ? [{ file, cursor }] : [];
    }),
  );
}
