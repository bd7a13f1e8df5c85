import { code, join, lit, type Code, type Service } from '@atlas/ir';

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
      messages${service.sends.length > 0 ? code`` : code`: []`},
      consumers${receives ? code`` : code`: []`},
      dlqTopic: ${service.dlqTopic === undefined ? code`undefined` : lit(service.dlqTopic)},
      migrations: new URL('./outbox/', import.meta.url),
    };
  `;
}
