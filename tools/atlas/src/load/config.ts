import { posix } from 'node:path';
import type { Cursor } from '../document/cursor.ts';
import type { AtlasConfig, ConfiguredRole, DocumentConfig, ServiceConfig } from '../document/workspace.ts';

const DEFAULTS = {
  out: '../generated',
  dlq: 'atlas.{service}.dlq.v1',
  packageName: '@atlas/generated-{service}',
  migrations: '../services/{service}/migrations',
  statements: ['../services/{service}/src'],
  callers: ['../services/*'],
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
    statements: textsOf(root.get('statements')) ?? DEFAULTS.statements,
    callers: textsOf(root.get('callers')) ?? DEFAULTS.callers,
    toxicRoles: (root.get('toxicRoles')?.items() ?? []).map(rolesOf),
    roleGroups: (root.get('roleGroups')?.entries() ?? []).map(([name, roles]) => ({ name, roles: rolesOf(roles) })),
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
    doubles: documentsOf(root.get('doubles')),
  };
}

function textsOf(list: Cursor | undefined): readonly string[] | undefined {
  return list?.items().flatMap((item) => item.string() ?? []);
}

function rolesOf(set: Cursor): readonly ConfiguredRole[] {
  return set.items().map((role) => ({ name: role.string() ?? '', loc: role.valueLoc }));
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
    clients: documentsOf(cursor.get('clients')),
  };
}

function documentsOf(cursor: Cursor | undefined): readonly DocumentConfig[] {
  return (cursor?.entries() ?? []).flatMap(([name, document]) => {
    const file = document.string();
    return file === undefined ? [] : [{ name, document: posix.normalize(file), loc: document.loc }];
  });
}

/** The documents of the configuration, each with the place of its path. */
export function configuredFiles(root: Cursor): readonly { readonly file: string; readonly cursor: Cursor }[] {
  const services = (root.get('services')?.entries() ?? []).map(([, service]) => service);
  const cursors = [
    ...services.flatMap((service) => [
      ...['openapi', 'asyncapi'].map((key) => service.get(key)),
      ...valuesIn(service.get('clients')),
    ]),
    ...valuesIn(root.get('doubles')),
  ];
  return cursors.flatMap((cursor) => {
    const file = cursor?.string();
    return cursor && file !== undefined ? [{ file, cursor }] : [];
  });
}

function valuesIn(cursor: Cursor | undefined): readonly Cursor[] {
  return (cursor?.entries() ?? []).map(([, value]) => value);
}
