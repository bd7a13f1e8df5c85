import { BrokenCircuitError, circuitBreaker, ConsecutiveBreaker, handleWhenResult } from 'cockatiel';
import type { Breaker, BreakerOptions, Guarded } from '../../ports/breaker.ts';
import { isObject } from '../../typeGuards.ts';

/** A circuit breaker by cockatiel. It measures its rest with the system's clock. */
export function cockatielBreaker({ failures, restMs, changed }: BreakerOptions): Breaker {
  const policy = circuitBreaker(
    handleWhenResult((result) => isObject(result) && result['fault'] === true),
    { halfOpenAfter: restMs, breaker: new ConsecutiveBreaker(failures) },
  );
  policy.onBreak(() => changed('open'));
  policy.onReset(() => changed('closed'));
  return {
    guard: async <Result extends Guarded>(work: () => Promise<Result>): Promise<Result | undefined> => {
      try {
        return await policy.execute(work);
      } catch (error) {
        if (error instanceof BrokenCircuitError) return undefined;
        throw error;
      }
    },
  };
}
