import { AtlasError } from '../contract/atlasError.ts';
import { WWW_AUTHENTICATE } from './headerNames.ts';
import { BUSY, plumbingReply, Refusal, type PlumbingProblem } from './problem.ts';
import type { Reply } from './reply.ts';

const KEYS_UNAVAILABLE: PlumbingProblem = {
  code: 'unavailable',
  detail: 'the keys that verify tokens are unavailable, nothing was changed: send the request again',
};

const OCCUPIED: PlumbingProblem = {
  code: 'busy',
  detail: 'too many requests at once, nothing was changed: send the request again',
};

const SLOW: PlumbingProblem = {
  code: 'busy',
  detail: 'the database took too long, nothing was changed: send the request again, or ask for less',
};

/**
 * Turns any error of a request into the problem that the caller may see, without details of the error. If `fault` is
 * true, somebody has to look into it, so the caller of this function logs it.
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
      // not logged for each request, because each attempt to get the keys is logged
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
        detail: 'a part of the service is unavailable, nothing was changed: send the request again',
      });
    case 'ATLAS_COMMIT_UNKNOWN':
      return fault({
        code: 'outcome-unknown',
        detail: 'it is unknown whether this was done: send it again with the same Idempotency-Key, or check first',
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

/** The refusal that was thrown, or that was the reason of an aborted signal; Node puts that reason into `cause`. */
function refusalIn(error: unknown): Refusal | undefined {
  const thrown = error instanceof Error && error.name === 'AbortError' ? error.cause : error;
  return thrown instanceof Refusal ? thrown : undefined;
}
