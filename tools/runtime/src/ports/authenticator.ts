import type { Actor } from '../contract/handler.ts';

/** Who is asking. Throws `AtlasError` ATLAS_UNAUTHENTICATED with a reason that may be shown. */
export interface Authenticator {
  authenticate(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Promise<Actor>;
}
