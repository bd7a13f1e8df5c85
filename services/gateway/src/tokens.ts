import { LRUCache } from 'lru-cache';
import type { Actor } from '@atlas/runtime';
import type { Authenticator } from '@atlas/runtime/gateway';

interface Known {
  readonly actor: Actor;
  /** In milliseconds, by `Date.now()`. */
  readonly until: number;
}

type Headers = Parameters<Authenticator['authenticate']>[0];

const MAX_TOKENS = 10_000;
/** A key that is withdrawn is noticed after so long. The service verifies each request for itself at any rate. */
const TRUST_MS = 30_000;

/** Remembers for half a minute which tokens are good, because verifying one costs as much as passing a request on. */
export class Tokens {
  readonly #authenticator: Authenticator;
  readonly #known = new LRUCache<string, Known>({ max: MAX_TOKENS });

  constructor(authenticator: Authenticator) {
    this.#authenticator = authenticator;
  }

  /** Whose token this is, if that was verified a moment ago. */
  known(authorization: string | undefined): Actor | undefined {
    const found = authorization === undefined ? undefined : this.#known.get(authorization);
    return found !== undefined && Date.now() < found.until ? found.actor : undefined;
  }

  /** Verifies the token of a request. Throws as the authenticator does. */
  async verify(headers: Headers): Promise<Actor> {
    const actor = await this.#authenticator.authenticate(headers);
    const { authorization } = headers;
    if (typeof authorization === 'string')
      this.#known.set(authorization, { actor, until: Math.min(Date.now() + TRUST_MS, expiryOf(authorization)) });
    return actor;
  }
}

/** When a verified token expires, in milliseconds. 0 if it does not say so in a way that this code knows. */
function expiryOf(authorization: string): number {
  const [, payload = ''] = authorization.split('.');
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    if (typeof claims === 'object' && claims !== null && 'exp' in claims && typeof claims.exp === 'number')
      return claims.exp * 1_000;
  } catch {
    // an opaque token is verified each time
  }
  return 0;
}
