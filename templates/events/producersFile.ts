import { code, join, lit, type Code, type Service } from '@atlas/ir';
import { contractName, eventName } from '../names.ts';

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
