import { code, comment, ident, lit, type Code, type Receive } from '@atlas/ir';
import {
  emitsLiteral,
  emittedNames,
  eventResultType,
  followUpImports,
  retryLiteral,
  type FollowUps,
} from '../emits.ts';
import { contractName, eventName } from '../names.ts';

/** events/on<Message>.ts: the types that the event's handler is written against, and the consumer as data. */
export function consumerFile(receive: Receive, follows: FollowUps): Code {
  const { handler, message, summary, emits, retry } = receive;
  const name = ident(message.name);
  return code`
    import type { ConsumerContract, Ctx, Meta, Tx } from '@atlas/runtime';
    import { ${contractName(message)}, type ${name} } from ${lit(`./${message.name}.ts`)};
    ${emittedNames(emits)
      .filter((event) => event !== message.name)
      .map((event) => code`import type { ${eventName(event)} } from ${lit(`./${event}.ts`)};`)}
    ${emittedNames(emits).includes(message.name) && code`import type { ${eventName(message.name)} } from ${lit(`./${message.name}.ts`)};`}
    ${followUpImports(follows, 'events')}

    /** What the handler gets: the event's payload, and what came with it. */
    export interface Input {
      readonly data: ${name};
      readonly meta: Meta;
      readonly ctx: Ctx;
    }

    /** What the handler may answer: the events of the spec, and no others. */
    export type Result = ${eventResultType(emits, follows, code`the event means nothing`)};

    ${comment(summary)}
    export type Handler = (input: Input, tx: Tx) => Promise<Result>;

    export const ${ident(handler)}: ConsumerContract<${name}> = {
      name: ${lit(handler)},
      message: ${contractName(message)},
      emits: ${emitsLiteral(emits)},
      retry: ${retryLiteral(retry)},
    };
  `;
}
