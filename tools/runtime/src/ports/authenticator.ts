import type { Actor } from '../contract/handler.ts';

/**
 * Finds out who sends a request. Throws `AtlasError` ATLAS_UNAUTHENTICATED, whose message may be shown to the caller.
 */
export interface Authenticator {
  authenticate(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Promise<Actor>;
}
