import { AtlasError } from '../contract/atlasError.ts';
import { WWW_AUTHENTICATE } from './headerNames.ts';
import { BUSY, plumbingReply, Refusal, type PlumbingProblem } from './problem.ts';
import type { Reply } from './reply.ts';

const KEYS_UNAVAILABLE: PlumbingProblem = {
  code: 'unavailable',
  detail: 'the keys that verify tokens are out of reach, nothing was changed: ask again',
};

const OCCUPIED: PlumbingProblem = {
  code: 'busy',
  detail: 'too many requests at once, nothing was changed: ask again',
};

const SLOW: PlumbingProblem = {
  code: 'busy',
  detail: 'the database took too long, nothing was changed: ask again, or for less',
};

/**
 * Turns any error of a request into the problem that the caller may see, without details of the error. If `fault` is
 * true, somebody has to look at it, so the caller of this function logs it.
 */
export function failureReply(
  error: unknown,
  correlationId: string,
): { readonly reply: Reply; readonly fault: boolean } {
  const refusal = refusalIn(error);
  if (refusal) return { reply: plumbingReply(refusal.problem, correlationId), fault: false };
  switch (error instanceof AtlasError ? error.code : '') {
    case 'ATLAS_UNAUTHENTICATED':
      return unauthenticated({});
    case 'ATLAS_TOKEN':
      return unauthenticated({ [WWW_AUTHENTICATE]: 'Bearer error="invalid_token"' });
    case 'ATLAS_KEYS_UNAVAILABLE':
      // not logged for each request, because each attempt to get the keys was
      return { reply: plumbingReply(KEYS_UNAVAILABLE, correlationId), fault: false };
    case 'ATLAS_BUSY':
      return fault(OCCUPIED);
    case 'ATLAS_CONTENDED':
    case 'ATLAS_LOCKED':
      return fault(BUSY);
    case 'ATLAS_STATEMENT_TIMEOUT':
      return fault(SLOW);
    case 'ATLAS_DATABASE_UNAVAILABLE':
      return fault({
        code: 'unavailable',
        detail: 'a part of the service is out of reach, nothing was changed: ask again',
      });
    case 'ATLAS_COMMIT_UNKNOWN':
      return fault({
        code: 'outcome-unknown',
        detail: 'it may have been done or not: ask again with the same Idempotency-Key, or look before asking again',
      });
    default:
      return fault({ code: 'internal', detail: 'the service failed; its log has more under this correlationId' });
  }

  /** RFC 6750, section 3.1: only a request with a token gets an error code. */
  function unauthenticated(challenge: Readonly<Record<string, string>>): ReturnType<typeof failureReply> {
    const problem = { code: 'unauthenticated', detail: error instanceof Error ? error.message : '' } as const;
    return { reply: plumbingReply(problem, correlationId, challenge), fault: false };
  }

  function fault(problem: PlumbingProblem): { readonly reply: Reply; readonly fault: boolean } {
    return { reply: plumbingReply(problem, correlationId), fault: true };
  }
}

/** The refusal that was thrown, or with which a wait was ended: Node gives the reason of a signal as the cause. */
function refusalIn(error: unknown): Refusal | undefined {
  const thrown = error instanceof Error && error.name === 'AbortError' ? error.cause : error;
  return thrown instanceof Refusal ? thrown : undefined;
}
