import { code, comment, ident, lit, type Code, type Effect } from '@atlas/ir';
import {
  emitsLiteral,
  emittedNames,
  eventResultType,
  followUpImports,
  retryLiteral,
  type FollowUps,
} from '../emits.ts';
import { contractName, eventName } from '../names.ts';

/** effects/<name>.ts: the types that the effect's handler is written against, and the effect as data. */
export function effectFile(effect: Effect, follows: FollowUps): Code {
  const { name, summary, payload, outcome, timeoutMs, emits, retry } = effect;
  const request = ident(payload.name);
  const result = ident(outcome.name);
  return code`
    import type { Call, Ctx, EffectContract, Tx } from '@atlas/runtime';
    import { ${contractName(outcome)}, type ${result} } from ${lit(`./${outcome.name}.ts`)};
    import { ${contractName(payload)}, type ${request} } from ${lit(`./${payload.name}.ts`)};
    ${emittedNames(emits).map((event) => code`import type { ${eventName(event)} } from ${lit(`../events/${event}.ts`)};`)}
    ${followUpImports(follows, 'effects')}

    /** The input of the call. */
    export interface Input {
      readonly data: ${request};
      readonly call: Call;
    }

    /** The input of the call, and its outcome. */
    export interface SettleInput {
      readonly data: ${request};
      readonly outcome: ${result};
      readonly key: string;
      readonly ctx: Ctx;
    }

    /** What the handler may return: the events that the spec declares. */
    export type Result = ${eventResultType(emits, follows, code`the outcome changes nothing`)};

    ${comment(summary)}
    export interface Handler {
      /** Calls the outside system, without a transaction. It may run again, with the same idempotency key. */
      perform(input: Input): Promise<${result}>;
      /** Takes the outcome of the call, in a transaction. */
      settle(input: SettleInput, tx: Tx): Promise<Result>;
    }

    export const ${ident(name)}: EffectContract<${request}, ${result}> = {
      name: ${lit(name)},
      payload: ${contractName(payload)},
      outcome: ${contractName(outcome)},
      timeoutMs: ${timeoutMs},
      emits: ${emitsLiteral(emits)},
      retry: ${retryLiteral(retry)},
    };
  `;
}
