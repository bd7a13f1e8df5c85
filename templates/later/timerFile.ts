import { code, comment, ident, lit, type Code, type Timer } from '@atlas/ir';
import {
  emitsLiteral,
  emittedNames,
  eventResultType,
  followUpImports,
  retryLiteral,
  type FollowUps,
} from '../emits.ts';
import { contractName, eventName } from '../names.ts';

/** timers/on<Name>.ts: the types that the timer's handler is written against, and the timer as data. */
export function timerFile({ name, handler, summary, payload, emits, retry }: Timer, follows: FollowUps): Code {
  const data = ident(payload.name);
  return code`
    import type { Ctx, Due, TimerContract, Tx } from '@atlas/runtime';
    import { ${contractName(payload)}, type ${data} } from ${lit(`./${payload.name}.ts`)};
    ${emittedNames(emits).map((event) => code`import type { ${eventName(event)} } from ${lit(`../events/${event}.ts`)};`)}
    ${followUpImports(follows, 'timers')}

    /** The timer that is due: its payload, and what was set with it. */
    export interface Input {
      readonly data: ${data};
      readonly timer: Due;
      readonly ctx: Ctx;
    }

    /** What the handler may return: the events that the spec declares. */
    export type Result = ${eventResultType(emits, follows, code`the timer changes nothing`)};

    ${comment(summary)}
    export type Handler = (input: Input, tx: Tx) => Promise<Result>;

    export const ${ident(handler)}: TimerContract<${data}> = {
      name: ${lit(name)},
      handler: ${lit(handler)},
      payload: ${contractName(payload)},
      emits: ${emitsLiteral(emits)},
      retry: ${retryLiteral(retry)},
    };
  `;
}
