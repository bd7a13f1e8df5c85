import { code, ident, join, lit, type Code, type Service } from '@atlas/ir';
import { contractName, eventName, upper } from './names.ts';

/** events/producers.ts: what the service sends. */
export function producersFile({ sends }: Service): Code {
  return code`
    import type { MessageContract } from '@atlas/runtime';
    ${sends.map((message) => code`import { ${contractName(message)}, type ${eventName(message.name)} } from ${lit(`./${message.name}.ts`)};`)}

    /** Any event that this service may send. */
    export type SentEvent = ${join(
      sends.map(({ name }) => eventName(name)),
      ' | ',
    )};

    export const messages: readonly MessageContract<unknown>[] = [${join(sends.map(contractName), ', ')}];
  `;
}

/** events/consumers.ts: what the service reads, and the consumers that it owes. */
export function consumersFile({ receives }: Service): Code {
  const type = (handler: string): Code => ident(`${upper(handler)}Consumer`);
  return code`
    import type { ConsumerContract } from '@atlas/runtime';
    ${receives.map(({ handler }) => code`import { ${ident(handler)}, type Consumer as ${type(handler)} } from ${lit(`./${handler}.ts`)};`)}

    /** A consumer for each message that is read; a missing one is a type error in main.ts. */
    export interface Consumers {
      ${receives.map(({ handler }) => code`readonly ${ident(handler)}: ${type(handler)};`)}
    }

    export const consumers: readonly ConsumerContract<unknown>[] = [${join(
      receives.map(({ handler }) => ident(handler)),
      ', ',
    )}];

    /** By consumer name. Written out, so that each consumer is checked against its own type. */
    export const bindConsumers = (consumers: Consumers) => ({
      ${receives.map(({ handler }) => code`${ident(handler)}: consumers.${ident(handler)},`)}
    });
  `;
}
