import type { JWTPayload } from 'jose';
import type { Actor } from '../../contract/handler.ts';

interface Known {
  readonly actor: Actor;
  /** The set of keys that it was verified with. */
  readonly keys: object;
  /** NumericDate (RFC 7519, section 2): seconds since 1970. */
  readonly exp: number;
  readonly nbf: number;
}

/**
 * The verified tokens that were used last. Verifying a token costs as much as the rest of a request, and the same token
 * and keys give the same outcome, except for the time. Only whether the token is valid now is checked each time.
 */
export class KnownTokens {
  readonly #known = new Map<string, Known>();
  readonly #most: number;
  readonly #tolerance: number;

  /** `most`: how many tokens it keeps. `tolerance`: how many seconds two clocks may differ. */
  constructor({ most, tolerance }: { readonly most: number; readonly tolerance: number }) {
    this.#most = most;
    this.#tolerance = tolerance;
  }

  /** The actor of the token. Undefined if it has to be verified. */
  find(token: string, keys: object | undefined, now: Date): Actor | undefined {
    const known = this.#known.get(token);
    if (!known) return undefined;
    // the token that was used longest ago is first in the map
    this.#known.delete(token);
    const seconds = Math.floor(now.getTime() / 1_000);
    const isValid = known.exp > seconds - this.#tolerance && known.nbf <= seconds + this.#tolerance;
    if (!isValid || known.keys !== keys) return undefined;
    this.#known.set(token, known);
    return known.actor;
  }

  /** Keeps a token that was verified with these keys. */
  keep(token: string, keys: object, { exp = 0, nbf = 0 }: Pick<JWTPayload, 'exp' | 'nbf'>, actor: Actor): void {
    this.#known.set(token, { actor, keys, exp, nbf });
    if (this.#known.size <= this.#most) return;
    for (const [oldest] of this.#known) {
      this.#known.delete(oldest);
      return;
    }
  }
}
