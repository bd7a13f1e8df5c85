import { AtlasError } from '../contract/atlasError.ts';
import { problemReply, Refusal } from './problem.ts';
import type { Reply } from './reply.ts';

const AGAIN = { 'retry-after': '1' };

/**
 * Whatever was thrown on the way as the problem that the caller may see. `fault` says that somebody has to look at it:
 * the caller logs it. What is inside an error stays inside.
 */
export function failureReply(
  error: unknown,
  correlationId: string,
): { readonly reply: Reply; readonly fault: boolean } {
  if (error instanceof Refusal) {
    const { status, problem, headers } = error;
    return { reply: problemReply(status, problem, correlationId, headers), fault: false };
  }
  const code = error instanceof AtlasError ? error.code : '';
  switch (code) {
    case 'ATLAS_UNAUTHENTICATED':
      return {
        reply: problemReply(
          401,
          { code: 'unauthenticated', detail: error instanceof Error ? error.message : '' },
          correlationId,
          { 'www-authenticate': 'Bearer' },
        ),
        fault: false,
      };
    case 'ATLAS_CONTENDED':
      return unavailable('busy', 'too many changes of the same thing at once, nothing was changed: ask again');
    case 'ATLAS_DATABASE_UNAVAILABLE':
      return unavailable('unavailable', 'a part of the service is out of reach, nothing was changed: ask again');
    case 'ATLAS_COMMIT_UNKNOWN':
      return unavailable(
        'outcome-unknown',
        'it may have been done or not: ask again with the same Idempotency-Key, or look before asking again',
      );
    default: {
      const detail = 'the service failed; its log has more under this correlationId';
      return { reply: problemReply(500, { code: 'internal', detail }, correlationId), fault: true };
    }
  }

  function unavailable(name: string, detail: string): { readonly reply: Reply; readonly fault: boolean } {
    return { reply: problemReply(503, { code: name, detail }, correlationId, AGAIN), fault: true };
  }
}
