import type { Actor } from '../contract/handler.ts';

/**
 * Finds out who sends a request. Throws `AtlasError`, whose message may be shown to the caller: ATLAS_UNAUTHENTICATED
 * if there is no token, ATLAS_TOKEN if the token is not accepted, ATLAS_KEYS_UNAVAILABLE if tokens can't be verified.
 */
export interface Authenticator {
  authenticate(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Promise<Actor>;
}
