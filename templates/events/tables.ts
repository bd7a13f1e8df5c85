import { code, join, lit, type Code, type Service } from '@atlas/ir';
import { handlerTable } from '../handlerTable.ts';
import { eventName } from '../names.ts';
import { contractName } from './names.ts';

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

/** events/consumers.ts: what the service reads, and the handlers that it must have. */
export function consumersFile({ receives }: Service): Code {
  return handlerTable({
    each: 'event',
    names: receives.map(({ handler }) => handler),
    type: 'Consumers',
    list: 'consumers',
    contract: { type: 'ConsumerContract', arguments: code`<unknown>` },
  });
}
