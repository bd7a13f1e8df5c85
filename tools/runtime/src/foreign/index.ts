import { systemClock } from '../adapters/clock/systemClock.ts';
import { cockatielBreaker } from '../adapters/cockatiel/index.ts';
import { watchOf } from './watch.ts';
import type { ForeignContract } from './contract.ts';
import { foreignCalls, type ForeignOptions } from './foreignCalls.ts';

export type { ForeignOptions };
export type { ForeignAnswer, ForeignCall, ForeignInput } from './types.ts';

/** Generated clients of outside systems use this: `foreignCalls` with a breaker and the system's clock. */
export function foreignCallsOf<Calls extends object>(
  name: string,
  operations: { readonly [Id in keyof Calls]: ForeignContract },
  options: ForeignOptions,
): Calls {
  return foreignCalls<Calls>(name, operations, options, {
    breakerOf: cockatielBreaker,
    clock: systemClock,
    watch: watchOf(name),
  });
}
