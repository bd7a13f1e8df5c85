import { code, comment, ident, join, lit, type BatchPolicy, type Code, type Consumer } from '@atlas/ir';
import {
  emitsLiteral,
  emittedNames,
  eventResultType,
  followUpImports,
  retryLiteral,
  type FollowUps,
} from '../emits.ts';
import { contractName, eventName } from '../names.ts';

/** events/<handler>.ts: the types that the handler of events is written against, and the consumer as data. */
export function consumerFile(consumer: Consumer, follows: FollowUps): Code {
  return consumer.first.batch ? setFile(consumer, consumer.first.batch, follows) : singleFile(consumer, follows);
}

function singleFile({ handler, first, receives }: Consumer, follows: FollowUps): Code {
  const { message, summary, emits, retry } = first;
  const name = ident(message.name);
  return code`
    import type { ConsumerContract, Ctx, Meta, Tx } from '@atlas/runtime';
    ${eventImports(receives, follows)}

    /** The event: its payload, and what came with it. */
    export interface Input {
      readonly data: ${name};
      readonly meta: Meta;
      readonly ctx: Ctx;
    }

    /** What the handler may return: the events that the spec declares. */
    export type Result = ${eventResultType(emits, follows, code`the event changes nothing`)};

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

/** The file of a handler that gets sets: one contract per message, all with the handler's name. */
function setFile({ handler, first, receives }: Consumer, { max }: BatchPolicy, follows: FollowUps): Code {
  const { summary, emits, retry } = first;
  const messages = receives.map(({ message }) => message);
  return code`
    import type { ConsumerContract, Meta, SetCtx, Tx } from '@atlas/runtime';
    ${eventImports(receives, follows)}

    /** A message of a set: its payload, and what came with it. */
    export type Message =
      ${messages.map(({ name }) => code`| { readonly type: ${lit(name)}; readonly data: ${ident(name)}; readonly meta: Meta }`)};

    /** 1 to ${max} messages of one partition, in the order of the partition, without copies. */
    export interface Input {
      readonly messages: readonly Message[];
      readonly ctx: SetCtx;
    }

    /** What the handler may return for one message: the events that the spec declares. */
    export type Result = ${eventResultType(emits, follows, code`the message changes nothing`)};

    ${comment(summary)}
    export type Handler = (input: Input, tx: Tx) => Promise<readonly Result[]>;

    export const ${ident(handler)}: readonly ConsumerContract<unknown>[] = [${join(messages.map(contractName), ', ')}].map(
      (message) => ({
        name: ${lit(handler)},
        message,
        batch: { max: ${max} },
        emits: ${emitsLiteral(emits)},
        retry: ${retryLiteral(retry)},
      }),
    );
  `;
}

/** The imports of the messages, events, timers and effects of the handler. */
function eventImports(receives: Consumer['receives'], follows: FollowUps): readonly Code[] {
  const read = new Set(receives.map(({ message }) => message.name));
  const sent = emittedNames(receives.flatMap(({ emits }) => emits));
  const sentImport = (name: string): Code => code`import type { ${eventName(name)} } from ${lit(`./${name}.ts`)};`;
  return [
    ...receives.map(
      ({ message }) =>
        code`import { ${contractName(message)}, type ${ident(message.name)} } from ${lit(`./${message.name}.ts`)};`,
    ),
    ...sent.filter((name) => !read.has(name)).map(sentImport),
    ...sent.filter((name) => read.has(name)).map(sentImport),
    ...followUpImports(follows, 'events'),
  ];
}
