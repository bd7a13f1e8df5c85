import { code, ident, join, lit, type Code, type Service } from '@atlas/ir';
import { messagesOf } from '../events/eventFiles.ts';
import { eventName, pascal } from '../names.ts';

/** package.json of one service's generated package. */
export function packageJson(service: Service, name: string): string {
  return `${JSON.stringify(
    {
      name,
      version: '0.0.0',
      private: true,
      type: 'module',
      exports: { '.': './index.ts', ...(service.http ? { './client': './client/index.ts' } : {}) },
      dependencies: { '@atlas/runtime': 'workspace:*' },
    },
    null,
    2,
  )}\n`;
}

/** index.ts: all that hand-written code may import. */
export function indexFile(service: Service): Code {
  return code`
    export { contract, type Consumers, type Handlers } from './contract.ts';
    ${service.http && code`export type { components } from './http/types.ts';`}
    ${(service.http?.operations ?? []).map(
      ({ id }) => code`export type * as ${ident(pascal(id))} from ${lit(`./http/${id}.ts`)};`,
    )}
    ${service.receives.map(
      ({ handler }) => code`export type * as ${ident(pascal(handler))} from ${lit(`./events/${handler}.ts`)};`,
    )}
    ${messagesOf(service).map(
      ({ name }) => code`export type { ${ident(name)}, ${eventName(name)} } from ${lit(`./events/${name}.ts`)};`,
    )}
  `;
}

/** contract.ts: the service as data, all that the runtime needs to know about it. */
export function contractFile(service: Service): Code {
  const http = service.http !== undefined && service.http.operations.length > 0;
  const receives = service.receives.length > 0;
  return code`
    import type { ServiceContract } from '@atlas/runtime';
    ${receives && code`import { consumers, type Consumers } from './events/consumers.ts';`}
    ${service.sends.length > 0 && code`import { messages } from './events/producers.ts';`}
    ${service.http && code`import document from './http/document.json' with { type: 'json' };`}
    ${http && code`import { operations, type Handlers } from './http/operations.ts';`}

    ${
      !http &&
      code`/** It has no operations. */
    export type Handlers = Readonly<Record<string, never>>;`
    }
    ${
      !receives &&
      code`/** It reads no events. */
    export type Consumers = Readonly<Record<string, never>>;`
    }
    ${(http || receives) && code`export type { ${join([...(receives ? [code`Consumers`] : []), ...(http ? [code`Handlers`] : [])], ', ')} };`}

    /** The whole service as data: what \`runService\` starts. */
    export const contract: ServiceContract<Handlers, Consumers> = {
      service: ${lit(service.name)},
      document${service.http ? code`` : code`: undefined`},
      operations${http ? code`` : code`: []`},
      ${service.http?.basePath !== undefined && code`basePath: ${lit(service.http.basePath)},`}
      messages${service.sends.length > 0 ? code`` : code`: []`},
      consumers${receives ? code`` : code`: []`},
      dlqTopic: ${service.dlqTopic === undefined ? code`undefined` : lit(service.dlqTopic)},
      migrations: new URL('./outbox/', import.meta.url),
    };
  `;
}
