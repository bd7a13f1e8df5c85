import { failureReply, plumbingReply, READS, RETRY_AFTER, type Reply } from '@atlas/runtime/gateway';
import type { GatewayRoute } from '@atlas/runtime';
import { NoAnswer, TRY_AGAIN_SECONDS, Unavailable } from './upstream.ts';

/**
 * The problem for a request that failed. If `fault` is true, somebody has to look at it. A command that the service may
 * have got is `outcome-unknown`, because only the client can find out whether it was carried out.
 */
export function failureOf(
  error: unknown,
  { method, service }: Pick<GatewayRoute, 'method' | 'service'>,
  correlationId: string,
): { readonly reply: Reply; readonly fault: boolean } {
  if (!(error instanceof Unavailable || error instanceof NoAnswer)) return failureReply(error, correlationId);
  const isUnknown = error instanceof NoAnswer && !READS.has(method);
  const problem = isUnknown
    ? ({
        code: 'outcome-unknown',
        detail: `${service} gave no answer: ask again with the same Idempotency-Key, or look before asking again`,
      } as const)
    : ({ code: 'unavailable', detail: `${service} is not available, nothing was changed: ask again` } as const);
  const retryAfter = { [RETRY_AFTER]: String(error instanceof Unavailable ? TRY_AGAIN_SECONDS : 1) };
  return { reply: plumbingReply(problem, correlationId, retryAfter), fault: true };
}
