import {
  code,
  consumersOf,
  ident,
  join,
  lit,
  type Code,
  type HttpApi,
  type Service,
  type StatusRange,
  pascal,
} from '@atlas/ir';
import { messagesOf } from '../events/eventFiles.ts';
import { eventName } from '../names.ts';

/** package.json of one service's generated package. */
export function packageJson(service: Service, name: string): string {
  return `${JSON.stringify(
    {
      name,
      version: '0.0.0',
      private: true,
      type: 'module',
      exports: {
        '.': './index.ts',
        ...(service.http ? { './client': './client/index.ts' } : {}),
        ...Object.fromEntries(
          service.clients.map((client) => [`./clients/${client.name}`, `./clients/${client.name}/index.ts`]),
        ),
        ...((service.http?.webhooks ?? []).length > 0 ? { './webhooks': './webhooks/index.ts' } : {}),
      },
      dependencies: { '@atlas/runtime': 'workspace:*' },
    },
    null,
    2,
  )}\n`;
}

/** package.json of the package of a double. */
export function doublePackageJson(name: string, { webhooks }: Pick<HttpApi<StatusRange>, 'webhooks'>): string {
  return `${JSON.stringify(
    {
      name,
      version: '0.0.0',
      private: true,
      type: 'module',
      exports: {
        './document': './http/document.json',
        './types': './http/types.ts',
        './validators': './http/compiled/validators.js',
        ...(webhooks.length > 0 ? { './webhooks': './webhooks/index.ts' } : {}),
      },
      dependencies: { '@atlas/runtime': 'workspace:*' },
    },
    null,
    2,
  )}\n`;
}

/** index.ts: all that hand-written code may import. */
export function indexFile(service: Service): Code {
  return code`
    export { contract, type ${join(tableNames(service), ', type ')} } from './contract.ts';
    ${service.http && code`export type { components } from './http/types.ts';`}
    ${service.http && service.roleGroups && code`export { hasRoleOf } from './http/roleGroups.ts';`}
    ${(service.http?.operations ?? []).map(
      ({ id }) => code`export type * as ${ident(pascal(id))} from ${lit(`./http/${id}.ts`)};`,
    )}
    ${consumersOf(service).map(
      ({ handler }) => code`export type * as ${ident(pascal(handler))} from ${lit(`./events/${handler}.ts`)};`,
    )}
    ${service.timers.map(
      ({ handler }) => code`export type * as ${ident(pascal(handler))} from ${lit(`./timers/${handler}.ts`)};`,
    )}
    ${service.effects.map(
      ({ name }) => code`export type * as ${ident(pascal(name))} from ${lit(`./effects/${name}.ts`)};`,
    )}
    ${service.timers.map(({ payload: { name } }) => code`export type { ${ident(name)} } from ${lit(`./timers/${name}.ts`)};`)}
    ${service.effects
      .flatMap(({ payload, outcome }) => [payload, outcome])
      .map(({ name }) => code`export type { ${ident(name)} } from ${lit(`./effects/${name}.ts`)};`)}
    ${messagesOf(service).map(
      ({ name }) => code`export type { ${ident(name)}, ${eventName(name)} } from ${lit(`./events/${name}.ts`)};`,
    )}
  `;
}

/** The tables of handlers of a service: timers and effects only if it has any. */
function tableNames({ timers, effects }: Service): readonly Code[] {
  return [
    code`Consumers`,
    ...(effects.length > 0 ? [code`Effects`] : []),
    code`Handlers`,
    ...(timers.length > 0 ? [code`Timers`] : []),
  ];
}

/** roleGroups.ts: who has a role of a group, as atlas.config.yaml names it. */
export function roleGroupsFile(groups: NonNullable<Service['roleGroups']>): Code {
  const names = groups.map(({ name }) => lit(name));
  return code`
    /** Roles by the name of their group. */
    const roleGroups: Readonly<Record<${join(names, ' | ')}, readonly string[]>> = {
      ${groups.map(({ name, roles }) => code`${ident(name)}: ${lit(roles)},`)}
    };

    /** Whether somebody who has these roles has one of a group. */
    export function hasRoleOf(group: keyof typeof roleGroups, roles: readonly string[]): boolean {
      return roles.some((role) => roleGroups[group].includes(role));
    }
  `;
}

/** contract.ts: the service as data, all that the runtime needs to know about it. */
export function contractFile(service: Service): Code {
  const http = service.http !== undefined && service.http.operations.length > 0;
  const receives = service.receives.length > 0;
  const timers = service.timers.length > 0;
  const effects = service.effects.length > 0;
  const imported = [
    ...(receives ? [code`Consumers`] : []),
    ...(effects ? [code`Effects`] : []),
    ...(http ? [code`Handlers`] : []),
    ...(timers ? [code`Timers`] : []),
  ];
  const none = code`Readonly<Record<string, never>>`;
  const tables = [code`Handlers`, code`Consumers`];
  if (timers || effects) tables.push(timers ? code`Timers` : none, effects ? code`Effects` : none);
  return code`
    import type { ServiceContract } from '@atlas/runtime';
    ${effects && code`import { effects, type Effects } from './effects/effects.ts';`}
    ${receives && code`import { consumers, type Consumers } from './events/consumers.ts';`}
    ${service.sends.length > 0 && code`import { messages } from './events/producers.ts';`}
    ${service.http && code`import document from './http/document.json' with { type: 'json' };`}
    ${http && code`import { operations, type Handlers } from './http/operations.ts';`}
    ${timers && code`import { timers, type Timers } from './timers/timers.ts';`}

    ${
      !http &&
      code`/** The service has no operations. */
    export type Handlers = ${none};`
    }
    ${
      !receives &&
      code`/** The service reads no events. */
    export type Consumers = ${none};`
    }
    ${imported.length > 0 && code`export type { ${join(imported, ', ')} };`}

    /** The whole service as data, for \`runService\`. */
    export const contract: ServiceContract<${join(tables, ', ')}> = {
      service: ${lit(service.name)},
      document${service.http ? code`` : code`: undefined`},
      operations${http ? code`` : code`: []`},
      ${service.http?.basePath !== undefined && code`basePath: ${lit(service.http.basePath)},`}
      ${http && service.toxicRoles !== undefined && code`toxicRoles: ${lit(service.toxicRoles)},`}
      messages${service.sends.length > 0 ? code`` : code`: []`},
      consumers${receives ? code`` : code`: []`},
      ${timers && code`timers,`}
      ${effects && code`effects,`}
      dlqTopic: ${service.dlqTopic === undefined ? code`undefined` : lit(service.dlqTopic)},
      migrations: new URL('./outbox/', import.meta.url),
    };
  `;
}
